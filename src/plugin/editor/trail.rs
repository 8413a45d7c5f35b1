//! The way that the heard mood has come on the circumplex.

use std::collections::VecDeque;

/// Seconds that a point of it is seen, and the most points that there are.
const SECONDS: f64 = 8.0;
const MOST_POINTS: usize = 96;

/// The points, the oldest first, each with the time at which it was heard, seconds.
#[derive(Default)]
pub struct Trail(VecDeque<(f64, [f32; 2])>);

impl Trail {
    /// Goes on to `point` at `time`, and forgets what nobody sees any more.
    pub fn follow(&mut self, time: f64, point: [f32; 2]) {
        if self.0.back().is_none_or(|(_, last)| *last != point) {
            self.0.push_back((time, point));
        }
        let is_old = |(at, _): &(f64, [f32; 2])| time - at > SECONDS;
        while self.0.len() > MOST_POINTS || self.0.front().is_some_and(is_old) {
            self.0.pop_front();
        }
    }

    /// From each point to the next, with the age of that one at `time`: 0 is new, 1 is forgotten.
    pub fn steps(&self, time: f64) -> impl Iterator<Item = ([[f32; 2]; 2], f32)> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        pairs.map(move |((_, from), (at, to))| {
            let age = (time - at) / SECONDS;
            ([*from, *to], age as f32)
        })
    }
}
