//! What is being heard.

use super::fold::MOST;
use super::tap_feed::TapFeed;
use crate::plugin::Project;
use cpal::Stream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// What keeps the sound going; dropped, it stops.
pub(super) struct Hearing {
    pub(super) description: String,
    pub(super) _stream: Option<Stream>,
    pub(super) _clock: Option<Clock>,
}

/// Plays a song at its pace where there is no sound card.
pub(super) struct Clock {
    pub(super) stop: Arc<AtomicBool>,
    pub(super) thread: Option<JoinHandle<()>>,
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It cannot fail; there is nothing to be told.
            let _ = thread.join();
        }
    }
}

/// A tap on so many channels at `rate` Hz, ready to hear.
pub(super) fn feed(project: &Arc<Project>, rate: u32, channels: usize) -> Result<TapFeed, String> {
    let tap = project
        .live
        .connect(f64::from(rate), channels.min(MOST), false);
    let tap = tap.map_err(|e| e.to_string())?;
    let params = Arc::clone(&project.params);
    Ok(TapFeed::new(tap, move || params.snapshot()))
}
