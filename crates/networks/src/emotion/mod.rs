//! What the music feels like.
//!
//! The [circumplex](Emotion) ties valence and arousal to the eight classes of ArtEmis; the
//! [`Network`] estimates them from the raw waveform; the [`Listener`] feeds it from a stream and
//! says what it feels four times a second; whose judgement that is, an [`Ear`] says;
//! [`Emotion::among_music`] says what that is beside other music. [`PictureMood`] does for pictures what they do for music.

mod among_music;
mod circumplex;
mod ear;
mod listener;
mod loudness;
mod model;
mod network;
mod picture;
mod tonal;

pub(crate) use among_music::among;
pub use among_music::{USUAL_MOOD, among_music, trusted};
pub use circumplex::{CLASS_NAMES, CLASS_POINTS, CLASSES, Emotion, classes_at, point_of};
pub use ear::{Ear, UnknownEar};
pub use listener::Listener;
pub use model::NetworkError;
pub use network::{Estimate, Network, Stream};
pub(crate) use picture::lab;
pub use picture::{PictureMood, PictureMoodError, papers as papers_of_pictures};
