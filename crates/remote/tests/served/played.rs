//! A stage that is played from phones.

use crate::common::{Phone, get, page, pair, soon, token};
use crate::stage::Deed;
use serde_json::json;
use std::time::{Duration, Instant};
use synopsia_remote::Button;

#[test]
fn the_page_and_all_that_it_names_are_served_from_within_the_program() {
    let (_stage, server) = page();
    let at = server.address();
    let index = get(at, "/");
    assert_eq!(index.status, 200);
    assert!(
        index
            .head
            .contains("Content-Security-Policy: default-src 'none'")
    );
    let mut seen = vec!["/".to_owned()];
    let mut waiting = vec![index.body];
    while let Some(text) = waiting.pop() {
        // What a page, a script or a manifest names by a string with the end of a file's name.
        let named = text.split('"').filter(|word| {
            let ends = [".js", ".css", ".svg", ".webmanifest"];
            ends.iter().any(|end| word.ends_with(end)) && !word.contains(' ')
        });
        for name in named {
            let path = format!("/{}", name.trim_start_matches("./"));
            if !seen.contains(&path) {
                let file = get(at, &path);
                assert_eq!(file.status, 200, "{path}");
                assert!(!file.body.is_empty(), "{path}");
                waiting.push(file.body);
                seen.push(path);
            }
        }
        // Nothing comes from elsewhere: the only address of another place is the name of SVG's language.
        let others = text.replace("http://www.w3.org/2000/svg", "");
        assert!(!others.contains("http://") && !others.contains("https://"));
    }
    assert_eq!(seen.len(), 9, "{seen:?}");
    assert_eq!(get(at, "/../Cargo.toml").status, 404);
}

