//! Where the performer's knobs are.

use super::presets;
use crate::show::Controls;

/// Everything that a performer can move, at one moment of the music.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Desk {
    /// The knobs of the show.
    pub controls: Controls,
    /// The model's place in [`model_names`](super::model_names).
    pub model: u16,
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

impl Desk {
    /// Whether the picture that was last painted is shown again.
    pub(super) fn is_still(&self) -> bool {
        (self.freeze || self.bypassed) && !self.blackout
    }

    /// The knobs as the preset position sets them.
    pub fn look(&self) -> Controls {
        presets::look_at(&self.controls, self.preset)
    }
}
