//! Magnitudes to sound: phase gradient heap integration in real time (Prusa, Balazs and Sondergaard 2017; Prusa and Sondergaard
//! 2016), frame after frame.
//!
//! How the phase changes from bin to bin and from frame to frame follows from how the magnitude does, for a Gaussian window
//! and nearly so for Hann's. From the loudest bin on these changes are added up.

use crate::chance::Chance;
use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner};
use std::collections::BinaryHeap;
use std::f32::consts::{PI, TAU};
use std::sync::Arc;

/// Samples a second of what comes out.
pub const SAMPLE_RATE: u32 = 44_100;
/// Samples of a frame.
pub const WINDOW: usize = 6144;
/// Samples from a frame to the next.
pub const HOP: usize = 768;
/// Hops from a frame to its middle in the sound: half a window, and one until the frame after it is known.
pub const LATE: usize = WINDOW / 2 / HOP + 1;
/// Magnitudes of a frame.
pub const BINS: usize = WINDOW / 2 + 1;
/// How wide a Gaussian is that is like Hann's window, in squares of its length.
const GAMMA: f32 = 0.25645 * (WINDOW * WINDOW) as f32;
/// What is softer than the loudest by this much has the phase of chance.
const TOLERANCE: f32 = 1e-5;
/// The least magnitude whose logarithm counts.
const LEAST: f32 = 1e-9;

/// Finds phases for magnitudes, and sound.
pub struct Phases {
    inverse: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
    /// Magnitudes of the frame before the one that is next, and of that one.
    before: Vec<f32>,
    now: Vec<f32>,
    /// Phases of the one before, and how they went on.
    phase: Vec<f32>,
    rate: Vec<f32>,
    /// Sound that later frames are added to.
    pending: Vec<f32>,
    chance: Chance,
}

/// A bin whose phase is known; louder ones come first.
#[derive(PartialEq)]
struct Known {
    magnitude: f32,
    bin: usize,
    /// Of this frame, or of the one before.
    now: bool,
}

impl Eq for Known {}

impl Ord for Known {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let magnitude = self.magnitude.total_cmp(&other.magnitude);
        magnitude.then((self.now, other.bin).cmp(&(other.now, self.bin)))
    }
}

impl PartialOrd for Known {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Phases {
    pub fn new(seed: u64) -> Self {
        let hann = |k: usize| 0.5 - 0.5 * (TAU * k as f32 / WINDOW as f32).cos();
        Self {
            inverse: RealFftPlanner::new().plan_fft_inverse(WINDOW),
            window: (0..WINDOW).map(hann).collect(),
            before: vec![LEAST; BINS],
            now: vec![LEAST; BINS],
            phase: vec![0.0; BINS],
            rate: vec![0.0; BINS],
            pending: vec![0.0; WINDOW],
            chance: Chance(seed),
        }
    }

    /// Takes the magnitudes `[BINS]` of the next frame, 1 for a sine of full scale, and gives the next [`HOP`] samples. They
    /// are [`LATE`]: a frame's middle comes out in the fifth call after its own. What is no number, or missing, is silence.
    pub fn next(&mut self, magnitudes: &[f32]) -> Vec<f32> {
        let sane = |k: usize| match magnitudes.get(k) {
            Some(&x) if x.is_finite() => x.abs().clamp(LEAST, 1e3),
            _ => LEAST,
        };
        let after: Vec<f32> = (0..BINS).map(sane).collect();
        let rate = self.rate();
        let phase = self.integrate(&after, &rate);
        self.add(&phase);
        (self.phase, self.rate) = (phase, rate);
        self.before = std::mem::replace(&mut self.now, after);
        let sound = self.pending.drain(..HOP).collect();
        self.pending.resize(WINDOW, 0.0);
        sound
    }

