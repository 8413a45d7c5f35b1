//! Where a system keeps what belongs to its user.

use std::path::PathBuf;

/// Synopsia's folder among the user's data, whether or not it exists.
pub fn data() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join("synopsia"))
}

/// Synopsia's folder among the user's caches, whether or not it exists.
pub fn cache() -> Option<PathBuf> {
    Some(dirs::cache_dir()?.join("synopsia"))
}

/// The user's folder for videos, whether or not it exists.
pub fn videos() -> Option<PathBuf> {
    dirs::video_dir().or_else(|| Some(dirs::home_dir()?.join("Videos")))
}
