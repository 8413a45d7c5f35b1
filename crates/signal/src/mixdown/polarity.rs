//! Which channels are turned over so that they do not cancel.

use super::bands::{BANDS, CHUNK, Split, Sums};

/// Evidence is gathered in bits times seconds: by how much more energy a channel and the others, were
/// they equally loud, would have with it turned over, as a logarithm, for as long as that is so.
/// One that is the exact opposite of the others shows itself in a seventh of a second; one whose
/// correlation with them is above -1/3 never.
const ENOUGH: f32 = 2.0;

/// What is taken off the evidence for turning a channel over, bits: without a clear reason,
/// channels are heard as they are. To turn it back, none is.
const DOUBT: f32 = 1.0;

/// The most evidence that a moment gives, bits: 48 dB.
const MOST: f32 = 16.0;

/// How much more energy there must be in fact (1 dB): a channel far softer than the others is not
/// worth it.
const WORTH: f32 = 1.26;

/// A moment says nothing where its mean square is below this (-70 dBFS), or so much below the loudest
/// of late (-30 dB): what fades out has no clear phase.
const SILENCE: f32 = 1e-7;
const FAINT: f32 = 1e-3;

/// Seconds after which the loudest of late has been forgotten by 30 dB.
const FORGETS: f64 = 3.0;

/// A band says nothing where it is so much below all of them together (-40 dB).
const FAINT_BAND: f32 = 1e-4;

/// Seconds in which a channel is turned over.
const FADE: f64 = 0.08;

/// One band of one channel.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    /// Whether it is turned over, and how far that has gone: 0 to 1.
    is_turned: bool,
    turned: f32,
    /// Energy of this one in this step, and of the sum if it were turned over from where it is.
    own: Sums,
    otherwise: Sums,
    evidence: f32,
}

/// What the channels sum up to, and would sum up to.
pub(super) struct Polarity {
    sides: Box<[[Side; BANDS]]>,
    /// Energy of the sum in this step by band, as the channels are turned now.
    energy: [Sums; BANDS],
    samples: usize,
    /// The loudest mean square of late, by band.
    loudest: [f32; BANDS],
    /// By step: seconds, what is forgotten, and how far a channel turns.
    seconds: f32,
    forgotten: f32,
    turn: f32,
}

impl Polarity {
    /// Of so many channels, with steps of so many seconds.
    pub(super) fn new(channels: usize, step: f64) -> Self {
        Self {
            sides: vec![[Side::default(); BANDS]; channels].into(),
            energy: [Sums::default(); BANDS],
            samples: 0,
            loudest: [0.0; BANDS],
            seconds: step as f32,
            forgotten: 10f64.powf(-3.0 * step / FORGETS) as f32,
            turn: (step / FADE) as f32,
        }
    }

