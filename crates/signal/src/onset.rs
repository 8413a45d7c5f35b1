//! Onset strength: where something starts.
//!
//! Spectral flux of the logarithm of adaptively whitened band energies (Bello et al. 2005;
//! Stowell and Plumbley 2007): each part of the spectrum is compared with its own recent peak, so
//! that a soft hi-hat counts like a loud kick and a quiet master like a loud one.

use super::bands::{RunningMean, SUB_BANDS};
use super::frame::{BANDS, PARTS};

/// How long a part's recent peak is remembered, seconds (to 1/e).
const PEAK_SECONDS: f64 = 8.0;

/// Least peak of a part, -90 dB, and least peak beside the loudest part's, -50 dB: what lies below
/// is noise or leaks from the loud parts.
const PEAK_FLOOR: f32 = 1e-9;
const LEAK: f32 = 1e-5;

/// Compression: energy one thousandth of the recent peak gives ln 2.
const COMPRESSION: f32 = 1000.0;

/// The rise is taken over this many hops, about 23 ms: half the window, so that a sharp attack
/// shows whole.
const RISE_HOPS: usize = 2;

/// Span of the running mean that counts as no onset, seconds.
const MEAN_SECONDS: f64 = 1.0;

/// A clear onset rises at least this much above the mean (nats, mean over the parts). The chance
/// rises of white noise stay below it; those of a soft piano reach it.
const LEAST_CLEAR: f32 = 0.6;

/// How long a clear onset sets the scale, seconds (to 1/e).
const SCALE_SECONDS: f64 = 6.0;

/// How much of the way the scale goes up with each stronger onset: below 1, so that a single bang
/// does not silence the next ones.
const SCALE_ATTACK: f32 = 0.4;

/// Largest strength that is reported.
const STRONGEST: f32 = 2.0;

/// Brings flux to a scale on which 0 is nothing and 1 a clear onset.
#[derive(Clone, Copy, Debug)]
struct Normaliser {
    mean: RunningMean,
    clear: f32,
}

impl Normaliser {
    const NEW: Self = Self {
        mean: RunningMean::NEW,
        clear: LEAST_CLEAR,
    };

    fn strength(&mut self, flux: f32, pace: &Pace) -> f32 {
        let mean = self.mean.hear(flux, pace.mean_hops);
        let above = (flux - mean).max(0.0);
        self.clear = (self.clear * pace.scale_decay).max(LEAST_CLEAR);
        if above > self.clear {
            self.clear += SCALE_ATTACK * (above - self.clear);
        }
        (above / self.clear).min(STRONGEST)
    }
}

/// Time constants in hops.
struct Pace {
    peak_decay: f32,
    mean_hops: f32,
    scale_decay: f32,
}

/// Onset strengths of one hop, 1 being a clear onset.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Onsets {
    pub(super) bands: [f32; BANDS],
    pub(super) all: f32,
}

/// Finds onsets from the powers of the [`SUB_BANDS`] parts.
pub(super) struct OnsetDetector {
    pace: Pace,
    peaks: [f32; SUB_BANDS],
    /// Energies of the last hops, oldest first.
    past: [[f32; SUB_BANDS]; RISE_HOPS],
    bands: [Normaliser; BANDS],
    all: Normaliser,
}

impl OnsetDetector {
    pub(super) fn new(hop_seconds: f64) -> Self {
        let decay = |seconds: f64| (-hop_seconds / seconds).exp() as f32;
        Self {
            pace: Pace {
                peak_decay: decay(PEAK_SECONDS),
                mean_hops: (MEAN_SECONDS / hop_seconds) as f32,
                scale_decay: decay(SCALE_SECONDS),
            },
            peaks: [PEAK_FLOOR; SUB_BANDS],
            past: [[0.0; SUB_BANDS]; RISE_HOPS],
            bands: [Normaliser::NEW; BANDS],
            all: Normaliser::NEW,
        }
    }

    pub(super) fn hear(&mut self, parts: &[f32; SUB_BANDS]) -> Onsets {
        for (peak, &energy) in self.peaks.iter_mut().zip(parts) {
            *peak = (*peak * self.pace.peak_decay).max(energy).max(PEAK_FLOOR);
        }
        let leak = LEAK * self.peaks.iter().fold(0.0f32, |a, &b| a.max(b));
        let mut rise = [0.0; SUB_BANDS];
        for (part, rise) in rise.iter_mut().enumerate() {
            let (energy, before) = (parts[part], self.past[0][part]);
            if energy > before {
                let scale = COMPRESSION / self.peaks[part].max(leak);
                let compressed = |energy: f32| (scale * energy).ln_1p();
                *rise = compressed(energy) - compressed(before);
            }
        }
        self.past.rotate_left(1);
        self.past[RISE_HOPS - 1] = *parts;

        let mut onsets = Onsets::default();
        for (band, strength) in onsets.bands.iter_mut().enumerate() {
            let flux = rise[band * PARTS..(band + 1) * PARTS].iter().sum::<f32>() / PARTS as f32;
            *strength = self.bands[band].strength(flux, &self.pace);
        }
        let flux = rise.iter().sum::<f32>() / SUB_BANDS as f32;
        onsets.all = self.all.strength(flux, &self.pace);
        onsets
    }

    pub(super) fn reset(&mut self) {
        self.peaks = [PEAK_FLOOR; SUB_BANDS];
        self.past = [[0.0; SUB_BANDS]; RISE_HOPS];
        self.bands = [Normaliser::NEW; BANDS];
        self.all = Normaliser::NEW;
    }
}
