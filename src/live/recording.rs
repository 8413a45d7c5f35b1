//! The threads' end of a recording.

use super::rings::StereoChunk;
use crate::output::{PictureSink, SinkId};
use crate::render::Picture;
use crossbeam_channel::{Receiver, Sender, bounded};
use rtrb::Consumer;
use std::sync::Arc;
use std::time::Instant;

/// Pictures that may wait for the recorder.
const PICTURES: usize = 16;

/// A picture, and where the music was when it was shown.
pub(super) type Seen = (u64, Arc<Picture>);

/// A film that is being made of what is seen.
pub(super) struct Recording {
    /// Samples a second.
    pub(super) sample_rate: f64,
    pub(super) orders: Sender<Order>,
    /// Where its pictures go.
    pub(super) sink: SinkId,
}

/// What the recorder is to do.
pub(super) enum Order {
    /// The sound goes on over another ring.
    Sound(Consumer<StereoChunk>),
    /// The film ends; why, where nobody asked for that.
    End(Option<String>),
}

/// Hands pictures to the recorder. When too many wait, one is left out, and the one before it is
/// repeated.
pub(super) struct RecordingSink {
    size: [usize; 2],
    pictures: Sender<Seen>,
}

impl RecordingSink {
    /// For a film of this size, and the recorder's end.
    pub(super) fn new(size: [usize; 2]) -> (Self, Receiver<Seen>) {
        let (pictures, seen) = bounded(PICTURES);
        (Self { size, pictures }, seen)
    }
}

impl PictureSink for RecordingSink {
    fn wanted_size(&self) -> Option<[usize; 2]> {
        Some(self.size)
    }

    fn is_watching(&self, _: Instant) -> bool {
        true
    }

    fn show(&mut self, picture: &Arc<Picture>, position: u64) {
        if picture.size() == self.size {
            picture.fetch();
            // A recorder that has ended by itself needs no picture.
            let _ = self.pictures.try_send((position, Arc::clone(picture)));
        }
    }
}
