//! Those that mean harm, or are broken: nobody else is kept waiting, and nothing is lost.

use crate::common::{Phone, SOON, get, join, open, page, send, soon, token};
use crate::stage::{Deed, MadeUp};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use tungstenite::Message;

/// That a phone plays as if nobody else were there.
fn plays(at: SocketAddr, phone: &mut Phone, stage: &MadeUp) {
    for trails in [0.25, 0.75] {
        phone.say(&format!("{{\"set\":{{\"trails\":{trails}}}}}"));
        soon("moved", || stage.value("trails") == trails);
    }
    let begin = Instant::now();
    assert_eq!(get(at, "/").status, 200);
    assert!(
        begin.elapsed() < Duration::from_secs(1),
        "{:?}",
        begin.elapsed()
    );
}

#[test]
fn without_a_token_nothing_is_told_and_nothing_moves() {
    let (stage, server) = page();
    let at = server.address();
    for token in [
        "",
        "271828",
        "00000000000000000000000000000000",
        "synopsia.remote",
    ] {
        let Ok(mut phone) = join(at, token) else {
            continue;
        };
        let _ = phone.socket.send(Message::text(r#"{"set":{"trails":1}}"#));
        let told = phone.socket.read();
        let Ok(Message::Close(Some(frame))) = told else {
            panic!("{token}: {told:?}");
        };
        assert_eq!(u16::from(frame.code), 4401);
    }
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(stage.value("trails"), 0.35);
    assert_eq!(server.guests(), 0);
}

#[test]
fn pages_of_others_and_names_of_others_are_refused() {
    let (_stage, server) = page();
    let at = server.address();
    let token = token(at);
    let protocols = format!("synopsia.remote, {token}");
    let with = |name, value: &str| {
        let headers = [
            ("Sec-WebSocket-Protocol", protocols.as_str()),
            (name, value),
        ];
        match open(at, "/live", &headers) {
            Ok(_) => 101,
            Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
            Err(error) => panic!("{error}"),
        }
    };
    // Cross-site WebSocket hijacking, and DNS rebinding.
    assert_eq!(with("Origin", "http://evil.example"), 403);
    assert_eq!(with("Origin", "null"), 403);
    assert_eq!(with("Host", "evil.example"), 421);
    assert_eq!(with("Origin", &format!("http://{at}")), 101);
    for (lines, status) in [
        ("Host: evil.example", 421),
        ("Host: 127.0.0.1.evil.example", 421),
        ("X: y", 421),
        ("Host: 127.0.0.1\r\nOrigin: http://evil.example", 403),
    ] {
        let request = format!("GET / HTTP/1.1\r\n{lines}\r\n\r\n");
        assert_eq!(
            send(at, request.as_bytes()).unwrap().status,
            status,
            "{lines}"
        );
    }
}

#[test]
fn garbage_and_what_is_too_large_is_refused_and_nobody_waits() {
    let (stage, server) = page();
    let at = server.address();
    let mut phone = Phone::paired(at);
    let host = format!("Host: {at}\r\n");
    let huge = format!("GET / HTTP/1.1\r\n{host}X: {}\r\n\r\n", "y".repeat(1 << 20));
    let many = format!("GET / HTTP/1.1\r\n{host}{}\r\n", "x: y\r\n".repeat(1000));
    let post =
        |length: &str| format!("POST /pair HTTP/1.1\r\n{host}Content-Length: {length}\r\n\r\n");
    let chunked =
        format!("POST /pair HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nffffffff\r\n");
    for (bytes, status) in [
        (huge.as_bytes(), 431),
        (many.as_bytes(), 431),
        (post("99999999999").as_bytes(), 413),
        (post("-1").as_bytes(), 400),
        (post("2x").as_bytes(), 400),
        (format!("{}{{}}", post("2")).as_bytes(), 400),
        (chunked.as_bytes(), 411),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (&[0xff; 4096], 400),
        (format!("DELETE / HTTP/1.1\r\n{host}\r\n").as_bytes(), 405),
        (format!("GET /live HTTP/1.1\r\n{host}\r\n").as_bytes(), 426),
        (format!("GET /pair HTTP/1.1\r\n{host}\r\n").as_bytes(), 405),
    ] {
        phone.say("{}");
        let answer = send(at, bytes);
        assert_eq!(
            answer.map(|it| it.status),
            Some(status),
            "{} bytes",
            bytes.len()
        );
    }
    plays(at, &mut phone, &stage);
}

#[test]
fn many_that_trickle_or_say_nothing_keep_nobody_waiting() {
    let (stage, server) = page();
    let at = server.address();
    let mut phone = Phone::paired(at);
    // More than there is room for.
    let mut slow: Vec<_> = (0..120)
        .filter_map(|_| {
            // It plays all the while.
            phone.say("{}");
            TcpStream::connect(at).ok()
        })
        .collect();
    for (n, stream) in slow.iter_mut().enumerate() {
        let _ = stream.write_all(&b"GET / HTTP/1.1\r\nX: "[..n % 18]);
    }
    plays(at, &mut phone, &stage);
    for _ in 0..5 {
        for stream in &mut slow {
            let _ = stream.write_all(b"y");
        }
        plays(at, &mut phone, &stage);
    }
    // Whoever trickles on is not waited for beyond a few seconds; most were shown out at once.
    let mut last = slow.pop().unwrap();
    last.set_read_timeout(Some(SOON)).unwrap();
    let begin = Instant::now();
    let mut byte = [0];
    let ended = loop {
        let _ = last.write_all(b"y");
        match last.read(&mut byte) {
            Ok(1) => {}
            Ok(_) => break true,
            Err(_) => break begin.elapsed() < SOON,
        }
    };
    assert!(ended);
}

#[test]
fn a_phone_that_floods_is_slowed_and_another_one_is_not() {
    let (stage, server) = page();
    let at = server.address();
    let mut phone = Phone::paired(at);
    let mut flood = Phone::paired(at);
    let stream = flood.socket.get_mut();
    stream
        .set_write_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    let begin = Instant::now();
    let mut sent = 0;
    while begin.elapsed() < Duration::from_millis(700) {
        if flood
            .socket
            .send(Message::text(r#"{"set":{"zoom":0.5},"press":"still"}"#))
            .is_err()
        {
            break;
        }
        sent += 1;
    }
    assert!(sent > 1000, "only {sent} were sent");
    plays(at, &mut phone, &stage);
    let obeyed = stage.deeds().len();
    // A burst of 400, and 200 a second.
    let most = 400.0 + 200.0 * begin.elapsed().as_secs_f64() + 1.0;
    assert!(obeyed >= 100 && obeyed as f64 <= most, "{obeyed} of {sent}");
}

#[test]
fn messages_that_are_too_long_or_never_end_or_are_no_messages_end_the_talk() {
    let (stage, server) = page();
    let at = server.address();
    let mut phone = Phone::paired(at);
    let token = token(at);
    let long = Message::text("x".repeat(5000));
    let mut too_long = join(at, &token).unwrap();
    too_long.socket.send(long).unwrap();
    // Fragments without an end, a frame that promises four gigabytes, an opcode that there is none of, no mask.
    let endless = [0x01, 0x80, 0, 0, 0, 0]
        .into_iter()
        .chain([0x00, 0x90, 0, 0, 0, 0]);
    let raw: [Vec<u8>; 4] = [
        endless
            .chain([0x41; 16])
            .chain([0x00, 0x80, 0, 0, 0, 0].repeat(100))
            .collect(),
        [
            &[0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4],
            &[0; 64][..],
        ]
        .concat(),
        vec![0x8b, 0x80, 1, 2, 3, 4],
        vec![0x81, 0x01, b'x'],
    ];
    let mut others: Vec<_> = raw
        .iter()
        .map(|bytes| {
            let mut other = join(at, &token).unwrap();
            other.socket.get_mut().write_all(bytes).unwrap();
            other
        })
        .collect();
    plays(at, &mut phone, &stage);
    // The one whose fragments have no end may talk, and says nothing.
    let ended = others.iter_mut().skip(1).chain([&mut too_long]);
    for other in ended {
        let begin = Instant::now();
        while other.socket.read().is_ok() {
            assert!(begin.elapsed() < SOON);
        }
    }
    let deep = "[".repeat(4000);
    for text in [
        &deep,
        "",
        "[]",
        "{",
        "null",
        r#"{"set":{"trials":1}}"#,
        r#"{"pad":["a",2]}"#,
        "\u{0}",
    ] {
        phone.say(text);
    }
    plays(at, &mut phone, &stage);
}

#[test]
fn whoever_never_listens_is_dropped_and_nobody_is_kept_waiting() {
    let (stage, server) = page();
    let at = server.address();
    let mut phone = Phone::paired(at);
    let mut deaf = Phone::paired(at);
    deaf.say(r#"{"pad":[1,1]}"#);
    soon("both are there", || server.guests() == 2);
    plays(at, &mut phone, &stage);
    // It takes in nothing, and acknowledges nothing: what is told stops at once, and its hand is taken off the pad.
    soon("let go", || stage.deeds().last() == Some(&Deed::LetGo));
    let begin = Instant::now();
    while server.guests() == 2 {
        phone.say("{}");
        phone.hear();
        assert!(
            begin.elapsed() < Duration::from_secs(8),
            "a deaf one sits for ever"
        );
    }
    deaf.socket.get_mut().set_nonblocking(true).unwrap();
    let mut told = Vec::new();
    let _ = deaf.socket.get_mut().read_to_end(&mut told);
    assert!(told.len() < 64 << 10, "{} bytes waited for it", told.len());
}

#[test]
fn more_phones_than_there_are_seats_are_refused_and_get_one_when_somebody_leaves() {
    let (_stage, server) = page();
    let at = server.address();
    let token = token(at);
    let mut seated: Vec<_> = (0..16).map(|_| join(at, &token).unwrap()).collect();
    soon("all seats are taken", || server.guests() == 16);
    match join(at, &token) {
        Err(tungstenite::Error::Http(response)) => assert_eq!(response.status(), 503),
        other => panic!("{:?}", other.err()),
    }
    seated.pop();
    soon("one has left", || server.guests() == 15);
    assert!(join(at, &token).is_ok());
}
