//! How certain the beat is: how likely the network finds a beat where one is counted, on average.

/// Hops on either side of a beat that are on it.
const AROUND: usize = 2;

/// How likely the network finds a beat of which there is no doubt.
pub(super) const NO_DOUBT: f32 = 0.8;

/// Beats that the average is over.
const BEATS: f32 = 4.0;

/// The average as it goes.
pub(super) struct Certainty {
    /// How likely a beat was in the last hops, oldest first.
    past: [f32; AROUND],
    /// The most about the present beat, and how many hops of it are lacking.
    most: f32,
    lacking: usize,
    mean: f32,
}

impl Certainty {
    pub const NONE: Self = Self {
        past: [0.0; AROUND],
        most: 0.0,
        lacking: 0,
        mean: 0.0,
    };

    /// Takes in how likely a beat is in a hop, the first that tells of a counted one where it `is_beat`.
    pub fn hear(&mut self, likely: f32, is_beat: bool) {
        if is_beat {
            self.most = self.past.iter().fold(0.0, |a, &b| a.max(b));
            self.lacking = 1 + AROUND;
        }
        if self.lacking > 0 {
            self.most = self.most.max(likely);
            self.lacking -= 1;
            if self.lacking == 0 {
                self.mean += (self.most - self.mean) / BEATS;
            }
        }
        self.past.rotate_left(1);
        self.past[AROUND - 1] = likely;
    }

    /// 0 to 1.
    pub fn now(&self) -> f32 {
        (self.mean / NO_DOUBT).min(1.0)
    }
}
