//! What a person sees: the editor.
//!
//! [`SynopsiaEditor`] makes a window from what the project saved of it; [`App`](app::App) draws it and keeps
//! a panic from reaching the host. [`View`](view::View) is what is open, [`parts`] draws it: each part
//! is a function over a rectangle of the [`Plan`](plan::Plan), and all of them change parameters through
//! [`Edits`](edits::Edits) only.

mod about;
mod apology;
mod app;
mod browser;
mod button;
#[cfg(all(unix, not(target_os = "macos")))]
mod drag_out;
mod drawing;
mod dropping;
mod edits;
mod feeling;
mod files;
mod film;
mod icon;
mod keyboard;
mod lane;
mod look;
mod menu;
mod midi;
mod music;
mod obey;
mod pad;
mod parts;
mod pictures;
#[cfg(target_os = "linux")]
mod pin;
mod plan;
mod preset;
mod preview;
mod pulse;
mod remote;
mod screen;
mod settled;
mod shortcut;
mod slider;
mod spoken;
#[cfg(all(unix, not(target_os = "macos")))]
mod standstill;
mod state;
mod tasks;
#[cfg(test)]
mod tests;
mod theme;
mod thumbnails;
mod top;
mod trail;
mod view;
#[cfg(all(unix, not(target_os = "macos")))]
mod watch;
mod wheel;
mod window;
#[cfg(all(unix, not(target_os = "macos")))]
mod x11;

pub use window::{SynopsiaEditor, SynopsiaEditorHandle};
