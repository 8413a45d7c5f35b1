//! What is left of a window's frames when time is taken out.

use crate::simd::{Lanes, Work};

/// Mean and standard deviation of each channel over the frames, the one behind the other.
pub(super) struct Pool<'a> {
    pub(super) frames: &'a [f32],
    /// Numbers of a frame, of which the first are the channels.
    pub(super) width: usize,
    pub(super) floor: f32,
    pub(super) pooled: &'a mut [f32],
}

impl Work for Pool<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        let (mean, deviation) = self.pooled.split_at_mut(self.pooled.len() / 2);
        let width = self.width;
        let share = 1.0 / (self.frames.len() / width) as f32;
        mean.fill(0.0);
        deviation.fill(0.0);
        for frame in self.frames.chunks_exact(width) {
            for (sum, x) in mean.iter_mut().zip(frame) {
                *sum += x;
            }
        }
        mean.iter_mut().for_each(|sum| *sum *= share);
        for frame in self.frames.chunks_exact(width) {
            for ((sum, mean), x) in deviation.iter_mut().zip(&*mean).zip(frame) {
                *sum += (x - mean) * (x - mean);
            }
        }
        for sum in deviation {
            *sum = (*sum * share + self.floor).sqrt();
        }
    }
}
