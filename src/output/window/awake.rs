//! Screens stay lit while a window fills them: nobody touches the keyboard during a show.

use std::time::{Duration, Instant};

/// How often the system is told that somebody is watching; no screen goes dark sooner than in a
/// minute.
const TELLS: Duration = Duration::from_secs(30);

/// To whom it is told: the X server. Under Wayland without X nobody is: there a program asks the
/// desktop's own service, which a performer can as well.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) type Link = Option<x11rb::rust_connection::RustConnection>;
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) type Link = ();

/// Tells the system that somebody is watching.
pub(super) struct Awake {
    link: Link,
    told: Option<Instant>,
}

impl Awake {
    pub(super) fn new(link: Link) -> Self {
        Self { link, told: None }
    }

    /// Somebody is watching at `now`; when to say so again.
    pub(super) fn watched(&mut self, now: Instant) -> Instant {
        let due = self.told.map_or(now, |told| told + TELLS);
        if now < due {
            return due;
        }
        self.told = Some(now);
        tell(&self.link);
        now + TELLS
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn tell(link: &Link) {
    use x11rb::connection::Connection;
    use x11rb::protocol::xproto::{ConnectionExt, ScreenSaver};

    if let Some(x11) = link {
        // Where it fails the screen goes dark as if nothing had been said.
        let _ = x11.force_screen_saver(ScreenSaver::RESET);
        let _ = x11.flush();
    }
}

#[cfg(windows)]
fn tell((): &Link) {
    /// The display is in use; its idle timer starts again.
    const DISPLAY_REQUIRED: u32 = 2;

    unsafe extern "system" {
        fn SetThreadExecutionState(state: u32) -> u32;
    }
    // SAFETY: a function of kernel32 that takes flags and touches no memory of ours.
    unsafe { SetThreadExecutionState(DISPLAY_REQUIRED) };
}

/// No window opens here that could be watched.
#[cfg(not(any(windows, all(unix, not(target_os = "macos")))))]
fn tell((): &Link) {}
