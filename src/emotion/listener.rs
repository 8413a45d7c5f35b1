//! Feeds the network from a stream of audio.

use super::Emotion;
use super::network::{Network, NetworkError};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};
use std::collections::VecDeque;

/// Input samples that the resampler takes at once, about.
const CHUNK: usize = 512;

/// Seconds of music before the first estimate.
const FIRST_ESTIMATE_SECONDS: f32 = 1.0;

/// Root mean square below which a hop is silence: -60 dBFS.
const SILENCE_RMS: f32 = 1e-3;

/// Root mean square below which a frame is a pause within the music and says nothing of its mood:
/// -50 dBFS.
const PAUSE_RMS: f32 = 3e-3;

/// Expected error at which confidence is 0. Chosen, not measured: the ratings themselves deviate by
/// 0.20 (valence) and 0.30 (arousal), and the shipped network expects to miss by 0.21 and 0.26, so
/// by the ratings' own measure its confidence would be close to 0. Confidence is a relative figure
/// until the network's sigmas tell good estimates from bad ones.
const SIGMA_OF_IGNORANCE: f32 = 0.35;

/// Turns a stream of mono samples at any rate into an [`Emotion`] four times a second.
pub struct Listener {
    network: Network,
    resampler: Option<Fft<f32>>,
    /// Samples at the stream's rate, waiting for a whole chunk.
    waiting: Vec<f32>,
    /// A chunk at the network's rate.
    resampled: Vec<f32>,
    /// Samples at the network's rate that frames to come will see.
    heard: Vec<f32>,
    /// Frames within the window, oldest first.
    frames: VecDeque<f32>,
    /// Samples at the network's rate since the last estimate, and their energy.
    fresh: usize,
    energy: f64,
    /// Samples at the network's rate in all.
    total: u64,
    sample_rate: u32,
    /// Samples at the network's rate by which the resampler is late.
    delay: usize,
}

impl Listener {
    /// A listener with the built-in network to audio at `sample_rate` Hz (8,000 to 384,000).
    ///
    /// # Errors
    /// When the network cannot be read, or the rate is out of range.
    pub fn new(sample_rate: u32) -> Result<Self, NetworkError> {
        Self::with_network(Network::built_in()?, sample_rate)
    }

    /// A listener with a network of its own.
    ///
    /// # Errors
    /// When the rate is out of range.
    pub fn with_network(network: Network, sample_rate: u32) -> Result<Self, NetworkError> {
        let resampler = if sample_rate == network.sample_rate {
            None
        } else {
            let (from, to) = (sample_rate as usize, network.sample_rate as usize);
            let resampler = Fft::new(from, to, CHUNK, 1, FixedSync::Both);
            Some(resampler.map_err(|e| NetworkError::Header(e.to_string()))?)
        };
        let delay = resampler.as_ref().map_or(0, |r| r.output_delay());
        let resampled = vec![0.0; resampler.as_ref().map_or(0, |r| r.output_frames_max())];
        Ok(Self {
            network,
            resampler,
            waiting: Vec::new(),
            resampled,
            heard: Vec::new(),
            frames: VecDeque::new(),
            fresh: 0,
            energy: 0.0,
            total: 0,
            sample_rate,
            delay,
        })
    }

    /// Hears more samples (mono, full scale 1; what is not a number counts as silence) and reports
    /// each new estimate with the position, in samples of the stream, of the newest audio in it.
    ///
    /// # Errors
    /// When the network fails.
    pub fn listen(
        &mut self,
        samples: &[f32],
        mut report: impl FnMut(u64, Emotion),
    ) -> Result<(), NetworkError> {
        let clean = samples.iter().map(|x| {
            if x.is_finite() {
                x.clamp(-4.0, 4.0)
            } else {
                0.0
            }
        });
        self.waiting.extend(clean);
        let Some(mut resampler) = self.resampler.take() else {
            let samples = std::mem::take(&mut self.waiting);
            let result = self.take_in(&samples, &mut report);
            self.waiting = samples;
            self.waiting.clear();
            return result;
        };
        let chunk = resampler.input_frames_next();
        let mut result = Ok(());
        let mut used = 0;
        while result.is_ok() && self.waiting.len() - used >= chunk {
            result = self.resample(&mut resampler, used, chunk, &mut report);
            used += chunk;
        }
        self.waiting.drain(..used);
        self.resampler = Some(resampler);
        result
    }

    fn resample(
        &mut self,
        resampler: &mut Fft<f32>,
        from: usize,
        chunk: usize,
        report: &mut impl FnMut(u64, Emotion),
    ) -> Result<(), NetworkError> {
        let mut resampled = std::mem::take(&mut self.resampled);
        let failed = |e: &dyn std::fmt::Display| NetworkError::Header(e.to_string());
        let count = {
            let frames = resampled.len();
            let input = InterleavedSlice::new(&self.waiting[from..from + chunk], 1, chunk)
                .map_err(|e| failed(&e))?;
            let mut output =
                InterleavedSlice::new_mut(&mut resampled, 1, frames).map_err(|e| failed(&e))?;
            let done = resampler.process_into_buffer(&input, &mut output, None);
            done.map_err(|e| failed(&e))?.1
        };
        let result = self.take_in(&resampled[..count], report);
        self.resampled = resampled;
        result
    }

