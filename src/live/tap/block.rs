//! What a block's samples go by.

use crate::control::Snapshot;
use crate::live::rings::Hop;
use crate::show::Place;
use crate::signal::{AudioFrame, Transport};

/// Where the song is and how everything stands at a block's first sample.
#[derive(Clone, Copy)]
pub(super) struct Block {
    /// Samples since activation.
    pub start: u64,
    pub transport: Option<Transport>,
    pub place: Place,
    pub snapshot: Snapshot,
}

impl Block {
    /// A hop that ends in this block.
    pub fn hop(&self, frame: &AudioFrame, sample_rate: f64) -> Hop {
        let since = (frame.position as f64 - self.start as f64) / sample_rate;
        Hop {
            frame: *frame,
            transport: self.transport.map(|t| Transport {
                beats: t.beats + since * t.tempo / 60.0,
                ..t
            }),
            place: match self.place {
                Place::At(seconds) => Place::At(seconds + since),
                other => other,
            },
            snapshot: self.snapshot,
        }
    }
}
