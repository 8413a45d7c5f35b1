//! Whether a channel sounds.

use super::bands::{Chunk, Sums};

/// A channel is silent below this mean square (-90 dBFS), and where it is this much softer than the
/// loudest one (-50 dB): what a codec leaks into an empty channel.
const SILENCE: f32 = 1e-9;
const FAINT: f32 = 1e-5;

/// Seconds for which a channel may be silent while others sound, and still count: a pause. One that
/// has not sounded at all is believed to be empty sooner.
const LONGEST_PAUSE: f64 = 2.0;
const LONGEST_WAIT: f64 = 0.2;

/// Seconds in which a channel begins to count, and ceases.
const RISE: f64 = 0.02;
const FALL: f64 = 0.2;

/// How far one channel counts.
pub(super) struct Presence {
    /// Squares in this step so far, and how many.
    energy: Sums,
    samples: usize,
    /// Whether it ever sounded.
    has_sounded: bool,
    /// Steps for which it has been silent while others sounded.
    silent: u32,
    /// 0 to 1.
    counts: f32,
    /// The bounds above, in steps and by step.
    longest_pause: u32,
    longest_wait: u32,
    rise: f32,
    fall: f32,
}

impl Presence {
    /// Of a channel that counts until it turns out to be empty, with steps of so many seconds.
    pub(super) fn new(step: f64) -> Self {
        let steps = |seconds: f64| (seconds / step).round() as u32;
        Self {
            energy: Sums::default(),
            samples: 0,
            has_sounded: false,
            silent: 0,
            counts: 1.0,
            longest_pause: steps(LONGEST_PAUSE),
            longest_wait: steps(LONGEST_WAIT),
            rise: (step / RISE) as f32,
            fall: (step / FALL) as f32,
        }
    }

    /// Hears a chunk, of which the first `count` samples are there and the others silent.
    #[inline(always)]
    pub(super) fn hear(&mut self, chunk: &Chunk, count: usize) {
        self.energy.add_squares(chunk);
        self.samples += count;
    }

    /// Mean square in this step.
    pub(super) fn power(&self) -> f32 {
        self.energy.total() / self.samples.max(1) as f32
    }

    /// Ends a step in which the loudest channel had the power `loudest`; how far this one counts
    /// from here on.
    pub(super) fn decide(&mut self, loudest: f32) -> f32 {
        let power = self.power();
        (self.energy, self.samples) = (Sums::default(), 0);
        if loudest > SILENCE {
            if power > SILENCE && power > FAINT * loudest {
                self.silent = 0;
                self.has_sounded = true;
            } else {
                self.silent = self.silent.saturating_add(1);
            }
        }
        let patience = if self.has_sounded {
            self.longest_pause
        } else {
            self.longest_wait
        };
        let change = if self.silent > patience {
            -self.fall
        } else {
            self.rise
        };
        self.counts = (self.counts + change).clamp(0.0, 1.0);
        self.counts
    }

    pub(super) fn reset(&mut self) {
        (self.energy, self.samples) = (Sums::default(), 0);
        self.has_sounded = false;
        self.silent = 0;
        self.counts = 1.0;
    }
}
