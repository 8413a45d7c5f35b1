//! What the programs of an Ableton Link session have agreed on, as the helper says it.

use crate::live::osc::packet;
use rosc::OscType;
use std::time::{Duration, Instant, SystemTime};

/// A state is none any more after so long: the helper has ended.
const SILENT: Duration = Duration::from_millis(500);

/// Other times than these ago are of a clock that was set meanwhile.
const OLDEST: Duration = Duration::from_secs(1);

const TEMPI: std::ops::RangeInclusive<f64> = 20.0..=999.0;
const QUANTA: std::ops::RangeInclusive<f64> = 1.0..=64.0;

/// What the programs of a session have agreed on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct State {
    /// Of when this is.
    pub(super) at: Instant,
    tempo: f64,
    /// Beats since a bar began, then.
    phase: f64,
    /// Beats of a bar.
    quantum: f64,
    /// Programs beside ours.
    pub(super) peers: u32,
}

impl State {
    /// Beats since a bar began, the tempo and the beats of a bar; none where that is too long ago.
    pub(super) fn beats(&self, now: Instant) -> Option<(f64, f64, u8)> {
        let passed = now.saturating_duration_since(self.at);
        let phase = self.phase + passed.as_secs_f64() * self.tempo / 60.0;
        (passed < SILENT).then_some((phase, self.tempo, self.quantum.round() as u8))
    }

    /// Reads what the helper says; none of what says nothing of that, is late, or makes no sense.
    pub(super) fn read(datagram: &[u8], now: Instant, system: SystemTime) -> Option<Self> {
        let (at, message) = packet::read(datagram).ok()?.into_iter().next()?;
        if message.addr != "/synopsia/link/state" {
            return None;
        }
        let [tempo, _, phase, quantum] = [0, 1, 2, 3].map(|n| match message.args.get(n) {
            Some(OscType::Double(x)) => *x,
            _ => f64::NAN,
        });
        let Some(OscType::Int(peers)) = message.args.get(5) else {
            return None;
        };
        let age = system
            .duration_since(at?)
            .ok()
            .filter(|age| *age < OLDEST)?;
        let makes_sense =
            TEMPI.contains(&tempo) && QUANTA.contains(&quantum) && (0.0..quantum).contains(&phase);
        Some(Self {
            at: now.checked_sub(age).filter(|_| makes_sense)?,
            tempo,
            phase,
            quantum,
            peers: u32::try_from(*peers).unwrap_or(0),
        })
    }
}

/// A state of that long ago, as a helper says it: tempo, beat, phase and quantum, and how many others there are.
#[cfg(test)]
pub(super) fn told(ago: Duration, numbers: [f64; 4], peers: i32) -> Vec<u8> {
    use rosc::{OscBundle, OscMessage, OscPacket, OscTime, encoder};
    let args = numbers.map(OscType::Double).into_iter();
    let args = args.chain([-1, peers].map(OscType::Int)).collect();
    let message = OscMessage {
        addr: "/synopsia/link/state".to_owned(),
        args,
    };
    let timetag = OscTime::try_from(SystemTime::now() - ago).unwrap();
    let content = vec![OscPacket::Message(message)];
    encoder::encode(&OscPacket::Bundle(OscBundle { timetag, content })).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_of_its_moment_and_one_that_makes_no_sense_is_none() {
        let (now, ago) = (Instant::now(), Duration::from_millis(100));
        let read = |numbers, ago| State::read(&told(ago, numbers, 2), now, SystemTime::now());
        let said = read([120.0, 77.0, 1.5, 4.0], ago).expect("a state");
        let (phase, tempo, per_bar) = said.beats(now).expect("it is new");
        assert!((phase - 1.7).abs() < 0.02, "{phase}");
        assert_eq!((tempo, per_bar, said.peers), (120.0, 4, 2));
        assert_eq!(said.beats(now + 2 * SILENT), None);
        for numbers in [
            [0.0, 0.0, 0.0, 4.0],
            [120.0, 0.0, 4.0, 4.0],
            [120.0, 0.0, -1.0, 4.0],
            [f64::NAN, 0.0, 0.0, 4.0],
            [120.0, 0.0, 0.0, 0.0],
            [120.0, 0.0, f64::INFINITY, 4.0],
        ] {
            assert_eq!(read(numbers, ago), None, "{numbers:?}");
        }
        assert_eq!(read([120.0, 0.0, 0.0, 4.0], Duration::from_secs(2)), None);
        assert_eq!(State::read(b"#bundle\0", now, SystemTime::now()), None);
    }
}
