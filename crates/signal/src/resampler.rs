//! From one sample rate to another, in a stream.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

/// Sound cannot be brought to another rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ResamplerError(String);

impl ResamplerError {
    fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Brings interleaved samples to another rate by Fourier transforms, in chunks. Once made, it allocates
/// nothing until it is [flushed](Self::flush).
pub struct Resampler {
    fft: Fft<f32>,
    channels: usize,
    /// Samples that wait for a whole chunk.
    waiting: Vec<f32>,
    /// A chunk at the other rate.
    made: Vec<f32>,
}

impl Resampler {
    /// From `from` to `to` Hz, about `chunk` frames at once. `sync` says on which side chunks are all
    /// equally long; what comes out depends on it in its last bits.
    ///
    /// # Errors
    /// When there is no way from one rate to the other.
    pub fn new(
        from: u32,
        to: u32,
        channels: usize,
        chunk: usize,
        sync: FixedSync,
    ) -> Result<Self, ResamplerError> {
        let fft = Fft::new(from as usize, to as usize, chunk, channels, sync)
            .map_err(ResamplerError::of)?;
        Ok(Self {
            channels,
            waiting: Vec::with_capacity(channels * fft.input_frames_max()),
            made: vec![0.0; channels * fft.output_frames_max()],
            fft,
        })
    }

    /// Frames at the other rate that come before the first one that went in.
    pub fn delay(&self) -> usize {
        self.fft.output_delay()
    }

    /// Frames that are taken at once, at most.
    pub fn chunk(&self) -> usize {
        self.fft.input_frames_max()
    }

    /// Frames that are missing to a chunk.
    pub fn wanted(&self) -> usize {
        self.fft.input_frames_next() - self.waiting.len() / self.channels
    }

    /// Takes in whole frames; each chunk that is made of them is given to `out`.
    ///
    /// # Errors
    /// When a chunk cannot be made.
    pub fn push(
        &mut self,
        mut samples: &[f32],
        mut out: impl FnMut(&[f32]),
    ) -> Result<(), ResamplerError> {
        while !samples.is_empty() {
            let room = self.wanted() * self.channels;
            let (now, later) = samples.split_at(samples.len().min(room));
            samples = later;
            self.waiting.extend_from_slice(now);
            if self.wanted() == 0 {
                let made = self.resample();
                self.waiting.clear();
                out(&self.made[..made? * self.channels]);
            }
        }
        Ok(())
    }

    /// Makes a last chunk of what waits, filled up with silence; nothing where nothing waits.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn flush(&mut self, out: impl FnMut(&[f32])) -> Result<(), ResamplerError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let silence = vec![0.0; self.wanted() * self.channels];
        self.push(&silence, out)
    }

    /// Frames that come of those that wait.
    fn resample(&mut self) -> Result<usize, ResamplerError> {
        let (frames, room) = (
            self.waiting.len() / self.channels,
            self.made.len() / self.channels,
        );
        let input = InterleavedSlice::new(&self.waiting, self.channels, frames)
            .map_err(ResamplerError::of)?;
        let mut output = InterleavedSlice::new_mut(&mut self.made, self.channels, room)
            .map_err(ResamplerError::of)?;
        let done = self.fft.process_into_buffer(&input, &mut output, None);
        Ok(done.map_err(ResamplerError::of)?.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_in_any_cut_and_keeps_its_channels_apart() {
        let frames = 5000;
        let tone = |i: usize| (i as f32 * 0.05).sin();
        let stereo: Vec<f32> = (0..frames)
            .flat_map(|i| [tone(i), -0.5 * tone(i)])
            .collect();
        for sync in [FixedSync::Input, FixedSync::Both] {
            let in_cuts = |length: usize| {
                let mut resampler = Resampler::new(44_100, 48_000, 2, 512, sync).unwrap();
                let mut made = Vec::new();
                for cut in stereo.chunks(2 * length) {
                    resampler
                        .push(cut, |chunk| made.extend_from_slice(chunk))
                        .unwrap();
                }
                resampler
                    .flush(|chunk| made.extend_from_slice(chunk))
                    .unwrap();
                (made, resampler.delay())
            };
            let (whole, delay) = in_cuts(frames);
            assert_eq!(in_cuts(1).0, whole);
            assert_eq!(in_cuts(777).0, whole);
            // Away from the ends each sample is the tone's at its time.
            for frame in 1000..4000 {
                let at = frame as f32 * 44_100.0 / 48_000.0;
                let [left, right] = [0, 1].map(|side| whole[2 * (frame + delay) + side]);
                assert!((left - (at * 0.05).sin()).abs() < 1e-2, "{frame}: {left}");
                assert!((right + 0.5 * left).abs() < 1e-4);
            }
        }
    }
}
