//! Lamps that are lit.

use crate::output::SinkId;
use crate::worker::Worker;

/// Lamps that are lit, and the sink that tells them. Dropped, they fade to their end.
pub(super) struct Lit {
    pub(super) _worker: Worker,
    pub(super) sink: SinkId,
}
