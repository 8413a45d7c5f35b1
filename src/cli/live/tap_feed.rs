//! Blocks of interleaved audio on their way to a tap.

use super::fold::{BLOCK, Fold, MOST};
use crate::live::{Snapshot, Tap};

/// Splits what a device gives into channels, and lets the tap hear it. Does not allocate.
pub struct TapFeed {
    tap: Tap,
    snapshot: Box<dyn Fn() -> Snapshot + Send>,
    planes: Planes,
    fold: Fold,
}

impl TapFeed {
    pub fn new(tap: Tap, snapshot: impl Fn() -> Snapshot + Send + 'static) -> Self {
        Self {
            planes: Planes::new(tap.channels()),
            tap,
            snapshot: Box::new(snapshot),
            fold: Fold::new(),
        }
    }

    /// Hears `frames` frames of `channels` channels each; `sample` gives one by its index, and `place` where
    /// in its song a frame is, in seconds, where there is one. All that the tap listens to are heard, and
    /// recorded in stereo.
    pub fn hear(
        &mut self,
        frames: usize,
        channels: usize,
        place: impl Fn(usize) -> Option<f64>,
        sample: impl Fn(usize) -> f32,
    ) {
        let snapshot = (self.snapshot)();
        let mut done = 0;
        while done < frames {
            let count = (frames - done).min(BLOCK);
            self.planes
                .fill(count, channels, |i| sample(done * channels + i));
            let planes = self.planes.of(count);
            let heard = &planes[..self.tap.channels()];
            let both = self.fold.fold(heard);
            self.tap.place(place(done));
            self.tap.hear(heard, &both, None, &snapshot);
            done += count;
        }
    }
}

/// A block of each channel, one behind the other.
struct Planes(Vec<f32>);

impl Planes {
    fn new(channels: usize) -> Self {
        Self(vec![0.0; channels * BLOCK])
    }

    /// Splits `count` frames of `channels` channels; where those are fewer, the last is heard for the
    /// others, too.
    fn fill(&mut self, count: usize, channels: usize, sample: impl Fn(usize) -> f32) {
        for (channel, plane) in self.0.chunks_exact_mut(BLOCK).enumerate() {
            let channel = channel.min(channels - 1);
            for (i, heard) in plane[..count].iter_mut().enumerate() {
                *heard = sample(i * channels + channel);
            }
        }
    }

    /// The first `count` frames of each channel; none of those that there are not.
    fn of(&self, count: usize) -> [&[f32]; MOST] {
        let mut planes = [&[][..]; MOST];
        for (plane, samples) in planes.iter_mut().zip(self.0.chunks_exact(BLOCK)) {
            *plane = &samples[..count];
        }
        planes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_of_a_device_is_heard_and_one_loudspeaker_stands_for_two() {
        let heard = |kept: usize, channels: usize| {
            let mut planes = Planes::new(kept);
            planes.fill(3, channels, |i| i as f32);
            let planes = planes.of(3);
            planes[..kept]
                .iter()
                .map(|p| p.to_vec())
                .collect::<Vec<_>>()
        };
        let six = heard(6, 6);
        for (channel, plane) in six.iter().enumerate() {
            let first = channel as f32;
            assert_eq!(plane, &[first, first + 6.0, first + 12.0]);
        }
        assert_eq!(heard(2, 1), [[0.0, 1.0, 2.0]; 2]);
        assert_eq!(heard(2, 4), [[0.0, 4.0, 8.0], [1.0, 5.0, 9.0]]);
    }
}
