//! A name that pictures are being written under, so that two films at once do not mix theirs.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Holds a name until it is dropped. It is a hidden file that is locked, so that one which a program
/// left behind that was killed holds nothing.
pub(super) struct Claim {
    path: PathBuf,
    /// Its lock lives as long as the file is open.
    _file: File,
}

impl Claim {
    /// Takes the name that the hidden file at `path` stands for; none when somebody has it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(super) fn take(path: PathBuf) -> io::Result<Option<Self>> {
        loop {
            let mut options = OpenOptions::new();
            let file = options
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Ok(None),
                // A file system without locks: then nobody is kept from a name, as without claims.
                Ok(()) | Err(TryLockError::Error(_)) => {}
            }
            // Whoever had it may have taken it away after it was opened here.
            if is_at(&file, &path) {
                return Ok(Some(Self { path, _file: file }));
            }
        }
    }
}

/// Whether `file` is the one at `path`.
fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(held), Ok(there)) = (file.metadata(), fs::metadata(path)) else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        held.ino() == there.ino() && held.dev() == there.dev()
    }
    // Where open files cannot be taken away.
    #[cfg(not(unix))]
    {
        held.is_file() && there.is_file()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // What cannot be removed holds nothing.
        let _ = fs::remove_file(&self.path);
    }
}
