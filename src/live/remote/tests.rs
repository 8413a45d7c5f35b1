use super::super::OscSetup;
use super::played::MANUAL;
use super::*;
use crate::control::{Control, Snapshot, presets};
use crate::remote::{Amount, Button, Stage, Wish};
use parking_lot::Mutex;
use std::io::{Read, Write};
use std::net::TcpStream;

/// An instance whose controls are moved, and its stage.
fn stage() -> (Arc<Live>, Arc<Mutex<Snapshot>>, Arc<Played>) {
    let knobs = Arc::new(Mutex::new(Snapshot::default()));
    let (read, moved) = (Arc::clone(&knobs), Arc::clone(&knobs));
    let live = Live::new(move || *read.lock());
    live.set_controls_with(move |setting| setting.apply(&mut moved.lock()));
    let stage = Played::new(&live.shared);
    (live, knobs, stage)
}

fn place(control: Control) -> usize {
    Control::ALL
        .into_iter()
        .position(|own| own == control)
        .unwrap()
}

#[test]
fn a_phone_moves_every_control_by_its_share_and_reads_where_it_stands() {
    let (_live, knobs, stage) = stage();
    let infos = stage.controls();
    for (at, control) in Control::ALL.into_iter().enumerate() {
        for share in [0.0, 1.0, 0.5] {
            stage.wish(&[Wish::Set(at, Amount::Share(share))]).unwrap();
            let plain = control.get(&knobs.lock());
            assert_eq!(stage.values()[at], plain, "{control:?}");
            let info = &infos[at];
            assert!(
                (info.min..=info.max).contains(&plain),
                "{control:?}: {plain}"
            );
            let worded = stage.worded(at, plain);
            // Whole numbers lie beside a share, numbers on the step that is nearest to it.
            let whole = 0.51 / (info.max - info.min).max(1.0);
            let near = if info.kind == crate::remote::Kind::Number {
                2e-3
            } else {
                whole
            };
            assert!(
                (worded.share - share).abs() <= near,
                "{control:?}: {share}, {worded:?}"
            );
            assert!(!worded.text.is_empty());
        }
        stage.wish(&[Wish::Set(at, Amount::Plain(1e9))]).unwrap();
        let range = control.row().values.range();
        assert!(
            control.get(&knobs.lock()) <= range[1],
            "held within its range"
        );
    }
}

#[test]
fn a_preset_that_is_tapped_is_what_is_seen() {
    let (_live, knobs, stage) = stage();
    Control::PresetPosition.set(&mut knobs.lock(), 3.0);
    let preset = &presets()[1];
    let wish = Wish::Preset(preset.name.clone());
    stage.wish(&[wish]).unwrap();
    assert_eq!(knobs.lock().look(), preset.look);
    // Its painter comes, too, and what was morphed ends.
    let painted = presets()
        .iter()
        .find(|preset| preset.painter.is_some())
        .cloned();
    let painted = painted.expect("a preset of ours has a painter");
    Control::Morph.set(&mut knobs.lock(), 0.7);
    stage.wish(&[Wish::Preset(painted.name.clone())]).unwrap();
    let mut expected = *knobs.lock();
    painted
        .settings()
        .iter()
        .for_each(|it| it.apply(&mut expected));
    assert_eq!(*knobs.lock(), expected);
    assert_eq!(knobs.lock().morph, 0.0);
    let names: Vec<_> = stage
        .presets()
        .into_iter()
        .map(|preset| preset.name)
        .collect();
    assert!(names.contains(&preset.name));
    assert!(stage.wish(&[Wish::Preset("none".to_owned())]).is_err());
    stage
        .wish(&[Wish::Press(Button::Tap), Wish::Press(Button::NewSeed)])
        .unwrap();
}

#[test]
fn a_held_pad_has_the_mood_until_it_is_let_go_and_another_choice_stays() {
    let (_live, knobs, stage) = stage();
    let at = |control: Control| control.get(&knobs.lock());
    stage.hold_mood([0.5, -0.25]);
    stage.hold_mood([0.75, -0.25]);
    assert_eq!([at(Control::Valence), at(Control::Arousal)], [0.75, -0.25]);
    assert_eq!(at(Control::EmotionSource), MANUAL);
    stage.let_go();
    assert_eq!(at(Control::EmotionSource), 0.0, "the music has it again");
    // Whoever blends goes on blending,
    Control::EmotionSource.set(&mut knobs.lock(), 2.0);
    stage.hold_mood([0.0, 0.0]);
    assert_eq!(at(Control::EmotionSource), 2.0);
    stage.let_go();
    assert_eq!(at(Control::EmotionSource), 2.0);
    // and what somebody else has chosen meanwhile stays.
    Control::EmotionSource.set(&mut knobs.lock(), 0.0);
    stage.hold_mood([0.0, 0.0]);
    Control::EmotionSource.set(&mut knobs.lock(), 2.0);
    stage.let_go();
    assert_eq!(at(Control::EmotionSource), 2.0);
}

#[test]
fn a_stage_that_nobody_serves_any_more_moves_nothing() {
    let (live, knobs, stage) = stage();
    let trails = place(Control::Trails);
    stage
        .wish(&[Wish::Set(trails, Amount::Share(1.0))])
        .unwrap();
    drop(stage);
    live.shared.serve_sources();
    live.shared.serve_sources();
    assert_eq!(Control::Trails.get(&knobs.lock()), 1.0);
}

fn get(at: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn the_page_and_the_addresses_are_served_on_this_machine_until_it_is_finished() {
    let (live, _knobs, _stage) = stage();
    let loopback: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let setup = |listen| RemoteSetup {
        listen,
        or_any_port: false,
        code: PairingCode::of("123456").unwrap(),
        allow: Vec::new(),
    };
    let remote = live.open_remote(setup(loopback)).unwrap();
    let page = remote.server.address();
    assert!(get(page, "/").contains("<title>Synopsia</title>"));
    assert_eq!(remote.link().unwrap(), format!("http://{page}/#123456"));
    let osc = live.open_osc(OscSetup {
        listen: Some(loopback),
        ..OscSetup::default()
    });
    let osc = osc.unwrap().unwrap();
    let queried = OscQuerySetup {
        osc,
        listen: None,
        allow: Vec::new(),
    };
    let at = live.open_osc_query(queried.clone()).unwrap();
    assert!(get(at, "/synopsia/1/trails?VALUE").contains("{\"VALUE\":[0.35]}"));
    assert!(get(at, "/?HOST_INFO").contains(&format!("\"OSC_PORT\":{}", osc.port())));
    // A port that somebody has is told, or another one is taken where that will do.
    let (other, ..) = self::stage();
    let said = other.open_remote(setup(page)).err().unwrap();
    assert!(said.contains(&page.to_string()), "{said}");
    let elsewhere = RemoteSetup {
        or_any_port: true,
        ..setup(page)
    };
    assert_ne!(other.open_remote(elsewhere).unwrap().server.address(), page);
    assert_ne!(
        other
            .open_osc_query(OscQuerySetup { osc: at, ..queried })
            .unwrap(),
        at
    );
    drop(remote);
    live.finish();
    for at in [page, at] {
        assert!(TcpStream::connect(at).is_err(), "{at} is open");
    }
}
