//! What the ear hears of many channels: one.
//!
//! The mean of the channels, but for three things that a plain mean would lose:
//!
//! - **Opposite phase.** Where two channels cancel, one of them is turned over: of stereo the side is
//!   heard instead of the mid. Each of four bands is judged by itself, for phase is often wrong in
//!   one only.
//! - **Silent channels** do not count: one that speaks alone, of two or of six, is heard as it is.
//! - **The subwoofer** adds to the others and makes them no softer.
//!
//! Whatever changes fades. Of ordinary stereo nothing is turned over and both channels sound: then it
//! is exactly `0.5 * (left + right)`.
//!
//! Decisions are made at fixed positions in the stream, so that the result does not depend on how
//! it was cut into blocks. After construction nothing allocates, and the work by sample is bounded.

mod bands;
mod polarity;
mod presence;

use self::bands::{BANDS, Bands, Crossovers};
use self::polarity::Polarity;
use self::presence::Presence;
use super::analyser::LOUDEST;
use super::layout::Layout;

/// Seconds from one decision to the next.
const STEP_SECONDS: f64 = 0.005;

/// A value that moves in a straight line from one step to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Glide {
    from: f32,
    to: f32,
}

impl Glide {
    fn at_rest(value: f32) -> Self {
        Self {
            from: value,
            to: value,
        }
    }

    /// Where it is after a share (0 to 1) of the step.
    fn at(self, share: f32) -> f32 {
        self.from + share * (self.to - self.from)
    }

    /// Goes on to `value`.
    fn go_on_to(&mut self, value: f32) {
        *self = Self {
            from: self.to,
            to: value,
        };
    }
}

/// One channel, and what is known of it.
struct Channel {
    bands: Bands,
    presence: Presence,
    /// Whether it is mixed at all, and whether it makes the others softer when it sounds.
    heard: bool,
    counts: bool,
    /// The newest sample, and its bands.
    sample: f32,
    split: [f32; BANDS],
    /// What each band is multiplied with: 1, or -1 where it is turned over.
    signs: [Glide; BANDS],
}

/// Mixes channels down to what the ear hears.
///
/// ```
/// use synopsia::signal::{Layout, Mixdown};
///
/// let mut mixdown = Mixdown::new(48_000.0, &Layout::usual(2));
/// let mut mono = Vec::new();
/// mixdown.mix_interleaved(&[0.5, 0.25, -1.0, 0.0], |sample| mono.push(sample));
/// assert_eq!(mono, [0.375, -0.5]);
/// ```
pub struct Mixdown {
    channels: Box<[Channel]>,
    crossovers: Crossovers,
    polarity: Polarity,
    gain: Glide,
    /// Whether any band of any channel is, or is being, turned over.
    is_plain: bool,
    /// Samples from one decision to the next, and since the last one.
    step: usize,
    in_step: usize,
}

impl Mixdown {
    /// A mixdown of sound at `sample_rate` Hz whose channels are for the loudspeakers of `layout`.
    pub fn new(sample_rate: f64, layout: &Layout) -> Self {
        let step = (sample_rate * STEP_SECONDS).round().max(1.0) as usize;
        let seconds = step as f64 / sample_rate;
        let speakers = layout.speakers().iter();
        // Subwoofers make nothing softer, unless there is nothing else.
        let only_lfe = layout.speakers().iter().all(|speaker| speaker.is_lfe());
        let channels = speakers.map(|speaker| Channel {
            bands: Bands::default(),
            presence: Presence::new(seconds),
            heard: speaker.is_heard(),
            counts: speaker.is_heard() && (only_lfe || !speaker.is_lfe()),
            sample: 0.0,
            split: [0.0; BANDS],
            signs: [Glide::at_rest(1.0); BANDS],
        });
        let mut mixdown = Self {
            channels: channels.collect(),
            crossovers: Crossovers::new(sample_rate),
            polarity: Polarity::new(layout.count(), seconds),
            gain: Glide::at_rest(1.0),
            is_plain: true,
            step,
            in_step: 0,
        };
        mixdown.reset();
        mixdown
    }

