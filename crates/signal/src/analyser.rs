//! Samples in, frames out.

use super::bands::Meter;
use super::chroma::Chroma;
use super::frame::{AudioFrame, Beat};
use super::harmonic::Balance;
use super::layout::Layout;
use super::loudness::{Loudness, MOMENTARY_HOPS};
use super::onset::OnsetDetector;
use super::speaker::Speaker;
use super::spectrum::{Spectrum, window_length};
use super::timbre::Timbre;

/// Sample rates that are analysed, Hz.
const RATES: std::ops::RangeInclusive<f64> = 8_000.0..=384_000.0;

/// Most channels that are analysed: a 22.2 surround mix and then some.
const MAX_CHANNELS: usize = 64;

/// Samples are held to this magnitude (40 dB over full scale), so that their squares stay finite.
pub(super) const LOUDEST: f32 = 100.0;

/// Samples below this magnitude are taken as silence: -400 dB, the edge of denormal numbers once
/// squared.
const QUIETEST: f32 = 1e-20;

/// Why audio cannot be analysed.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum AnalyserError {
    /// The sample rate is out of range, or not a number.
    #[error("Audio at {0} Hz cannot be analysed; the sample rate must lie between 8 and 384 kHz.")]
    SampleRate(f64),
    /// There is no channel, or too many.
    #[error("Audio with {0} channels cannot be analysed; there must be between 1 and 64.")]
    Channels(usize),
}

/// Whether audio of this kind is analysed.
fn check(sample_rate: f64, channels: usize) -> Result<(), AnalyserError> {
    if !RATES.contains(&sample_rate) {
        return Err(AnalyserError::SampleRate(sample_rate));
    }
    if !(1..=MAX_CHANNELS).contains(&channels) {
        return Err(AnalyserError::Channels(channels));
    }
    Ok(())
}

/// Samples from one frame to the next in audio at `sample_rate` Hz: a 34th of the 400 ms of momentary
/// loudness, about 12 ms.
pub fn hop(sample_rate: f64) -> usize {
    (sample_rate * 0.4 / MOMENTARY_HOPS as f64).round() as usize
}

/// A block shorter than this, in hops, has no room for the whole work of a hop beside what else a host does in it.
const SHORT_BLOCK: f64 = 0.25;

/// A sample as it is analysed: finite, of bounded magnitude, and not denormal.
#[inline]
fn admit(sample: f32) -> f32 {
    if !sample.is_finite() || sample.abs() < QUIETEST {
        return 0.0;
    }
    sample.clamp(-LOUDEST, LOUDEST)
}

/// Listens to a stream of samples and describes every hop of it.
///
/// A hop is about 12 ms, a 34th of the 400 ms of momentary loudness; the spectrum is taken over
/// the last 46 ms. Frames do not depend on how the stream was cut into blocks. After construction
/// nothing allocates, locks or logs, and the work by hop is bounded.
///
/// ```
/// use synopsia_signal::Analyser;
///
/// let mut analyser = Analyser::new(48_000.0, 2)?;
/// let silence = vec![0.0; 2 * 48_000];
/// let mut frames = 0;
/// analyser.process_interleaved(&silence, |frame| {
///     assert_eq!(frame.loudness, -70.0);
///     frames += 1;
/// });
/// assert_eq!(frames, 48_000 / analyser.hop());
/// # Ok::<(), synopsia_signal::AnalyserError>(())
/// ```
pub struct Analyser {
    sample_rate: f64,
    channels: usize,
    hop: usize,
    position: u64,
    rejected: u64,
    /// Samples of the current hop so far, and the largest magnitude among them.
    in_hop: usize,
    peak: f32,
    /// Room for one channel's samples of a hop.
    run: Box<[f32]>,
    loudness: Loudness,
    stage: Stage,
    spectrum: Spectrum,
    meter: Meter,
    onsets: OnsetDetector,
    timbre: Timbre,
    chroma: Chroma,
    balance: Balance,
    is_spread: bool,
    /// A hop whose spectrum is there and which is yet to be described.
    closed: Option<Closed>,
}

/// What is known of a hop when it closes.
struct Closed {
    position: u64,
    loudness: f32,
    peak: f32,
}