    /// By how much each phase goes on in a hop.
    fn rate(&self) -> Vec<f32> {
        let log = |k: usize| self.now[k].ln();
        let slope = HOP as f32 * WINDOW as f32 / (2.0 * GAMMA);
        let of = |k: usize| {
            let step = log((k + 1).min(BINS - 1)) - log(k.saturating_sub(1));
            // A whole number of turns less, for precision.
            TAU * ((HOP * k) % WINDOW) as f32 / WINDOW as f32 + slope * step
        };
        (0..BINS).map(of).collect()
    }

    /// The phases of the frame that is next, whose rates are known.
    fn integrate(&mut self, after: &[f32], rate: &[f32]) -> Vec<f32> {
        let across = -GAMMA / (2.0 * HOP as f32 * WINDOW as f32);
        let turn: Vec<f32> = (after.iter().zip(&self.before))
            .map(|(after, before)| across * (after.ln() - before.ln()))
            .collect();
        let most = |of: &[f32]| of.iter().fold(0.0f32, |a, &b| a.max(b));
        let least = most(&self.now).max(most(&self.before)) * TOLERANCE;
        let mut phase: Vec<f32> = (0..BINS).map(|_| TAU * self.chance.next()).collect();
        let mut open: Vec<bool> = self.now.iter().map(|&x| x > least.max(LEAST)).collect();
        let mut left = open.iter().filter(|open| **open).count();
        let mut heap: BinaryHeap<Known> = (self.before.iter().enumerate())
            .filter(|&(_, &magnitude)| magnitude > least.max(LEAST))
            .map(|(bin, &magnitude)| Known {
                magnitude,
                bin,
                now: false,
            })
            .collect();
        while left > 0 {
            let Some(known) = heap.pop() else {
                // A sound that begins: its loudest bin begins at the middle of the window.
                let bins = (0..BINS).filter(|&bin| open[bin]);
                let Some(bin) = bins.max_by(|&a, &b| self.now[a].total_cmp(&self.now[b])) else {
                    break;
                };
                phase[bin] = 0.0;
                (open[bin], left) = (false, left - 1);
                heap.push(Known {
                    magnitude: self.now[bin],
                    bin,
                    now: true,
                });
                continue;
            };
            let bin = known.bin;
            let here = phase[bin];
            let mut reach = |to: usize, value: f32| {
                if open[to] {
                    phase[to] = value.rem_euclid(TAU);
                    (open[to], left) = (false, left - 1);
                    heap.push(Known {
                        magnitude: self.now[to],
                        bin: to,
                        now: true,
                    });
                }
            };
            if !known.now {
                reach(bin, self.phase[bin] + (self.rate[bin] + rate[bin]) / 2.0);
                continue;
            }
            if bin + 1 < BINS {
                reach(bin + 1, here + (turn[bin] + turn[bin + 1]) / 2.0);
            }
            if bin > 0 {
                reach(bin - 1, here - (turn[bin] + turn[bin - 1]) / 2.0);
            }
        }
        phase
    }

    /// Adds the frame that is next to the sound.
    fn add(&mut self, phase: &[f32]) {
        if self.now.iter().all(|&x| x <= LEAST) {
            return;
        }
        let scale = self.window.iter().sum::<f32>() / 2.0;
        let mut spectrum: Vec<Complex32> = (self.now.iter().zip(phase).enumerate())
            // Phases are those at the window's middle.
            .map(|(k, (&size, &phase))| {
                Complex32::from_polar(size * scale, phase - PI * (k % 2) as f32)
            })
            .collect();
        spectrum[0].im = 0.0;
        spectrum[BINS - 1].im = 0.0;
        let mut frame = vec![0.0; WINDOW];
        if self.inverse.process(&mut spectrum, &mut frame).is_err() {
            return;
        }
        let overlap = self.window.iter().map(|w| w * w).sum::<f32>() / HOP as f32;
        let gain = 1.0 / (WINDOW as f32 * overlap);
        for ((to, x), w) in self.pending.iter_mut().zip(frame).zip(&self.window) {
            *to += x * w * gain;
        }
    }
}
