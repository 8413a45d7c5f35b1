//! Feeds the network from a stream of audio.

use super::Emotion;
use super::ear::Ear;
use super::loudness::Loudness;
use super::model::NetworkError;
use super::network::{Network, Stream};
use synopsia_signal::FixedSync;
use synopsia_signal::Resampler;

/// Input samples that the resampler takes at once, about.
const CHUNK: usize = 512;

/// Seconds of music before the first estimate.
const FIRST_ESTIMATE_SECONDS: f32 = 1.0;

/// Root mean square below which a hop is silence: -60 dBFS.
const SILENCE_RMS: f32 = 1e-3;

/// Root mean square below which a frame is a pause within the music and says nothing of its mood:
/// -50 dBFS.
const PAUSE_RMS: f32 = 3e-3;

/// Expected error at which confidence is 0: what the network is taught to expect of itself on what is
/// no music (`NO_MUSIC_SIGMA` in `training/emotion/head.py`, 0.7), by the calibration of its sigmas
/// (0.71 and 0.73 in `training/emotion/logs/folds.json`).
const SIGMA_OF_IGNORANCE: f32 = 0.5;

/// Turns a stream of mono samples at any rate into an [`Emotion`] four times a second. Once made,
/// it allocates nothing.
pub struct Listener {
    resampler: Option<Resampler>,
    /// A chunk of samples at the stream's rate, each of them a number.
    heard: Vec<f32>,
    mood: Mood,
    /// Samples at the network's rate in all.
    total: u64,
    sample_rate: u32,
    /// Samples at the network's rate by which the resampler is late.
    delay: usize,
}

impl Listener {
    /// A listener with the [default ear](Ear) to audio at `sample_rate` Hz (8,000 to 384,000).
    ///
    /// # Errors
    /// When the network cannot be read, or the rate is out of range.
    pub fn new(sample_rate: u32) -> Result<Self, NetworkError> {
        Self::of(Ear::default(), sample_rate)
    }

    /// The same with the ear that was chosen.
    ///
    /// # Errors
    /// As [`new`](Self::new)'s.
    pub fn of(ear: Ear, sample_rate: u32) -> Result<Self, NetworkError> {
        Self::with_network(Network::of(ear)?, sample_rate)
    }

    /// A listener with a network of its own.
    ///
    /// # Errors
    /// When the rate is out of range.
    pub fn with_network(network: Network, sample_rate: u32) -> Result<Self, NetworkError> {
        let resampler = if sample_rate == network.sample_rate {
            None
        } else {
            let (to, sync) = (network.sample_rate, FixedSync::Both);
            let resampler = Resampler::new(sample_rate, to, 1, CHUNK, sync);
            Some(resampler.map_err(|e| NetworkError::Resampler(e.to_string()))?)
        };
        Ok(Self {
            heard: Vec::with_capacity(CHUNK),
            mood: Mood::new(network),
            total: 0,
            sample_rate,
            delay: resampler.as_ref().map_or(0, Resampler::delay),
            resampler,
        })
    }

    /// Hears more samples (mono, full scale 1; what is not a number counts as silence) and reports
    /// each new estimate with the position, in samples of the stream, of the newest audio in it.
    ///
    /// # Errors
    /// When the samples cannot be brought to the network's rate.
    pub fn listen(
        &mut self,
        samples: &[f32],
        mut report: impl FnMut(u64, Emotion),
    ) -> Result<(), NetworkError> {
        let number = |x: &f32| match x.is_finite() {
            true => x.clamp(-4.0, 4.0),
            false => 0.0,
        };
        for samples in samples.chunks(CHUNK) {
            self.heard.clear();
            self.heard.extend(samples.iter().map(number));
            let Self {
                resampler,
                heard,
                mood,
                total,
                sample_rate,
                delay,
            } = self;
            let late = (*delay as u64, *sample_rate);
            match resampler {
                None => mood.take_in(heard, total, late, &mut report),
                Some(resampler) => resampler
                    .push(heard, |made| mood.take_in(made, total, late, &mut report))
                    .map_err(|e| NetworkError::Resampler(e.to_string()))?,
            }
        }
        Ok(())
    }
}

/// The network and what it remembers, at its own rate.
struct Mood {
    network: Network,
    stream: Stream,
    loudness: Loudness,
    /// Samples since the last estimate.
    hop: Vec<f32>,
    /// Frames within the window, oldest first, and how many there may be.
    frames: Vec<f32>,
    most: usize,
}

impl Mood {
    fn new(network: Network) -> Self {
        let (length, stride) = (network.frame_length, network.frame_stride);
        let most = 1 + (network.window - length) / stride;
        Self {
            stream: network.stream(),
            loudness: Loudness::new(length, stride, network.hop),
            hop: Vec::with_capacity(network.hop),
            frames: Vec::with_capacity(most * network.frame_width()),
            most,
            network,
        }
    }