impl Analyser {
    /// An analyser for `channels` channels at `sample_rate` Hz (8 000 to 384 000), for the
    /// loudspeakers that so many are usually for.
    ///
    /// # Errors
    /// When there are no channels or more than 64, or the rate is out of range.
    pub fn new(sample_rate: f64, channels: usize) -> Result<Self, AnalyserError> {
        check(sample_rate, channels)?;
        Self::with_layout(sample_rate, &Layout::usual(channels))
    }

    /// An analyser for channels that are for the loudspeakers of `layout`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_layout(sample_rate: f64, layout: &Layout) -> Result<Self, AnalyserError> {
        let channels = layout.count();
        check(sample_rate, channels)?;
        let hop = hop(sample_rate);
        let hop_seconds = hop as f64 / sample_rate;
        let window = window_length(sample_rate);
        let (bins, bin_hz) = (window / 2 + 1, sample_rate / window as f64);
        Ok(Self {
            sample_rate,
            channels,
            hop,
            position: 0,
            rejected: 0,
            in_hop: 0,
            peak: 0.0,
            run: vec![0.0; hop].into(),
            loudness: Loudness::new(sample_rate, layout),
            stage: Stage::new(window, layout),
            spectrum: Spectrum::new(window),
            meter: Meter::new(bins, bin_hz, hop_seconds),
            onsets: OnsetDetector::new(hop_seconds),
            timbre: Timbre::new(bins, bin_hz),
            chroma: Chroma::new(bins, bin_hz, hop_seconds),
            balance: Balance::new(bins, bin_hz, hop_seconds),
            is_spread: false,
            closed: None,
        })
    }

    /// Spreads the work of a hop over two blocks from now on, where blocks are short: its frame comes in the block
    /// after the one that completes it. Frames are the same.
    pub fn spread(&mut self) {
        self.is_spread = true;
    }

    /// Samples from one frame to the next.
    pub fn hop(&self) -> usize {
        self.hop
    }

    /// Samples a second.
    pub fn sample_rate(&self) -> f64 {
        self.sample_rate
    }

    /// Channels.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Samples (of all channels) that were not finite since construction or [`reset`](Self::reset);
    /// they are heard as silence.
    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    /// Takes samples in turn by channel; calls `each` for every hop that they complete. Left-over
    /// samples of an incomplete turn at the end are ignored.
    pub fn process_interleaved(&mut self, block: &[f32], each: impl FnMut(&AudioFrame)) {
        let channels = self.channels;
        let samples = block.len() / channels;
        self.process(samples, |n, channel| block[n * channels + channel], each);
    }

    /// Takes samples by channel; calls `each` for every hop that they complete. The block is as
    /// long as its longest channel; what a shorter or a missing one lacks is silence, and channels
    /// beyond those announced are ignored.
    pub fn process_planar(&mut self, block: &[&[f32]], each: impl FnMut(&AudioFrame)) {
        let samples = block.iter().map(|channel| channel.len()).max().unwrap_or(0);
        let sample = |n: usize, channel: usize| {
            let channel = block.get(channel).copied().unwrap_or_default();
            channel.get(n).copied().unwrap_or_default()
        };
        self.process(samples, sample, each);
    }

    /// Takes `samples` samples of every channel, `sample(n, channel)`.
    fn process(
        &mut self,
        samples: usize,
        sample: impl Fn(usize, usize) -> f32,
        mut each: impl FnMut(&AudioFrame),
    ) {
        self.describe(&mut each);
        let mut done = 0;
        while done < samples {
            let mut peak = self.peak;
            let run = (self.hop - self.in_hop).min(samples - done);
            for channel in 0..self.channels {
                for (n, slot) in self.run[..run].iter_mut().enumerate() {
                    let sample = sample(done + n, channel);
                    self.rejected += u64::from(!sample.is_finite());
                    *slot = admit(sample);
                    peak = peak.max(slot.abs());
                }
                self.loudness.hear(channel, &self.run[..run]);
                self.stage.hear(channel, &self.run[..run]);
            }
            self.stage.advance(run);
            self.peak = peak;
            done += run;
            self.in_hop += run;
            if self.in_hop == self.hop {
                self.close_hop();
                let is_short = (samples as f64) < SHORT_BLOCK * self.hop as f64;
                if !(self.is_spread && is_short) {
                    self.describe(&mut each);
                }
            }
        }
    }

    /// What has to be done while the hop's samples are there.
    fn close_hop(&mut self) {
        self.position += self.hop as u64;
        self.closed = Some(Closed {
            position: self.position,
            loudness: self.loudness.close_hop(self.hop),
            peak: self.peak,
        });
        self.in_hop = 0;
        self.peak = 0.0;
        self.stage.transform(&mut self.spectrum);
    }

    /// Describes the hop that has closed, if one has.
    fn describe(&mut self, each: &mut impl FnMut(&AudioFrame)) {
        if let Some(closed) = self.closed.take() {
            each(&self.frame(&closed));
        }
    }

    fn frame(&mut self, closed: &Closed) -> AudioFrame {
        let power = self.spectrum.power();
        let levels = self.meter.measure(power);
        let onsets = self.onsets.hear(&levels.parts);
        let chroma = self.chroma.hear(power);
        AudioFrame {
            position: closed.position,
            loudness: closed.loudness,
            peak: closed.peak,
            bands: levels.bands,
            parts: levels.parts,
            bass: levels.bass,
            mid: levels.mid,
            treble: levels.treble,
            onsets: onsets.bands,
            onset: onsets.all,
            centroid: self.timbre.centroid(power),
            flatness: self.timbre.flatness(power),
            chroma,
            harmonic: self.balance.hear(power),
            beat: Beat::default(),
        }
    }

    /// Forgets everything heard, as if newly constructed; does not allocate.
    pub fn reset(&mut self) {
        self.position = 0;
        self.rejected = 0;
        self.in_hop = 0;
        self.peak = 0.0;
        self.closed = None;
        self.loudness.reset();
        self.stage.reset();
        self.meter.reset();
        self.onsets.reset();
        self.chroma.reset();
        self.balance.reset();
    }
}

