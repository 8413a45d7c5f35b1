//! How loud each frame of a stream is, without a look at all its samples again.

use std::collections::VecDeque;

/// Sums over samples.
#[derive(Clone, Copy, Default)]
struct Sums {
    plain: f64,
    squares: f64,
}

/// Root mean squares of overlapping frames, around each frame's mean: a constant is silence.
pub(super) struct Loudness {
    /// Samples between two marks; divides the frame's length and stride.
    block: usize,
    /// Marks in a frame, and from one frame to the next.
    length: usize,
    stride: usize,
    /// The sums so far at every mark, from the start of the next frame on.
    marks: VecDeque<Sums>,
    sums: Sums,
    /// Samples since the last mark.
    fresh: usize,
}

impl Loudness {
    /// Frames of `length` samples, `stride` apart, asked for at most `ahead` samples late.
    pub fn new(length: usize, stride: usize, ahead: usize) -> Self {
        let (mut block, mut rest) = (length, stride);
        while rest != 0 {
            (block, rest) = (rest, block % rest);
        }
        let mut loudness = Self {
            block,
            length: length / block,
            stride: stride / block,
            marks: VecDeque::with_capacity((length + stride + ahead) / block + 2),
            sums: Sums::default(),
            fresh: 0,
        };
        loudness.clear();
        loudness
    }

    /// Forgets all that was heard.
    pub fn clear(&mut self) {
        self.sums = Sums::default();
        self.fresh = 0;
        self.marks.clear();
        self.marks.push_back(self.sums);
    }

    pub fn hear(&mut self, mut samples: &[f32]) {
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(self.block - self.fresh));
            samples = later;
            for x in now.iter().copied().map(f64::from) {
                self.sums.plain += x;
                self.sums.squares += x * x;
            }
            self.fresh += now.len();
            if self.fresh == self.block {
                self.marks.push_back(self.sums);
                self.fresh = 0;
            }
        }
    }

    /// The next frame's root mean square; 0 if it was not heard to its end.
    pub fn next_frame(&mut self) -> f32 {
        let (Some(start), Some(end)) = (self.marks.front(), self.marks.get(self.length)) else {
            return 0.0;
        };
        let count = (self.length * self.block) as f64;
        let mean = (end.plain - start.plain) / count;
        let power = (end.squares - start.squares) / count;
        self.marks.drain(..self.stride);
        (power - mean * mean).max(0.0).sqrt() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_each_frame_around_its_mean() {
        let samples: Vec<f32> = (0..5000)
            .map(|i| 0.4 + 1e-4 * i as f32 * (i as f32 * 0.3).sin())
            .collect();
        for (length, stride) in [(840, 80), (37, 20), (50, 50), (64, 7)] {
            let mut loudness = Loudness::new(length, stride, samples.len());
            for piece in samples.chunks(33) {
                loudness.hear(piece);
            }
            for frame in samples.windows(length).step_by(stride) {
                let mean = frame.iter().sum::<f32>() / length as f32;
                let power = frame.iter().map(|x| (x - mean).powi(2)).sum::<f32>();
                let right = (power / length as f32).sqrt();
                assert!((loudness.next_frame() - right).abs() < 1e-4);
            }
            assert_eq!(loudness.next_frame(), 0.0, "a frame that was not heard");
        }
    }
}
