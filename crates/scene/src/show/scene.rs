//! What is to be seen at one moment.

use super::libretto::Sung;
use crate::control::Controls;
use crate::gan::Latent;
use crate::motion::{Camera, Grade, Led, Warp};

/// Everything a renderer needs to know of one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// What the generator paints, unless it is led elsewhere.
    pub latent: Latent,
    /// The walk that it is about, and where pictures and words lead that.
    pub led: Led,
    /// How it is framed.
    pub camera: Camera,
    /// How it is bent.
    pub warp: Warp,
    /// How it is coloured.
    pub grade: Grade,
    /// Trails: seconds until the light that a past picture left has halved; 0 for none.
    pub trails: f32,
    /// Strength of the brush strokes, 0 to 1.
    pub brush: f32,
    /// A moment of added light on a strong beat, 0 to 1.
    pub flash: f32,
    /// Where the performer's knobs are, for effects that take theirs as it stands.
    pub controls: Controls,
    /// Pictures that a film projector would have shown of the song, [`PROJECTOR`] a second.
    pub tick: u32,
    /// The words that are to be seen.
    pub sung: Option<Sung>,
}

impl Scene {
    /// What a generator paints whose picture is so much of each look of the built-in family; none where it is another one, in
    /// which nobody knows places.
    pub fn latent_of(&self, shares: Option<&[f32]>) -> Latent {
        let mut latent = self.latent;
        if let Some(shares) = shares {
            self.led.lead(&mut latent.z, shares);
        }
        latent
    }
}

/// Pictures a second of a film projector.
pub const PROJECTOR: f64 = 24.0;
