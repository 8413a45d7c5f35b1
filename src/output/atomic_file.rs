//! A film in the making: a hidden file beside where the film will be.
//!
//! The film takes its place in one step when it is done. Until then nothing is at its path, and a
//! film that is given up leaves nothing behind. A film that is done is kept whatever happens: where
//! it cannot take its place it stays what it is, and its maker is told.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempPath};

use super::FilmError;
use super::place::{folder_of, place_of, shortened};
use crate::media::film::OpenFile;

/// How many other names are tried for a film whose place was taken meanwhile.
const OTHER_NAMES: u32 = 1000;

/// How much of a film's name its draft's has, bytes. Some disks take names of 143 bytes only.
const NAME_IN_DRAFT: usize = 100;

/// The longest name that most file systems take, bytes.
pub(crate) const LONGEST_NAME: usize = 255;

/// A file that is not yet at its place.
pub(super) struct AtomicFile {
    file: NamedTempFile,
    /// What was asked for.
    path: PathBuf,
    /// Where that leads: elsewhere where it is a symbolic link.
    place: PathBuf,
    force: bool,
}

impl AtomicFile {
    /// Reserves a draft for `path`; `force` allows to replace what is there. Whatever would keep the
    /// finished film from its place is found out here.
    ///
    /// # Errors
    /// When the folder does not exist, cannot be written or lets no file be replaced, `path` is
    /// taken, or leads to what is not a file.
    pub(super) fn create(path: &Path, force: bool) -> Result<Self, FilmError> {
        let place = place_of(path, force)?;
        let draft = Self::at(path, place, force)?;
        draft.proven()
    }

    /// A draft for a place that was looked at before, and beside others that have been proven.
    pub(super) fn at(path: &Path, place: PathBuf, force: bool) -> Result<Self, FilmError> {
        let file = hidden(&place).map_err(|source| FilmError::Create {
            path: path.to_path_buf(),
            source,
        })?;
        Ok(Self {
            file,
            path: path.to_path_buf(),
            place,
            force,
        })
    }

    /// The same draft once it has taken the place of another file, as it will when it is done. Some
    /// network drives do not allow that, and it is better to know before a film is painted.
    fn proven(self) -> Result<Self, FilmError> {
        let Self {
            file,
            path,
            place,
            force,
        } = self;
        let failed = |path: &Path, source| FilmError::Create {
            path: path.to_path_buf(),
            source,
        };
        let other = hidden(&place).map_err(|source| failed(&path, source))?;
        let other = other.into_temp_path();
        let (file, draft) = file.into_parts();
        if let Err(error) = draft.persist(&other) {
            return Err(FilmError::NoReplacing {
                path,
                source: error.error,
            });
        }
        Ok(Self {
            file: NamedTempFile::from_parts(file, other),
            path,
            place,
            force,
        })
    }

    pub(super) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// The same open file for whoever codes the film into it.
    ///
    /// # Errors
    /// When no more files can be open.
    pub(super) fn open_file(&self) -> io::Result<OpenFile> {
        let file = self.file.as_file().try_clone()?;
        Ok(OpenFile::new(file, self.file.path().to_path_buf()))
    }

    /// Writes a whole file that is not a film, and puts it at its place.
    ///
    /// # Errors
    /// When the disk is full or the file system refuses; nothing is left behind then.
    pub(super) fn fill(mut self, from: &mut impl Read) -> Result<PathBuf, FilmError> {
        if let Err(source) = io::copy(from, self.file()) {
            let path = self.path;
            return Err(FilmError::Create { path, source });
        }
        self.finish()
    }

    /// Closes the draft, so that thousands can wait to replace what is at their places.
    pub(super) fn close(self) -> Replacement {
        Replacement {
            file: self.file.into_temp_path(),
            path: self.path,
            place: self.place,
        }
    }

    /// Puts the film at its place and returns where it is. If something took the place meanwhile,
    /// neither is lost: the film gets another name.
    ///
    /// # Errors
    /// [`FilmError::Kept`] when the file system refuses: the draft is the film then. Where it has gone
    /// with its folder, a copy is.
    pub(super) fn finish(self) -> Result<PathBuf, FilmError> {
        let (file, draft) = self.file.into_parts();
        // What is open is still there when its folder has gone. Elsewhere an open file cannot be moved.
        let open = cfg!(unix).then_some(file);
        if self.force {
            return match draft.persist(&self.place) {
                Ok(()) => Ok(self.path),
                Err(e) => Err(kept(e.path, self.path, e.error, open)),
            };
        }
        let mut draft = draft;
        for attempt in 1..OTHER_NAMES {
            let place = match attempt {
                1 => self.place.clone(),
                _ => numbered(&self.place, attempt),
            };
            match put_beside_none(draft, &place) {
                Ok(()) => return Ok(place),
                Err((back, error)) if error.kind() == io::ErrorKind::AlreadyExists => draft = back,
                Err((back, error)) => return Err(kept(back, place, error, open)),
            }
        }
        let taken = io::ErrorKind::AlreadyExists.into();
        Err(kept(draft, self.place, taken, open))
    }
}

