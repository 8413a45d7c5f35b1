//! What films of live music are like, and where they go.

use crate::folders;
use crate::output::{Codec, FilmSpec, Fps};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Sides of pictures that may be asked for.
pub(super) const SIDES: std::ops::RangeInclusive<usize> = 64..=3840;

/// What films are like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FilmSetup {
    /// Where they go; none for a folder among the user's videos.
    pub folder: Option<PathBuf>,
    /// Pixels across and down.
    pub size: [usize; 2],
    /// Pictures a second.
    pub fps: u32,
}

impl Default for FilmSetup {
    fn default() -> Self {
        Self {
            folder: None,
            size: [1280, 720],
            fps: 30,
        }
    }
}

/// Pictures a second that may be asked for.
const RATES: std::ops::RangeInclusive<u32> = 1..=120;

/// Films that one folder holds.
const MOST: u32 = 100_000;

impl FilmSetup {
    /// The same with everything in range.
    pub fn clamped(mut self) -> Self {
        self.size = self
            .size
            .map(|side| side.clamp(*SIDES.start(), *SIDES.end()) & !1);
        self.fps = self.fps.clamp(*RATES.start(), *RATES.end());
        self
    }

    /// The folder that films go to.
    ///
    /// # Errors
    /// When none was chosen and the system has none for videos.
    pub fn place(&self) -> Result<PathBuf, String> {
        let own = || Some(folders::videos()?.join("Synopsia"));
        self.folder.clone().or_else(own).ok_or_else(|| {
            "the system names no folder for videos: choose a folder for the films".to_owned()
        })
    }

    /// The next film of this kind.
    ///
    /// # Errors
    /// When its folder cannot be made or read.
    pub(super) fn next_film(&self) -> Result<FilmSpec, String> {
        let setup = self.clone().clamped();
        let folder = setup.place()?;
        let cannot = |what: &str, e: std::io::Error| {
            format!(
                "films cannot go to {}: it cannot be {what}: {e}",
                folder.display()
            )
        };
        std::fs::create_dir_all(&folder).map_err(|e| cannot("made", e))?;
        let path = next_free(&folder).map_err(|e| cannot("read", e))?;
        let fps = Fps::new(setup.fps, 1).ok_or("films need a frame rate")?;
        let [width, height] = setup.size;
        Ok(FilmSpec::new(path, width, height, fps, Codec::H264))
    }
}

/// The first of `synopsia-001.mp4`, `synopsia-002.mp4` and so on that is neither there nor being
/// made.
fn next_free(folder: &Path) -> std::io::Result<PathBuf> {
    let entries = std::fs::read_dir(folder)?;
    let taken: Vec<String> = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<std::io::Result<_>>()?;
    let is_taken = |name: &str| {
        taken.iter().any(|other| {
            // A film in the making is called `.name.xyz.part`.
            let draft = other
                .strip_prefix('.')
                .and_then(|rest| rest.strip_prefix(name));
            other.eq_ignore_ascii_case(name) || draft.is_some_and(|rest| rest.starts_with('.'))
        })
    };
    let free = (1..MOST)
        .map(|number| format!("synopsia-{number:03}.mp4"))
        .find(|name| !is_taken(name));
    let full = || std::io::Error::other("it holds too many films");
    Ok(folder.join(free.ok_or_else(full)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn films_are_numbered_and_never_take_a_place_that_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let setup = FilmSetup {
            folder: Some(folder.path().join("new")),
            ..FilmSetup::default()
        };
        let next = || {
            setup
                .next_film()
                .unwrap()
                .path
                .file_name()
                .unwrap()
                .to_owned()
        };
        assert_eq!(next(), "synopsia-001.mp4");
        for name in [
            "synopsia-001.mp4",
            ".synopsia-002.mp4.x7.part",
            "Synopsia-003.MP4",
        ] {
            std::fs::write(folder.path().join("new").join(name), "").unwrap();
        }
        assert_eq!(next(), "synopsia-004.mp4");
    }

    #[test]
    fn whatever_a_project_holds_is_brought_into_range() {
        let read = |text| serde_json::from_str::<FilmSetup>(text).unwrap().clamped();
        let wild = read(r#"{"size":[0,100001],"fps":0}"#);
        assert_eq!((wild.size, wild.fps), ([64, 3840], 1));
        assert_eq!(read("{}"), FilmSetup::default());
    }
}
