//! What a model says on a grid of moods, at any mood.

use crate::gan::model::MOOD_GRID;

/// Vectors on the grid of moods, seen from one mood: bilinear between its four neighbours.
pub(super) struct MoodLookup<'a> {
    corners: [&'a [f32]; 4],
    valence: f32,
    arousal: f32,
}

impl<'a> MoodLookup<'a> {
    /// The vectors of `grid`, all of one length, at a mood; valence and arousal from -1 to 1.
    pub(super) fn new(grid: &'a [f32], [valence, arousal]: [f32; 2]) -> Self {
        let place = |axis: f32| {
            let place = (axis + 1.0) / 2.0 * (MOOD_GRID - 1) as f32;
            let low = place.floor().min((MOOD_GRID - 2) as f32);
            (low as usize, place - low)
        };
        let (v, valence) = place(valence);
        let (a, arousal) = place(arousal);
        let length = grid.len() / (MOOD_GRID * MOOD_GRID);
        let corner = |a: usize, v: usize| &grid[(a * MOOD_GRID + v) * length..][..length];
        Self {
            corners: [
                corner(a, v),
                corner(a, v + 1),
                corner(a + 1, v),
                corner(a + 1, v + 1),
            ],
            valence,
            arousal,
        }
    }

    /// Number `i` of the vector.
    #[inline(always)]
    pub(super) fn number(&self, i: usize) -> f32 {
        let (v, corners) = (self.valence, self.corners.map(|corner| corner[i]));
        let low = corners[0] * (1.0 - v) + corners[1] * v;
        let high = corners[2] * (1.0 - v) + corners[3] * v;
        low * (1.0 - self.arousal) + high * self.arousal
    }
}
