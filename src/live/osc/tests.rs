use super::*;
use crate::emotion::Emotion;
use crate::live::{HeardNow, Live, TempoSource};
use crate::signal::{AudioFrame, SongTime};
use rosc::{OscBundle, OscPacket, OscTime, OscType, decoder, encoder};
use std::collections::BTreeMap;

/// An instance whose knobs are its own, and the connection to it.
struct Bench {
    live: Arc<Live>,
    knobs: Arc<Mutex<Snapshot>>,
    hand: UdpSocket,
    at: SocketAddr,
}

fn bench(tell: bool) -> Bench {
    let knobs = Arc::new(Mutex::new(Snapshot::default()));
    let (read, set) = (Arc::clone(&knobs), Arc::clone(&knobs));
    let live = Live::new(move || *read.lock());
    live.set_controls_with(move |setting| setting.apply(&mut set.lock()));
    let hand = UdpSocket::bind((THIS_MACHINE, 0)).unwrap();
    hand.set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let to = if tell {
        vec![hand.local_addr().unwrap()]
    } else {
        Vec::new()
    };
    let setup = OscSetup {
        listen: Some(SocketAddr::new(THIS_MACHINE, 0)),
        to,
        ..OscSetup::default()
    };
    let at = live.open_osc(setup).unwrap().expect("an address");
    Bench {
        live,
        knobs,
        hand,
        at,
    }
}

fn message(address: &str, args: Vec<OscType>) -> OscPacket {
    OscPacket::Message(OscMessage {
        addr: address.to_owned(),
        args,
    })
}

impl Bench {
    fn send(&self, packet: &OscPacket) {
        self.send_bytes(&encoder::encode(packet).unwrap());
    }

    fn send_bytes(&self, bytes: &[u8]) {
        self.hand.send_to(bytes, self.at).unwrap();
    }

