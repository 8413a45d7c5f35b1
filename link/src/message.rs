//! What is said in OSC, both ways. `docs/link.md` is its description for others.

use rosc::{OscBundle, OscMessage, OscPacket, OscTime, OscType, decoder, encoder};
use std::time::SystemTime;

/// Beats a minute that Link knows.
const TEMPI: std::ops::RangeInclusive<f64> = 20.0..=999.0;

/// Beats of a bar.
const QUANTA: std::ops::RangeInclusive<f64> = 1.0..=64.0;

/// Where a session is at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// Beats a minute.
    pub tempo: f64,
    /// Beats since the session began, as this peer counts them.
    pub beat: f64,
    /// Beats since the bar began, in `0.0..quantum`; the same for all peers.
    pub phase: f64,
    /// Beats of a bar.
    pub quantum: f64,
    /// Whether peers play; nothing where none has ever said.
    pub playing: Option<bool>,
    /// How many others there are.
    pub peers: u64,
    /// Changes when the beat leaps or its tempo changes: where beat nought of the session's line is, in microseconds of Link's clock.
    pub origin: i64,
}

/// A line that was corrected for the drift of two clocks has not changed, one that differs by as much as this has. Microseconds.
const DRIFT: i64 = 200;

impl State {
    /// Whether listeners would be wrong if they went on by the other one.
    pub fn differs_from(&self, other: &Self) -> bool {
        self.tempo != other.tempo
            || self.quantum != other.quantum
            || self.playing != other.playing
            || self.peers != other.peers
            || self.origin.abs_diff(other.origin) > DRIFT.unsigned_abs()
    }
}

/// What a listener asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    Hello,
    Bye,
    Tempo(f64),
    Quantum(f64),
    /// Something of ours that cannot be done, with the sentence that says why.
    Unclear(String),
}

/// `x` as beats a minute.
///
/// # Errors
/// Where it is no number that Link takes.
pub fn tempo(x: &str) -> Result<f64, String> {
    number(x).and_then(|x| within(x, &TEMPI, "A tempo"))
}

/// `x` as beats of a bar.
///
/// # Errors
/// Where it is no number, or none of use.
pub fn quantum(x: &str) -> Result<f64, String> {
    number(x).and_then(|x| within(x, &QUANTA, "A bar's number of beats"))
}

fn number(x: &str) -> Result<f64, String> {
    x.parse().map_err(|_| format!("{x} is no number."))
}

fn within(x: f64, range: &std::ops::RangeInclusive<f64>, what: &str) -> Result<f64, String> {
    let [low, high] = [range.start(), range.end()];
    let sentence = || format!("{what} is from {low} to {high}, not {x}.");
    range.contains(&x).then_some(x).ok_or_else(sentence)
}

/// All that a datagram asks for; nothing where it is none of ours.
pub fn read(datagram: &[u8]) -> Vec<Wish> {
    let Ok((_, packet)) = decoder::decode_udp(datagram) else {
        return Vec::new();
    };
    let mut wishes = Vec::new();
    let mut rest = vec![packet];
    while let Some(packet) = rest.pop() {
        match packet {
            OscPacket::Message(message) => wishes.extend(wish(&message)),
            // From the last to the first, so that the first is taken first.
            OscPacket::Bundle(bundle) => rest.extend(bundle.content.into_iter().rev()),
        }
    }
    wishes
}

fn wish(message: &OscMessage) -> Option<Wish> {
    let asked = |made: fn(f64) -> Wish, range, what| {
        let [argument] = message.args.as_slice() else {
            return Wish::Unclear(format!("{} takes one number.", message.addr));
        };
        let x = match *argument {
            OscType::Double(x) => x,
            OscType::Float(x) => x.into(),
            OscType::Int(x) => x.into(),
            _ => return Wish::Unclear(format!("{} takes one number.", message.addr)),
        };
        within(x, range, what).map_or_else(Wish::Unclear, made)
    };
    match message.addr.as_str() {
        "/synopsia/link/hello" => Some(Wish::Hello),
        "/synopsia/link/bye" => Some(Wish::Bye),
        "/synopsia/link/tempo" => Some(asked(Wish::Tempo, &TEMPI, "A tempo")),
        "/synopsia/link/quantum" => Some(asked(Wish::Quantum, &QUANTA, "A bar's number of beats")),
        _ => None,
    }
}

/// The datagram that tells where the session is at the moment `at`.
pub fn state(state: &State, at: SystemTime) -> Vec<u8> {
    let playing = state.playing.map_or(-1, i32::from);
    let args = vec![
        OscType::Double(state.tempo),
        OscType::Double(state.beat),
        OscType::Double(state.phase),
        OscType::Double(state.quantum),
        OscType::Int(playing),
        OscType::Int(i32::try_from(state.peers).unwrap_or(i32::MAX)),
    ];
    let addr = "/synopsia/link/state".to_owned();
    encoded(&OscPacket::Bundle(OscBundle {
        // Only a clock that is set to before 1970 or after 2036 is none.
        timetag: OscTime::try_from(at).unwrap_or(OscTime {
            seconds: 0,
            fractional: 1,
        }),
        content: vec![OscPacket::Message(OscMessage { addr, args })],
    }))
}

