//! Where the performer's knobs are.

pub use crate::control::Snapshot as Desk;
use crate::frame::Wanted;

impl Desk {
    /// What is wanted of a picture of this size.
    pub(super) fn wanted(&self, size: Option<[usize; 2]>) -> Wanted {
        Wanted {
            model: self.model,
            blend_with: self.blend_with,
            blend: self.blend,
            size,
            blackout: self.blackout,
            still: self.freeze || self.bypassed,
        }
    }
}
