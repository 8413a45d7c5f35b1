//! Timbre: how bright and how noisy a spectrum is.

use super::bands::sum;

/// Power below which a spectrum counts as silent, -90 dB.
const SILENT: f32 = 1e-9;

/// Flatness is measured in each of these bands and averaged, so that the slope of a spectrum does
/// not count, only how it is filled (as in MPEG-7). Edges in Hz, an octave apart.
const EDGES_HZ: [f64; 7] = [187.5, 375.0, 750.0, 1500.0, 3000.0, 6000.0, 12_000.0];

/// Flatness of one spectrum of white noise, whose bins fluctuate: exp(-0.5772), by Euler's
/// constant.
const NOISE_FLATNESS: f32 = 0.561_459;

/// Bins whose powers are multiplied before a logarithm is taken: the product of as many, each
/// between 1e-16 and about 1e4, stays within `f64`.
const FACTORS: usize = 16;

/// Least power in a logarithm, -160 dB.
const LEAST: f32 = 1e-16;

/// Measures brightness and noisiness.
pub(super) struct Timbre {
    bin_hz: f32,
    /// First bin of each band and, last, the end.
    edges: [usize; EDGES_HZ.len()],
}

impl Timbre {
    pub(super) fn new(bins: usize, bin_hz: f64) -> Self {
        Self {
            bin_hz: bin_hz as f32,
            edges: EDGES_HZ.map(|hz| ((hz / bin_hz).round() as usize).min(bins)),
        }
    }

    /// Spectral centroid, Hz: the mean frequency weighed by magnitude; 0 in silence.
    pub(super) fn centroid(&self, power: &[f32]) -> f32 {
        let (mut moment, mut total) = (0.0, 0.0);
        for (bin, &power) in power.iter().enumerate() {
            let magnitude = power.sqrt();
            moment += magnitude * bin as f32;
            total += magnitude;
        }
        if total * total < SILENT {
            return 0.0;
        }
        self.bin_hz * moment / total
    }

    /// Spectral flatness: geometric over arithmetic mean of the power within octaves, averaged by
    /// their magnitude; 0 (tones, or silence) to about 1 (noise of any colour).
    pub(super) fn flatness(&self, power: &[f32]) -> f32 {
        let (mut flatness, mut total) = (0.0, 0.0);
        for edge in self.edges.windows(2) {
            let band = &power[edge[0]..edge[1]];
            if band.is_empty() {
                continue;
            }
            let mean = sum(band) / band.len() as f32;
            let product = |bins: &[f32]| bins.iter().map(|&p| f64::from(p.max(LEAST))).product();
            let logs: f64 = band
                .chunks(FACTORS)
                .map(|bins| f64::ln(product(bins)))
                .sum();
            let geometric = (logs / band.len() as f64).exp() as f32;
            let magnitude = mean.sqrt();
            flatness += magnitude * (geometric / mean.max(LEAST));
            total += magnitude;
        }
        if total * total < SILENT {
            return 0.0;
        }
        (flatness / total / NOISE_FLATNESS).min(1.0)
    }
}
