//! Why lyrics cannot be read.

use std::io;
use std::path::{Path, PathBuf};

/// Why lyrics cannot be read. Each message is one sentence that names the file.
#[derive(Debug, thiserror::Error)]
pub enum LyricsError {
    /// There is no file at this path.
    #[error("{} does not exist", .0.display())]
    NotFound(PathBuf),
    /// The path leads to a folder.
    #[error("{} is a folder, not lyrics", .0.display())]
    Folder(PathBuf),
    /// There is not one word in it.
    #[error("{} holds no lyrics", .0.display())]
    Empty(PathBuf),
    /// It is some other kind of file.
    #[error("{} is not text: lyrics are LRC, SRT, WebVTT or plain text", .0.display())]
    NotText(PathBuf),
    /// The system refused to hand the bytes over.
    #[error("{} cannot be read: {source}", .path.display())]
    Io {
        /// The lyrics.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl LyricsError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NotFound(path),
            io::ErrorKind::IsADirectory => Self::Folder(path),
            _ => Self::Io { path, source },
        }
    }
}
