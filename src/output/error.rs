//! Why a film cannot be written.

use std::io;
use std::path::PathBuf;

use crate::media::film::{EncodeError, plain};

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
    /// A picture has another size than the film, or its bytes do not make a picture.
    #[error("a picture of {}x{} does not fit a film of {}x{}", .picture.0, .picture.1, .film.0, .film.1)]
    PictureSize {
        /// The picture's width and height, pixels.
        picture: (usize, usize),
        /// The film's.
        film: (usize, usize),
    },
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
    /// It cannot be coded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}
