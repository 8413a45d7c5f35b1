//! Sounds made by rule, for tests of hearing.

#![allow(dead_code)] // Each test binary uses some of these.

use std::f64::consts::TAU;

/// Noise that is the same on every run, -1 to 1.
pub struct Noise(u32);

impl Noise {
    pub fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(2_654_435_761) | 1)
    }

    pub fn sample(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as f32 / u32::MAX as f32 * 2.0 - 1.0
    }
}

/// A mono track to lay sounds on.
pub struct Track {
    pub rate: f64,
    pub samples: Vec<f32>,
}

impl Track {
    pub fn silence(rate: f64, seconds: f64) -> Self {
        Self {
            rate,
            samples: vec![0.0; (rate * seconds) as usize],
        }
    }

    /// Adds `wave(seconds since the start)` for `length` seconds.
    fn lay(&mut self, at: f64, length: f64, mut wave: impl FnMut(f64) -> f64) {
        let start = (at * self.rate).round() as usize;
        let end = (start + (length * self.rate) as usize).min(self.samples.len());
        for n in start..end {
            self.samples[n] += wave((n - start) as f64 / self.rate) as f32;
        }
    }

    pub fn click(&mut self, at: f64) {
        self.lay(at, 0.03, |t| {
            0.7 * (-t / 0.005).exp() * (TAU * 1500.0 * t).cos()
        });
    }

    pub fn kick(&mut self, at: f64) {
        self.lay(at, 0.25, |t| {
            0.8 * (-t / 0.08).exp() * (TAU * (50.0 * t + 3.0 * (1.0 - (-t / 0.02).exp()))).sin()
        });
    }

    pub fn snare(&mut self, at: f64) {
        let mut noise = Noise::new((at * 1000.0) as u32);
        self.lay(at, 0.2, |t| {
            let body = 0.3 * (TAU * 190.0 * t).sin();
            (-t / 0.05).exp() * (body + 0.4 * f64::from(noise.sample()))
        });
    }

    pub fn hat(&mut self, at: f64) {
        let mut noise = Noise::new((at * 1000.0) as u32 + 7);
        let mut last = 0.0;
        self.lay(at, 0.06, |t| {
            let now = f64::from(noise.sample());
            let bright = now - last;
            last = now;
            0.12 * (-t / 0.015).exp() * bright
        });
    }

    /// A soft chord of three triangle-like notes on a root, Hz.
    pub fn chord(&mut self, at: f64, length: f64, root: f64) {
        for interval in [0, 4, 7] {
            let frequency = root * 2f64.powf(f64::from(interval) / 12.0);
            self.lay(at, length, |t| {
                let edge = (t / 0.03).min((length - t) / 0.03).clamp(0.0, 1.0);
                let turn = TAU * frequency * t;
                0.08 * edge * (turn.sin() + (3.0 * turn).sin() / 9.0)
            });
        }
    }

    pub fn noise(&mut self, amplitude: f32) {
        let mut noise = Noise::new(99);
        for sample in &mut self.samples {
            *sample += amplitude * noise.sample();
        }
    }

    /// Four beats to the bar at a tempo from `from` to `to` seconds: kick on one and three, snare
    /// on two and four, hats on eighths, a new chord on each bar. Returns the times of the beats.
    pub fn rock(&mut self, tempo: f64, from: f64, to: f64) -> Vec<f64> {
        let beat = 60.0 / tempo;
        let roots = [130.81, 174.61, 146.83, 196.0];
        let mut beats = Vec::new();
        for n in 0.. {
            let at = from + beat * f64::from(n);
            if at >= to {
                break;
            }
            beats.push(at);
            if n % 2 == 0 {
                self.kick(at);
            } else {
                self.snare(at);
            }
            self.hat(at);
            self.hat(at + beat / 2.0);
            if n % 4 == 0 {
                self.chord(at, 4.0 * beat, roots[n as usize / 4 % 4]);
            }
        }
        beats
    }
}
