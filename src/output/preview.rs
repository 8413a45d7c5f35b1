//! A picture that somebody looks at now and then, as an editor does while it is open.

use super::picture_sink::PictureSink;
use crate::render::Picture;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long somebody who looked counts as looking.
const LOOK: Duration = Duration::from_millis(500);

/// Whether somebody looks; its copies are one.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    looked: Arc<Mutex<Option<Instant>>>,
}

impl Preview {
    /// Somebody looks now.
    pub fn look(&self) {
        *self.looked.lock() = Some(Instant::now());
    }
}

impl PictureSink for Preview {
    fn is_watching(&self, now: Instant) -> bool {
        let looked = *self.looked.lock();
        looked.is_some_and(|at| now.saturating_duration_since(at) < LOOK)
    }

    fn show(&mut self, picture: &Arc<Picture>, _: u64) {
        // It is going to be asked for.
        if self.is_watching(Instant::now()) {
            picture.fetch();
        }
    }
}