    /// Takes in `samples` after `total` others, and reports estimates with the positions that they
    /// have in the stream, which is `late` by so many samples and at so many Hz.
    fn take_in(
        &mut self,
        mut samples: &[f32],
        total: &mut u64,
        late: (u64, u32),
        report: &mut impl FnMut(u64, Emotion),
    ) {
        let (delay, stream_rate) = late;
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(self.room()));
            samples = later;
            *total += now.len() as u64;
            if let Some(emotion) = self.hear(now) {
                let position = total.saturating_sub(delay);
                let network_rate = u64::from(self.network.sample_rate);
                report(position * u64::from(stream_rate) / network_rate, emotion);
            }
        }
    }

    /// Samples to the next estimate.
    fn room(&self) -> usize {
        self.network.hop - self.hop.len()
    }

    /// Hears at most [`Self::room`] samples; an estimate when that is a hop, and enough was heard.
    fn hear(&mut self, samples: &[f32]) -> Option<Emotion> {
        self.hop.extend_from_slice(samples);
        if self.room() > 0 {
            return None;
        }
        let emotion = self.estimate();
        self.hop.clear();
        emotion
    }

    /// Computes the frames that are new and judges the window; nothing in the first second.
    fn estimate(&mut self) -> Option<Emotion> {
        let Self {
            network,
            stream,
            loudness,
            hop,
            frames,
            most,
        } = self;
        if deviation(hop) < SILENCE_RMS {
            // Silence between songs is no mood, and must not colour the next song's first seconds.
            frames.clear();
            stream.clear();
            loudness.clear();
            return Some(Emotion::neutral());
        }
        let width = network.frame_width();
        loudness.hear(hop);
        network.hear(stream, hop, |frame| {
            if loudness.next_frame() > PAUSE_RMS {
                if frames.len() == *most * width {
                    frames.drain(..width);
                }
                frames.extend_from_slice(frame);
            }
        });
        let have = frames.len() / width;
        let seen = network.frame_length + have.saturating_sub(1) * network.frame_stride;
        if (seen as f32) < FIRST_ESTIMATE_SECONDS * network.sample_rate as f32 {
            return None;
        }
        let estimate = network.judge(stream, frames)?;
        let sigma = 0.5 * (estimate.sigma_valence + estimate.sigma_arousal);
        let certain = (1.0 - sigma / SIGMA_OF_IGNORANCE).clamp(0.0, 1.0);
        let confidence = certain * have as f32 / *most as f32;
        Some(Emotion::at(estimate.valence, estimate.arousal, confidence))
    }
}

/// Root mean square around the mean: a constant makes no sound.
fn deviation(samples: &[f32]) -> f32 {
    let share = 1.0 / samples.len() as f32;
    let mean = samples.iter().sum::<f32>() * share;
    (samples.iter().map(|x| (x - mean).powi(2)).sum::<f32>() * share).sqrt()
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
        for block in [1, 64, 1000, 8192] {
            assert_eq!(estimates(44_100, &samples, block), whole);
        }
    }

    #[test]
    fn the_stream_equals_the_network_on_the_whole_window() {
        let samples = music(16_000, 5.0);
        let streamed = estimates(16_000, &samples, 777).last().copied().unwrap().1;
        let network = Network::of(Ear::default()).unwrap();
        // The newest frame ends on the frames' own grid, up to one stride before the newest sample.
        let late = (samples.len() - network.frame_length) % network.frame_stride;
        let end = samples.len() - late;
        let window = &samples[end - network.window..end];
        let whole = network.estimate(window).unwrap();
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

    #[test]
    fn whatever_is_heard_the_estimates_stay_in_range() {
        let sine = |f: f32, gain: f32| -> Vec<f32> {
            let step = std::f32::consts::TAU * f / 44_100.0;
            (0..220_500)
                .map(|i| gain * (step * i as f32).sin())
                .collect()
        };
        let song = music(44_100, 5.0);
        let with = |f: &dyn Fn(f32) -> f32| -> Vec<f32> { song.iter().map(|x| f(*x)).collect() };
        let cases = [
            with(&|x| x + 0.7),
            with(&|x| (40.0 * x).clamp(-1.0, 1.0)),
            with(&|x| 1e6 * x),
            with(&|x| if x > 0.1 { f32::INFINITY } else { x }),
            with(&|x| x * 5e-3),
            sine(20.0, 0.5),
            sine(440.0, 1.0),
            sine(440.0, 1.5e-3),
            sine(19_000.0, 1.0),
        ];
        for (i, samples) in cases.iter().enumerate() {
            let all = estimates(44_100, samples, 441);
            assert!(i == 4 || i == 7 || i == 8 || all.len() >= 12, "case {i}");
            for (_, e) in all {
                for x in [e.valence, e.arousal] {
                    assert!((-1.0..=1.0).contains(&x), "case {i}: {e:?}");
                }
                assert!((0.0..=1.0).contains(&e.confidence), "case {i}: {e:?}");
            }
        }
    }

    #[test]
    fn a_constant_and_what_is_very_soft_are_silence() {
        let constant = vec![0.5; 64_000];
        let soft: Vec<f32> = music(16_000, 4.0).iter().map(|x| x * 3e-3).collect();
        for samples in [constant, soft] {
            let all = estimates(16_000, &samples, 512);
            assert!(!all.is_empty());
            assert!(all.iter().all(|(_, e)| *e == Emotion::neutral()));
        }
    }

    #[test]
    fn a_soft_pause_changes_nothing_once_the_music_has_left_the_frames() {
        let mut samples = music(16_000, 5.0);
        // -55 dBFS.
        samples.extend((0..48_000).map(|i| 2.5e-3 * (0.12 * i as f32).sin()));
        let mut paused = estimates(16_000, &samples, 512);
        paused.retain(|(at, _)| *at > 100_000);
        assert!(paused.len() > 5);
        assert!(paused.iter().all(|(_, e)| *e == paused[0].1));
        assert!(paused[0].1 != Emotion::neutral());
    }

    #[test]
    fn silence_between_songs_leaves_nothing_of_the_first() {
        let song = music(16_000, 3.0);
        let mut samples: Vec<f32> = song.iter().rev().copied().collect();
        samples.extend(vec![0.0; 16_000]);
        let skipped = samples.len() as u64;
        samples.extend(&song);
        let second: Vec<_> = estimates(16_000, &samples, 512)
            .into_iter()
            .filter(|(at, _)| *at > skipped)
            .map(|(at, emotion)| (at - skipped, emotion))
            .collect();
        assert_eq!(second, estimates(16_000, &song, 512));
    }
}
