//! Blocks of interleaved audio on their way to a tap.

use crate::live::{Desk, Tap};

/// Frames that are handed on at once.
const BLOCK: usize = 512;

/// Splits what a device gives into channels, and lets the tap hear it. Does not allocate.
pub struct Ears {
    tap: Tap,
    desk: Box<dyn Fn() -> Desk + Send>,
    left: [f32; BLOCK],
    right: [f32; BLOCK],
}

impl Ears {
    pub fn new(tap: Tap, desk: impl Fn() -> Desk + Send + 'static) -> Self {
        Self {
            tap,
            desk: Box::new(desk),
            left: [0.0; BLOCK],
            right: [0.0; BLOCK],
        }
    }

    /// Hears `frames` frames of `channels` channels each; `sample` gives one by its index. Of more
    /// than two channels the first two are heard.
    pub fn hear(&mut self, frames: usize, channels: usize, sample: impl Fn(usize) -> f32) {
        let desk = (self.desk)();
        let mut done = 0;
        while done < frames {
            let count = (frames - done).min(BLOCK);
            for i in 0..count {
                let first = (done + i) * channels;
                self.left[i] = sample(first);
                self.right[i] = sample(first + channels.min(2) - 1);
            }
            let both = [&self.left[..count], &self.right[..count]];
            let heard = &both[..self.tap.channels().min(2)];
            self.tap.hear(heard, &both, None, &desk);
            done += count;
        }
    }
}