    fn eventually(&self, what: &str, is_so: impl Fn(&Snapshot) -> bool) {
        let begun = Instant::now();
        while !is_so(&self.knobs.lock()) {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "waited in vain: {what}"
            );
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// What comes next.
    fn hear(&self) -> Vec<(String, Vec<OscType>)> {
        let mut datagram = [0; 2048];
        let (length, _) = self.hand.recv_from(&mut datagram).expect("an answer");
        let (_, packet) = decoder::decode_udp(&datagram[..length]).unwrap();
        let OscPacket::Bundle(bundle) = packet else {
            panic!("{packet:?}");
        };
        let messages = bundle.content.into_iter().map(|packet| match packet {
            OscPacket::Message(message) => (message.addr, message.args),
            bundle => panic!("{bundle:?}"),
        });
        messages.collect()
    }
}

#[test]
fn a_message_moves_a_control_and_where_it_stands_then_is_told() {
    let bench = bench(true);
    bench.send(&message("/synopsia/1/trails", vec![OscType::Float(0.75)]));
    let told = bench.hear();
    assert_eq!(
        told,
        [("/synopsia/1/trails".to_owned(), vec![OscType::Float(0.75)])]
    );
    assert_eq!(bench.knobs.lock().controls.trails, 0.75);
    // So is what others move.
    bench.knobs.lock().blackout = true;
    assert_eq!(
        bench.hear()[0],
        ("/synopsia/1/blackout".to_owned(), vec![OscType::Float(1.0)])
    );
    bench.send(&message("/synopsia/1/seed", vec![OscType::Int(77)]));
    bench.eventually("a seed", |_| bench.live.setup().seed == 77);
}

#[test]
fn whoever_asks_is_answered_by_what_was_just_sent() {
    let bench = bench(false);
    bench.send(&message("/synopsia/1/brush", vec![OscType::Float(0.125)]));
    bench.send(&message("/synopsia/1/brush", vec![]));
    assert_eq!(
        bench.hear(),
        [("/synopsia/1/brush".to_owned(), vec![OscType::Float(0.125)])]
    );
    bench.send(&message("/synopsia/*/*", vec![]));
    let mut told = BTreeMap::new();
    while told.len() < Control::ALL.into_iter().count() {
        told.extend(bench.hear());
    }
    assert_eq!(told["/synopsia/1/brush"], [OscType::Float(0.125)]);
}

#[test]
fn a_bundle_counts_at_its_time() {
    let bench = bench(false);
    let later = SystemTime::now() + Duration::from_millis(300);
    let begun = Instant::now();
    bench.send(&OscPacket::Bundle(OscBundle {
        timetag: OscTime::try_from(later).unwrap(),
        content: vec![message("/synopsia/1/freeze", vec![OscType::Bool(true)])],
    }));
    bench.eventually("the freeze", |knobs| knobs.freeze);
    assert!(begun.elapsed() >= Duration::from_millis(295));
    bench.send(&OscPacket::Bundle(OscBundle {
        timetag: OscTime::try_from(SystemTime::now() + Duration::from_secs(3600)).unwrap(),
        content: vec![message("/synopsia/1/freeze", vec![OscType::Bool(false)])],
    }));
    bench.eventually("a complaint", |_| bench.live.status().problems == 1);
    let problem = bench.live.status().problem.unwrap();
    assert!(problem.contains("too far ahead"), "{problem}");
}

#[test]
fn in_a_flood_nothing_is_lost_that_counts_and_nonsense_is_told_once() {
    let bench = bench(false);
    let begun = Instant::now();
    let mut sent = 0;
    while begun.elapsed() < Duration::from_millis(1500) {
        let value = (sent % 1000) as f32 / 1000.0;
        bench.send(&message("/synopsia/1/grain", vec![OscType::Float(value)]));
        bench.send_bytes(b"nonsense");
        sent += 1;
        std::thread::sleep(Duration::from_micros(300));
    }
    assert!(sent > 1000, "{sent} were sent");
    bench.send(&message("/synopsia/1/grain", vec![OscType::Float(0.987)]));
    bench.eventually("the last value", |knobs| knobs.controls.grain == 0.987);
    let problems = bench.live.status().problems;
    assert!((1..=3).contains(&problems), "{problems} complaints");
}

#[test]
fn ports_that_are_taken_and_doors_that_stand_open_are_told_in_a_sentence() {
    let bench = bench(false);
    let open = |listen: SocketAddr| {
        let setup = OscSetup {
            listen: Some(listen),
            ..OscSetup::default()
        };
        bench.live.open_osc(setup)
    };
    assert_eq!(open(bench.at), Ok(Some(bench.at)), "the old one lets go");
    let taken = bench.hand.local_addr().unwrap();
    let said = open(taken).unwrap_err();
    assert!(said.contains(&taken.to_string()), "{said}");
    let said = open("0.0.0.0:0".parse().unwrap()).unwrap_err();
    assert!(said.contains("may send"), "{said}");
}

#[test]
fn every_address_of_the_surface_that_comes_with_it_is_somebody_s() {
    let surface = include_str!("../../../plugin-assets/osc/synopsia.json");
    let addresses = surface
        .split('"')
        .filter(|text| text.starts_with("/synopsia/"));
    let mut count = 0;
    for address in addresses {
        let message = OscMessage {
            addr: address.to_owned(),
            args: vec![OscType::Float(1.0); if address.ends_with("mood") { 2 } else { 1 }],
        };
        let wishes = wishes::of(&message, NUMBER);
        assert!(wishes.is_ok_and(|wishes| !wishes.is_empty()), "{address}");
        count += 1;
    }
    assert!(count > 20, "{count} addresses");
}

#[test]
fn every_address_that_osc_query_tells_of_is_obeyed_or_told() {
    let bench = bench(false);
    let stage = super::super::remote::stage(&bench.live);
    let presets = crate::control::presets();
    let now = HeardNow {
        frame: AudioFrame::default(),
        time: SongTime::default(),
        tempo: TempoSource::Heard,
        heard: Emotion::default(),
        shown: Emotion::default(),
        words: None,
    };
    let mut told = telling::mood(NUMBER, &now);
    for control in Control::ALL {
        told.push(telling::stand(NUMBER, control, &Snapshot::default()));
    }
    for address in crate::remote::addresses(&*stage) {
        if !address.is_taken {
            let is_event = ["/beat", "/onset"]
                .iter()
                .any(|end| address.path.ends_with(end));
            let told = told.iter().find(|message| message.addr == address.path);
            let letters = |message: &OscMessage| message.args.len() == address.types.len();
            assert!(is_event || told.is_some_and(letters), "{address:?}");
            continue;
        }
        let id = address.path.rsplit('/').next().unwrap();
        let named = Control::by_id(id).map(|control| control.row().choices());
        let word = named.and_then(|choices| choices.into_iter().next());
        let argument = |letter| match letter {
            'f' => OscType::Float(0.5),
            'i' => OscType::Int(1),
            'T' => OscType::Bool(true),
            'I' => OscType::Inf,
            's' => word
                .clone()
                .map_or(presets[0].name.clone(), |(_, name)| name)
                .into(),
            other => panic!("{other}"),
        };
        let message = OscMessage {
            addr: address.path.clone(),
            args: address.types.chars().map(argument).collect(),
        };
        let wishes = wishes::of(&message, NUMBER);
        assert!(
            wishes.as_ref().is_ok_and(|wishes| !wishes.is_empty()),
            "{message:?}: {wishes:?}"
        );
    }
}
