//! A film in the making: a hidden file beside where the film will be.
//!
//! The film takes its place in one step when it is done. Until then nothing is at its path, and a
//! film that is given up leaves nothing behind.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, PersistError, TempPath};

use super::FilmError;

/// How many other names are tried for a film whose place was taken meanwhile.
const OTHER_NAMES: u32 = 1000;

/// A file that is not yet at its place.
pub struct Draft {
    file: NamedTempFile,
    path: PathBuf,
    force: bool,
}

impl Draft {
    /// Reserves a draft for `path`; `force` allows to replace what is there.
    ///
    /// # Errors
    /// When the folder does not exist or cannot be written, or `path` is taken.
    pub fn create(path: &Path, force: bool) -> Result<Self, FilmError> {
        let folder = folder_of(path)?;
        if path.is_dir() {
            return Err(FilmError::Folder(path.to_path_buf()));
        }
        if !force && path.symlink_metadata().is_ok() {
            return Err(FilmError::Exists(path.to_path_buf()));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut builder = Builder::new();
        let (prefix, suffix) = (format!(".{name}."), ".part");
        builder.prefix(&prefix).suffix(suffix);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: what the user's mask allows.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder
            .tempfile_in(folder)
            .map_err(|source| FilmError::Create {
                path: path.to_path_buf(),
                source,
            })?;
        Ok(Self {
            file,
            path: path.to_path_buf(),
            force,
        })
    }

    pub(super) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Where the draft itself is, for other programs to write to.
    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Writes a whole file that is not a film, and puts it at its place.
    ///
    /// # Errors
    /// When the disk is full or the file system refuses; nothing is left behind then.
    pub fn fill(mut self, bytes: &[u8]) -> Result<PathBuf, FilmError> {
        if let Err(source) = self.file().write_all(bytes) {
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
        }
    }

    /// Puts the film at its place and returns where it is. If something took the place meanwhile,
    /// neither is lost: the film gets another name.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn finish(self) -> Result<PathBuf, FilmError> {
        let Self { file, path, force } = self;
        let failed = |path: &Path, source| FilmError::Create {
            path: path.to_path_buf(),
            source,
        };
        if force {
            return match file.persist(&path) {
                Ok(_) => Ok(path),
                Err(e) => Err(failed(&path, e.error)),
            };
        }
        let mut file: NamedTempFile = file;
        for attempt in 1..OTHER_NAMES {
            let place = if attempt == 1 {
                path.clone()
            } else {
                numbered(&path, attempt)
            };
            match file.persist_noclobber(&place) {
                Ok(_) => return Ok(place),
                Err(PersistError { error, file: back })
                    if error.kind() == io::ErrorKind::AlreadyExists =>
                {
                    file = back;
                }
                Err(e) => return Err(failed(&place, e.error)),
            }
        }
        Err(FilmError::Exists(path))
    }
}

/// A draft that is done and closed, and waits to replace what is at its place.
pub(super) struct Replacement {
    file: TempPath,
    path: PathBuf,
}

impl Replacement {
    /// Puts the draft at its place.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(super) fn finish(self) -> Result<(), FilmError> {
        let Self { file, path } = self;
        file.persist(&path).map_err(|e| FilmError::Create {
            path,
            source: e.error,
        })
    }
}

/// `film.mp4` to `film-2.mp4`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = match path.extension() {
        Some(extension) => format!("{stem}-{number}.{}", extension.to_string_lossy()),
        None => format!("{stem}-{number}"),
    };
    path.with_file_name(name)
}

/// The folder that `path` lies in.
///
/// # Errors
/// When it does not exist.
pub(super) fn folder_of(path: &Path) -> Result<&Path, FilmError> {
    let folder = match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => return Err(FilmError::Folder(path.to_path_buf())),
    };
    if folder.is_dir() {
        Ok(folder)
    } else {
        Err(FilmError::NoFolder {
            path: path.to_path_buf(),
            folder: folder.to_path_buf(),
        })
    }
}
