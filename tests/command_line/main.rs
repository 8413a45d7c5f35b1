//! The program as it is called from a shell.

#[path = "../common/mod.rs"]
mod common;
#[path = "../sound/mod.rs"]
mod sound;

mod bad_input;
mod boards;
mod compose;
#[cfg(unix)]
mod files;
mod films;
mod lyrics;
mod odd_music;
mod pictures;
mod sonify;
