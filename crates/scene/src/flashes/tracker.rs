//! The changes that one number has made.

use super::limits::{CHANGE, DARK, MOST, SECOND, SLACK, WIDE_SECOND};

/// Changes whose age is known.
const KEPT: usize = 6;
/// As good as for ever, microseconds.
const EVER: u32 = 60_000_000;

/// Where the last change went.
const NEW: u32 = 0;
const NOWHERE: u32 = 1;
const UP: u32 = 2;
const DOWN: u32 = 3;

/// Follows a number from one extreme to the other. Shaders have the same struct.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct Tracker {
    /// Where the last change went; all zero before the first number.
    toward: u32,
    /// Least and most since then.
    low: u32,
    high: u32,
    /// Microseconds since the last changes, newest first.
    ages: [u32; KEPT],
}

impl Tracker {
    /// Takes the next value of `kind` (0 luminance, 1 red); whether that completes a change.
    pub fn follow(&mut self, kind: usize, value: u32) -> bool {
        if self.toward == NEW {
            *self = Self {
                toward: NOWHERE,
                low: value,
                high: value,
                ages: [EVER; KEPT],
            };
            return false;
        }
        self.low = self.low.min(value);
        self.high = self.high.max(value);
        let toward = self.change(kind, value);
        if toward == NOWHERE {
            return false;
        }
        (self.toward, self.low, self.high) = (toward, value, value);
        self.ages.copy_within(..KEPT - 1, 1);
        self.ages[0] = 0;
        true
    }

    /// Where a change would go that `value` would complete.
    fn change(&self, kind: usize, value: u32) -> u32 {
        let (change, dark) = (CHANGE[kind], DARK[kind]);
        if self.toward != UP && value >= self.low.saturating_add(change) && self.low < dark {
            return UP;
        }
        if self.toward != DOWN && self.high >= value.saturating_add(change) && value < dark {
            return DOWN;
        }
        NOWHERE
    }

    /// Whether `value` would complete a change.
    pub fn would(&self, kind: usize, value: u32) -> bool {
        self.toward != NEW && self.change(kind, value) != NOWHERE
    }

    /// Lets `micros` pass.
    pub fn age(&mut self, micros: u32) {
        for age in &mut self.ages {
            *age = (*age + micros).min(EVER);
        }
    }

    /// Whether there were at least so many changes in the last second, 1 to 6.
    pub fn had(&self, changes: u32) -> bool {
        let second = if changes < MOST { WIDE_SECOND } else { SECOND };
        self.toward != NEW && self.ages[changes as usize - 1] < second
    }

    /// Whether the last change went up, or down, so that more of it is none.
    pub fn goes_on(&self, up: bool) -> bool {
        self.toward == if up { UP } else { DOWN }
    }

    /// How far the number may fall from `last`, or rise, and make no change.
    pub fn room(&self, falls: bool, last: u32) -> u32 {
        match falls {
            true => last.saturating_sub(self.high.saturating_sub(SLACK)),
            false => (self.low + SLACK).saturating_sub(last),
        }
    }
}
