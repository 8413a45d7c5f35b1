//! How values follow what drives them: at once and falling back, or smoothed.

/// A value that jumps up at once and halves with time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Envelope {
    value: f32,
    since: f64,
}

impl Envelope {
    /// The value at `seconds`.
    pub(super) fn at(&self, seconds: f64, half_life: f64) -> f32 {
        self.value * (-(seconds - self.since).max(0.0) / half_life).exp2() as f32
    }

    /// Jumps to `strength` where that is more than what is left.
    pub(super) fn strike(&mut self, strength: f32, seconds: f64, half_life: f64) {
        let left = self.at(seconds, half_life);
        *self = Self {
            value: left.max(strength),
            since: seconds,
        };
    }
}

/// The share of its way to a target that a smoothed value goes in `dt` seconds, with this time constant
/// in seconds.
pub(super) fn follow(dt: f64, time_constant: f64) -> f32 {
    1.0 - (-dt / time_constant).exp() as f32
}
