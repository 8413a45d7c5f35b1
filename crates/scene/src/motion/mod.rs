//! How the picture moves.
//!
//! Everything here is a function of the song's position and a seed, never of what was played
//! before, so any moment can be computed on its own: a [`Moment`] is where the song is, or the loop
//! that it is wound up in, [`LatentPath`] walks the latent space from keyframe to keyframe, [`camera_at`] and [`warp_at`] frame and bend
//! the picture, [`grade_of`] colours it, after the emotion or in a [`Palette`] of the performer's. Pictures and words
//! draw the walk aside ([`Led`]), each [`Toward`] a place.

mod camera;
mod hash;
mod latent;
mod moment;
mod palette;
mod toward;

pub use camera::{Camera, Drive, MOST_SECTORS, Warp, camera_at, warp_at};
pub(crate) use hash::Hash;
pub use latent::{Direction, LatentPath, MOST_PLACES, gather_on_beat, slerp};
pub use moment::{Gather, Moment};
pub use palette::{Grade, LUMA, Palette, grade_of, luma};
pub use toward::{Led, Spot, Toward};
