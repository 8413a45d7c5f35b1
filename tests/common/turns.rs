//! Turns at the one display, or at what a process has once, and waiting for what happens there.

#![allow(dead_code, reason = "each test binary uses its own part")]

use crate::display;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How long what is awaited may take, on a machine that has other things to do.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for a turn, which lasts until what is returned is dropped. Tests that open windows or count
/// what their process holds take turns: they share one display, and a fault that one asks for could hit
/// another's.
pub fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    display::ensure();
    turn
}

/// Waits until it is so.
#[track_caller]
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
