//! Lyrics beside a song.

use std::path::{Path, PathBuf};

/// The endings of files with times. Plain text is taken only where somebody says so: any note about a
/// song has its name.
const ENDINGS: [&str; 3] = ["lrc", "srt", "vtt"];

/// The lyrics that lie beside the song at `song` under its name: `song.lrc`, else `song.srt`, else
/// `song.vtt`, in small letters or capitals.
pub fn beside(song: &Path) -> Option<PathBuf> {
    let spelled = ENDINGS
        .iter()
        .flat_map(|ending| [(*ending).to_owned(), ending.to_uppercase()]);
    let mut files = spelled.map(|ending| song.with_extension(ending));
    files.find(|file| file.is_file() && file != song)
}
