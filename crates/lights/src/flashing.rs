//! No lamp flashes more often than eyes should see.
//!
//! A flash is a pair of opposing changes of at least a tenth of what a lamp has (WCAG 2.3.1), of its luminance or of one of its
//! colours. Pictures have been limited before a lamp sees them; beats and bands have not, nor has what a patch makes
//! of either. A lamp that has turned six times within a second goes on as it goes, but does not turn again until one of
//! them is a second gone: its contrast is lowered, it is not frozen.

use crate::colour::{Colour, luma};
use std::collections::VecDeque;

/// A change by less is none. A little under a tenth, for what rounding to steps of a channel adds.
const CHANGE: f32 = 0.09;

/// Two turns are a flash.
const TURNS: usize = 6;

/// The time in which they are counted, seconds. A little over one, as receivers do not show what comes at the moment it comes.
const WINDOW: f64 = 1.05;

/// The way of one signal between its turning points.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    rises: bool,
    /// The highest since it rises, or the lowest since it falls.
    extreme: f32,
}

impl Way {
    /// Whether it turns at `value`.
    fn would_turn(self, value: f32) -> bool {
        self.back(value) >= CHANGE
    }

    /// How far `value` is back from the extreme.
    fn back(self, value: f32) -> f32 {
        if self.rises {
            self.extreme - value
        } else {
            value - self.extreme
        }
    }

    fn goes_on(&mut self, value: f32) {
        if self.would_turn(value) {
            self.rises = !self.rises;
            self.extreme = value;
        } else if self.back(value) < 0.0 {
            self.extreme = value;
        }
    }
}

/// One lamp's past.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flashing {
    now: f64,
    shown: Colour,
    /// Of red, green, blue and luminance.
    ways: [Way; 4],
    turns: VecDeque<f64>,
}

fn signals(colour: Colour) -> [f32; 4] {
    let [red, green, blue] = colour;
    [red, green, blue, luma(colour)]
}

impl Flashing {
    /// As much of the way to `wanted` as may be gone now, `seconds` after the last time.
    pub fn limited(&mut self, wanted: Colour, seconds: f64) -> Colour {
        self.now += seconds;
        let now = self.now;
        while self.turns.front().is_some_and(|then| now - then > WINDOW) {
            self.turns.pop_front();
        }
        let before = signals(self.shown);
        let turns = |colour| {
            let mut values = self.ways.iter().zip(signals(colour));
            values.any(|(way, value)| way.would_turn(value))
        };
        let mut shown = wanted;
        if turns(wanted) {
            if self.turns.len() < TURNS {
                self.turns.push_back(now);
            } else {
                // All signals change in proportion, so the one that would turn first sets how far all may go.
                let mut share: f32 = 1.0;
                for ((way, from), to) in self.ways.iter().zip(before).zip(signals(wanted)) {
                    let step = way.back(to) - way.back(from);
                    if way.would_turn(to) && step > 0.0 {
                        let left = 0.99 * CHANGE - way.back(from);
                        share = share.min((left / step).max(0.0));
                    }
                }
                shown = crate::colour::mix(self.shown, wanted, share);
            }
        }
        for (way, value) in self.ways.iter_mut().zip(signals(shown)) {
            way.goes_on(value);
        }
        self.shown = shown;
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 40.0;

    /// What is shown of a lamp at [`RATE`].
    fn shown(wanted: impl IntoIterator<Item = Colour>) -> Vec<Colour> {
        let mut lamp = Flashing::default();
        let wanted = wanted.into_iter();
        wanted
            .map(|colour| lamp.limited(colour, 1.0 / RATE))
            .collect()
    }

    /// The most flashes in any second: pairs of opposing changes of a tenth, each counted where it is complete.
    fn most_flashes(signal: &[f32]) -> usize {
        let (mut low, mut high, mut rises) = (signal[0], signal[0], None);
        let mut changes = Vec::new();
        for (n, value) in signal.iter().copied().enumerate() {
            (low, high) = (low.min(value), high.max(value));
            if rises != Some(true) && value - low >= 0.1 {
                (rises, high) = (Some(true), value);
                changes.push(n);
            } else if rises != Some(false) && high - value >= 0.1 {
                (rises, low) = (Some(false), value);
                changes.push(n);
            }
        }
        let in_a_second = |n: &usize| {
            let second = *n..n + RATE as usize;
            changes
                .iter()
                .filter(|other| second.contains(other))
                .count()
        };
        changes.iter().map(in_a_second).max().unwrap_or(0) / 2
    }

    fn flashes(shown: &[Colour]) -> usize {
        let of = |n: usize| {
            shown
                .iter()
                .map(|colour| signals(*colour)[n])
                .collect::<Vec<_>>()
        };
        (0..4).map(|n| most_flashes(&of(n))).max().unwrap()
    }

    #[test]
    fn what_flashes_seldom_or_little_passes_as_it_is() {
        let seldom: Vec<Colour> = (0..400).map(|n| [f32::from(n / 14 % 2 == 0); 3]).collect();
        assert_eq!(shown(seldom.clone()), seldom);
        let little: Vec<Colour> = (0..400)
            .map(|n| [0.5 + 0.08 * f32::from(n % 2 == 0); 3])
            .collect();
        assert_eq!(shown(little.clone()), little);
    }

    #[test]
    fn whatever_flashes_more_is_never_seen_more_than_three_times_a_second() {
        assert!(
            most_flashes(&[0.0, 1.0].repeat(40)) >= 19,
            "the count counts"
        );
        for frames in 1..=6 {
            let strobe = (0..400).map(|n| [f32::from(n / frames % 2 == 0); 3]);
            assert!(flashes(&shown(strobe)) <= 3, "{frames} pictures each");
            let red = (0..400).map(|n| [f32::from(n / frames % 2 == 0), 0.0, 0.3]);
            assert!(flashes(&shown(red)) <= 3, "red, {frames} pictures each");
            let in_turn = (0..400).map(|n| std::array::from_fn(|c| f32::from(n / frames % 3 == c)));
            assert!(
                flashes(&shown(in_turn)) <= 3,
                "colours in turn, {frames} pictures each"
            );
        }
        let mut state = 7_u32;
        let mut chance = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32
        };
        let noise: Vec<Colour> = (0..20_000)
            .map(|_| [chance(), chance(), chance()])
            .collect();
        assert!(flashes(&shown(noise)) <= 3);
    }

    #[test]
    fn a_strobe_that_ends_leaves_the_lamp_where_it_is_wanted() {
        let strobe = (0..200).map(|n| [f32::from(n % 2 == 0); 3]);
        let after = [[0.3, 0.6, 0.1]; 60];
        let shown = shown(strobe.chain(after));
        assert_eq!(shown.last(), Some(&[0.3, 0.6, 0.1]));
    }
}
