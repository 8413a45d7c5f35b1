//! Tempo by hand.

use super::lead::Led;
use std::collections::VecDeque;

/// Taps that count.
const TAPS: usize = 12;

/// A tap after a longer pause begins anew, seconds.
const LONGEST_PAUSE: f64 = 2.5;

/// Taps nearer to one another are one, seconds.
const SHORTEST_PAUSE: f64 = 0.12;

/// Whoever taps the beat leads it: from the second tap on beats are where the taps put them, the first tap on the
/// first of a bar, until they are let go.
#[derive(Clone, Debug)]
pub struct TapTempo {
    sample_rate: f64,
    /// Positions of the taps in a row.
    taps: VecDeque<u64>,
    /// How many there were before those.
    before: u64,
    held: Option<Led>,
}

impl TapTempo {
    /// Nobody has tapped yet, in audio at `sample_rate` Hz.
    pub fn new(sample_rate: f64) -> Self {
        Self {
            sample_rate,
            taps: VecDeque::with_capacity(TAPS),
            before: 0,
            held: None,
        }
    }

    /// Somebody taps at a position.
    pub fn tap(&mut self, position: u64) {
        let pause = self.taps.back().map(|&last| {
            let samples = position as f64 - last as f64;
            samples / self.sample_rate
        });
        match pause {
            Some(pause) if (0.0..SHORTEST_PAUSE).contains(&pause) => return,
            Some(pause) if (SHORTEST_PAUSE..LONGEST_PAUSE).contains(&pause) => {}
            _ => {
                self.taps.clear();
                self.before = 0;
            }
        }
        if self.taps.len() == TAPS {
            self.taps.pop_front();
            self.before += 1;
        }
        self.taps.push_back(position);
        if self.taps.len() > 1 {
            self.held = Some(self.fitted());
        }
    }

    /// The straight line through the taps, by least squares.
    fn fitted(&self) -> Led {
        let count = self.taps.len() as f64;
        let numbers = || {
            (self.before..)
                .zip(&self.taps)
                .map(|(n, &at)| (n as f64, at as f64))
        };
        let mean = numbers().fold((0.0, 0.0), |(n, at), tap| {
            (n + tap.0 / count, at + tap.1 / count)
        });
        let (mut square, mut product) = (0.0, 0.0);
        for (n, at) in numbers() {
            square += (n - mean.0) * (n - mean.0);
            product += (n - mean.0) * (at - mean.1);
        }
        let period = product / square;
        Led {
            first: mean.1 - mean.0 * period,
            period,
            per_bar: None,
        }
    }

    /// Lets the beat be as it is heard.
    pub fn release(&mut self) {
        self.taps.clear();
        self.held = None;
    }

