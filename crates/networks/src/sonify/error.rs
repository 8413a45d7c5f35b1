//! Why a picture has no sound.

use candle_core::Error;
use std::fmt;

use crate::weights::WeightsFault;

/// Why a picture was not turned into sound.
#[derive(Debug)]
pub enum SonifyError {
    /// The weights are damaged.
    Weights(WeightsFault),
    /// The network failed.
    Network(Error),
}

impl fmt::Display for SonifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weights(fault) => write!(f, "the network that sonifies {fault}"),
            Self::Network(error) => write!(f, "the network that sonifies failed: {error}"),
        }
    }
}

impl std::error::Error for SonifyError {}

impl From<WeightsFault> for SonifyError {
    fn from(fault: WeightsFault) -> Self {
        Self::Weights(fault)
    }
}

impl From<Error> for SonifyError {
    fn from(error: Error) -> Self {
        Self::Network(error)
    }
}
