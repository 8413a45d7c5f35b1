//! Open files that ffmpeg reads and writes, wherever their folder is meanwhile.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::NamedTempFile;

use crate::film::EncodeError;

/// An open file, and what it was called when it was opened.
pub struct OpenFile {
    file: File,
    path: PathBuf,
}

impl OpenFile {
    pub fn new(file: File, path: PathBuf) -> Self {
        Self { file, path }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    pub fn into_file(self) -> File {
        self.file
    }

    /// See [`lend`].
    pub(super) fn lend(&self, to: &mut Command) -> Result<OsString, EncodeError> {
        lend(&self.file, &self.path, to)
    }

    /// A file for what is needed while a film is coded into this one and no longer.
    ///
    /// # Errors
    /// When the folder is missing or takes no file.
    pub(super) fn scratch(&self) -> Result<Scratch, EncodeError> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let file = NamedTempFile::new_in(folder).map_err(EncodeError::Write)?;
        // Without a name nothing is left of it, whatever becomes of its folder and of us.
        #[cfg(target_os = "linux")]
        std::fs::remove_file(file.path()).map_err(EncodeError::Write)?;
        Ok(Scratch { file })
    }
}

/// See [`OpenFile::scratch`].
pub(super) struct Scratch {
    file: NamedTempFile,
}

impl Scratch {
    /// See [`lend`].
    pub(super) fn lend(&self, to: &mut Command) -> Result<OsString, EncodeError> {
        lend(self.file.as_file(), self.file.path(), to)
    }
}

impl io::Write for Scratch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// What the open `file` at `path` is called by the program that `to` starts: on Linux by the
/// descriptor that it inherits, so that it finds the file though its folder was renamed or removed.
///
/// # Errors
/// When no more files can be open.
#[cfg(target_os = "linux")]
fn lend(file: &File, _path: &Path, to: &mut Command) -> Result<OsString, EncodeError> {
    use std::os::fd::AsRawFd;
    use std::os::unix::process::CommandExt;

    let lent = file.try_clone().map_err(EncodeError::Write)?;
    // Each opening by this name has a position of its own, as it would by a path.
    let name = format!("/proc/self/fd/{}", lent.as_raw_fd());
    let inherit = move || {
        // SAFETY: a plain system call about a descriptor that the closure owns.
        match unsafe { libc::fcntl(lent.as_raw_fd(), libc::F_SETFD, 0) } {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        }
    };
    // SAFETY: between fork and exec there is that one system call, which signal handlers may make.
    unsafe { to.pre_exec(inherit) };
    Ok(name.into())
}

/// What the `file` at `path` is called by the program that `to` starts.
///
/// # Errors
/// None here.
#[cfg(not(target_os = "linux"))]
fn lend(_file: &File, path: &Path, _to: &mut Command) -> Result<OsString, EncodeError> {
    let mut name = OsString::from("file:");
    name.push(path);
    Ok(name)
}
