//! What a handle and its window on the event loop's thread have in common.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crossbeam_channel::Sender;
use parking_lot::Mutex;

use super::{DrawnBy, Key};
use crate::render::Picture;

/// What was shown so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presented {
    /// How many pictures; one drawn again because the window was resized counts once.
    pub pictures: u64,
    /// When the last of them was handed to the window system.
    pub last: Option<Instant>,
}

/// Locks are held for a few instructions only: nobody waits for drawing.
#[derive(Debug)]
pub(super) struct Shared {
    /// The picture to show next.
    newest: Mutex<Option<Arc<Picture>>>,
    /// Whether the loop was told of it and did not look yet; keeps its queue short.
    told: AtomicBool,
    open: AtomicBool,
    keys: Sender<Key>,
    state: Mutex<State>,
}

/// What the window last wrote down of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) fullscreen: bool,
    pub(super) visible: bool,
    /// Width and height of the surface, pixels.
    pub(super) pixels: [u32; 2],
    pub(super) presented: Presented,
    pub(super) drawn_by: DrawnBy,
    pub(super) trouble: Option<String>,
}

impl Shared {
    pub(super) fn new(keys: Sender<Key>) -> Self {
        Self {
            newest: Mutex::default(),
            told: AtomicBool::new(false),
            open: AtomicBool::new(false),
            keys,
            state: Mutex::default(),
        }
    }

    /// Puts up the picture to show next; whether the loop must be told.
    pub(super) fn offer(&self, picture: Arc<Picture>) -> bool {
        // The replaced picture is freed outside the lock.
        let replaced = self.newest.lock().replace(picture);
        drop(replaced);
        !self.told.swap(true, Ordering::AcqRel)
    }

    /// The loop looks now: from here on it wants to be told again.
    pub(super) fn heard(&self) {
        self.told.store(false, Ordering::Release);
    }

    /// The picture to show next, once.
    pub(super) fn take_newest(&self) -> Option<Arc<Picture>> {
        self.newest.lock().take()
    }

    /// A key for the owner.
    pub(super) fn pressed(&self, key: Key) {
        // The owner does not listen; a full queue is no reason to stop the window.
        let _ = self.keys.try_send(key);
    }

    pub(super) fn opened(&self) {
        self.open.store(true, Ordering::Release);
    }

    /// Nothing is shown any more, and nothing kept.
    pub(super) fn closed(&self) {
        self.open.store(false, Ordering::Release);
        drop(self.take_newest());
        self.note(|state| {
            state.visible = false;
            state.fullscreen = false;
        });
    }

    pub(super) fn note<T>(&self, write: impl FnOnce(&mut State) -> T) -> T {
        write(&mut self.state.lock())
    }

    pub(super) fn set_trouble(&self, trouble: impl Into<String>) {
        let trouble = trouble.into();
        self.note(|state| state.trouble = Some(trouble));
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    pub(super) fn is_fullscreen(&self) -> bool {
        self.state.lock().fullscreen
    }

    pub(super) fn is_visible(&self) -> bool {
        self.state.lock().visible
    }

    pub(super) fn pixels(&self) -> [u32; 2] {
        self.state.lock().pixels
    }

    pub(super) fn presented(&self) -> Presented {
        self.state.lock().presented
    }

    pub(super) fn drawn_by(&self) -> DrawnBy {
        self.state.lock().drawn_by
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.state.lock().trouble.clone()
    }
}
