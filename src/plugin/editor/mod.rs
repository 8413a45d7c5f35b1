//! What a person sees: the editor.
//!
//! [`SynopsiaEditor`] makes a window from what the project saved of it; [`App`] draws it and keeps
//! a panic from reaching the host. [`View`] is what it draws: each of its parts is a function over
//! a rectangle, and all of them change parameters through [`Edits`](edits::Edits) only.

mod about;
mod app;
mod button;
mod edits;
mod feeling;
mod film;
mod icon;
mod keyboard;
mod look;
mod pad;
#[cfg(target_os = "linux")]
mod pin;
mod preset;
mod preview;
mod pulse;
mod screen;
mod shortcut;
mod slider;
#[cfg(all(unix, not(target_os = "macos")))]
mod standstill;
mod state;
mod tasks;
#[cfg(test)]
mod tests;
mod theme;
mod top;
mod view;
#[cfg(all(unix, not(target_os = "macos")))]
mod watch;
mod wheel;
mod window;

pub use window::{SynopsiaEditor, SynopsiaEditorHandle};

use app::App;
use view::{Rows, View, rows};
