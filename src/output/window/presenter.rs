//! Who puts a picture on the window's surface.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::render::{Picture, Pixels};
use crate::worker::reason;

/// Who draws a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DrawnBy {
    /// The processor, which any display takes pictures from.
    #[default]
    Processor,
    /// The graphics card that also paints.
    Card,
}

/// What became of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The window system has it.
    Shown,
    /// The window system takes none at the moment, as from a window that is covered.
    NotNow,
}

/// Puts pictures on the surface of one window.
pub(super) trait Presenter {
    /// Shows `picture`, in its own shape with black around it, or black alone, on a surface of
    /// `size` pixels (at least one of each). `fresh` says that it is not the one of the last call.
    ///
    /// # Errors
    /// When this presenter cannot go on, in words.
    fn present(
        &mut self,
        picture: Option<&Picture>,
        fresh: bool,
        size: [u32; 2],
    ) -> Result<Outcome, String>;

    fn drawn_by(&self) -> DrawnBy;
}

/// The answer of `work`, or what it panicked with.
pub(super) fn unpanicked<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(reason(&panic).to_owned()))
}

/// Whether a picture has the pixels that its size says, and any.
pub(super) fn is_whole(picture: &Picture) -> bool {
    let sides = picture.size();
    let whole = picture.fetched().is_none_or(Pixels::is_whole);
    whole && sides.iter().all(|side| (1..=1 << 16).contains(side))
}
