//! So many of something a second, and not more.

use std::time::{Duration, Instant};

/// A token bucket: it fills steadily, and what is done takes out of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    /// What fills it in a second, and how much it holds.
    rate: f64,
    holds: f64,
    left: f64,
    filled: Instant,
}

impl Bucket {
    /// A full one.
    pub(crate) fn new(rate: f64, holds: f64, now: Instant) -> Self {
        Self {
            rate,
            holds,
            left: holds,
            filled: now,
        }
    }

    /// How much is in it.
    pub(crate) fn left(&mut self, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(self.filled).as_secs_f64();
        self.filled = self.filled.max(now);
        self.left = (self.left + seconds * self.rate).min(self.holds);
        self.left
    }

    /// How long it takes until so much is in it.
    pub(crate) fn wait(&mut self, amount: f64, now: Instant) -> Duration {
        let missing = amount - self.left(now);
        Duration::try_from_secs_f64(missing / self.rate).unwrap_or(Duration::ZERO)
    }

    /// Takes so much out, where there is as much.
    pub(crate) fn take(&mut self, amount: f64, now: Instant) -> bool {
        let is_there = self.left(now) >= amount;
        if is_there {
            self.left -= amount;
        }
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_so_many_a_second() {
        let begin = Instant::now();
        let mut bucket = Bucket::new(10.0, 5.0, begin);
        let taken = |bucket: &mut Bucket, now| (0..100).filter(|_| bucket.take(1.0, now)).count();
        assert_eq!(bucket.wait(1.0, begin), Duration::ZERO);
        assert_eq!(taken(&mut bucket, begin), 5);
        assert_eq!(bucket.wait(1.0, begin), Duration::from_millis(100));
        assert_eq!(taken(&mut bucket, begin + Duration::from_millis(250)), 2);
        assert_eq!(taken(&mut bucket, begin + Duration::from_secs(60)), 5);
        // A clock that goes back gives nothing.
        assert_eq!(taken(&mut bucket, begin), 0);
    }
}
