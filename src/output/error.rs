//! Why a film cannot be written.

use std::io;
use std::path::PathBuf;

use super::Codec;
use crate::media::song::SongError;

/// Why a film cannot be written. Each message is one sentence for its maker.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    /// Something is there already.
    #[error("{} exists already: choose another name, or let --force replace it", .0.display())]
    Exists(PathBuf),
    /// A folder is where a film should be.
    #[error("{} is a folder, not a name for a file", .0.display())]
    Folder(PathBuf),
    /// Something is there that a file must not replace.
    #[error("{} is {what}, not a place for a file: choose another name", .path.display())]
    NotAFile {
        /// The film.
        path: PathBuf,
        /// What is there.
        what: &'static str,
    },
    /// The disk cannot put a file in the place of another.
    #[error("{} cannot be written: the disk it would be on lets no finished file take its place ({}): choose a folder on another disk", .path.display(), plain(.source))]
    NoReplacing {
        /// The film.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The film is whole, and could not be put at its place.
    #[error("{} cannot be written: {}; it is kept as {}", .path.display(), plain(.source), .draft.display())]
    Kept {
        /// Where the film should be.
        path: PathBuf,
        /// Where it is.
        draft: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder to write to is missing.
    #[error("{} cannot be written: the folder {} does not exist", .path.display(), .folder.display())]
    NoFolder {
        /// The film.
        path: PathBuf,
        /// The folder that is missing.
        folder: PathBuf,
    },
    /// The system refuses to make the file.
    #[error("{} cannot be written: {}", .path.display(), plain(.source))]
    Create {
        /// The film.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
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
    /// A picture has another size than the film, or its bytes do not make a picture.
    #[error("a picture of {}x{} does not fit a film of {}x{}", .picture.0, .picture.1, .film.0, .film.1)]
    PictureSize {
        /// The picture's width and height, pixels.
        picture: (usize, usize),
        /// The film's.
        film: (usize, usize),
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
    /// Bytes could not be written. Ask [`Film::finish`](super::Film::finish) for what is left.
    #[error("the film cannot go on: {}", plain(.0))]
    Write(io::Error),
    /// The sound's song failed.
    #[error(transparent)]
    Song(#[from] SongError),
    /// The film was finished before its first picture.
    #[error("no picture was painted, so there is no film")]
    NoPictures,
    /// The film had to end early. What there is of it plays.
    #[error("{} ends early, after {seconds:.1} seconds, because {reason}: it plays up to there", .path.display())]
    CutShort {
        /// The film.
        path: PathBuf,
        /// Its length.
        seconds: f64,
        /// Why it ends.
        reason: String,
    },
}

/// What the system says, in plain words.
pub(super) fn plain(error: &io::Error) -> String {
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
