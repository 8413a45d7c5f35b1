//! Quarter tones to the magnitudes of a spectrum: tones as narrow as the window shows them, the rest between them.

use super::phase::{BINS, SAMPLE_RATE, WINDOW};

/// Quarter tones, from A1 on.
pub const BANDS: usize = 192;
/// Hertz of the lowest.
const LOWEST: f32 = 55.0;
/// Quarter tones of an octave.
pub const PER_OCTAVE: f32 = 24.0;
/// A tone stands out from what is around it by so much, decibels.
const STANDS_OUT: f32 = 6.0;
/// Quarter tones on each side that count as around it.
const AROUND: usize = 3;
/// Bins on each side that a Hann window spreads a sine over.
const LOBE: f32 = 2.0;

/// The bin, between bins, where a band lies.
fn bin_of(band: f32) -> f32 {
    LOWEST * (band / PER_OCTAVE).exp2() * WINDOW as f32 / SAMPLE_RATE as f32
}

/// Transform of a Hann window at so many bins from its middle, where it is 1.
fn lobe(bins: f32) -> f32 {
    let x = std::f32::consts::PI * bins;
    match bins.abs() {
        near if near < 1e-3 => 1.0,
        near if (near - 1.0).abs() < 1e-3 => 0.5,
        _ => (x.sin() / x / (1.0 - bins * bins)).abs(),
    }
}

/// Magnitudes `[BINS]` of bands in decibels, where a sine of full scale is 0 dB and 1. What is no number is silence.
pub fn linear(decibels: &[f32]) -> Vec<f32> {
    let level = |band: usize| {
        let level = decibels.get(band).copied().unwrap_or(f32::NAN);
        if level.is_nan() {
            -120.0
        } else {
            level.clamp(-120.0, 6.0)
        }
    };
    let least = |band: usize| {
        let around = band.saturating_sub(AROUND)..(band + AROUND + 1).min(BANDS);
        around.map(level).fold(f32::MAX, f32::min)
    };
    let floor: Vec<f32> = (0..BANDS).map(least).collect();
    let amplitude = |decibels: f32| 10f32.powf(decibels / 20.0);
    let mut out = vec![0.0; BINS];
    let (first, last) = (bin_of(0.0), bin_of((BANDS - 1) as f32));
    for (bin, out) in out.iter_mut().enumerate() {
        let bin = bin as f32;
        if (first..last).contains(&bin) {
            let band = PER_OCTAVE * (bin / first).log2();
            let (low, share) = (band as usize, band.fract());
            let next = floor[(low + 1).min(BANDS - 1)];
            *out = amplitude(floor[low] + (next - floor[low]) * share);
        }
    }
    for band in (0..BANDS).step_by(2) {
        let (here, before) = (level(band), level(band.saturating_sub(1)));
        let after = level((band + 1).min(BANDS - 1));
        if here < before || here < after || here < floor[band] + STANDS_OUT {
            continue;
        }
        let at = bin_of(band as f32);
        let bins = (at - LOBE).ceil().max(0.0) as usize..=(at + LOBE) as usize;
        for bin in bins {
            if let Some(out) = out.get_mut(bin) {
                *out = out.max(amplitude(here) * lobe(bin as f32 - at));
            }
        }
    }
    out
}
