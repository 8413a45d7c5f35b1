//! What an editor's X11 window is not told itself, seen by a thread with a connection of its own.
//!
//! It sees how much of the editor there is room for, and whether anybody can see it: hosts keep the
//! windows of closed editors and hide them, and an editor that nobody sees draws nothing and asks for
//! no picture. When it is seen again, or a frame that was asked for has not come, it asks for one. And
//! it hears the [shortcuts](super::shortcut) of an editor in a host, which has no other key than these.

use super::shortcut::{Grabbed, Shortcut};
use crate::output::window::Sight;
use nice_plug_egui::baseview::WindowWaker;
use parking_lot::Mutex;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use x11rb::connection::Connection;
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::Visibility;

/// How often it looks where no event comes: another desktop, or a lost frame, comes without one.
const PAUSE: Duration = Duration::from_millis(250);

/// What the thread and the editor share.
struct Shared {
    seen: AtomicBool,
    /// Width and height of what the host leaves to be seen, pixels.
    room: Mutex<Option<[u32; 2]>>,
    pressed: Mutex<Vec<Shortcut>>,
    /// When the editor was drawn last.
    drawn: Mutex<Instant>,
}

/// An editor's window that is watched, until it is dropped.
pub struct Watch {
    shared: Arc<Shared>,
    stop: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Watches `window`; with its shortcuts, where they are the only keys it has. `waker` asks for
    /// frames. Where no server or thread can be had, the window counts as seen.
    pub fn new(window: u32, waker: WindowWaker, with_shortcuts: bool) -> Self {
        let shared = Arc::new(Shared {
            seen: AtomicBool::new(true),
            room: Mutex::new(None),
            pressed: Mutex::default(),
            drawn: Mutex::new(Instant::now()),
        });
        let mut watch = Self {
            shared: Arc::clone(&shared),
            stop: None,
            thread: None,
        };
        let (Some(sight), Ok((stop, stopped))) = (Sight::open(), UnixStream::pair()) else {
            return watch;
        };
        let eye = Eye {
            grabbed: with_shortcuts.then(|| Grabbed::new(sight.connection(), window)),
            sight,
            window,
            covered: false,
            shared,
            waker,
        };
        let thread = std::thread::Builder::new().name("synopsia-watch".to_owned());
        watch.thread = thread.spawn(move || eye.watch(&stopped)).ok();
        watch.stop = Some(stop);
        watch
    }

    /// Whether anybody can see the window. To be asked in each frame.
    pub fn is_seen(&self) -> bool {
        *self.shared.drawn.lock() = Instant::now();
        self.shared.seen.load(Ordering::Relaxed)
    }

    /// Width and height of what the host leaves to be seen, pixels; none while that is not known.
    pub fn room(&self) -> Option<[u32; 2]> {
        *self.shared.room.lock()
    }

    /// The shortcuts that were pressed since.
    pub fn pressed(&self) -> Vec<Shortcut> {
        std::mem::take(&mut self.shared.pressed.lock())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(stop) = &mut self.stop {
            let _ = stop.write_all(&[0]);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread's side.
struct Eye {
    sight: Sight,
    window: u32,
    grabbed: Option<Grabbed>,
    /// Whether other windows cover it wholly.
    covered: bool,
    shared: Arc<Shared>,
    waker: WindowWaker,
}

impl Eye {
    /// Watches until it is told to stop, or the window or the server is gone.
    fn watch(mut self, stopped: &UnixStream) {
        loop {
            match self.follow() {
                // A window above it is gone: the next look finds those that are there now.
                Err(error) if Sight::is_final(&error, self.window) => break,
                _ if self.rest(stopped) => break,
                _ => {}
            }
        }
        // Nobody looks any more: drawn for nobody is better than not drawn.
        self.shared.seen.store(true, Ordering::Relaxed);
        *self.shared.room.lock() = None;
    }

    fn follow(&mut self) -> Result<(), ReplyOrIdError> {
        self.sight.follow(self.window)?;
        while let Some(event) = self.sight.connection().poll_for_event()? {
            self.take(&event);
        }
        let seen = self.sight.sees(self.window)? && !self.covered;
        let room = Some(self.sight.room(self.window)?);
        let was_seen = self.shared.seen.swap(seen, Ordering::Relaxed);
        let changed = std::mem::replace(&mut *self.shared.room.lock(), room) != room;
        let late = self.shared.drawn.lock().elapsed() > PAUSE;
        if seen && (!was_seen || changed || late) {
            self.waker.request_redraw();
        }
        Ok(())
    }

    fn take(&mut self, event: &Event) {
        match event {
            Event::VisibilityNotify(event) if event.window == self.window => {
                self.covered = event.state == Visibility::FULLY_OBSCURED;
            }
            // It tells anew when it is seen again.
            Event::UnmapNotify(_) | Event::ReparentNotify(_) => self.covered = false,
            Event::KeyPress(event) => {
                let grabbed = self.grabbed.as_ref();
                if let Some(shortcut) = grabbed.and_then(|grabbed| grabbed.shortcut(event)) {
                    self.shared.pressed.lock().push(shortcut);
                    self.waker.request_redraw();
                }
            }
            _ => {}
        }
    }

    /// Waits for events, for a while; whether it is to stop.
    fn rest(&self, stopped: &UnixStream) -> bool {
        // An answer that was waited for may have brought events along.
        let fds = [
            self.sight.connection().stream().as_raw_fd(),
            stopped.as_raw_fd(),
        ];
        let mut fds = fds.map(|fd| libc::pollfd {
            fd,
            events: libc::POLLIN,
            revents: 0,
        });
        // SAFETY: both descriptors are open and the array is as long as is said.
        unsafe { libc::poll(fds.as_mut_ptr(), 2, PAUSE.as_millis() as libc::c_int) };
        fds[1].revents != 0
    }
}
