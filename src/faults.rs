//! Panics, lost graphics devices and slow loading on demand, for the tests that see whether the
//! host survives them.

use crate::gpu::GpuError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A part that can fail on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Emotion,
    Painting,
    Loading,
    Editor,
    Recording,
    Bounce,
    Osc,
    Midi,
    Link,
    Lane,
    Lights,
}

impl Part {
    /// The part in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emotion => "emotion",
            Self::Painting => "painting",
            Self::Loading => "loading",
            Self::Editor => "editor",
            Self::Recording => "recording",
            Self::Bounce => "bounce",
            Self::Osc => "OSC",
            Self::Midi => "MIDI",
            Self::Link => "Ableton Link",
            Self::Lane => "mood lane",
            Self::Lights => "lights",
        }
    }
}

static WANTED: [AtomicBool; 11] = [const { AtomicBool::new(false) }; 11];

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

static LOADING_IS_HELD: AtomicBool = AtomicBool::new(false);

/// Has every model that is loaded while another one paints take until this is taken back.
#[doc(hidden)]
pub fn hold_loading(hold: bool) {
    LOADING_IS_HELD.store(hold, Ordering::SeqCst);
}

pub(crate) fn wait_while_loading_is_held() {
    while LOADING_IS_HELD.load(Ordering::Relaxed) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

static FILMS_ARE_HELD: AtomicBool = AtomicBool::new(false);

/// Has every recording that is begun take until this is taken back, as on a slow disk.
#[doc(hidden)]
pub fn hold_films(hold: bool) {
    FILMS_ARE_HELD.store(hold, Ordering::SeqCst);
}

pub(crate) fn wait_while_films_are_held() {
    while FILMS_ARE_HELD.load(Ordering::Relaxed) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

static NO_PICTURE: AtomicBool = AtomicBool::new(false);
static REFUSED: AtomicU64 = AtomicU64::new(0);

/// Has every picture of the process fail, as on a card that is out of memory, until this is taken back.
#[doc(hidden)]
pub fn fail_pictures(fail: bool) {
    NO_PICTURE.store(fail, Ordering::SeqCst);
}

/// How many pictures have failed because of [`fail_pictures`].
#[doc(hidden)]
pub fn failed_pictures() -> u64 {
    REFUSED.load(Ordering::SeqCst)
}

pub(crate) fn refuse_picture() -> Result<(), String> {
    if NO_PICTURE.load(Ordering::Relaxed) {
        REFUSED.fetch_add(1, Ordering::SeqCst);
        return Err("a picture that a test lets fail".to_owned());
    }
    Ok(())
}

static SOFTWARE_IS_A_CARD: AtomicBool = AtomicBool::new(false);
static NO_DEVICE: AtomicBool = AtomicBool::new(false);

/// Has every instance of the process use a software adapter as if it were a graphics card.
#[doc(hidden)]
pub fn take_software_for_a_card() {
    SOFTWARE_IS_A_CARD.store(true, Ordering::SeqCst);
}

pub(crate) fn software_is_a_card() -> bool {
    SOFTWARE_IS_A_CARD.load(Ordering::Relaxed)
}

/// Has no device be opened from now on, or again.
pub(crate) fn set_no_device(none: bool) {
    NO_DEVICE.store(none, Ordering::SeqCst);
}

/// Refuses a device where a test has taken it away for good.
pub(crate) fn refuse_device() -> Result<(), GpuError> {
    if NO_DEVICE.load(Ordering::Relaxed) {
        return Err(GpuError::NoAdapter("a test took it away".to_owned()));
    }
    Ok(())
}
