//! What the music feels like.
//!
//! The circumplex ties valence and arousal to the eight classes of ArtEmis; the network estimates
//! them from the raw waveform; the listener feeds it and smooths what it says.

mod circumplex;

pub use circumplex::{CLASS_NAMES, CLASS_POINTS, CLASSES, Emotion};