/// A draft that is done and closed, and waits to replace what is at its place.
pub(super) struct Replacement {
    file: TempPath,
    path: PathBuf,
    place: PathBuf,
}

impl Replacement {
    /// Puts the draft at its place.
    ///
    /// # Errors
    /// [`FilmError::Kept`] when the file system refuses.
    pub(super) fn finish(self) -> Result<(), FilmError> {
        let replaced = self.file.persist(&self.place);
        replaced.map_err(|e| kept(e.path, self.path, e.error, None))
    }
}

/// Moves `draft` to `place`, where nothing may be; gives it back with the reason if it cannot.
fn put_beside_none(draft: TempPath, place: &Path) -> Result<(), (TempPath, io::Error)> {
    let draft = match draft.persist_noclobber(place) {
        Ok(()) => return Ok(()),
        Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => return Err((e.path, e.error)),
        // exFAT, FUSE and network drives have neither hard links nor a renaming that replaces
        // nothing.
        Err(e) => e.path,
    };
    // Whoever makes the file owns the place, and may replace it.
    if let Err(error) = OpenOptions::new().write(true).create_new(true).open(place) {
        return Err((draft, error));
    }
    draft.persist(place).map_err(|e| {
        // If it stays, it is empty and does no harm.
        let _ = fs::remove_file(place);
        (e.path, e.error)
    })
}

/// Leaves a draft that cannot take its place where it is, or where it is no longer there copies what
/// is still `open` of it to where there is room.
fn kept(draft: TempPath, path: PathBuf, source: io::Error, open: Option<File>) -> FilmError {
    let draft = draft.keep().ok().filter(|draft| draft.exists());
    match draft.or_else(|| rescued(open?, &path)) {
        Some(draft) => FilmError::Kept {
            path,
            draft,
            source,
        },
        None => FilmError::Create { path, source },
    }
}

/// Copies a film whose folder has gone, and takes the draft away where that folder is elsewhere now:
/// the waste basket, often. Where the film is then; `None` where it is nowhere.
fn rescued(film: File, path: &Path) -> Option<PathBuf> {
    let draft = name_of(&film);
    let Some(copy) = copied(film, path) else {
        return draft;
    };
    if let Some(draft) = draft {
        // If it stays, it does no harm.
        let _ = fs::remove_file(draft);
    }
    Some(copy)
}

/// What an open file is called now, if it has a name and the system says so.
fn name_of(file: &File) -> Option<PathBuf> {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        use std::os::unix::fs::MetadataExt;
        let name = fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
        // Of a file without one, what was its name is followed by a remark.
        let (there, open) = (name.metadata().ok()?, file.metadata().ok()?);
        (there.dev() == open.dev() && there.ino() == open.ino()).then_some(name)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = file;
        None
    }
}

/// Copies a film to the nearest folder that is left above where it should be, or to the one for
/// temporary files; where it is then. `None` where there is no room either.
fn copied(mut film: File, path: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(path).ok()?;
    let above = whole.ancestors().skip(1).find(|folder| folder.is_dir());
    let folders = above.map(Path::to_path_buf).into_iter();
    folders.chain([std::env::temp_dir()]).find_map(|folder| {
        let first = folder.join(whole.file_name()?);
        (1..OTHER_NAMES).find_map(|attempt| {
            let place = match attempt {
                1 => first.clone(),
                _ => numbered(&first, attempt),
            };
            let mut copy = File::create_new(&place).ok()?;
            film.rewind().ok()?;
            if io::copy(&mut film, &mut copy).is_err() {
                // Half a film is none.
                let _ = fs::remove_file(&place);
                return None;
            }
            Some(place)
        })
    })
}

/// A new hidden file beside `place`, whose name begins with the same.
fn hidden(place: &Path) -> io::Result<NamedTempFile> {
    let folder = folder_of(place).map_err(|_| io::Error::from(io::ErrorKind::NotFound))?;
    let name = shortened(place.file_name().unwrap_or_default(), NAME_IN_DRAFT);
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".");
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what the user's mask allows.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// `film.mp4` to `film-2.mp4`, within the length that names may have.
pub(super) fn numbered(path: &Path, number: u32) -> PathBuf {
    let extension = path.extension().map(|extension| {
        let mut dotted = OsString::from(".");
        dotted.push(extension);
        dotted
    });
    let mut end = OsString::from(format!("-{number}"));
    end.push(extension.as_deref().unwrap_or(OsStr::new("")));
    let stem = path.file_stem().unwrap_or_default();
    let mut name = shortened(stem, LONGEST_NAME.saturating_sub(end.len()));
    name.push(end);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_numbered_stay_as_long_as_names_may_be() {
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(name(&numbered(Path::new("a/film.mp4"), 2)), "film-2.mp4");
        assert_eq!(name(&numbered(Path::new("film"), 10)), "film-10");
        let long = format!("{}.mp4", "é".repeat(125));
        assert_eq!(long.len(), 254);
        let other = name(&numbered(Path::new(&long), 2));
        assert!(other.len() <= 255 && other.ends_with("é-2.mp4"), "{other}");
    }
}
