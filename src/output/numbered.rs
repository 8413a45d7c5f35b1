//! The names of numbered pictures, and of the sound beside them.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::place::shortened;
use crate::media::film::extension;

/// How much of the pictures' name a claim's has, bytes.
const NAME_IN_CLAIM: usize = 200;

/// Where the pictures and the sound go.
pub(super) struct Numbered {
    pub(super) folder: PathBuf,
    /// `film` in `film_000000.png`, and in `film.wav`.
    pictures: OsString,
    sound: OsString,
    /// The number of the first picture. The sound of a part that does not start the film is named
    /// by it, as `film_000300.wav`, so that each part has its own.
    pub(super) first: u64,
}

impl Numbered {
    pub(super) fn of(path: &Path, first: u64) -> Self {
        let named = extension(path).as_deref() == Some("png") && !path.is_dir();
        let (folder, pictures, sound) = if named {
            let folder = path.parent().unwrap_or(Path::new(""));
            let stem = path.file_stem().unwrap_or_default();
            (folder, stem, stem)
        } else {
            (path, OsStr::new("picture"), OsStr::new("sound"))
        };
        Self {
            folder: folder.to_path_buf(),
            pictures: pictures.to_owned(),
            sound: sound.to_owned(),
            first,
        }
    }

    /// The place of so many films at once, of which this is the first: `film-2_000000.png`.
    pub(super) fn beside(&self, number: u32) -> Self {
        let other = |stem: &OsStr| {
            let mut other = stem.to_owned();
            if number > 1 {
                other.push(format!("-{number}"));
            }
            other
        };
        Self {
            folder: self.folder.clone(),
            pictures: other(&self.pictures),
            sound: other(&self.sound),
            first: self.first,
        }
    }

    pub(super) fn picture(&self, number: u64) -> PathBuf {
        self.file("", &self.pictures, &format!("_{number:06}.png"))
    }

    pub(super) fn sound(&self) -> PathBuf {
        match self.first {
            0 => self.file("", &self.sound, ".wav"),
            first => self.file("", &self.sound, &format!("_{first:06}.wav")),
        }
    }

    /// The first picture, and the sound.
    pub(super) fn files(&self) -> [PathBuf; 2] {
        [self.picture(self.first), self.sound()]
    }

    /// What is locked while pictures from `first` on are written here.
    pub(super) fn claim(&self) -> PathBuf {
        let stem = shortened(&self.pictures, NAME_IN_CLAIM);
        self.file(".", &stem, &format!("_{:06}.part", self.first))
    }

    fn file(&self, start: &str, stem: &OsStr, end: &str) -> PathBuf {
        let mut name = OsString::from(start);
        name.push(stem);
        name.push(end);
        self.folder.join(name)
    }
}
