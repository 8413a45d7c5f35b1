//! A window that shows pictures as they come, for the length of a show.
//!
//! An [`OutputWindow`] is a handle: the window itself lives on a thread of its own, because a
//! process can have one event loop only, ever. That thread (`event_loop`) is started with the first
//! window, serves the windows of all plugin instances, and stays for as long as the process does.
//! A handle talks to it by messages and reads what it wrote down (`shared`), so no call waits for a
//! window system, except [`OutputWindow::open`] and [`monitors`], for two seconds at most.
//!
//! On that thread each window is a `pane`: it answers keys and mouse, and draws with one of two
//! presenters, the graphics card (`card`) or the processor (`processor`). When the card fails the
//! processor goes on with the same picture, and [`OutputWindow::trouble`] says why.

mod awake;
mod card;
mod command;
mod cursor;
mod error;
mod event_loop;
mod fit;
mod key;
mod monitor;
mod options;
mod pane;
mod presenter;
mod processor;
mod scale;
mod shared;
#[cfg(all(unix, not(target_os = "macos")))]
mod sight;
mod sink;
mod system;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};

use crate::gpu::{GpuContext, Prefer};
use crate::render::Picture;

use command::{Command, Order};
use event_loop::Proxy;
use shared::Shared;

pub use error::WindowError;
pub use key::Key;
pub use monitor::Monitor;
pub use options::WindowOptions;
pub use presenter::DrawnBy;
pub use shared::Presented;
#[cfg(all(unix, not(target_os = "macos")))]
pub use sight::Sight;

/// How long a call waits for the window system, at most.
const PATIENCE: Duration = Duration::from_secs(2);

/// Keys that wait for the owner; later ones are dropped, for a key pressed long ago is no wish.
const KEYS: usize = 64;

/// A window that shows pictures. Dropping it closes the window.
///
/// The performer's hands: F, F11, Alt+Enter or a double click fill the monitor that the window is
/// on, and give it back; a digit fills the monitor of that number, counted as [`monitors`] lists
/// them; Escape leaves full screen and never does more; Ctrl+W or Cmd+W closes. All other keys are
/// the owner's ([`OutputWindow::keys`]).
#[derive(Debug)]
pub struct OutputWindow {
    id: u64,
    shared: Arc<Shared>,
    proxy: Proxy,
    keys: Receiver<Key>,
}

impl OutputWindow {
    /// Opens a window, drawn by `gpu` if that is a graphics card, else by the processor. Waits for
    /// it to be up, two seconds at most.
    ///
    /// # Errors
    /// When there is no display, or its system gives no window.
    pub fn open(options: WindowOptions, gpu: Option<Arc<GpuContext>>) -> Result<Self, WindowError> {
        Self::open_with(options, gpu, Prefer::Auto)
    }

    /// Opens a window that is drawn by whom `prefer` names, so that tests see both.
    ///
    /// # Errors
    /// As [`OutputWindow::open`].
    #[doc(hidden)]
    pub fn open_with(
        options: WindowOptions,
        gpu: Option<Arc<GpuContext>>,
        prefer: Prefer,
    ) -> Result<Self, WindowError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let deadline = Instant::now() + PATIENCE;
        let proxy = event_loop::proxy(deadline)?;
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let (key_sender, keys) = bounded(KEYS);
        let shared = Arc::new(Shared::new(key_sender));
        let (reply, answer) = bounded(1);
        let order = Order {
            id,
            options,
            gpu,
            prefer,
            shared: Arc::clone(&shared),
            reply,
        };
        event_loop::send(&proxy, Command::Open(Box::new(order)))?;
        // From here on the handle's end closes whatever was or will be opened.
        let window = Self {
            id,
            shared,
            proxy,
            keys,
        };
        event_loop::answer(&answer, deadline)??;
        Ok(window)
    }

    /// Shows `picture` as soon as the window system takes one. The newest wins: a picture that was
    /// not shown yet is replaced. Never waits.
    pub fn show(&self, picture: Arc<Picture>) {
        if self.shared.offer(picture) {
            self.send(Command::Wake(self.id));
        }
    }

    /// Draws with `gpu` from now on, for a device that was made anew after a loss; `None` draws
    /// with the processor.
    pub fn set_gpu(&self, gpu: Option<Arc<GpuContext>>) {
        self.send(Command::Gpu(self.id, gpu));
    }

    /// Whether the window is there: not after its user or [`OutputWindow::close`] closed it.
    pub fn is_open(&self) -> bool {
        self.shared.is_open()
    }

    /// Closes the window.
    pub fn close(&self) {
        self.send(Command::Close(self.id));
    }

    /// Fills the monitor of that name ([`Monitor::name`]), or the one that the window is on. Where
    /// no monitor has the name, the window fills the one it is on, [`OutputWindow::trouble`] says
    /// so, and it moves when the monitor comes.
    pub fn set_fullscreen(&self, on: Option<String>) {
        self.send(Command::Fullscreen(self.id, on));
    }

    /// Gives the monitor back and becomes a framed window again.
    pub fn leave_fullscreen(&self) {
        self.send(Command::LeaveFullscreen(self.id));
    }

    /// Whether the window fills a monitor.
    pub fn is_fullscreen(&self) -> bool {
        self.shared.is_fullscreen()
    }

    /// Whether anybody can see it: neither closed, minimised, wholly covered, on another desktop nor
    /// of no size. No
    /// picture need be painted for a window that is not; it asks for none, and shows the last one
    /// when it is seen again.
    pub fn is_visible(&self) -> bool {
        self.shared.is_visible()
    }

    /// Width and height of what is drawn on, in real pixels.
    pub fn pixels(&self) -> [u32; 2] {
        self.shared.pixels()
    }

    /// How many pictures were shown, and when the last one was.
    pub fn presented(&self) -> Presented {
        self.shared.presented()
    }

    /// Who draws.
    pub fn drawn_by(&self) -> DrawnBy {
        self.shared.drawn_by()
    }

    /// Keys that are pressed in the window and that it does not use itself.
    pub fn keys(&self) -> Receiver<Key> {
        self.keys.clone()
    }

    /// The last thing that went wrong with the window, in words.
    pub fn trouble(&self) -> Option<String> {
        self.shared.trouble()
    }

    /// When the loop is gone so is the window, and there is nobody to tell.
    fn send(&self, command: Command) {
        let _ = event_loop::send(&self.proxy, command);
    }
}

impl Drop for OutputWindow {
    fn drop(&mut self) {
        self.close();
    }
}

/// The monitors of this machine, the primary one first, then from left to right.
///
/// # Errors
/// When there is no display, or its system does not answer within two seconds.
pub fn monitors() -> Result<Vec<Monitor>, WindowError> {
    let deadline = Instant::now() + PATIENCE;
    let proxy = event_loop::proxy(deadline)?;
    let (reply, answer) = bounded(1);
    event_loop::send(&proxy, Command::Monitors(reply))?;
    event_loop::answer(&answer, deadline)
}
