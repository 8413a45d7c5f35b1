//! Packets as they arrive on this machine, read by a parser that knows nothing of who wrote them.

use crate::{Levels, Lights, Moment, Patch, SmallPicture, Target};
use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[derive(Debug, PartialEq)]
struct Packet {
    universe: u16,
    sequence: u8,
    priority: Option<u8>,
    ends: bool,
    slots: Vec<u8>,
}

fn number(bytes: &[u8]) -> u16 {
    u16::from_be_bytes([bytes[0], bytes[1]])
}

/// As E1.31 describes it: each layer says how long it is.
fn sacn(bytes: &[u8]) -> Packet {
    assert_eq!(bytes[4..13], *b"ASC-E1.17");
    let layer = |bytes: &[u8]| {
        assert_eq!(number(bytes) >> 12, 7);
        assert_eq!(usize::from(number(bytes) & 0xfff), bytes.len());
    };
    let (root, frame, dmp) = (&bytes[16..], &bytes[38..], &bytes[115..]);
    [root, frame, dmp].into_iter().for_each(layer);
    assert!(frame[6..].starts_with(b"Synopsia\0"));
    assert_eq!(usize::from(number(&dmp[8..])), dmp[10..].len());
    Packet {
        universe: number(&frame[75..]),
        sequence: frame[73],
        priority: Some(frame[70]),
        ends: frame[74] & 0x40 != 0,
        slots: dmp[11..].to_vec(),
    }
}

fn art_net(bytes: &[u8]) -> Packet {
    assert_eq!(bytes[..12], *b"Art-Net\0\x00\x50\x00\x0e");
    assert_eq!(usize::from(number(&bytes[16..])), bytes.len() - 18);
    Packet {
        universe: u16::from_le_bytes([bytes[14], bytes[15]]),
        sequence: bytes[12],
        priority: None,
        ends: false,
        slots: bytes[18..].to_vec(),
    }
}

fn receiver() -> (UdpSocket, String) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    let address = socket.local_addr().unwrap().to_string();
    (socket, address)
}

/// All that has come, each with when it was read.
fn received(
    socket: &UdpSocket,
    parse: fn(&[u8]) -> Packet,
    for_long: Duration,
) -> Vec<(Instant, Packet)> {
    let (begun, mut all, mut bytes) = (Instant::now(), Vec::new(), [0; 2048]);
    while begun.elapsed() < for_long {
        if let Ok(length) = socket.recv(&mut bytes) {
            all.push((Instant::now(), parse(&bytes[..length])));
        }
    }
    all
}

fn shows(red: f32) -> Moment {
    Moment {
        picture: SmallPicture::plain([red, 0.5, 0.0]),
        ..Moment::default()
    }
}

fn at_once(rate: u32) -> Patch {
    let text = format!(
        r#"{{"rate": {rate}, "attack_ms": 0, "release_ms": 0, "end_ms": 100, "priority": 120, "lamps": [
            {{"universe": 1, "address": 1, "channels": "rgb", "shows": "all"}},
            {{"universe": 7, "address": 510, "channels": "rgb", "shows": "mood"}}]}}"#
    );
    Patch::read(&text, "it").unwrap()
}

/// Runs `act` while `lights` are served, and returns what it does when they have ended, too.
fn served<T>(lights: &Lights, act: impl FnOnce() -> T) -> T {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| lights.serve(&stop));
        let done = act();
        stop.store(true, Ordering::Relaxed);
        done
    })
}

#[test]
fn both_protocols_bring_each_universe_in_order_and_end_as_they_should() {
    let ((one, sacn_to), (two, art_net_to)) = (receiver(), receiver());
    let targets = vec![
        Target::sacn(Some(&sacn_to)).unwrap(),
        Target::art_net(&art_net_to).unwrap(),
    ];
    let lights = Lights::new(at_once(40), targets).unwrap();
    let mut all = [vec![], vec![]];
    served(&lights, || {
        // Nothing is sent before there is anything to show.
        assert!(received(&one, sacn, Duration::from_millis(100)).is_empty());
        for step in 0..20_u8 {
            lights.show(shows(f32::from(step) / 25.5));
            all[0].extend(received(&one, sacn, Duration::from_millis(30)));
        }
    });
    all[0].extend(received(&one, sacn, Duration::from_millis(100)));
    all[1].extend(received(&two, art_net, Duration::from_millis(200)));
    for (packets, universes) in all.iter().zip([[1, 7], [1, 7]]) {
        for universe in universes {
            let of_it: Vec<&Packet> = packets
                .iter()
                .map(|(_, packet)| packet)
                .filter(|packet| packet.universe == universe)
                .collect();
            assert!(of_it.len() > 5, "{}", of_it.len());
            let follow = of_it
                .windows(2)
                .all(|w| w[1].sequence == w[0].sequence.wrapping_add(1));
            assert!(
                follow && of_it[0].sequence == 1,
                "universe {universe} is in order"
            );
            assert!(of_it.iter().all(|packet| packet.slots.len() == 512));
            assert_eq!(of_it.last().unwrap().slots, [0; 512], "dark in the end");
            let ends: Vec<bool> = of_it.iter().map(|packet| packet.ends).collect();
            let endings = if of_it[0].priority.is_some() { 3 } else { 0 };
            let (before, last) = ends.split_at(ends.len() - endings);
            assert!(last.iter().all(|ends| *ends) && !before.contains(&true));
        }
        let reds = packets.iter().filter(|(_, packet)| packet.universe == 1);
        let mut reds: Vec<u8> = reds
            .map(|(_, packet)| packet.slots[0])
            .filter(|red| *red > 0)
            .collect();
        reds.truncate(
            reds.iter()
                .position(|red| *red == 190)
                .unwrap_or(reds.len()),
        );
        assert!(reds.len() > 5 && reds.is_sorted());
        assert!(reds.iter().all(|red| red % 10 == 0), "exact: {reds:?}");
        let mood = packets.iter().any(|(_, packet)| {
            packet.universe == 7 && packet.slots[509..].iter().all(|slot| *slot > 0)
        });
        assert!(mood, "the last three slots are the mood's");
    }
    assert!(
        all[0]
            .iter()
            .all(|(_, packet)| packet.priority == Some(120))
    );
    assert_eq!(lights.trouble(), None);
}

