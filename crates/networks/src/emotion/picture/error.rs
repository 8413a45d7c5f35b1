//! Why the mood of a picture could not be said.

use crate::weights::WeightsFault;

/// Why the mood of a picture could not be said.
#[derive(Debug, thiserror::Error)]
pub enum PictureMoodError {
    /// The weights are not those of this program.
    #[error("the mood model {0}")]
    File(#[from] WeightsFault),
    /// The tensor library failed.
    #[error("the mood network could not run: {0}")]
    Run(#[from] candle_core::Error),
}
