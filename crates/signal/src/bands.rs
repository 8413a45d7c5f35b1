//! Frequency bands: how loud each part of the spectrum is.

use super::frame::{BANDS, Level, PARTS};

/// The logarithmic bands cover this range, Hz: a little over an octave each.
const RANGE_HZ: (f64, f64) = (32.0, 16_000.0);

/// Parts of all bands, in which onsets are sought.
pub(super) const SUB_BANDS: usize = BANDS * PARTS;

/// Where bass ends and treble begins, Hz.
const BASS_BELOW_HZ: f64 = 150.0;
const TREBLE_ABOVE_HZ: f64 = 2000.0;

/// Below this the ear hears nothing, and records carry only rumble and offset.
const LOWEST_HZ: f64 = 20.0;

/// Sums kept apart in a [`sum`], so that they can be added side by side.
const LANES: usize = 8;

/// The sum of `values`.
pub(super) fn sum(values: &[f32]) -> f32 {
    let (lanes, rest) = values.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for lane in lanes {
        for (sum, value) in sums.iter_mut().zip(lane) {
            *sum += value;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// The sum of the products of `a` and `b`, as far as both go.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let (a, a_rest) = a[..length].as_chunks::<LANES>();
    let (b, b_rest) = b[..length].as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// Sums of a power spectrum over adjoining frequency ranges. A bin that straddles an edge counts
/// for both sides by its share, so narrow bands at low rates of bins stay smooth.
pub(super) struct BandMap {
    bands: Box<[Band]>,
}

struct Band {
    first_bin: usize,
    weights: Box<[f32]>,
}

impl BandMap {
    /// Bands between successive `edges` (Hz, rising) over `bins` bins, `bin_hz` apart.
    pub(super) fn new(edges: &[f64], bins: usize, bin_hz: f64) -> Self {
        let band = |low: f64, high: f64| {
            let (low, high) = (low / bin_hz + 0.5, high / bin_hz + 0.5);
            let first_bin = (low as usize).min(bins);
            let last_bin = (high.ceil() as usize).clamp(first_bin, bins);
            Band {
                first_bin,
                weights: (first_bin..last_bin)
                    .map(|bin| {
                        let bin = bin as f64;
                        ((bin + 1.0).min(high) - bin.max(low)).max(0.0) as f32
                    })
                    .collect(),
            }
        };
        Self {
            bands: edges
                .windows(2)
                .map(|edge| band(edge[0], edge[1]))
                .collect(),
        }
    }

    /// Writes each band's power.
    pub(super) fn sum(&self, power: &[f32], bands: &mut [f32]) {
        for (sum, band) in bands.iter_mut().zip(&self.bands) {
            *sum = dot(&band.weights, &power[band.first_bin..]);
        }
    }

    /// Writes each band's mean power by bin; 0 where the band lies beyond the spectrum.
    pub(super) fn mean(&self, power: &[f32], bands: &mut [f32]) {
        self.sum(power, bands);
        for (mean, band) in bands.iter_mut().zip(&self.bands) {
            let width: f32 = band.weights.iter().sum();
            *mean /= width.max(f32::MIN_POSITIVE);
        }
    }
}

/// A scale in decibels on which `floor` is 0 and `top` is 1.
#[derive(Clone, Copy)]
struct Scale {
    floor: f32,
    top: f32,
}

impl Scale {
    fn level(self, power: f32) -> f32 {
        let decibels = 10.0 * power.max(1e-12).log10();
        ((decibels - self.floor) / (self.top - self.floor)).clamp(0.0, 1.0)
    }
}

/// The scales are fixed, so that a quiet passage looks quiet. Their tops are what loud masters
/// reach, band by band (records fall off to both ends of the spectrum).
const BAND_TOP_DB: [f32; BANDS] = [-10.0, -6.0, -5.0, -9.0, -11.0, -16.0, -18.0, -28.0];
const BASS_TOP_DB: f32 = -4.0;
const MID_TOP_DB: f32 = -4.0;
const TREBLE_TOP_DB: f32 = -14.0;

/// From the top of a scale to its floor, decibels.
const SCALE_RANGE_DB: f32 = 48.0;

/// A running mean over time that starts as a plain mean, so that its first seconds are not biased
/// towards zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunningMean {
    value: f32,
    heard: u32,
}

impl RunningMean {
    pub(super) const NEW: Self = Self {
        value: 0.0,
        heard: 0,
    };

    /// Takes `x` into a mean over about `hops` hops.
    pub(super) fn hear(&mut self, x: f32, hops: f32) -> f32 {
        self.heard = self.heard.saturating_add(1);
        self.value += (x - self.value) / hops.min(self.heard as f32);
        if self.value.abs() < 1e-20 {
            self.value = 0.0;
        }
        self.value
    }
}

/// Span of the running mean behind [`Level::ratio`], seconds: a few bars.
const RATIO_SECONDS: f64 = 4.0;

/// Largest [`Level::ratio`].
const RATIO_MAX: f32 = 8.0;

/// Power below which a range counts as silent, -80 dB.
const SILENT: f32 = 1e-8;

/// The levels of one hop.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Levels {
    /// Power of every [`SUB_BANDS`] part.
    pub(super) parts: [f32; SUB_BANDS],
    pub(super) bands: [f32; BANDS],
    pub(super) bass: Level,
    pub(super) mid: Level,
    pub(super) treble: Level,
}

/// Measures [`Levels`].
pub(super) struct Meter {
    parts: BandMap,
    ranges: BandMap,
    usual: [RunningMean; 3],
    ratio_hops: f32,
}

impl Meter {
    pub(super) fn new(bins: usize, bin_hz: f64, hop_seconds: f64) -> Self {
        let (low, high) = RANGE_HZ;
        let edge = |i: usize| low * (high / low).powf(i as f64 / SUB_BANDS as f64);
        let edges: [f64; SUB_BANDS + 1] = std::array::from_fn(edge);
        Self {
            parts: BandMap::new(&edges, bins, bin_hz),
            ranges: BandMap::new(
                &[
                    LOWEST_HZ,
                    BASS_BELOW_HZ,
                    TREBLE_ABOVE_HZ,
                    f64::from(u16::MAX),
                ],
                bins,
                bin_hz,
            ),
            usual: [RunningMean::NEW; 3],
            ratio_hops: (RATIO_SECONDS / hop_seconds) as f32,
        }
    }

    pub(super) fn measure(&mut self, power: &[f32]) -> Levels {
        let mut levels = Levels::default();
        self.parts.sum(power, &mut levels.parts);
        for (band, level) in levels.bands.iter_mut().enumerate() {
            let power = levels.parts[band * PARTS..(band + 1) * PARTS].iter().sum();
            let top = BAND_TOP_DB[band];
            *level = Scale {
                floor: top - SCALE_RANGE_DB,
                top,
            }
            .level(power);
        }
        let mut ranges = [0.0; 3];
        self.ranges.sum(power, &mut ranges);
        let mut level = |range: usize, top: f32| {
            let power = ranges[range];
            let usual = self.usual[range].hear(power, self.ratio_hops);
            Level {
                level: Scale {
                    floor: top - SCALE_RANGE_DB,
                    top,
                }
                .level(power),
                ratio: (power / usual.max(SILENT)).min(RATIO_MAX),
            }
        };
        levels.bass = level(0, BASS_TOP_DB);
        levels.mid = level(1, MID_TOP_DB);
        levels.treble = level(2, TREBLE_TOP_DB);
        levels
    }

    pub(super) fn reset(&mut self) {
        self.usual = [RunningMean::NEW; 3];
    }
}
