//! How the picture moves.
//!
//! Everything here is a function of the song's position and a seed, never of what was played
//! before, so any moment can be computed on its own: [`LatentPath`] walks the latent space from
//! keyframe to keyframe, [`camera`] frames the picture, [`palette`] colours it.

pub mod camera;
mod hash;
mod latent;
pub mod palette;

pub use latent::{Direction, LatentPath, gather_on_beat, slerp};
