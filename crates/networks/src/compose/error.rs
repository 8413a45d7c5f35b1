//! Why no music was composed.

use std::fmt;

use crate::emotion::{NetworkError, PictureMoodError};
use crate::weights::WeightsFault;

/// Why a picture was not turned into music.
#[derive(Debug)]
pub enum ComposeError {
    /// The network's weights are damaged.
    Weights(WeightsFault),
    /// Nobody hears what was composed.
    Ear(NetworkError),
    /// The picture's mood is not known.
    Picture(PictureMoodError),
    /// The file of instruments is none, or broken: why.
    Instruments(String),
    /// The music does not fit into a MIDI file: why.
    Midi(String),
    /// The sound does not fit into a file: why.
    Sound(String),
}

impl fmt::Display for ComposeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weights(fault) => write!(f, "the network that composes {fault}"),
            Self::Ear(error) => error.fmt(f),
            Self::Picture(error) => error.fmt(f),
            Self::Instruments(why) => {
                write!(f, "is no sound font (.sf2) that can be played: {why}")
            }
            Self::Sound(why) => write!(f, "the music could not be written as sound: {why}"),
            Self::Midi(why) => write!(f, "the music could not be written as MIDI: {why}"),
        }
    }
}

impl std::error::Error for ComposeError {}

impl From<WeightsFault> for ComposeError {
    fn from(fault: WeightsFault) -> Self {
        Self::Weights(fault)
    }
}

impl From<NetworkError> for ComposeError {
    fn from(error: NetworkError) -> Self {
        Self::Ear(error)
    }
}

impl From<PictureMoodError> for ComposeError {
    fn from(error: PictureMoodError) -> Self {
        Self::Picture(error)
    }
}
