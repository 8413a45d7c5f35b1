//! Open files that ffmpeg reads and writes, wherever their folder is meanwhile.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::Command;

use tempfile::NamedTempFile;

use super::FilmError;
use super::place::folder_of;

/// A file beside a film that is needed while that is made and no longer.
pub(super) struct Scratch {
    file: NamedTempFile,
}

impl Scratch {
    /// A new one for the film at `path`.
    ///
    /// # Errors
    /// When its folder is missing or takes no file.
    pub(super) fn beside(path: &Path) -> Result<Self, FilmError> {
        let file = NamedTempFile::new_in(folder_of(path)?).map_err(FilmError::Write)?;
        // Without a name nothing is left of it, whatever becomes of its folder and of us.
        #[cfg(target_os = "linux")]
        std::fs::remove_file(file.path()).map_err(FilmError::Write)?;
        Ok(Self { file })
    }

    /// See [`lend`].
    pub(super) fn lend(&self, to: &mut Command) -> Result<OsString, FilmError> {
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
pub(super) fn lend(file: &File, _path: &Path, to: &mut Command) -> Result<OsString, FilmError> {
    use std::os::fd::AsRawFd;
    use std::os::unix::process::CommandExt;

    let lent = file.try_clone().map_err(FilmError::Write)?;
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
pub(super) fn lend(_file: &File, path: &Path, _to: &mut Command) -> Result<OsString, FilmError> {
    let mut name = OsString::from("file:");
    name.push(path);
    Ok(name)
}
