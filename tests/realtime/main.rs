//! What must not allocate, wait or call the system once it runs.

#[path = "../common/alone.rs"]
mod alone;
#[path = "../host/mod.rs"]
mod host;
#[path = "../sound/mod.rs"]
mod sound;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[path = "../system_calls/mod.rs"]
mod system_calls;

mod analysis;
mod audio_thread;
mod beat;
mod emotion;
mod painter;
mod render;
