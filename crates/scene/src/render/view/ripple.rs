//! What of a view is finer than the mesh.

use super::{RIPPLE_LENGTH, View};

/// Waves from its crest at which a ripple is gone: there, 1/8000 of its height is left.
const RIPPLE_REACH: f32 = 3.0;
/// How far a ripple pushes outwards, by distance from the middle of the screen.
#[derive(Clone, Debug)]
pub struct Ripple {
    /// Shares of the distance, [`Ripple::FINENESS`] of them in a height; without a ripple, none.
    pub shares: Vec<f32>,
    /// The first one's distance.
    pub from: f32,
}

impl Ripple {
    /// Entries in a height: between them, the straight line errs by less than a hundredth of a
    /// pixel at 4K.
    pub const FINENESS: f32 = 1024.0;
    /// From one end of the ripple to the other.
    const ENTRIES: usize = (2.0 * RIPPLE_REACH * RIPPLE_LENGTH * Self::FINENESS) as usize + 2;

    /// Tabulates the ripple of `view`.
    pub fn lay(&mut self, view: &View) {
        self.shares.clear();
        let [height, radius] = view.ripple;
        self.from = radius - RIPPLE_REACH * RIPPLE_LENGTH;
        if height != 0.0 {
            let distance = |entry: usize| self.from + entry as f32 / Self::FINENESS;
            self.shares
                .extend((0..Self::ENTRIES).map(|entry| view.ripple_at(distance(entry))));
        }
    }

    /// The point of the picture that is seen at a point of the folded screen, where without ripple
    /// it would be `place`.
    pub fn moved(&self, view: &View, [x, y]: [f32; 2], place: [f32; 2]) -> [f32; 2] {
        if self.shares.is_empty() {
            return place;
        }
        let last = (Self::ENTRIES - 2) as f32;
        let entry = ((x * x + y * y).sqrt() - self.from) * Self::FINENESS;
        let entry = entry.max(0.0).min(last);
        let below = entry as usize;
        let (a, b) = (self.shares[below], self.shares[below + 1]);
        let share = a + (entry - below as f32) * (b - a);
        let [cos, sin] = view.turn;
        [
            place[0] + share * (cos * x - sin * y),
            place[1] + share * (sin * x + cos * y),
        ]
    }
}

impl Default for Ripple {
    fn default() -> Self {
        Self {
            shares: Vec::with_capacity(Self::ENTRIES),
            from: 0.0,
        }
    }
}