    /// Channels.
    pub fn channels(&self) -> usize {
        self.channels.len()
    }

    /// Takes samples in turn by channel; gives `each` the mixdown, sample by sample. Left-over
    /// samples of an incomplete turn at the end are ignored.
    pub fn mix_interleaved(&mut self, block: &[f32], mut each: impl FnMut(f32)) {
        for frame in block.chunks_exact(self.channels.len().max(1)) {
            each(self.mix(|channel| frame[channel]));
        }
    }

    /// Takes samples by channel, all as many as the first; gives `each` the mixdown, sample by
    /// sample. What a shorter or missing channel lacks is silence.
    pub fn mix_planar(&mut self, block: &[&[f32]], mut each: impl FnMut(f32)) {
        let samples = block.first().map_or(0, |channel| channel.len());
        for n in 0..samples {
            let sample = |channel: usize| block.get(channel).and_then(|c| c.get(n)).copied();
            each(self.mix(|channel| sample(channel).unwrap_or_default()));
        }
    }

    /// Mixes one sample of every channel.
    fn mix(&mut self, sample: impl Fn(usize) -> f32) -> f32 {
        if let [only] = &*self.channels {
            return if only.heard { admit(sample(0)) } else { 0.0 };
        }
        let share = (self.in_step + 1) as f32 / self.step as f32;
        let mut sum = 0.0;
        for (number, channel) in self.channels.iter_mut().enumerate() {
            channel.sample = if channel.heard {
                admit(sample(number))
            } else {
                0.0
            };
            channel.split = channel.bands.split(&self.crossovers, channel.sample);
            channel.presence.hear(channel.bands.audible(channel.sample));
            sum += channel.sample;
        }
        let heard = self
            .channels
            .iter()
            .map(|channel| channel.bands.audible_of(channel.split));
        self.polarity.hear(heard);
        if !self.is_plain {
            sum += self.turned_over(share);
        }
        let mixed = self.gain.at(share) * sum;
        self.in_step += 1;
        if self.in_step == self.step {
            self.in_step = 0;
            self.decide();
        }
        mixed
    }

    /// What turning over changes in the sum.
    fn turned_over(&self, share: f32) -> f32 {
        let bands = self.channels.iter().flat_map(|channel| {
            let signs = channel.signs.iter().map(|sign| sign.at(share) - 1.0);
            signs.zip(channel.split).map(|(change, band)| change * band)
        });
        bands.sum()
    }

    /// Looks at what was heard since the last time.
    fn decide(&mut self) {
        self.polarity.decide();
        let loudest = self.channels.iter().map(|c| c.presence.power());
        let loudest = loudest.fold(0.0, f32::max);
        let mut sounding = 0.0;
        self.is_plain = true;
        for (number, channel) in self.channels.iter_mut().enumerate() {
            channel.bands.flush();
            let presence = channel.presence.decide(loudest);
            sounding += if channel.counts { presence } else { 0.0 };
            for (band, sign) in channel.signs.iter_mut().enumerate() {
                sign.go_on_to(self.polarity.sign(number, band));
                self.is_plain &= *sign == Glide::at_rest(1.0);
            }
        }
        self.gain.go_on_to(1.0 / sounding.max(1.0));
    }

    /// Forgets everything heard, as if newly constructed; does not allocate.
    pub fn reset(&mut self) {
        self.in_step = 0;
        self.is_plain = true;
        self.polarity.reset();
        for channel in &mut self.channels {
            channel.bands = Bands::default();
            channel.presence.reset();
            channel.signs = [Glide::at_rest(1.0); BANDS];
        }
        let counting = self
            .channels
            .iter()
            .filter(|channel| channel.counts)
            .count();
        self.gain = Glide::at_rest(1.0 / counting.max(1) as f32);
    }
}

/// A sample as it is mixed: finite, and of bounded magnitude.
fn admit(sample: f32) -> f32 {
    if sample.is_finite() {
        sample.clamp(-LOUDEST, LOUDEST)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests;
