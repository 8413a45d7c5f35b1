//! Panics on demand, for the tests that see whether the host survives them.

use std::sync::atomic::{AtomicBool, Ordering};

/// A part that can fail on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Emotion,
    Painting,
    Editor,
    Recording,
    Bounce,
}

impl Part {
    /// The part in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emotion => "emotion",
            Self::Painting => "painting",
            Self::Editor => "editor",
            Self::Recording => "recording",
            Self::Bounce => "bounce",
        }
    }
}

static WANTED: [AtomicBool; 5] = [const { AtomicBool::new(false) }; 5];

/// Makes a part panic the next time any instance runs it.
#[doc(hidden)]
pub fn panic_next(part: Part) {
    WANTED[part as usize].store(true, Ordering::SeqCst);
}

/// Panics if that was asked for.
pub(crate) fn check(part: Part) {
    if WANTED[part as usize].load(Ordering::Relaxed)
        && WANTED[part as usize].swap(false, Ordering::SeqCst)
    {
        panic!("a panic that a test asked for");
    }
}
