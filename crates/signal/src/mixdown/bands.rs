//! A channel's sound in four bands that add up to it again.

use std::ops::Range;

/// Bands, lowest first.
pub(super) const BANDS: usize = 4;

/// Samples that are looked at together: enough for any machine's vectors.
pub(super) const CHUNK: usize = 16;

/// One number for each sample of a chunk.
pub(super) type Chunk = [f32; CHUNK];

/// Sums that are gathered side by side, for a machine's vectors to do at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums([f32; 8]);

impl Sums {
    /// Adds the square of each.
    #[inline(always)]
    pub(super) fn add_squares(&mut self, chunk: &Chunk) {
        for half in chunk.as_chunks::<8>().0 {
            for (sum, value) in self.0.iter_mut().zip(half) {
                *sum += value * value;
            }
        }
    }

    pub(super) fn total(&self) -> f32 {
        self.0.iter().sum()
    }
}

/// A chunk of a channel, or the part of it that has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    /// As it is mixed.
    pub(super) samples: Chunk,
    pub(super) bands: [Chunk; BANDS],
    /// Its constant part.
    constant: Chunk,
}

impl Split {
    pub(super) const SILENCE: Self = Self {
        samples: [0.0; CHUNK],
        bands: [[0.0; CHUNK]; BANDS],
        constant: [0.0; CHUNK],
    };

    /// Silences what comes after the first `count` samples.
    pub(super) fn end_at(&mut self, count: usize) {
        for part in self
            .bands
            .iter_mut()
            .chain([&mut self.samples, &mut self.constant])
        {
            part[count..].fill(0.0);
        }
    }

    /// The samples without their constant part.
    #[inline(always)]
    pub(super) fn audible(&self) -> Chunk {
        std::array::from_fn(|n| self.samples[n] - self.constant[n])
    }

    /// A band without its constant part.
    #[inline(always)]
    pub(super) fn audible_band(&self, band: usize) -> Chunk {
        match band {
            0 => std::array::from_fn(|n| self.bands[0][n] - self.constant[n]),
            _ => self.bands[band],
        }
    }
}

/// Where the bands meet, Hz: two octaves each, about the bass, the body, the voice, and above.
const CROSSOVERS: [f64; BANDS - 1] = [160.0, 640.0, 2560.0];

/// Below this, Hz, nothing is heard: a constant is no sound, and has no phase.
const LOWEST: f64 = 15.0;

/// Filter states below this are set to zero, so that silence never runs on denormal numbers.
const INAUDIBLE: f32 = 1e-20;

/// What the filters of one rate have in common.
pub(super) struct Crossovers {
    /// How far each low pass of first order follows its input in a sample.
    shares: [f32; BANDS - 1],
    lowest: f32,
}

impl Crossovers {
    pub(super) fn new(sample_rate: f64) -> Self {
        let share = |hz: f64| (1.0 - (-std::f64::consts::TAU * hz / sample_rate).exp()) as f32;
        Self {
            shares: CROSSOVERS.map(share),
            lowest: share(LOWEST),
        }
    }
}

/// Filters of first order: each takes what is below its crossover out of what the ones before it
/// left. Where neighbours are heard with opposite signs, their sum is an all-pass: nothing is lost
/// between them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bands {
    lows: [f32; BANDS - 1],
    constant: f32,
}

impl Bands {
    /// The next sample: its constant part, and its bands.
    #[inline(always)]
    fn next(&mut self, crossovers: &Crossovers, sample: f32) -> (f32, [f32; BANDS]) {
        // Denormal numbers are silence, and slow.
        let mut rest = if sample.abs() < INAUDIBLE {
            0.0
        } else {
            sample
        };
        self.constant += crossovers.lowest * (rest - self.constant);
        let mut bands = [0.0; BANDS];
        for ((low, share), band) in self.lows.iter_mut().zip(crossovers.shares).zip(&mut bands) {
            *low += share * (rest - *low);
            *band = *low;
            rest -= *low;
        }
        bands[BANDS - 1] = rest;
        (self.constant, bands)
    }

    /// Ends what can no longer be heard; to be called every few milliseconds.
    pub(super) fn flush(&mut self) {
        for state in self.lows.iter_mut().chain([&mut self.constant]) {
            if state.abs() < INAUDIBLE {
                *state = 0.0;
            }
        }
    }
}

/// Splits the samples in `places` of some channels at once: each waits for the one before it, and so
/// would the processor for a single channel's.
#[inline(always)]
pub(super) fn split<const CHANNELS: usize>(
    crossovers: &Crossovers,
    mut channels: [(&mut Bands, &mut Split); CHANNELS],
    places: Range<usize>,
) {
    let mut states = std::array::from_fn::<_, CHANNELS, _>(|channel| *channels[channel].0);
    for n in places.start..places.end.min(CHUNK) {
        for (state, (_, split)) in states.iter_mut().zip(&mut channels) {
            let (constant, bands) = state.next(crossovers, split.samples[n]);
            split.constant[n] = constant;
            for (band, value) in split.bands.iter_mut().zip(bands) {
                band[n] = value;
            }
        }
    }
    for (state, (bands, _)) in states.into_iter().zip(channels) {
        *bands = state;
    }
}
