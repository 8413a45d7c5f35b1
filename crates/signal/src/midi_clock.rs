//! Beats as a MIDI clock counts them.

use std::collections::VecDeque;

/// Ticks a beat (quarter note), and a sixteenth, in which places of the song are told.
const A_BEAT: f64 = 24.0;
const A_SIXTEENTH: i64 = 6;

/// Ticks that count: the last two beats.
const TICKS: usize = 48;

/// Ticks by which it is seen that the tempo has changed, by how much they are late or early in the mean, seconds, and how
/// many count from then on.
const LATEST: usize = 6;
const CHANGED: f64 = 0.0025;
const SINCE: usize = 8;

/// A clock of which nothing comes for so long has stopped, seconds.
const LONGEST_PAUSE: f64 = 0.5;

/// Beats a minute that are a tempo.
const TEMPOS: std::ops::RangeInclusive<f64> = 20.0..=400.0;

/// What is said of time by MIDI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockMessage {
    /// A twenty-fourth of a beat has passed.
    Tick,
    /// The next tick begins the song.
    Start,
    /// It goes on with the next tick.
    Continue,
    Stop,
    /// Where it goes on, in sixteenths from its beginning.
    Place(u16),
}

impl ClockMessage {
    /// Reads one whole message; none of what says nothing of time.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        match *bytes {
            [0xf8, ..] => Some(Self::Tick),
            [0xfa, ..] => Some(Self::Start),
            [0xfb, ..] => Some(Self::Continue),
            [0xfc, ..] => Some(Self::Stop),
            [0xf2, fine @ ..0x80, coarse @ ..0x80, ..] => {
                Some(Self::Place(u16::from(coarse) << 7 | u16::from(fine)))
            }
            _ => None,
        }
    }
}

/// Follows a clock whose ticks come late and early: a straight line through those of the last two beats, fewer where the
/// tempo has just changed. Times are seconds of one clock of one's own.
#[derive(Clone, Debug, Default)]
pub struct MidiClock {
    /// When the last ticks came.
    ticks: VecDeque<f64>,
    /// The number of the tick that comes next.
    next: i64,
    /// The number of the tick on which the song began, while it plays.
    begun: Option<i64>,
    /// Where in the song it stands, ticks, while it does not.
    stands: i64,
}

impl MidiClock {
    /// Hears a message at a time, seconds.
    pub fn hear(&mut self, at: f64, message: ClockMessage) {
        match message {
            ClockMessage::Tick => self.tick(at),
            ClockMessage::Start => self.begun = Some(self.next),
            ClockMessage::Continue => self.begun = Some(self.next - self.stands),
            ClockMessage::Stop => {
                if let Some(begun) = self.begun.take() {
                    self.stands = self.next - begun;
                }
            }
            ClockMessage::Place(sixteenths) => {
                self.stands = i64::from(sixteenths) * A_SIXTEENTH;
                if self.begun.is_some() {
                    self.begun = Some(self.next - self.stands);
                }
            }
        }
    }

    fn tick(&mut self, at: f64) {
        if self
            .ticks
            .back()
            .is_some_and(|last| !(0.0..LONGEST_PAUSE).contains(&(at - last)))
        {
            self.ticks.clear();
        }
        if self.ticks.len() == TICKS {
            self.ticks.pop_front();
        }
        self.ticks.push_back(at);
        self.next += 1;
        if self.ticks.len() > LATEST + SINCE {
            let (_, line) = self.line();
            let latest = self.ticks.iter().enumerate().rev().take(LATEST);
            let late: f64 = latest.map(|(n, at)| at - line(n as f64)).sum();
            if late.abs() > CHANGED * LATEST as f64 {
                self.ticks.drain(..self.ticks.len() - SINCE);
            }
        }
    }

    /// Seconds from tick to tick, and when each of the last ones was to come, by least squares.
    fn line(&self) -> (f64, impl Fn(f64) -> f64 + use<>) {
        let count = self.ticks.len() as f64;
        let (middle, mean) = (0.5 * (count - 1.0), self.ticks.iter().sum::<f64>() / count);
        let (mut square, mut product) = (0.0, 0.0);
        for (n, at) in self.ticks.iter().enumerate() {
            let away = n as f64 - middle;
            square += away * away;
            product += away * (at - mean);
        }
        let step = product / square.max(1.0);
        (step, move |n| mean + (n - middle) * step)
    }

    /// Whether it ticks at a time.
    pub fn ticks_at(&self, now: f64) -> bool {
        let pause = self.ticks.back().map(|last| now - last);
        self.ticks.len() >= LATEST && pause.is_some_and(|pause| pause < LONGEST_PAUSE)
    }

    /// Whether the song plays, so that it is known which tick is a beat.
    pub fn plays(&self) -> bool {
        self.begun.is_some()
    }

    /// Has the song begin with a beat at a time, where nobody has said when it began: one who came late missed it.
    pub fn begin_at(&mut self, now: f64) {
        if self.begun.is_none() && self.ticks_at(now) {
            let (step, when) = self.line();
            let ahead = (now - when(self.ticks.len() as f64)) / step;
            self.begun = Some(self.next + ahead.round() as i64);
        }
    }

