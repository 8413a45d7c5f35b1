//! The program as Synopsia starts it. It joins whatever Link session there is, so nothing here depends on its tempo.

use rosc::{OscMessage, OscPacket, OscType, decoder, encoder};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// The helper on a free port, and that port. It ends with its input.
fn started(args: &[&str]) -> (Child, u16) {
    let mut helper = Command::new(env!("CARGO_BIN_EXE_synopsia-link"))
        .args(["--port", "0", "--with-parent"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(helper.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let port = line.trim().rsplit(':').next().unwrap().parse().unwrap();
    (helper, port)
}

fn listener(port: u16) -> UdpSocket {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    socket
}

fn say(socket: &UdpSocket, end: &str, args: Vec<OscType>) {
    let addr = format!("/synopsia/link/{end}");
    let packet = OscPacket::Message(OscMessage { addr, args });
    socket.send(&encoder::encode(&packet).unwrap()).unwrap();
}

fn heard(socket: &UdpSocket) -> OscPacket {
    let mut datagram = [0; 2048];
    let length = socket.recv(&mut datagram).unwrap();
    decoder::decode_udp(&datagram[..length]).unwrap().1
}

/// Tempo, phase and quantum of the next state, and the moment that they are of.
fn state(socket: &UdpSocket) -> ([f64; 3], SystemTime) {
    let OscPacket::Bundle(bundle) = heard(socket) else {
        panic!("no bundle");
    };
    let [OscPacket::Message(message)] = bundle.content.as_slice() else {
        panic!("{bundle:?}");
    };
    let [
        OscType::Double(tempo),
        OscType::Double(_),
        OscType::Double(phase),
        OscType::Double(quantum),
        OscType::Int(_),
        OscType::Int(_),
    ] = message.args.as_slice()
    else {
        panic!("{message:?}");
    };
    ([*tempo, *phase, *quantum], SystemTime::from(bundle.timetag))
}

fn end(mut helper: Child) {
    drop(helper.stdin.take());
    let begun = Instant::now();
    while helper.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(10) {
            helper.kill().unwrap();
            panic!("it did not end with its parent");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn who_says_hello_is_told_a_line_that_states_lie_on() {
    let (helper, port) = started(&["--quantum", "3"]);
    let [one, other] = [listener(port), listener(port)];
    say(&one, "hello", vec![]);
    say(&other, "hello", vec![]);
    let ([tempo, before, quantum], then) = state(&one);
    assert_eq!(quantum, 3.0);
    assert!((0.0..3.0).contains(&before));
    for _ in 0..50 {
        state(&one);
    }
    let ([_, phase, _], now) = state(&one);
    let gone = now.duration_since(then).unwrap().as_secs_f64();
    assert!(gone > 0.01, "{gone}");
    let apart = (before + gone * tempo / 60.0 - phase + 1.5).rem_euclid(3.0) - 1.5;
    assert!((apart * 60.0 / tempo).abs() < 0.001, "{apart} beats");
    say(&other, "quantum", vec![OscType::Int(5)]);
    assert!(
        (0..400).any(|_| state(&one).0[2] == 5.0),
        "one listener's quantum is all listeners'"
    );
    say(&one, "bye", vec![]);
    state(&other);
    end(helper);
}

#[test]
fn without_leave_a_tempo_is_not_proposed_and_the_answer_says_so() {
    let (helper, port) = started(&[]);
    let socket = listener(port);
    say(&socket, "tempo", vec![OscType::Double(155.0)]);
    let OscPacket::Message(message) = heard(&socket) else {
        panic!("no message");
    };
    assert_eq!(message.addr, "/synopsia/link/refused");
    assert!(
        matches!(message.args.as_slice(), [OscType::String(sentence)] if sentence.contains("--allow-tempo"))
    );
    end(helper);
}

#[test]
fn a_port_that_is_taken_is_told_in_a_sentence() {
    let taken = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let helper = env!("CARGO_BIN_EXE_synopsia-link");
    let output = Command::new(helper)
        .args(["--port", &port])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.lines().count() == 1 && said.contains(&port), "{said}");
}
