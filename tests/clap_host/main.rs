//! The plugin in a CLAP host: whatever the host does, the music passes as it came.

#[path = "../host/mod.rs"]
mod host;

mod audio;
mod entry;
mod events;
mod films;
mod lifecycle;
mod params;
mod state;
mod transport;