/// The datagram that says why something was not done.
pub fn refusal(sentence: String) -> Vec<u8> {
    let addr = "/synopsia/link/refused".to_owned();
    encoded(&OscPacket::Message(OscMessage {
        addr,
        args: vec![OscType::String(sentence)],
    }))
}

fn encoded(packet: &OscPacket) -> Vec<u8> {
    encoder::encode(packet).expect("what has an address and numbers can be written")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const STATE: State = State {
        tempo: 128.5,
        beat: 1234.25,
        phase: 2.25,
        quantum: 4.0,
        playing: Some(true),
        peers: 2,
        origin: 77,
    };

    fn message(addr: &str, args: Vec<OscType>) -> OscPacket {
        OscPacket::Message(OscMessage {
            addr: addr.to_owned(),
            args,
        })
    }

    #[test]
    fn a_state_is_one_small_bundle_of_its_moment_with_numbers_as_documented() {
        let at = SystemTime::UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789);
        let datagram = state(&STATE, at);
        assert!(datagram.len() <= 128, "{} bytes", datagram.len());
        let (rest, OscPacket::Bundle(bundle)) = decoder::decode_udp(&datagram).unwrap() else {
            panic!("no bundle");
        };
        assert!(rest.is_empty());
        let read = SystemTime::from(bundle.timetag);
        let error = read
            .duration_since(at)
            .unwrap_or_else(|error| error.duration());
        assert!(error < Duration::from_nanos(10), "{error:?}");
        let args = [128.5, 1234.25, 2.25, 4.0].map(OscType::Double);
        let args = args.into_iter().chain([1, 2].map(OscType::Int)).collect();
        assert_eq!(bundle.content, [message("/synopsia/link/state", args)]);
    }

    #[test]
    fn a_change_that_moves_the_beat_is_one_and_drift_is_none() {
        assert!(!STATE.differs_from(&State {
            beat: 1235.0,
            phase: 3.0,
            origin: 77 + DRIFT,
            ..STATE
        }));
        let changed = [
            State {
                tempo: 128.6,
                ..STATE
            },
            State {
                quantum: 3.0,
                ..STATE
            },
            State {
                playing: None,
                ..STATE
            },
            State { peers: 3, ..STATE },
            State {
                origin: 78 + DRIFT,
                ..STATE
            },
            State {
                origin: i64::MIN,
                ..STATE
            },
        ];
        for changed in changed {
            assert!(changed.differs_from(&STATE), "{changed:?}");
        }
    }

    #[test]
    fn wishes_are_read_in_their_order_also_from_bundles_and_foreign_ones_are_left() {
        let bundle = OscPacket::Bundle(OscBundle {
            timetag: OscTime {
                seconds: 0,
                fractional: 1,
            },
            content: vec![
                message("/synopsia/link/hello", vec![]),
                message("/synopsia/1/seed", vec![OscType::Int(3)]),
                message("/synopsia/link/tempo", vec![OscType::Float(90.5)]),
                message("/synopsia/link/quantum", vec![OscType::Int(3)]),
                message("/synopsia/link/bye", vec![]),
            ],
        });
        let expected = [
            Wish::Hello,
            Wish::Tempo(90.5),
            Wish::Quantum(3.0),
            Wish::Bye,
        ];
        assert_eq!(read(&encoded(&bundle)), expected);
    }

    #[test]
    fn numbers_that_are_none_are_answered_with_a_sentence() {
        let args = [
            vec![],
            vec![OscType::Double(f64::NAN)],
            vec![OscType::Double(1e9)],
            vec![OscType::Double(-120.0)],
            vec![OscType::String("120".to_owned())],
            vec![OscType::Double(120.0), OscType::Double(120.0)],
        ];
        for args in args {
            for name in ["tempo", "quantum"] {
                let datagram = encoded(&message(&format!("/synopsia/link/{name}"), args.clone()));
                let read = read(&datagram);
                assert!(
                    matches!(read.as_slice(), [Wish::Unclear(sentence)] if sentence.ends_with('.')),
                    "{read:?}"
                );
            }
        }
    }

    #[test]
    fn datagrams_cut_anywhere_and_rubbish_are_left() {
        let whole = encoded(&message(
            "/synopsia/link/tempo",
            vec![OscType::Double(120.0)],
        ));
        for length in 0..whole.len() {
            let read = read(&whole[..length]);
            assert!(
                !read.contains(&Wish::Tempo(120.0)),
                "{length} bytes: {read:?}"
            );
        }
        // Bundles in bundles, as many as a datagram holds.
        let mut nested = message("/synopsia/link/bye", vec![]);
        while encoded(&nested).len() + 20 <= 512 {
            let timetag = OscTime {
                seconds: 0,
                fractional: 1,
            };
            nested = OscPacket::Bundle(OscBundle {
                timetag,
                content: vec![nested],
            });
        }
        assert_eq!(read(&encoded(&nested)), [Wish::Bye]);
    }
}
