//! The seed of a song that is given none.

use super::super::pipeline::{FNV, fnv};
use super::super::terminal::Failure;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How much of a song's file is read at once, bytes: whole words of [`fnv`].
const BLOCK: u64 = 1 << 20;

/// A seed of a song's own: a hash of its file, short enough to be typed. Of the whole file, for
/// songs of one album may begin with the same megabyte of cover.
pub(in crate::cli) fn song_seed(song: &Path) -> Result<u64, Failure> {
    let unreadable =
        |e: std::io::Error| Failure::Failed(format!("{} cannot be read: {e}", song.display()));
    let mut file = File::open(song).map_err(unreadable)?;
    let (mut hash, mut block) = (FNV, Vec::new());
    loop {
        block.clear();
        let read = file.by_ref().take(BLOCK).read_to_end(&mut block);
        if read.map_err(unreadable)? == 0 {
            return Ok(hash % 100_000);
        }
        hash = fnv(hash, &block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_songs_that_begin_alike_have_seeds_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let seed = |name: &str, start: usize, end: &[u8]| {
            let song = folder.path().join(name);
            std::fs::write(&song, [&vec![7; start], end].concat()).unwrap();
            song_seed(&song).unwrap()
        };
        let megabytes = 3 << 20;
        assert_ne!(seed("a", megabytes, b"one"), seed("b", megabytes, b"two"));
        assert_eq!(seed("a", megabytes, b"one"), seed("c", megabytes, b"one"));
    }
}
