//! One cell of the grid.

use super::grid::Measure;
use super::limits::{CALM, LONG, MANY, MOST, OPENING, SLOWNESS, WHOLE};
use super::tracker::Tracker;

/// What is known of a cell. Shaders have the same struct.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct Cell {
    /// Of what was shown: luminance and red.
    shown: [Tracker; 2],
    /// Of what pictures want.
    wanted: [Tracker; 2],
    /// Microseconds with many changes that were shown, less those with few.
    busy: [u32; 2],
    /// Whether it is held.
    held: u32,
    /// Microseconds since the last change that was wanted.
    calm: u32,
    /// Microseconds for which it has been let go.
    opening: u32,
    /// Whether it flashes as often as it may, or is held.
    pub flashing: u32,
}

impl Cell {
    /// Takes in what was shown of it last, `micros` ago.
    pub fn look_back(&mut self, shown: Measure, micros: u32) {
        self.flashing = self.held;
        for (kind, shown) in shown.into_iter().enumerate() {
            self.shown[kind].follow(kind, shown);
            self.shown[kind].age(micros);
            self.wanted[kind].age(micros);
            self.busy[kind] = match self.shown[kind].had(MANY) {
                true => self.busy[kind] + micros,
                false => self.busy[kind].saturating_sub(micros),
            };
            self.flashing |= u32::from(self.is_spent(kind));
        }
        self.calm += micros.min(CALM);
        self.calm = self.calm.min(CALM);
    }

    /// Whether it has changed as often as it may.
    fn is_spent(&self, kind: usize) -> bool {
        let most = if self.busy[kind] < LONG {
            MOST
        } else {
            MANY - 1
        };
        self.shown[kind].had(most)
    }

    /// Whether it may soon have to be held.
    pub fn is_near(&self) -> bool {
        self.held != 0 || self.shown.iter().any(|tracker| tracker.had(2))
    }

    /// How much of what is `wanted` is followed at once, of [`WHOLE`], where `last` is what is seen now;
    /// `restrained` is whether too much around it flashes.
    pub fn decide(&mut self, wanted: Measure, last: Measure, restrained: bool, micros: u32) -> u32 {
        for (kind, wanted) in wanted.into_iter().enumerate() {
            if self.wanted[kind].follow(kind, wanted) {
                self.calm = 0;
            }
            if restrained && self.is_spent(kind) && self.shown[kind].would(kind, wanted) {
                (self.held, self.calm) = (1, 0);
            }
        }
        if self.held == 0 {
            return WHOLE;
        }
        self.opening = match self.calm < CALM {
            true => 0,
            false => self.opening + micros,
        };
        if self.opening >= OPENING {
            (self.held, self.opening) = (0, 0);
            return WHOLE;
        }
        let slow = (micros / (SLOWNESS / WHOLE)).clamp(1, WHOLE);
        let open = self.opening / (OPENING / 64);
        let mut share = slow + (((WHOLE - slow) * open * open * open) >> 18);
        for kind in 0..2 {
            // A mean that is about to be no saturated red makes a change with hardly any way.
            if self.is_spent(kind) || kind == 1 && self.shown[1].had(MANY - 1) {
                share = share.min(self.most(kind, wanted[kind], last[kind]));
            }
        }
        share
    }

    /// The largest share that completes no change.
    fn most(&self, kind: usize, wanted: u32, last: u32) -> u32 {
        let falls = wanted < last;
        if wanted == last || self.shown[kind].goes_on(!falls) {
            return WHOLE;
        }
        // A red comes and goes at once where it becomes, and ceases to be, saturated.
        if kind == 1 {
            return 0;
        }
        let room = self.shown[kind].room(falls, last);
        let way = last.abs_diff(wanted);
        // Light falls faster than what encodes it, by up to 2.4 times.
        let room = if falls { room / 5 * 2 } else { room };
        match room < way {
            true => room * WHOLE / way,
            false => WHOLE,
        }
    }
}