    /// Hears a chunk of each channel, of which the first `count` samples are there and the others
    /// silent.
    #[inline(always)]
    pub(super) fn hear<'a>(
        &mut self,
        channels: impl Iterator<Item = &'a Split> + Clone,
        count: usize,
    ) {
        for band in 0..BANDS {
            let mut sum = [0.0; CHUNK];
            for (sides, channel) in self.sides.iter().zip(channels.clone()) {
                let (sign, samples) = (sides[band].facing(), channel.audible_band(band));
                for (sum, sample) in sum.iter_mut().zip(samples) {
                    *sum += sign * sample;
                }
            }
            self.energy[band].add_squares(&sum);
            for (sides, channel) in self.sides.iter_mut().zip(channels.clone()) {
                let (side, samples) = (&mut sides[band], channel.audible_band(band));
                let twice = 2.0 * side.facing();
                let otherwise = std::array::from_fn(|n| sum[n] - twice * samples[n]);
                side.otherwise.add_squares(&otherwise);
                side.own.add_squares(&samples);
            }
        }
        self.samples += count;
    }

    /// Ends a step: turns over what has given reason to, at most one channel in each band, for each
    /// that is turned changes the case of all others.
    pub(super) fn decide(&mut self) {
        let samples = self.samples.max(1) as f32;
        // What is there to be heard of each band, however it is turned.
        let mut there = self.energy.map(|energy| energy.total());
        for sides in &self.sides {
            for (there, side) in there.iter_mut().zip(sides) {
                *there = there.max(side.otherwise.total());
            }
        }
        there.iter_mut().for_each(|energy| *energy /= samples);
        for (loudest, there) in self.loudest.iter_mut().zip(there) {
            *loudest = (self.forgotten * *loudest).max(there);
        }
        let all: f32 = there.iter().sum();
        for (band, there) in there.into_iter().enumerate() {
            let faint = FAINT * self.loudest[band];
            if there > faint.max(FAINT_BAND * all).max(SILENCE) {
                self.weigh(band);
            }
        }
        self.energy = [Sums::default(); BANDS];
        self.samples = 0;
        for side in self.sides.iter_mut().flatten() {
            (side.own, side.otherwise) = (Sums::default(), Sums::default());
            let change = if side.is_turned {
                self.turn
            } else {
                -self.turn
            };
            side.turned = (side.turned + change).clamp(0.0, 1.0);
        }
    }

    fn weigh(&mut self, band: usize) {
        let energy = self.energy[band].total();
        for sides in &mut self.sides {
            let side = &mut sides[band];
            let doubt = if side.is_turned { 0.0 } else { DOUBT };
            let mut bits = side.reason(energy);
            if !side.is_turned && side.otherwise.total() < WORTH * energy {
                bits = bits.min(0.0);
            }
            let gained = self.seconds * (bits - doubt);
            side.evidence = (side.evidence + gained).clamp(0.0, ENOUGH);
        }
        let is_enough = |sides: &[Side; BANDS]| sides[band].evidence >= ENOUGH;
        if !self.sides.iter().any(is_enough) {
            return;
        }
        // Two that cancel each other have the same evidence but for rounding: the later one turns.
        let is_turning = |sides: &[Side; BANDS]| sides[band].evidence > 0.9 * ENOUGH;
        if let Some(turning) = self.sides.iter().rposition(is_turning) {
            let side = &mut self.sides[turning][band];
            side.is_turned = !side.is_turned;
            self.sides
                .iter_mut()
                .for_each(|sides| sides[band].evidence = 0.0);
        }
    }

    /// What a band of a channel is multiplied with: 1, or -1 where it is turned over.
    pub(super) fn sign(&self, channel: usize, band: usize) -> f32 {
        let turned = self.sides[channel][band].turned;
        1.0 - 2.0 * turned * turned * (3.0 - 2.0 * turned)
    }

    pub(super) fn reset(&mut self) {
        self.sides.fill([Side::default(); BANDS]);
        self.energy = [Sums::default(); BANDS];
        self.samples = 0;
        self.loudest = [0.0; BANDS];
    }
}

impl Side {
    /// Bits of reason to turn it over, where the sum has this energy: the correlation `r` of the
    /// channel and the others as `log2((1 - r) / (1 + r))`.
    fn reason(&self, energy: f32) -> f32 {
        let (own, otherwise) = (self.own.total(), self.otherwise.total());
        let common = 0.25 * (energy - otherwise);
        let others = 0.5 * (energy + otherwise) - own;
        let both = (own * others.max(0.0)).sqrt();
        // Where there is but one, there is no correlation.
        let correlation = (common / both.max(f32::MIN_POSITIVE)).clamp(-1.0, 1.0);
        let least = 2f32.powf(-MOST);
        ((1.0 - correlation).max(least) / (1.0 + correlation).max(least))
            .log2()
            .clamp(-MOST, MOST)
    }

    /// What a sample is multiplied with as it is turned.
    fn facing(&self) -> f32 {
        if self.is_turned { -1.0 } else { 1.0 }
    }
}
