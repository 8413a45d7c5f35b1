//! The program as it is called from a shell.

#[path = "../common/mod.rs"]
mod common;

mod bad_input;
#[cfg(unix)]
mod files;
mod films;
mod pictures;