    /// Takes in samples at the network's rate.
    fn take_in(
        &mut self,
        mut samples: &[f32],
        report: &mut impl FnMut(u64, Emotion),
    ) -> Result<(), NetworkError> {
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(self.network.hop - self.fresh));
            samples = later;
            self.heard.extend_from_slice(now);
            self.energy += now.iter().map(|x| f64::from(x * x)).sum::<f64>();
            self.fresh += now.len();
            self.total += now.len() as u64;
            if self.fresh == self.network.hop {
                if let Some(emotion) = self.estimate()? {
                    let position = self.total.saturating_sub(self.delay as u64);
                    let rates = (
                        u64::from(self.sample_rate),
                        u64::from(self.network.sample_rate),
                    );
                    report(position * rates.0 / rates.1, emotion);
                }
                self.fresh = 0;
                self.energy = 0.0;
            }
        }
        Ok(())
    }

    /// Computes the frames that are new and judges the window; nothing in the first second.
    fn estimate(&mut self) -> Result<Option<Emotion>, NetworkError> {
        let network = &self.network;
        let level = (self.energy / self.fresh as f64).sqrt() as f32;
        if level < SILENCE_RMS {
            // Silence between songs is no mood, and must not colour the next song's first seconds.
            self.frames.clear();
            self.heard.clear();
            return Ok(Some(Emotion::neutral()));
        }
        let new = network.frames(&self.heard)?;
        let mut count = 0;
        for frame in new.chunks_exact(network.channels()) {
            let seen = &self.heard[count * network.frame_stride..][..network.frame_length];
            if rms(seen) > PAUSE_RMS {
                self.frames.extend(frame);
            }
            count += 1;
        }
        self.heard.drain(..count * network.frame_stride);
        let most = 1 + (network.window - network.frame_length) / network.frame_stride;
        let surplus = self.frames.len().saturating_sub(most * network.channels());
        self.frames.drain(..surplus);
        let have = self.frames.len() / network.channels();
        let seconds = (network.frame_length + have.saturating_sub(1) * network.frame_stride) as f32
            / network.sample_rate as f32;
        if have == 0 || seconds < FIRST_ESTIMATE_SECONDS {
            return Ok(None);
        }
        let estimate = network.judge(self.frames.make_contiguous())?;
        let sigma = 0.5 * (estimate.sigma_valence + estimate.sigma_arousal);
        let certain = (1.0 - sigma / SIGMA_OF_IGNORANCE).clamp(0.0, 1.0);
        let confidence = certain * have as f32 / most as f32;
        Ok(Some(Emotion::at(
            estimate.valence,
            estimate.arousal,
            confidence,
        )))
    }
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn music(rate: u32, seconds: f32) -> Vec<f32> {
        (0..(rate as f32 * seconds) as usize)
            .map(|i| {
                let t = i as f32 / rate as f32;
                let pluck = (-6.0 * (t % 0.5)).exp();
                let chord = [220.0, 277.2, 329.6].map(|f| (std::f32::consts::TAU * f * t).sin());
                0.25 * pluck * chord.iter().sum::<f32>()
            })
            .collect()
    }

    fn estimates(rate: u32, samples: &[f32], block: usize) -> Vec<(u64, Emotion)> {
        let mut listener = Listener::new(rate).unwrap();
        let mut all = Vec::new();
        for block in samples.chunks(block) {
            listener
                .listen(block, |at, emotion| all.push((at, emotion)))
                .unwrap();
        }
        all
    }

    #[test]
    fn any_cut_into_blocks_gives_the_same_estimates() {
        let samples = music(44_100, 4.0);
        let whole = estimates(44_100, &samples, samples.len());
        assert!(whole.len() >= 12);
        for block in [64, 1000, 8192] {
            assert_eq!(estimates(44_100, &samples, block), whole);
        }
    }

    #[test]
    fn the_stream_equals_the_network_on_the_whole_window() {
        let samples = music(16_000, 5.0);
        let streamed = estimates(16_000, &samples, 777).last().copied().unwrap().1;
        let network = Network::built_in().unwrap();
        // The newest frame ends on the frames' own grid, up to one stride before the newest sample.
        let late = (samples.len() - network.frame_length) % network.frame_stride;
        let end = samples.len() - late;
        let window = &samples[end - network.window..end];
        let whole = network.judge(&network.frames(window).unwrap()).unwrap();
        assert!((streamed.valence - whole.valence).abs() < 1e-4);
        assert!((streamed.arousal - whole.arousal).abs() < 1e-4);
    }

    #[test]
    fn four_estimates_a_second_at_any_rate_and_the_same_mood() {
        let reference = estimates(16_000, &music(16_000, 6.0), 512)
            .last()
            .unwrap()
            .1;
        for rate in [
            8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000, 384_000,
        ] {
            let all = estimates(rate, &music(rate, 6.0), 1024);
            assert!(
                (18..=24).contains(&all.len()),
                "{} estimates at {rate} Hz",
                all.len()
            );
            let last = all.last().unwrap().1;
            let error = (last.valence - reference.valence).hypot(last.arousal - reference.arousal);
            assert!(error < 0.15, "{error} off at {rate} Hz");
        }
    }

    #[test]
    fn silence_and_what_is_not_a_number_are_neutral() {
        let mut samples = music(16_000, 4.0);
        samples.extend(vec![0.0; 16_000]);
        samples.extend(vec![f32::NAN; 16_000]);
        let all = estimates(16_000, &samples, 512);
        let last = all.last().unwrap().1;
        assert_eq!(
            (last.valence, last.arousal, last.confidence),
            (0.0, 0.0, 0.0)
        );
        assert!(
            all.iter()
                .all(|(_, e)| e.valence.is_finite() && e.arousal.is_finite())
        );
    }
}
