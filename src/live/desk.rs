//! Where the performer's knobs are.

use crate::control::look_at;
use crate::frame::Wanted;
use crate::show::Controls;

/// Everything that a performer can move, at one moment of the music.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Desk {
    /// The knobs of the show.
    pub controls: Controls,
    /// The model's place in [`model_names`](super::model_names).
    pub model: u16,
    /// The place of another look of the same family, which is mixed into the model's own.
    pub blend_with: u16,
    /// How much of it: 0 the model's own look, 1 the other one.
    pub blend: f32,
    /// Whose look is shown: 0 the knobs' own, 1 the first preset's, and so on; between two, both
    /// mixed.
    pub preset: f32,
    /// No light at all.
    pub blackout: bool,
    /// The picture stays as it is.
    pub freeze: bool,
    /// The host has switched the plugin off: the picture stays as it is until it is on again,
    /// whatever `freeze` says.
    pub bypassed: bool,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            controls: Controls::default(),
            model: 0,
            // Another than the model, so that the knob does something when it is first turned.
            blend_with: 1,
            blend: 0.0,
            preset: 0.0,
            blackout: false,
            freeze: false,
            bypassed: false,
        }
    }
}

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

    /// The knobs as the preset position sets them.
    pub fn look(&self) -> Controls {
        look_at(&self.controls, self.preset)
    }
}
