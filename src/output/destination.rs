//! Where a whole file that is no film goes: a table, a plot, a list of hashes.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::FilmError;
use super::atomic_file::AtomicFile;
use super::place::place_of;

/// Held by whoever has a table's draft on the disk.
static HALF_WRITTEN: Mutex<()> = Mutex::new(());

/// Waits until no table is half-written, and lets none be begun until the guard is dropped.
pub(crate) fn hold_tables() -> MutexGuard<'static, ()> {
    HALF_WRITTEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file to write at the end of some work, whose place was looked at before it. Nothing is there
/// meanwhile that could be left behind.
pub struct Destination {
    path: PathBuf,
    to: To,
}

enum To {
    /// A file, and whether it may replace one.
    File { force: bool },
    /// What takes bytes and is no file: standard output, a pipe, `/dev/null`. It is written to and
    /// never replaced.
    Stream(File),
}

impl Destination {
    /// Looks at `path`; `force` allows to replace the file that is there.
    ///
    /// # Errors
    /// When the folder does not exist or cannot be written, `path` is taken, or what is there takes
    /// no bytes.
    pub fn check(path: &Path, force: bool) -> Result<Self, FilmError> {
        let to = match stream(path)? {
            Some(stream) => To::Stream(stream),
            None => {
                let _whole = hold_tables();
                // A draft that is given up shows that one can be made.
                drop(AtomicFile::create(path, force)?);
                To::File { force }
            }
        };
        Ok(Self {
            path: path.to_path_buf(),
            to,
        })
    }

    /// Writes `bytes`, and returns where they are. A file that took the place meanwhile is kept:
    /// this one gets another name then.
    ///
    /// # Errors
    /// When the disk is full or the file system refuses.
    pub fn write(self, bytes: &[u8]) -> Result<PathBuf, FilmError> {
        self.copy(bytes)
    }

    /// Writes all that can be read from `from`, as [`write`](Self::write) does: for what is too long for memory.
    ///
    /// # Errors
    /// As [`write`](Self::write), and when it cannot be read.
    pub fn copy(self, mut from: impl Read) -> Result<PathBuf, FilmError> {
        let path = self.path;
        match self.to {
            To::File { force } => {
                let place = match place_of(&path, force) {
                    Err(FilmError::Exists(place)) => place,
                    place => place?,
                };
                let _whole = hold_tables();
                AtomicFile::at(&path, place, force)?.fill(&mut from)
            }
            To::Stream(mut stream) => match io::copy(&mut from, &mut stream) {
                // A reader that has seen enough is no failure.
                Err(source) if source.kind() != io::ErrorKind::BrokenPipe => {
                    Err(FilmError::Create { path, source })
                }
                _ => Ok(path),
            },
        }
    }
}

#[cfg(not(unix))]
fn stream(_: &Path) -> Result<Option<File>, FilmError> {
    Ok(None)
}

/// What takes bytes at `path`; none where a file is or may be.
#[cfg(unix)]
fn stream(path: &Path) -> Result<Option<File>, FilmError> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let failed = |source| FilmError::Create {
        path: path.to_path_buf(),
        source,
    };
    // By name, for where they lead to a file the shell has it open, too.
    let standard = match path.to_str() {
        Some("/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1") => {
            Some(io::stdout().as_fd().try_clone_to_owned())
        }
        Some("/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2") => {
            Some(io::stderr().as_fd().try_clone_to_owned())
        }
        _ => None,
    };
    if let Some(opened) = standard {
        return Ok(Some(opened.map_err(failed)?.into()));
    }
    let Ok(there) = std::fs::metadata(path) else {
        return Ok(None);
    };
    let kind = there.file_type();
    if kind.is_char_device() {
        let opened = std::fs::OpenOptions::new().write(true).open(path);
        return Ok(Some(opened.map_err(failed)?));
    }
    if kind.is_fifo() {
        return Ok(Some(to_reader(path).map_err(failed)?));
    }
    Ok(None)
}

/// How long a reader of a pipe may take to open it.
#[cfg(unix)]
const READER_COMES: std::time::Duration = std::time::Duration::from_secs(2);

/// Opens a pipe that somebody reads, or is about to read.
#[cfg(unix)]
fn to_reader(pipe: &Path) -> io::Result<File> {
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::OpenOptionsExt;
    let started = std::time::Instant::now();
    let opened = loop {
        let mut options = std::fs::OpenOptions::new();
        match options
            .write(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(pipe)
        {
            Err(error) if error.raw_os_error() == Some(libc::ENXIO) => {
                if started.elapsed() > READER_COMES {
                    return Err(io::Error::other("nobody reads from this pipe"));
                }
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            opened => break opened?,
        }
    };
    // SAFETY: the descriptor is open; the call reads and writes its flags only.
    unsafe {
        let flags = libc::fcntl(opened.as_raw_fd(), libc::F_GETFL);
        libc::fcntl(opened.as_raw_fd(), libc::F_SETFL, flags & !libc::O_NONBLOCK);
    }
    Ok(opened)
}