#[test]
fn a_paired_phone_is_told_everything_and_moves_it() {
    let (stage, server) = page();
    let mut phone = Phone::paired(server.address());
    let hello = phone.hear();
    assert_eq!(hello["controls"].as_array().unwrap().len(), 24);
    assert_eq!(hello["classes"][0], json!(["amusement", 0.55, 0.2]));
    assert_eq!(phone.hear()["presets"][3], json!(["Club", ["calm"]]));
    let news = phone.hear();
    assert_eq!(news["set"].as_object().unwrap().len(), 24);
    assert_eq!(news["set"]["trails"], json!([0.35, "35 %", 0.35]));
    assert_eq!(news["heard"]["tempo"], 124.0);

    phone.say(r#"{"set":{"rotation":0.75},"plain":{"palette":3},"press":"tap","preset":"Club"}"#);
    soon("moved", || {
        stage.value("rotation") == 90.0 && stage.value("palette") == 3.0
    });
    let deeds = [Deed::Pressed(Button::Tap), Deed::Loaded("Club".to_owned())];
    soon("pressed and loaded", || {
        deeds.iter().all(|deed| stage.deeds().contains(deed))
    });
    let moved = phone.hear_until(|told| told["set"].get("palette").is_some());
    assert_eq!(moved["set"]["palette"][1], "Ocean");
    assert_eq!(
        moved["set"].get("trails"),
        None,
        "only what has moved is told"
    );

    // Whoever else moves something is told of, and what is wished in vain, too.
    stage.put("trails", 0.5);
    phone.hear_until(|told| told["set"]["trails"] == json!([0.5, "50 %", 0.5]));
    phone.say(r#"{"preset":"no such preset"}"#);
    let no = phone.hear_until(|told| told.get("no").is_some());
    assert!(no["no"].as_str().unwrap().contains("no such preset"));
}

#[test]
fn a_moved_control_is_told_to_everybody_within_a_moment() {
    let (_stage, server) = page();
    let at = server.address();
    let (mut one, mut other) = (Phone::paired(at), Phone::paired(at));
    one.hear_until(|told| told["n"] == 1);
    other.hear_until(|told| told["n"] == 1);
    let begin = Instant::now();
    one.say(r#"{"set":{"trails":1}}"#);
    other.hear_until(|told| told["set"]["trails"][0] == 1.0);
    // 50 ms from one telling to the next, and much for a busy machine.
    assert!(
        begin.elapsed() < Duration::from_millis(1000),
        "{:?}",
        begin.elapsed()
    );
    other.hear_until(|told| told["guests"] == 2);
}

#[test]
fn whoever_disconnects_while_holding_the_pad_lets_go_of_it() {
    let (stage, server) = page();
    let at = server.address();
    let mut phone = Phone::paired(at);
    phone.say(r#"{"pad":[0.5,-0.25]}"#);
    soon("held", || stage.deeds() == [Deed::Held([0.5, -0.25])]);
    assert_eq!(stage.value("emotion-source"), 1.0);
    drop(phone);
    soon("let go", || stage.deeds().last() == Some(&Deed::LetGo));
    assert_eq!(stage.value("emotion-source"), 0.0, "as it was before");
    soon("gone", || server.guests() == 0);
}

#[test]
fn a_phone_that_falls_silent_while_holding_the_pad_lets_go_of_it() {
    let (stage, server) = page();
    let mut phone = Phone::paired(server.address());
    let begin = Instant::now();
    // A page that holds says so again and again.
    while begin.elapsed() < Duration::from_millis(1800) {
        phone.say(r#"{"pad":[0.5,0.5]}"#);
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(
        stage.deeds(),
        [Deed::Held([0.5, 0.5])],
        "held for as long as it is heard of"
    );
    soon("let go", || stage.deeds().last() == Some(&Deed::LetGo));
    phone.say(r#"{"pad":[0.1,0.1]}"#);
    soon("held again", || {
        stage.deeds().last() == Some(&Deed::Held([0.1, 0.1]))
    });
}

#[test]
fn two_phones_share_the_pad_and_the_newest_hand_steers() {
    let (stage, server) = page();
    let at = server.address();
    let (mut one, mut other) = (Phone::paired(at), Phone::paired(at));
    let is_at = |point| move |deeds: Vec<Deed>| deeds.last() == Some(&Deed::Held(point));
    one.say(r#"{"pad":[0.5,0.5]}"#);
    soon("one", || is_at([0.5, 0.5])(stage.deeds()));
    other.say(r#"{"pad":[-0.5,0]}"#);
    soon("other", || is_at([-0.5, 0.0])(stage.deeds()));
    other.say(r#"{"pad":null}"#);
    soon("one again", || is_at([0.5, 0.5])(stage.deeds()));
    assert!(!stage.deeds().contains(&Deed::LetGo));
    one.say(r#"{"pad":null}"#);
    soon("nobody", || stage.deeds().last() == Some(&Deed::LetGo));
}

#[test]
fn a_code_that_is_wrong_gives_nothing_and_by_the_hundred_is_slowed_while_phones_play_on() {
    let (stage, server) = page();
    let at = server.address();
    let mut phone = Phone::paired(at);
    let mut seen = [0; 2];
    for n in 0..100 {
        // It plays all the while.
        phone.say("{}");
        match pair(at, &format!("{n:06}")).status {
            403 => seen[0] += 1,
            429 => seen[1] += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!(seen, [5, 95]);
    let refused = pair(at, crate::common::CODE);
    assert_eq!(
        refused.status, 429,
        "the right one among them is not looked at"
    );
    assert!(refused.json()["wait"].as_u64().unwrap() <= 16);
    assert!(refused.head.contains("Retry-After: "));
    phone.say(r#"{"set":{"trails":1}}"#);
    soon("moved", || stage.value("trails") == 1.0);
}

#[test]
fn a_server_that_ends_says_so_and_frees_its_port() {
    let (_stage, server) = page();
    let at = server.address();
    let token = token(at);
    let mut phone = crate::common::join(at, &token).unwrap();
    phone.hear();
    let begin = Instant::now();
    drop(server);
    assert!(
        begin.elapsed() < Duration::from_secs(1),
        "{:?}",
        begin.elapsed()
    );
    let end = loop {
        match phone.socket.read() {
            Ok(tungstenite::Message::Close(frame)) => break frame.unwrap().code,
            Ok(_) => {}
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(u16::from(end), 1001);
    assert!(std::net::TcpStream::connect(at).is_err());
}
