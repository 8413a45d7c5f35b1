//! A channel's sound in four bands that add up to it again.

/// Bands, lowest first.
pub(super) const BANDS: usize = 4;

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
    /// The next sample in bands.
    pub(super) fn split(&mut self, crossovers: &Crossovers, sample: f32) -> [f32; BANDS] {
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
        bands
    }

    /// The newest sample without its constant part.
    pub(super) fn audible(&self, sample: f32) -> f32 {
        sample - self.constant
    }

    /// The newest sample's bands without its constant part.
    pub(super) fn audible_of(&self, mut bands: [f32; BANDS]) -> [f32; BANDS] {
        bands[0] -= self.constant;
        bands
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
