//! What holds while lines are sung: one takes the place of the one before, and fades when nothing is sung after it.

/// So many seconds a line takes to come, at most half of its own time; how much of it is there at once; and in how many it fades.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub turn: f64,
    pub at_once: f64,
    pub fade: f64,
}

/// What holds from a moment to another, seconds of the song.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held<T> {
    pub from: f64,
    pub to: f64,
    /// How much it counts, 0 to 1.
    pub weight: f32,
    pub what: T,
}

/// In the order of their beginnings.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Course<T>(pub Vec<Held<T>>);

impl<T> Default for Course<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// What holds at a moment.
pub(super) struct Now<'a, T> {
    /// What held before, and how much of it is left.
    pub before: (&'a T, f32),
    /// What holds, and how much.
    pub held: (&'a T, f32),
}

impl<T> Held<T> {
    /// How much it counts at `seconds`.
    fn meant(&self, seconds: f64, fade: f64) -> f32 {
        let gone = ((seconds - self.to) / fade).clamp(0.0, 1.0);
        self.weight * (1.0 - gone as f32)
    }
}

impl<T> Course<T> {
    /// What holds at `seconds` of the song. Does not allocate.
    pub fn at(&self, seconds: f64, pace: Pace) -> Option<Now<'_, T>> {
        let begun = self.0.partition_point(|line| line.from <= seconds);
        let line = &self.0[begun.checked_sub(1)?];
        let before = begun.checked_sub(2).map(|at| &self.0[at]);
        let turn = pace.turn.min(0.5 * (line.to - line.from)).max(1e-3);
        let came = pace.at_once + (1.0 - pace.at_once) * (seconds - line.from) / turn;
        let came = came.clamp(0.0, 1.0) as f32;
        let left = before.map_or(0.0, |before| {
            (1.0 - came) * before.meant(seconds, pace.fade)
        });
        Some(Now {
            before: (&before.unwrap_or(line).what, left),
            held: (&line.what, came * line.meant(seconds, pace.fade)),
        })
    }
}
