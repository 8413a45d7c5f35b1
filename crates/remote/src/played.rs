//! What all phones play together, and who of them is here.

use crate::pad::{Pad, Steer};
use crate::pairing::{Pairing, PairingCode};
use crate::stage::{ControlInfo, Stage};
use crate::told::Telling;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// From one telling to the next.
pub(crate) const TOLD_EVERY: Duration = Duration::from_millis(50);

/// What all phones play together.
pub(crate) struct Played {
    pub stage: Arc<dyn Stage>,
    pub controls: Vec<ControlInfo>,
    pad: Mutex<Pad>,
    pub telling: Telling,
    pub pairing: Mutex<Pairing>,
    /// Counts the phones that came, those that are here, and wrong codes.
    came: AtomicU64,
    here: AtomicUsize,
    pub wrong: AtomicU64,
}

impl Played {
    pub(crate) fn new(stage: Arc<dyn Stage>, code: PairingCode) -> Self {
        Self {
            controls: stage.controls(),
            telling: Telling::new(Arc::clone(&stage), TOLD_EVERY / 2),
            pairing: Mutex::new(Pairing::new(code, Instant::now())),
            pad: Mutex::default(),
            came: AtomicU64::new(0),
            here: AtomicUsize::new(0),
            wrong: AtomicU64::new(0),
            stage,
        }
    }

    /// How many phones are here.
    pub(crate) fn guests(&self) -> usize {
        self.here.load(Ordering::Relaxed)
    }

    /// Has the pad be touched, and the stage's mood follow.
    pub(crate) fn steer(&self, touch: impl FnOnce(&mut Pad) -> Option<Steer>) {
        // Under the lock, so that the stage hears it in the order in which it happened.
        let mut pad = self.pad.lock();
        match touch(&mut pad) {
            Some(Steer::To(point)) => self.stage.hold_mood(point),
            Some(Steer::LetGo) => self.stage.let_go(),
            None => {}
        }
    }
}

/// A phone for as long as it is here; however it goes, its hand is taken off the pad.
pub(crate) struct Guest<'a> {
    played: &'a Played,
    pub number: u64,
}

impl<'a> Guest<'a> {
    pub(crate) fn new(played: &'a Played) -> Self {
        played.here.fetch_add(1, Ordering::Relaxed);
        let number = played.came.fetch_add(1, Ordering::Relaxed);
        Self { played, number }
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        self.played.steer(|pad| pad.release(self.number));
        self.played.here.fetch_sub(1, Ordering::Relaxed);
    }
}
