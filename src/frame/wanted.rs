//! What a picture is to be.

use crate::control::Snapshot;
use crate::render::memory_frames;

/// What is wanted of a picture beside its scene.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// The model's place in [`model_names`](crate::control::model_names).
    pub model: u16,
    /// The place of another look of its family, and how much of it is mixed in, 0 to 1.
    pub blend_with: u16,
    pub blend: f32,
    /// Pixels across and down; none for what the machine makes with ease.
    pub size: Option<[usize; 2]>,
    /// No light at all.
    pub blackout: bool,
    /// Seconds in which light comes and goes.
    pub fade: f32,
    /// The picture that was painted last, where one was.
    pub still: bool,
    /// How many pictures before it one can depend on ([`render::memory_frames`](crate::render::memory_frames)).
    pub memory: usize,
}

impl Wanted {
    /// What controls ask for: a picture of this size among at most `fps` a second.
    pub fn of(controls: &Snapshot, size: Option<[usize; 2]>, fps: f32) -> Self {
        let painting = controls.painting();
        Self {
            model: painting.model,
            blend_with: painting.blend_with,
            blend: painting.blend,
            size,
            blackout: controls.blackout,
            fade: controls.stage_fade,
            still: controls.freeze || controls.bypassed,
            memory: memory_frames(&controls.look(), fps),
        }
    }
}
