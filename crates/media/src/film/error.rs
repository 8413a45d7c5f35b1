//! Why a film cannot be coded.

use std::io;
use std::path::PathBuf;

use super::Codec;
use crate::song::SongError;

/// Why a film cannot be coded. Each message is one sentence for its maker.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The file name's extension does not suit the codec.
    #[error("{} does not suit the codec {codec}: its films end with .{}", .path.display(), .codec.extensions().join(" or ."))]
    WrongContainer {
        /// The film.
        path: PathBuf,
        /// Its codec.
        codec: Codec,
    },
    /// The size is not a multiple of the codec's grid.
    #[error("the codec {codec} needs a width and height that are multiples of {grid}: {width}x{height} is not, {}x{} is", fit(.width, .grid), fit(.height, .grid))]
    OddSize {
        /// The film's codec.
        codec: Codec,
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
        /// What both must be a multiple of.
        grid: usize,
    },
    /// The size is beyond what the codec can hold.
    #[error(
        "the codec {codec} makes films from 16x16 to {long}x{short} (or upright): {width}x{height} is outside"
    )]
    ImpossibleSize {
        /// The film's codec.
        codec: Codec,
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
        /// The largest longer side.
        long: usize,
        /// The largest shorter side.
        short: usize,
    },
    /// The picture is larger than memory is likely to be.
    #[error(
        "a picture of {width}x{height} is too large: {most} pixels, as 8192x8192, are the most"
    )]
    TooManyPixels {
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
        /// The most pixels.
        most: usize,
    },
    /// ffmpeg is needed and not installed.
    #[error(
        "the codec {0} needs ffmpeg, which is not installed (or not on the PATH): install it, or use h264 or png"
    )]
    NoFfmpeg(Codec),
    /// The installed ffmpeg lacks the encoder.
    #[error(
        "the installed ffmpeg has no encoder {encoder}, which the codec {codec} needs: use another codec, or a full build of ffmpeg"
    )]
    NoEncoder {
        /// The film's codec.
        codec: Codec,
        /// ffmpeg's name of the encoder.
        encoder: &'static str,
    },
    /// ffmpeg gave up.
    #[error("ffmpeg gave up: {0}")]
    Ffmpeg(String),
    /// An encoder refused.
    #[error("the film could not be coded: {0}")]
    Encoder(String),
    /// Bytes could not be written. What was coded before can still be finished.
    #[error("the film cannot go on: {}", plain(.0))]
    Write(io::Error),
    /// The sound's song failed.
    #[error(transparent)]
    Song(#[from] SongError),
    /// The film was finished before its first picture.
    #[error("no picture was painted, so there is no film")]
    NoPictures,
}

/// What the system says, in plain words.
pub fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_string(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".to_string(),
        io::ErrorKind::PermissionDenied => "that is not permitted".to_string(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_string(),
        io::ErrorKind::NotFound => "its folder is no longer there".to_string(),
        io::ErrorKind::FileTooLarge => {
            "the disk, or a limit of the system (ulimit -f), lets the file grow no larger"
                .to_string()
        }
        io::ErrorKind::InvalidFilename => "the disk takes no name as long as this".to_string(),
        _ => error.to_string(),
    }
}

/// The nearest size that fits the grid, at least one cell.
fn fit(size: &usize, grid: &usize) -> usize {
    (size / grid).max(1) * grid
}