#[test]
fn however_fast_moments_come_packets_are_no_more_than_the_rate_and_what_rests_is_kept_alive() {
    let (socket, to) = receiver();
    let lights = Lights::new(at_once(20), vec![Target::sacn(Some(&to)).unwrap()]).unwrap();
    let mut changed = Duration::ZERO;
    let packets = served(&lights, || {
        let begun = Instant::now();
        let mut n = 0_u32;
        while begun.elapsed() < Duration::from_millis(500) {
            n += 1;
            let levels = Levels::default();
            lights.show(Moment {
                levels,
                ..shows((n % 1000) as f32 / 1000.0)
            });
        }
        assert!(n > 1000, "{n} moments");
        lights.show(shows(1.0));
        // A busy machine may have taken longer.
        changed = begun.elapsed();
        received(&socket, sacn, Duration::from_millis(1700))
    });
    let times: Vec<Instant> = packets
        .iter()
        .filter(|(_, packet)| packet.universe == 1)
        .map(|(at, _)| *at)
        .collect();
    // What changes, three repeats, and some that keep it alive.
    let most = (20.0 * changed.as_secs_f64()).ceil() as usize + 8;
    assert!(
        (8..=most).contains(&times.len()),
        "{} of {most}",
        times.len()
    );
    let rest = times.windows(2).map(|w| w[1] - w[0]).max().unwrap();
    assert!(
        rest > Duration::from_millis(600) && rest < Duration::from_millis(1700),
        "{rest:?}"
    );
}

#[test]
fn what_cannot_be_sent_is_told_in_a_sentence_and_others_get_theirs() {
    let (socket, to) = receiver();
    // No machine has this address, which is kept for documentation: nothing can be sent from it.
    let elsewhere = Patch {
        from: Some("192.0.2.1".parse().unwrap()),
        ..at_once(40)
    };
    let lights = Lights::new(elsewhere, vec![Target::SacnMulticast]).unwrap();
    lights.show(shows(1.0));
    served(&lights, || std::thread::sleep(Duration::from_millis(100)));
    let told = lights.trouble().unwrap();
    assert!(
        told.starts_with("sACN (multicast) fails (") && told.ends_with("it is tried again"),
        "{told}"
    );
    // Systems refuse broadcast where nobody asked for it, which Art-Net does.
    let everybody = Target::sacn(Some("255.255.255.255")).unwrap();
    let targets = vec![everybody, Target::art_net(&to).unwrap()];
    let lights = Lights::new(at_once(40), targets).unwrap();
    lights.show(shows(1.0));
    let packets = served(&lights, || {
        received(&socket, art_net, Duration::from_millis(200))
    });
    assert!(packets.iter().any(|(_, packet)| packet.slots[0] == 255));
    assert!(
        lights
            .trouble()
            .unwrap()
            .starts_with("sACN to 255.255.255.255:5568 fails (")
    );
}

#[test]
fn universes_that_art_net_does_not_have_are_told_at_once() {
    let text = r#"{"lamps": [{"name": "far", "universe": 40000, "address": 1, "channels": "d", "shows": "beat"}]}"#;
    let patch = Patch::read(text, "it").unwrap();
    assert!(Lights::new(patch.clone(), vec![Target::SacnMulticast]).is_ok());
    let targets = vec![Target::art_net("127.0.0.1").unwrap()];
    let why = Lights::new(patch, targets).err().unwrap();
    assert_eq!(
        why,
        "far is in universe 40000, which Art-Net does not have: it ends at 32767"
    );
}
