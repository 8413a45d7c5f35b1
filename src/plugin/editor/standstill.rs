//! Editors stand still before the process ends.
//!
//! Each window draws on a thread of its own, with a driver that is taken down when a host quits with
//! the editor open: Mesa, for one, frees its tables then, and a frame that is being drawn would crash
//! the host.

use crate::at_exit::{at_exit, before_what_is_loaded};
use nice_plug_egui::baseview::WindowWaker;
use parking_lot::{Condvar, Mutex};
use std::time::Duration;

/// How long the end of the process waits for frames.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often windows are asked for a frame meanwhile: a frame that was asked for may not come.
const PAUSE: Duration = Duration::from_millis(50);

static WINDOWS: Mutex<Windows> = Mutex::new(Windows {
    open: Vec::new(),
    is_ending: false,
});

/// A window stands still, or is closed.
static GONE: Condvar = Condvar::new();

/// The windows that draw.
struct Windows {
    open: Vec<(u32, WindowWaker)>,
    is_ending: bool,
}

/// A window that draws, until it is dropped.
pub struct Drawing {
    /// Of the X server.
    window: u32,
    /// Frames that were drawn.
    frames: u64,
}

impl Drawing {
    /// A window that has drawn no frame yet; `waker` asks it for frames.
    pub fn new(window: u32, waker: WindowWaker) -> Self {
        WINDOWS.lock().open.push((window, waker));
        at_exit(stand_still, PATIENCE);
        Self { window, frames: 0 }
    }

    /// To be called at the beginning of each frame, while nothing is being drawn. Does not return
    /// when the process ends.
    pub fn begin_frame(&mut self) {
        // Drivers load more while they draw: most with the first frame, and ever less after that.
        if self.frames.is_power_of_two() {
            before_what_is_loaded();
        }
        self.frames += 1;
        if WINDOWS.lock().is_ending {
            self.leave();
            loop {
                std::thread::park();
            }
        }
    }

    fn leave(&self) {
        let mut windows = WINDOWS.lock();
        windows.open.retain(|(window, _)| *window != self.window);
        GONE.notify_all();
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Has no editor draw any more; waits for the frames that are being drawn.
fn stand_still() {
    let mut windows = WINDOWS.lock();
    windows.is_ending = true;
    while !windows.open.is_empty() {
        for (_, waker) in &windows.open {
            waker.request_redraw();
        }
        GONE.wait_for(&mut windows, PAUSE);
    }
}