    /// The beats as they were tapped, where there were taps enough.
    pub fn led(&self) -> Option<Led> {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::Beat;
    use super::super::lead::BeatLead;
    use super::*;

    const RATE: f64 = 48_000.0;
    const HOP: u64 = 565;

    /// The beats from hop to hop that are made of 100 heard a minute, with `act` before each.
    fn led(hops: u64, mut act: impl FnMut(&mut TapTempo, u64)) -> Vec<Beat> {
        let (mut taps, mut lead) = (TapTempo::new(RATE), BeatLead::new(RATE));
        let hop = |n: u64| {
            let position = (n + 1) * HOP;
            act(&mut taps, position);
            let beats = position as f64 / RATE * 100.0 / 60.0;
            let heard = Beat {
                tempo: 100.0,
                beats,
                in_bar: (beats as u64 % 3) as u8,
                per_bar: 3,
                confidence: 0.5,
            };
            lead.lead(position, heard, taps.led())
        };
        (0..hops).map(hop).collect()
    }

    /// Taps at 132 a minute from 4 s to 12 s, each up to 20 ms off.
    fn tap(taps: &mut TapTempo, position: u64) {
        let seconds = |position: u64| position as f64 / RATE;
        let number = |position: u64| ((seconds(position) - 4.0) * 132.0 / 60.0).floor();
        if (4.0..12.0).contains(&seconds(position)) && number(position) > number(position - HOP) {
            let off = [0.0, 0.02, -0.015, 0.01][number(position) as usize % 4];
            taps.tap((position as f64 + off * RATE) as u64);
        }
    }

    #[test]
    fn taps_lead_from_the_second_on_and_the_first_begins_a_bar() {
        let beats = led(1500, tap);
        for (n, beat) in beats.iter().enumerate() {
            let seconds = (n as u64 + 1) as f64 * HOP as f64 / RATE;
            if seconds < 4.4 {
                assert_eq!((beat.tempo, beat.confidence), (100.0, 0.5));
            }
            if seconds > 9.0 {
                assert!((beat.tempo - 132.0).abs() < 2.0, "{beat:?}");
                let tapped = (seconds - 4.0) * 132.0 / 60.0;
                let off = tapped - beat.beats;
                assert!((off - off.round()).abs() < 0.1, "{beat:?} {tapped}");
                if (0.2..0.8).contains(&tapped.fract()) {
                    assert_eq!(u64::from(beat.in_bar), tapped as u64 % 3);
                }
            }
        }
    }

    #[test]
    fn the_count_glides_to_the_taps_and_back_to_what_is_heard() {
        let released = (14.0 * RATE) as u64;
        let beats = led(2200, |taps, position| {
            tap(taps, position);
            if position > released {
                taps.release();
            }
        });
        for pair in beats.windows(2) {
            let step = (pair[1].beats - pair[0].beats) * RATE / HOP as f64 * 60.0;
            assert!((49.0..290.0).contains(&step), "{step}");
        }
        let last = beats.last().unwrap();
        let heard = 2200.0 * HOP as f64 / RATE * 100.0 / 60.0;
        let off = heard - last.beats;
        assert!(
            (off - off.round()).abs() < 0.01 && last.tempo == 100.0,
            "{off}"
        );
    }

    #[test]
    fn whoever_does_not_tap_or_taps_once_changes_nothing() {
        for once in [false, true] {
            let beats = led(900, |taps, position| {
                if once && position == 200 * HOP {
                    taps.tap(position);
                }
            });
            for (n, beat) in beats.iter().enumerate() {
                let heard = (n as u64 + 1) as f64 * HOP as f64 / RATE * 100.0 / 60.0;
                assert!((beat.beats - heard).abs() < 1e-9 && beat.confidence == 0.5);
            }
        }
    }

    #[test]
    fn a_pause_begins_anew_and_a_bounce_of_the_finger_is_no_tap() {
        let mut taps = TapTempo::new(RATE);
        let tempo = |taps: &TapTempo| taps.led().map(|led| 60.0 * RATE / led.period);
        for position in [0, 24_000, 25_000, 48_000, 72_000] {
            taps.tap(position);
        }
        assert!((tempo(&taps).unwrap() - 120.0).abs() < 0.01);
        // One tap after a pause: nothing is known of it yet.
        taps.tap(400_000);
        assert!((tempo(&taps).unwrap() - 120.0).abs() < 0.01);
        taps.tap(440_000);
        assert!((tempo(&taps).unwrap() - 72.0).abs() < 0.01);
        taps.release();
        assert_eq!(taps.led(), None);
    }

    #[test]
    fn four_taps_settle_the_tempo_and_the_beat() {
        // Each up to 15 ms off, in every way that three steps allow.
        for offs in 0..81u32 {
            let mut taps = TapTempo::new(RATE);
            for n in 0..4 {
                let off = f64::from(offs / 3u32.pow(n) % 3) * 0.015 - 0.015;
                taps.tap(((1.0 + 0.5 * f64::from(n) + off) * RATE) as u64);
            }
            let led = taps.led().expect("four taps");
            assert!((60.0 * RATE / led.period - 120.0).abs() < 3.0, "{led:?}");
            // The beat after the last tap.
            let next = (led.first + 4.0 * led.period) / RATE;
            assert!((next - 3.0).abs() < 0.031, "{next}");
        }
    }
}
