//! When the next picture is made.

use std::time::{Duration, Instant};

/// Pictures a second where the processor makes them.
pub(super) const PROCESSOR_FPS: f64 = 30.0;

/// Pause before what failed twice is tried again; it doubles with each further time, so often at most.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_DOUBLINGS: u32 = 4;

/// When the next picture is due.
pub(super) struct Pace {
    every: Duration,
    due: Instant,
    last: Option<Instant>,
    dt: f32,
    fps: f32,
    /// Pictures that came later than they should have.
    pub(super) late: u64,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            every: Duration::from_secs_f64(1.0 / PROCESSOR_FPS),
            due: Instant::now(),
            last: None,
            dt: 1.0 / PROCESSOR_FPS as f32,
            fps: 0.0,
            late: 0,
        }
    }

    pub(super) fn set(&mut self, fps: f64) {
        self.every = Duration::from_secs_f64(1.0 / fps);
    }

    /// Seconds since the last picture.
    pub(super) fn dt(&self) -> f32 {
        self.dt
    }

    /// More pictures a second than there are, whatever [`dt`](Self::dt) was.
    pub(super) fn fastest(&self) -> f32 {
        2.0 / self.every.as_secs_f32()
    }

    pub(super) fn fps(&self) -> f32 {
        self.fps
    }

    /// No picture is made for now.
    pub(super) fn rest(&mut self) {
        self.last = None;
        self.fps = 0.0;
    }

    /// Waits until the next picture is due, and clocks the one that was made.
    pub(super) fn wait(&mut self) {
        self.due += self.every;
        let now = Instant::now();
        if self.due > now {
            std::thread::park_timeout(self.due - now);
        } else {
            if self.last.is_some() {
                self.late += 1;
            }
            self.due = now;
        }
        let now = Instant::now();
        let even = self.every.as_secs_f32();
        let passed = self.last.map_or(even, |last| (now - last).as_secs_f32());
        self.last = Some(now);
        self.dt = passed.clamp(0.5 * even, 0.25);
        let fps = 1.0 / passed.max(1e-3);
        self.fps = if self.fps == 0.0 {
            fps
        } else {
            self.fps + 0.1 * (fps - self.fps)
        };
    }
}

/// How long it takes until what failed is tried again.
#[derive(Default)]
pub(super) struct Retry {
    failures: u32,
}

impl Retry {
    /// The pause after another failure: none after the first, since a device that was lost is usually
    /// there again, then longer and longer.
    pub(super) fn pause(&mut self) -> Duration {
        self.failures += 1;
        match self.failures {
            1 => Duration::ZERO,
            failures => FIRST_PAUSE * 2_u32.pow((failures - 2).min(LONGEST_DOUBLINGS)),
        }
    }
}
