//! Short-time Fourier transform.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Length of the analysis window, seconds: resolves a semitone down to about 350 Hz and still
/// tells sixteenths at 200 beats per minute apart.
pub const WINDOW_SECONDS: f64 = 0.046;

/// Noise bandwidth of a Hann window in bins, by which the power in neighbouring bins is shared
/// out, so that a band's sum is the signal's power.
const HANN_NOISE_BANDWIDTH: f32 = 1.5;

/// The length nearest to [`WINDOW_SECONDS`] that is even and has no prime factor above 5, which
/// mixed-radix transforms take at full speed.
pub(super) fn window_length(sample_rate: f64) -> usize {
    let wanted = (sample_rate * WINDOW_SECONDS).round() as usize;
    let smooth = |mut n: usize| {
        for factor in [2, 3, 5] {
            while n.is_multiple_of(factor) {
                n /= factor;
            }
        }
        n == 1
    };
    (0..wanted)
        .flat_map(|distance| [wanted - distance, wanted + distance])
        .find(|&n| n.is_multiple_of(8) && smooth(n))
        .unwrap_or(wanted)
}

/// Windowed power spectra of fixed length.
pub(super) struct Spectrum {
    fft: Arc<dyn RealToComplex<f32>>,
    /// Hann window, scaled so that the power below comes out in units of a full-scale sine.
    window: Box<[f32]>,
    input: Vec<f32>,
    output: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    power: Box<[f32]>,
}

impl Spectrum {
    pub(super) fn new(length: usize) -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(length);
        let hann = |n: usize| {
            let turn = std::f64::consts::TAU * n as f64 / length as f64;
            0.5 - 0.5 * turn.cos()
        };
        let sum: f64 = (0..length).map(hann).sum();
        // A sine of amplitude 1 peaks at half the window's sum.
        let scale = 2.0 / sum / f64::from(HANN_NOISE_BANDWIDTH).sqrt();
        Self {
            window: (0..length).map(|n| (hann(n) * scale) as f32).collect(),
            input: fft.make_input_vec(),
            output: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            power: vec![0.0; length / 2 + 1].into(),
            fft,
        }
    }

    /// Power by bin; summed over a range of frequencies, a full-scale sine in it gives 1.
    pub(super) fn power(&self) -> &[f32] {
        &self.power
    }

    /// Forgets the last spectrum, so that others may be [added](Self::add).
    pub(super) fn clear(&mut self) {
        self.power.fill(0.0);
    }

    /// Adds `share` times the power spectrum of the signal that is `older` followed by `newer`,
    /// together as long as the window.
    pub(super) fn add(&mut self, older: &[f32], newer: &[f32], share: f32) {
        let signal = older.iter().chain(newer);
        for ((slot, &window), &x) in self.input.iter_mut().zip(&self.window).zip(signal) {
            *slot = window * x;
        }
        let done =
            self.fft
                .process_with_scratch(&mut self.input, &mut self.output, &mut self.scratch);
        debug_assert!(done.is_ok(), "the plan made these buffers");
        for (power, bin) in self.power.iter_mut().zip(&self.output) {
            *power += share * bin.norm_sqr();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_within_a_tenth_of_46_ms_at_any_rate() {
        for rate in [8_000.0, 11_025.0, 44_100.0, 48_000.0, 192_000.0, 384_000.0] {
            let seconds = window_length(rate) as f64 / rate;
            assert!(
                (0.0414..0.0506).contains(&seconds),
                "{seconds} s at {rate} Hz"
            );
        }
    }

    #[test]
    fn a_full_scale_sine_has_power_one() {
        let mut spectrum = Spectrum::new(2160);
        let sine: Vec<f32> = (0..2160).map(|n| (n as f32 * 0.1234).sin()).collect();
        spectrum.add(&sine[..500], &sine[500..], 1.0);
        let power: f32 = spectrum.power().iter().sum();
        assert!((power - 1.0).abs() < 0.01, "{power}");
    }
}
