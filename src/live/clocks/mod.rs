//! Clocks from outside, by which beats are counted where no host's song plays and nobody taps.
//!
//! Whoever chooses one is led by it while it runs, and hears beats where it does not; the count of beats glides from one to the
//! other (`signal::BeatLead`). Nothing is told to a clock: others' tempo is theirs.

mod link;
mod session;

use super::status::TempoSource;
use crate::signal::{ClockMessage, Led, MidiClock};
pub(super) use link::{listen, usual};
use session::State;
use std::time::{Duration, Instant};

/// A device whose clock is silent for so long gives way to another one's.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whose beats count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The music's, as they are heard.
    #[default]
    Heard,
    /// Those of the first MIDI device that sends a clock.
    Midi,
    /// Those that the programs of a network agree on by Ableton Link.
    Link,
}

impl Clock {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Heard, Self::Midi, Self::Link];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Heard => "Heard",
            Self::Midi => "MIDI clock",
            Self::Link => "Ableton Link",
        }
    }
}

/// The clocks that are listened to.
#[derive(Debug)]
pub(super) struct Clocks {
    /// Since when seconds are counted.
    begun: Instant,
    chosen: Clock,
    midi: MidiClock,
    /// The device whose clock that is, and when it was heard.
    device: Option<(String, Instant)>,
    /// What was agreed on by Link, as it was told last.
    link: Option<State>,
}

impl Default for Clocks {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            chosen: Clock::Heard,
            midi: MidiClock::default(),
            device: None,
            link: None,
        }
    }
}

impl Clocks {
    pub(super) fn chosen(&self) -> Clock {
        self.chosen
    }

    pub(super) fn choose(&mut self, clock: Clock) {
        self.chosen = clock;
    }

    fn seconds(&self, at: Instant) -> f64 {
        at.duration_since(self.begun).as_secs_f64()
    }

    /// Hears what a MIDI device says of time.
    pub(super) fn hear_midi(&mut self, from: &str, message: ClockMessage, at: Instant) {
        match &mut self.device {
            Some((device, heard)) if device == from => *heard = at,
            Some((_, heard)) if at.duration_since(*heard) < PATIENCE => return,
            other => {
                *other = Some((from.to_owned(), at));
                self.midi = MidiClock::default();
            }
        }
        self.midi.hear(self.seconds(at), message);
    }

    /// A beat is tapped: where a clock ticks that has not said what a beat is, it is known from then on, and that is all that is
    /// to be done; answers whether it was.
    pub(super) fn tap(&mut self, now: Instant) -> bool {
        let seconds = self.seconds(now);
        let wants = self.chosen == Clock::Midi && self.midi.ticks_at(seconds) && !self.midi.plays();
        if wants {
            self.midi.begin_at(seconds);
        }
        wants
    }

    /// The beats of the clock that is chosen, while it runs, in music of which `position` is heard `now`.
    pub(super) fn led(
        &self,
        now: Instant,
        position: u64,
        sample_rate: f64,
    ) -> Option<(Led, TempoSource)> {
        let (beats, tempo, per_bar, source) = match self.chosen {
            Clock::Heard => return None,
            Clock::Midi => {
                let (beats, tempo) = self.midi.beats(self.seconds(now))?;
                (beats, tempo, None, TempoSource::MidiClock)
            }
            Clock::Link => {
                // Alone, the tempo is nobody's.
                let state = self.link.filter(|state| state.peers > 0)?;
                let (beats, tempo, per_bar) = state.beats(now)?;
                (beats, tempo, Some(per_bar), TempoSource::Link(state.peers))
            }
        };
        let period = 60.0 * sample_rate / tempo;
        let led = Led {
            first: position as f64 - beats * period,
            period,
            per_bar,
        };
        Some((led, source))
    }

    /// Why the clock that is chosen does not lead, in a sentence; none where it does.
    pub(super) fn said(&self, now: Instant) -> Option<&'static str> {
        let seconds = self.seconds(now);
        match self.chosen {
            Clock::Heard => None,
            Clock::Midi if !self.midi.ticks_at(seconds) => {
                Some("No MIDI clock comes: beats are heard")
            }
            Clock::Midi if !self.midi.plays() => Some(
                "The MIDI clock has not said when its song began: start it anew, or tap a beat (T)",
            ),
            Clock::Midi => None,
            Clock::Link => match self.link.map(|state| (state.beats(now), state.peers)) {
                Some((Some(_), 0)) => Some("By Ableton Link nobody else is there: beats are heard"),
                Some((Some(_), _)) => None,
                _ => Some("Ableton Link is not heard yet: beats are heard from the music"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds after the beginning.
    fn after(clocks: &Clocks, seconds: f64) -> Instant {
        clocks.begun + Duration::from_secs_f64(seconds)
    }

    /// Ticks of a device at 120 beats a minute.
    fn ticks(clocks: &mut Clocks, device: &str, seconds: std::ops::Range<f64>) {
        let step = 0.5 / 24.0;
        for n in 0..((seconds.end - seconds.start) / step).round() as u32 {
            let at = after(clocks, seconds.start + f64::from(n) * step);
            clocks.hear_midi(device, ClockMessage::Tick, at);
        }
    }

    #[test]
    fn a_clock_leads_where_it_is_chosen_and_ticks_and_its_first_device_has_it() {
        let mut clocks = Clocks::default();
        let start = after(&clocks, 0.99);
        clocks.hear_midi("one", ClockMessage::Start, start);
        ticks(&mut clocks, "one", 1.0..3.0);
        let now = after(&clocks, 3.0);
        assert_eq!(clocks.led(now, 144_000, 48_000.0), None);
        clocks.choose(Clock::Midi);
        let (led, source) = clocks.led(now, 144_000, 48_000.0).expect("it leads");
        assert_eq!(source, TempoSource::MidiClock);
        assert!((led.first - 48_000.0).abs() < 5.0 && (led.period - 24_000.0).abs() < 1.0);
        assert_eq!(clocks.said(now), None);
        // Another one's is not mixed with it, until it has been silent for a while.
        clocks.hear_midi("two", ClockMessage::Stop, now);
        assert!(clocks.led(now, 144_000, 48_000.0).is_some());
        ticks(&mut clocks, "two", 5.1..6.0);
        let now = after(&clocks, 6.0);
        assert_eq!(clocks.led(now, 288_000, 48_000.0), None);
        assert!(
            clocks
                .said(now)
                .is_some_and(|said| said.contains("tap a beat"))
        );
        assert!(clocks.tap(now));
        assert!(clocks.led(now, 288_000, 48_000.0).is_some());
        assert!(!clocks.tap(now), "the next taps lead as always");
        // It stops dead.
        let later = after(&clocks, 6.8);
        assert_eq!(clocks.led(later, 326_400, 48_000.0), None);
        assert!(
            clocks
                .said(later)
                .is_some_and(|said| said.starts_with("No MIDI clock"))
        );
    }
}
