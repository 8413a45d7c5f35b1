//! How values follow what drives them: at once and falling back, or smoothed.

/// Share of a strike between beats that counts where movement gathers on the beat, and how near to one it is on it, beats
/// before and after.
const BETWEEN_BEATS: f32 = 0.15;
const ON_BEAT: [f32; 2] = [0.10, 0.16];

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

/// Strikes of the music, all of them, and with those between beats held back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strikes {
    all: Envelope,
    on_beats: Envelope,
    half_life: f64,
}

impl Strikes {
    /// None yet, of which each halves in so many seconds.
    pub(super) fn new(half_life: f64) -> Self {
        Self {
            all: Envelope::default(),
            on_beats: Envelope::default(),
            half_life,
        }
    }

    /// Takes in a strike at a phase of the beat, 0 to 1.
    pub(super) fn strike(&mut self, strength: f32, seconds: f64, phase: f32) {
        self.all.strike(strength, seconds, self.half_life);
        let [before, after] = ON_BEAT;
        let near = phase <= after || phase >= 1.0 - before;
        let share = if near { 1.0 } else { BETWEEN_BEATS };
        self.on_beats
            .strike(share * strength, seconds, self.half_life);
    }

    /// What is left of them at `seconds`, where movement gathers so strongly on the beat, 0 to 1.
    pub(super) fn at(&self, seconds: f64, gathering: f32) -> f32 {
        let [all, on_beats] = [self.all, self.on_beats].map(|it| it.at(seconds, self.half_life));
        all + gathering * (on_beats - all)
    }
}

/// The share of its way to a target that a smoothed value goes in `dt` seconds, with this time constant
/// in seconds.
pub(super) fn follow(dt: f64, time_constant: f64) -> f32 {
    1.0 - (-dt / time_constant).exp() as f32
}