    /// Beats of the song that have passed at a time, and the tempo in beats a minute, while it ticks and plays.
    pub fn beats(&self, now: f64) -> Option<(f64, f64)> {
        let begun = self.begun.filter(|_| self.ticks_at(now))?;
        let (step, when) = self.line();
        let tempo = 60.0 / (step * A_BEAT);
        let passed = (self.next - begun) as f64 + (now - when(self.ticks.len() as f64)) / step;
        TEMPOS.contains(&tempo).then_some((passed / A_BEAT, tempo))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number from -1 to 1 that looks like chance.
    fn chance(n: u64) -> f64 {
        let mixed = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64
            / (1u64 << 52) as f64
            - 1.0
    }

    /// Has `clock` hear ticks from `from` on at a tempo for so many beats, each up to `jitter` seconds off; what it says
    /// half way to the next tick goes to `told`, with the beats that have passed since. Answers when the next tick is due.
    fn play(
        clock: &mut MidiClock,
        (from, tempo, beats): (f64, f64, u32),
        jitter: f64,
        mut told: impl FnMut(f64, Option<(f64, f64)>),
    ) -> f64 {
        let step = 60.0 / tempo / A_BEAT;
        for n in 0..u64::from(beats) * 24 {
            let due = from + n as f64 * step;
            clock.hear(due + jitter * chance(n), ClockMessage::Tick);
            told((n as f64 + 0.5) / A_BEAT, clock.beats(due + 0.5 * step));
        }
        from + f64::from(beats) * 60.0 / tempo
    }

    #[test]
    fn its_beats_are_within_a_few_milliseconds_though_its_ticks_jitter() {
        for (jitter, most) in [(0.0, 1e-6), (0.001, 0.002), (0.004, 0.005)] {
            for tempo in [60.0, 120.0, 174.0] {
                let mut clock = MidiClock::default();
                clock.hear(0.9, ClockMessage::Start);
                play(&mut clock, (1.0, tempo, 40), jitter, |beats, said| {
                    if beats > 1.0 {
                        let (said, at) = said.expect("it ticks");
                        let off = (said - beats) * 60.0 / tempo;
                        assert!(off.abs() < most, "{off} at {tempo}");
                        assert!((at / tempo - 1.0).abs() < 0.02);
                    }
                });
            }
        }
    }

    #[test]
    fn a_new_tempo_is_followed_within_a_beat() {
        let mut clock = MidiClock::default();
        clock.hear(0.0, ClockMessage::Start);
        let mut passed = 0.0;
        let mut from = 1.0;
        for tempo in [120.0, 126.0, 90.0, 180.0, 60.0, 61.0] {
            let before = passed;
            from = play(&mut clock, (from, tempo, 16), 0.001, |beats, said| {
                if beats > 1.0 {
                    let (said, _) = said.expect("it ticks");
                    let off = (said - before - beats) * 60.0 / tempo;
                    assert!(off.abs() < 0.005, "{off} s, {beats} beats into {tempo}");
                }
            });
            passed += 16.0;
        }
    }

    #[test]
    fn it_stops_goes_on_and_is_put_elsewhere() {
        let mut clock = MidiClock::default();
        let ticks =
            |clock: &mut MidiClock, from, beats| play(clock, (from, 120.0, beats), 0.0, |_, _| {});
        // Ticks alone do not say which is a beat.
        let now = ticks(&mut clock, 0.0, 4);
        assert!(clock.ticks_at(now) && clock.beats(now).is_none());
        clock.hear(now, ClockMessage::Start);
        let now = ticks(&mut clock, now, 6);
        let beats = |clock: &MidiClock, now| {
            clock
                .beats(now)
                .map(|(beats, _)| (beats * 1e6).round() / 1e6)
        };
        assert_eq!(beats(&clock, now), Some(6.0));
        clock.hear(now, ClockMessage::Stop);
        let now = ticks(&mut clock, now, 3);
        assert_eq!(beats(&clock, now), None);
        clock.hear(now, ClockMessage::Continue);
        let now = ticks(&mut clock, now, 1);
        assert_eq!(beats(&clock, now), Some(7.0));
        clock.hear(now, ClockMessage::Stop);
        clock.hear(now, ClockMessage::Place(128));
        clock.hear(now, ClockMessage::Continue);
        let now = ticks(&mut clock, now, 1);
        assert_eq!(beats(&clock, now), Some(33.0));
        // It dies, and is back.
        assert_eq!(beats(&clock, now + 1.0), None);
        let now = ticks(&mut clock, now + 3.0, 1);
        assert_eq!(beats(&clock, now), Some(34.0));
    }

    #[test]
    fn who_came_late_says_when_a_beat_was() {
        let mut clock = MidiClock::default();
        clock.begin_at(0.0);
        let now = play(&mut clock, (0.0, 120.0, 4), 0.0, |_, _| {});
        assert!(!clock.plays());
        clock.begin_at(now + 0.3);
        let (beats, _) = clock.beats(now + 0.4).expect("a beat was told");
        assert!((beats - 0.2).abs() < 0.05, "{beats}");
    }

    #[test]
    fn no_tempo_is_made_of_what_is_none() {
        for step in [0.0, 1e-5, 0.001, 0.2, -0.1, f64::NAN] {
            let mut clock = MidiClock::default();
            clock.hear(0.0, ClockMessage::Start);
            for n in 0..100 {
                let at = f64::from(n) * step;
                clock.hear(at, ClockMessage::Tick);
                assert_eq!(clock.beats(at), None, "{step}");
            }
        }
    }

    #[test]
    fn messages_are_read_and_others_are_none() {
        use ClockMessage::*;
        for (bytes, message) in [
            (&[0xf8][..], Some(Tick)),
            (&[0xfa], Some(Start)),
            (&[0xfb], Some(Continue)),
            (&[0xfc], Some(Stop)),
            (&[0xf2, 0x01, 0x02], Some(Place(257))),
            (&[0xf2, 0x80, 0x02], None),
            (&[0xf2, 0x01], None),
            (&[0xfe], None),
            (&[0x90, 1, 2], None),
            (&[], None),
        ] {
            assert_eq!(ClockMessage::read(bytes), message, "{bytes:x?}");
        }
    }
}
