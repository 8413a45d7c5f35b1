//! Where a file is to go: what is there, and what may not be touched.

use std::ffi::{OsStr, OsString};
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::FilmError;

/// The most symbolic links that lead from one to the next.
const MOST_LINKS: usize = 40;

/// Where a file that is asked for at `path` goes: what is there may be replaced only with `force`,
/// and a symbolic link stays, for it is what it leads to that is written.
///
/// # Errors
/// When the folder is missing, the place is taken, no file can have this name, or what is there is
/// not a file.
pub(super) fn place_of(path: &Path, force: bool) -> Result<PathBuf, FilmError> {
    folder_of(path)?;
    let failed = |source| FilmError::Create {
        path: path.to_path_buf(),
        source,
    };
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path.to_path_buf()),
        Err(error) => return Err(failed(error)),
        Ok(_) => {}
    }
    if let Ok(there) = fs::metadata(path) {
        if there.is_dir() {
            return Err(FilmError::Folder(path.to_path_buf()));
        }
        if !there.is_file() {
            return Err(FilmError::NotAFile {
                path: path.to_path_buf(),
                what: kind(there.file_type()),
            });
        }
    }
    if !force {
        return Err(FilmError::Exists(path.to_path_buf()));
    }
    let place = target_of(path).map_err(failed)?;
    folder_of(&place)?;
    Ok(place)
}

/// The path that `path` leads to in the end, whether or not something is there.
///
/// # Errors
/// When symbolic links lead in a circle, or cannot be read.
pub(crate) fn target_of(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        if !place.symlink_metadata().is_ok_and(|meta| meta.is_symlink()) {
            return Ok(place);
        }
        let to = fs::read_link(&place)?;
        place = place.parent().unwrap_or(Path::new("")).join(to);
    }
    Err(io::Error::other("its symbolic links lead in a circle"))
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

/// What is neither a file nor a folder, in a word.
pub(crate) fn kind(of: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if of.is_fifo() {
            return "a pipe";
        }
        if of.is_socket() {
            return "a socket";
        }
    }
    let _ = of;
    "a device"
}

/// The beginning of `name`, at most so many bytes, cut between characters.
pub(crate) fn shortened(name: &OsStr, most: usize) -> OsString {
    if name.len() <= most {
        return name.to_owned();
    }
    let mut text = name.to_string_lossy().into_owned();
    while text.len() > most {
        text.pop();
    }
    text.into()
}