/// The last window of samples of every channel. Their powers are added, not their samples, so that
/// no phase cancels and it does not matter where a loudspeaker stands. Two channels are the measure:
/// the power is halved, that both sides of stereo together are as loud as mono, and a channel is as
/// loud wherever it is and however many others are silent.
struct Stage {
    channels: Box<[Seat]>,
    /// Where the next sample goes, which is where the oldest lies.
    next: usize,
    window: usize,
}

struct Seat {
    samples: Box<[f32]>,
    /// What a channel's power counts; 0 where others hold its sound, too.
    share: f32,
}

impl Stage {
    fn new(window: usize, layout: &Layout) -> Self {
        let heard = |speaker: &&Speaker| speaker.is_heard();
        let alone = layout.speakers().iter().filter(heard).count() == 1;
        let share = if alone { 1.0 } else { 0.5 };
        let seat = |speaker: &Speaker| Seat {
            samples: vec![0.0; window].into(),
            share: if speaker.is_heard() { share } else { 0.0 },
        };
        Self {
            channels: layout.speakers().iter().map(seat).collect(),
            next: 0,
            window,
        }
    }

    /// Takes one channel's next samples, no more than a window of them.
    fn hear(&mut self, channel: usize, samples: &[f32]) {
        let (end, start) = self.channels[channel].samples.split_at_mut(self.next);
        for (heard, &sample) in start.iter_mut().chain(end).zip(samples) {
            *heard = sample;
        }
    }

    /// Moves on by `samples` once every channel has been heard.
    fn advance(&mut self, samples: usize) {
        self.next = (self.next + samples) % self.window;
    }

    /// The channels' power spectra together.
    fn transform(&self, spectrum: &mut Spectrum) {
        spectrum.clear();
        for seat in self.channels.iter().filter(|seat| seat.share > 0.0) {
            let (newer, older) = seat.samples.split_at(self.next);
            spectrum.add(older, newer, seat.share);
        }
    }

    fn reset(&mut self) {
        for seat in &mut self.channels {
            seat.samples.fill(0.0);
        }
        self.next = 0;
    }
}
