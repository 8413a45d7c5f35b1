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
//! Decisions are made at fixed positions in the stream, and what they go by is gathered in chunks of it,
//! so that the result does not depend on how it was cut into blocks. A sample is mixed when it comes.
//! After construction nothing allocates, and the work by sample is bounded.

mod bands;
mod polarity;
mod presence;

use self::bands::{BANDS, Bands, CHUNK, Chunk, Crossovers, Split, split};
use self::polarity::Polarity;
use self::presence::Presence;
use super::analyser::LOUDEST;
use super::layout::Layout;
use std::ops::Range;

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
    /// The newest chunk, or its beginning.
    newest: Split,
    /// What each band is multiplied with: 1, or -1 where it is turned over.
    signs: [Glide; BANDS],
}

impl Channel {
    fn parts(&mut self) -> (&mut Bands, &mut Split) {
        (&mut self.bands, &mut self.newest)
    }
}

/// Mixes channels down to what the ear hears.
///
/// ```
/// use synopsia_signal::{Layout, Mixdown};
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
            newest: Split::SILENCE,
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
        let channels = self.channels.len();
        let Some(frames) = block.len().checked_div(channels) else {
            return;
        };
        let take = |channel: usize, from: usize, into: &mut [f32]| {
            let samples = block[from * channels + channel..].iter().step_by(channels);
            into.iter_mut()
                .zip(samples)
                .for_each(|(into, sample)| *into = *sample);
        };
        self.mix(frames, take, &mut each);
    }

    /// Takes samples by channel, all as many as the first; gives `each` the mixdown, sample by
    /// sample. What a shorter or missing channel lacks is silence.
    pub fn mix_planar(&mut self, block: &[&[f32]], mut each: impl FnMut(f32)) {
        let frames = block.first().map_or(0, |channel| channel.len());
        let take = |channel: usize, from: usize, into: &mut [f32]| {
            let samples = block.get(channel).and_then(|channel| channel.get(from..));
            let samples = samples.unwrap_or_default();
            let (there, missing) = into.split_at_mut(samples.len().min(into.len()));
            there.copy_from_slice(&samples[..there.len()]);
            missing.fill(0.0);
        };
        self.mix(frames, take, &mut each);
    }

    /// Mixes `frames` samples of every channel. `take` copies samples of a channel from a place in the
    /// block on.
    fn mix(
        &mut self,
        frames: usize,
        take: impl Fn(usize, usize, &mut [f32]),
        each: &mut impl FnMut(f32),
    ) {
        let mut done = 0;
        while done < frames {
            let start = self.in_step % CHUNK;
            let count = (CHUNK - start)
                .min(self.step - self.in_step)
                .min(frames - done);
            let places = start..start + count;
            for (number, channel) in self.channels.iter_mut().enumerate() {
                let samples = &mut channel.newest.samples[places.clone()];
                match channel.heard {
                    true => take(number, done, samples),
                    false => samples.fill(0.0),
                }
                samples
                    .iter_mut()
                    .for_each(|sample| *sample = admit(*sample));
            }
            done += count;
            match &*self.channels {
                [only] => only.newest.samples[places]
                    .iter()
                    .copied()
                    .for_each(&mut *each),
                _ => self.mix_chunk(places, each),
            }
        }
    }

    /// Mixes what has come in these places of the newest chunk.
    fn mix_chunk(&mut self, places: Range<usize>, each: &mut impl FnMut(f32)) {
        for pair in self.channels.chunks_mut(2) {
            match pair {
                [left, right] => split(
                    &self.crossovers,
                    [left.parts(), right.parts()],
                    places.clone(),
                ),
                [last] => split(&self.crossovers, [last.parts()], places.clone()),
                _ => {}
            }
        }
        let first = self.in_step - places.start + 1;
        let shares = std::array::from_fn(|n| (first + n) as f32 / self.step as f32);
        let mut sums = [0.0; CHUNK];
        for channel in &self.channels {
            add(&mut sums, &channel.newest.samples);
        }
        if !self.is_plain {
            add(&mut sums, &self.turned_over(&shares));
        }
        for n in places.clone() {
            each(self.gain.at(shares[n]) * sums[n]);
        }
        self.in_step += places.len();
        if places.end == CHUNK || self.in_step == self.step {
            self.gather(places.end);
        }
        if self.in_step == self.step {
            self.in_step = 0;
            self.decide();
        }
    }

    /// What turning over changes in the sums of a chunk.
    fn turned_over(&self, shares: &Chunk) -> Chunk {
        let mut changes = [0.0; CHUNK];
        for channel in &self.channels {
            for (sign, band) in channel.signs.iter().zip(&channel.newest.bands) {
                add(
                    &mut changes,
                    &std::array::from_fn(|n| (sign.at(shares[n]) - 1.0) * band[n]),
                );
            }
        }
        changes
    }

    /// Gathers of the newest chunk, which has ended after `count` samples, what decisions go by.
    fn gather(&mut self, count: usize) {
        for channel in &mut self.channels {
            channel.newest.end_at(count);
            channel.presence.hear(&channel.newest.audible(), count);
        }
        self.polarity
            .hear(self.channels.iter().map(|channel| &channel.newest), count);
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

/// Adds one chunk to another.
#[inline(always)]
fn add(to: &mut Chunk, chunk: &Chunk) {
    to.iter_mut()
        .zip(chunk)
        .for_each(|(to, value)| *to += value);
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
