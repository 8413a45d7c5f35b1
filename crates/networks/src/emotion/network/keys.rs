//! The keys that are heard beside the trunk.

use super::super::tonal::{FEATURES, PITCHES, Tonal};
use crate::simd::LANES;

/// Where in the trunk keys are heard.
pub(super) struct Keys {
    pub(super) tonal: Tonal,
    /// Layers of the trunk that make the rows of logarithms.
    pub(super) after: usize,
    /// Such rows that a frame sees, and from one frame to the next.
    pub(super) seen: usize,
    pub(super) stride: usize,
}

impl Keys {
    /// What the rows that a run of frames saw, of `width` numbers each, say of keys.
    pub(super) fn features(&self, frames: &[f32], width: usize) -> [f32; FEATURES] {
        let mut chroma = [0.0; PITCHES];
        for (i, frame) in frames.chunks_exact(width).enumerate() {
            let (all, new) = frame[width - 2 * LANES..].split_at(LANES);
            let unheard = if i == 0 { all } else { new };
            for (sum, x) in chroma.iter_mut().zip(unheard) {
                *sum += x;
            }
        }
        let rows = self.seen + (frames.len() / width - 1) * self.stride;
        self.tonal.features(&chroma.map(|sum| sum / rows as f32))
    }
}
