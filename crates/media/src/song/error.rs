//! Why a song cannot be read.

use std::io;
use std::path::{Path, PathBuf};

/// What can be read, for people (`docs/formats.md` has all of it).
pub const FORMATS: &str = "MP3, FLAC, WAV, AIFF, CAF, AU, Ogg Vorbis, Opus, AAC or M4A, the sound of an \
    MP4, MOV, MKV or WebM, and through ffmpeg, where it is installed, what else that decodes";

/// Why a song cannot be read. Each message is one sentence that names the file.
#[derive(Debug, thiserror::Error)]
pub enum SongError {
    /// There is no file at this path.
    #[error("{} does not exist", .0.display())]
    NotFound(PathBuf),
    /// The path leads to a folder.
    #[error("{} is a folder, not a song", .0.display())]
    Folder(PathBuf),
    /// The file has no bytes.
    #[error("{} is an empty file", .0.display())]
    Empty(PathBuf),
    /// No decoder knows what this is.
    #[error("{} is not audio that Synopsia can read ({})", .0.display(), FORMATS)]
    NotAudio(PathBuf),
    /// A container was recognised, and it holds no sound.
    #[error("{} holds no sound", .0.display())]
    NoAudioTrack(PathBuf),
    /// The container and codec are known, and not one sample could be decoded.
    #[error("{} holds not a single sample of sound", .0.display())]
    NoSamples(PathBuf),
    /// The container is known, its codec is not.
    #[error(
        "the sound in {} is in a format that Synopsia cannot decode: convert it to FLAC or WAV first",
        .0.display()
    )]
    UnsupportedCodec(PathBuf),
    /// Only ffmpeg decodes it, and it is not installed.
    #[error(
        "the sound in {} is {codec}, which Synopsia reads through ffmpeg, and ffmpeg is not installed: install it, or convert the song to FLAC or WAV first",
        .path.display()
    )]
    NeedsFfmpeg {
        /// The song.
        path: PathBuf,
        /// What its codec is called.
        codec: String,
    },
    /// Only ffmpeg might decode it, and it cannot.
    #[error("the sound in {} is {codec}, and ffmpeg cannot decode it: {said}", .path.display())]
    Ffmpeg {
        /// The song.
        path: PathBuf,
        /// What its codec is called.
        codec: String,
        /// What ffmpeg said.
        said: String,
    },
    /// An MP4 that was cut off before its index was written.
    #[error(
        "{} breaks off before its index, without which nothing in it can be found: whatever recorded it was not finished",
        .0.display()
    )]
    NoIndex(PathBuf),
    /// Hardly anything in it can be decoded.
    #[error("{} is damaged so badly that hardly anything in it can be heard", .0.display())]
    Damaged(PathBuf),
    /// The sample rate lies outside of [`super::RATES`].
    #[error("{} has a sample rate of {rate} Hz: Synopsia hears 8000 to 384000 Hz", .path.display())]
    Rate {
        /// The song.
        path: PathBuf,
        /// Its sample rate, Hz.
        rate: u32,
    },
    /// The system refused to hand the bytes over.
    #[error("{} cannot be read: {source}", .path.display())]
    Io {
        /// The song.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl SongError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                Self::NotFound(path.to_path_buf())
            }
            io::ErrorKind::IsADirectory => Self::Folder(path.to_path_buf()),
            _ => Self::Io {
                path: path.to_path_buf(),
                source,
            },
        }
    }
}
