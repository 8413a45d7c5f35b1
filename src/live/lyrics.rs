//! The lyrics that an instance shows.

use super::kept::Read;
use crate::media::lyrics::{self, Song};
use crate::render::unwritable;
use crate::show::Libretto;
use std::path::PathBuf;
use std::sync::Arc;

/// What is sung by a file: words, their moods and their places take some milliseconds a line.
pub(super) fn read(paths: &[PathBuf]) -> Read<Libretto> {
    let Some(path) = paths.first() else {
        return Read::default();
    };
    let sheet = match lyrics::read(path) {
        Ok(sheet) => sheet,
        Err(error) => return (Arc::default(), vec![error.to_string()]),
    };
    // How long the host's song is, and where it is sung, nobody says.
    let lyrics = sheet.fit(&Song::default());
    let libretto = Libretto::new(&lyrics);
    let said = lyrics.warnings.into_iter().chain(unwritable(&libretto));
    (Arc::new(libretto), said.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_is_sung_and_one_that_is_none_is_told_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("song.lrc");
        std::fs::write(&path, "[00:01]one").unwrap();
        let (libretto, said) = read(&[path]);
        assert_eq!(libretto.texts().collect::<Vec<_>>(), ["one"]);
        assert!(said.is_empty());
        let (libretto, said) = read(&[folder.path().join("nowhere.lrc")]);
        assert!(libretto.is_empty());
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(read(&[]).0.is_empty());
    }
}
