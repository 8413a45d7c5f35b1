//! How loud it is right now: what can be felt before a beat has passed.

use crate::frame::AudioFrame;

/// Time in which bass and level are followed, seconds: a kick alone does not bring them back.
const FOLLOW_SECONDS: f64 = 0.2;

/// Power below which nothing is heard, -60 dB, and seconds of it that are a silence.
const SILENT: f32 = 1e-6;
const SILENCE_SECONDS: f64 = 0.3;

/// How loud it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Loudness {
    pub(super) seconds: f64,
    /// Level of the bass, 0 to 1.
    pub(super) bass: f32,
    /// Tens of decibels from full scale.
    pub(super) level: f32,
}

/// Follows bass and level.
#[derive(Clone, Debug)]
pub(super) struct Pulse {
    sample_rate: f64,
    last: f64,
    bass: f32,
    power: f32,
    silent: f64,
}

impl Pulse {
    pub(super) fn new(sample_rate: f64) -> Self {
        Self {
            sample_rate: sample_rate.max(1.0),
            last: 0.0,
            bass: 0.0,
            power: 0.0,
            silent: 0.0,
        }
    }

    pub(super) fn hear(&mut self, frame: &AudioFrame) -> Loudness {
        let seconds = frame.position as f64 / self.sample_rate;
        let passed = (seconds - self.last).max(0.0);
        self.last = self.last.max(seconds);
        let share = (passed / FOLLOW_SECONDS).min(1.0) as f32;
        let power: f32 = frame.parts.iter().sum();
        let finite = |x: f32| {
            if x.is_finite() {
                x.clamp(0.0, 1e4)
            } else {
                0.0
            }
        };
        self.bass += share * (finite(frame.bass.level) - self.bass);
        self.power += share * (finite(power) - self.power);
        self.silent = if finite(power) < SILENT {
            self.silent + passed
        } else {
            0.0
        };
        Loudness {
            seconds: self.last,
            bass: self.bass,
            level: self.power.max(1e-7).log10(),
        }
    }

    /// Whether nothing has been heard for a while.
    pub(super) fn is_silent(&self) -> bool {
        self.silent >= SILENCE_SECONDS
    }
}
