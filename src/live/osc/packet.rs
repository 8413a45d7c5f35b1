//! Datagrams of Open Sound Control (OSC 1.0): what was sent, or in a word what is wrong with it.

use rosc::{OscMessage, OscPacket, OscTime, decoder};
use std::time::{Duration, SystemTime};

/// Bundles, and brackets of arrays, that one datagram may hold: they may lie within one another, and whoever reads them
/// goes down as far.
const MOST_NESTED: usize = 32;

/// Seconds from the beginning of NTP's time, 1900, to that of the system's.
const SYSTEM_EPOCH: u64 = 2_208_988_800;

/// What is wrong with a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::live) enum Malformed {
    /// It is no OSC, or is cut off.
    NoOsc,
    /// Too much lies within one another.
    Nested,
}

/// A message, and when it counts; none for at once.
pub(in crate::live) type Timed = (Option<SystemTime>, OscMessage);

/// The messages of a datagram, in their order.
pub(in crate::live) fn read(datagram: &[u8]) -> Result<Vec<Timed>, Malformed> {
    let bundles = datagram.windows(8).filter(|at| *at == b"#bundle\0").count();
    let brackets = datagram.iter().filter(|byte| **byte == b'[').count();
    if bundles.max(brackets) > MOST_NESTED {
        return Err(Malformed::Nested);
    }
    let (rest, packet) = decoder::decode_udp(datagram).map_err(|_| Malformed::NoOsc)?;
    if !rest.is_empty() {
        return Err(Malformed::NoOsc);
    }
    let mut messages = Vec::new();
    unpack(packet, None, &mut messages);
    Ok(messages)
}

fn unpack(packet: OscPacket, at: Option<SystemTime>, messages: &mut Vec<Timed>) {
    match packet {
        OscPacket::Message(message) => messages.push((at, message)),
        OscPacket::Bundle(bundle) => {
            let at = time_of(bundle.timetag);
            for part in bundle.content {
                unpack(part, at, messages);
            }
        }
    }
}

/// What a bundle's time is by the system's clock; none for at once, and for times before there were systems.
fn time_of(tag: OscTime) -> Option<SystemTime> {
    let seconds = u64::from(tag.seconds).checked_sub(SYSTEM_EPOCH)?;
    let nanos = (u64::from(tag.fractional) * 1_000_000_000) >> 32;
    Some(SystemTime::UNIX_EPOCH + Duration::new(seconds, nanos as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rosc::{OscBundle, OscType, encoder};

    fn message(address: &str, value: f32) -> OscMessage {
        OscMessage {
            addr: address.to_owned(),
            args: vec![OscType::Float(value)],
        }
    }

    const AT_ONCE: OscTime = OscTime {
        seconds: 0,
        fractional: 1,
    };

    fn bundle(timetag: OscTime, content: Vec<OscPacket>) -> OscPacket {
        OscPacket::Bundle(OscBundle { timetag, content })
    }

    #[test]
    fn bundles_within_bundles_are_read_in_order_with_their_times() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_800_000_000_250);
        let later = OscTime::try_from(now).unwrap();
        let one = OscPacket::Message(message("/one", 1.0));
        let two = OscPacket::Message(message("/two", 2.0));
        let inner = bundle(later, vec![two.clone()]);
        let packet = bundle(AT_ONCE, vec![one, inner, two]);
        let read = read(&encoder::encode(&packet).unwrap()).unwrap();
        let expected = [
            (None, message("/one", 1.0)),
            (Some(now), message("/two", 2.0)),
            (None, message("/two", 2.0)),
        ];
        let close = |a: SystemTime, b: SystemTime| {
            let apart = a.duration_since(b).or_else(|_| b.duration_since(a));
            apart.unwrap() < Duration::from_micros(1)
        };
        for ((at, message), (wanted, expected)) in read.iter().zip(&expected) {
            assert_eq!(message, expected);
            match (at, wanted) {
                (Some(at), Some(wanted)) => assert!(close(*at, *wanted)),
                (at, wanted) => assert_eq!(at, wanted),
            }
        }
        assert_eq!(read.len(), 3);
    }

    #[test]
    fn whatever_is_sent_is_read_or_refused() {
        let good =
            encoder::encode(&OscPacket::Message(message("/synopsia/1/trails", 0.5))).unwrap();
        for cut in 0..good.len() {
            assert_eq!(read(&good[..cut]), Err(Malformed::NoOsc), "{cut}");
        }
        let mut longer = good.clone();
        longer.extend(b"more");
        assert_eq!(read(&longer), Err(Malformed::NoOsc));
        // Every byte may be wrong.
        for (place, byte) in
            (0..good.len()).flat_map(|at| [0, 1, 0x2f, 0x7f, 0xff].map(|b| (at, b)))
        {
            let mut wrong = good.clone();
            wrong[place] = byte;
            let _ = read(&wrong);
        }
        for empty in [
            &b""[..],
            b"\0\0\0\0",
            b"#bundle\0",
            b"/a\0\0",
            b"no address\0\0",
        ] {
            let _ = read(empty);
        }
        // A bundle that says it is longer than it is, or without end.
        let mut lying = b"#bundle\0\0\0\0\0\0\0\0\x01\xff\xff\xff\xff".to_vec();
        lying.extend(&good);
        assert_eq!(read(&lying), Err(Malformed::NoOsc));
    }

    #[test]
    fn what_lies_too_deep_is_refused_before_it_is_read() {
        let mut deep = OscPacket::Message(message("/a", 1.0));
        for _ in 0..3000 {
            deep = OscPacket::Bundle(OscBundle {
                timetag: AT_ONCE,
                content: vec![deep],
            });
        }
        // Whoever takes it apart goes down as far.
        let thread = std::thread::Builder::new().stack_size(64 << 20);
        let bytes = thread.spawn(move || encoder::encode(&deep).unwrap());
        let bytes = bytes.unwrap().join().unwrap();
        assert_eq!(read(&bytes), Err(Malformed::Nested));
        let mut arrays = b"/a\0\0,".to_vec();
        arrays.extend(std::iter::repeat_n(b'[', 30_000));
        arrays.extend(std::iter::repeat_n(b']', 30_000));
        arrays.extend([0; 3]);
        assert_eq!(read(&arrays), Err(Malformed::Nested));
    }

    #[test]
    fn a_time_before_the_system_s_is_at_once() {
        for seconds in [0, 1, SYSTEM_EPOCH as u32 - 1] {
            let tag = OscTime {
                seconds,
                fractional: u32::MAX,
            };
            assert_eq!(time_of(tag), None);
        }
        assert!(time_of((u32::MAX, u32::MAX).into()).is_some());
    }
}
