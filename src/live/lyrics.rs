//! The lyrics that an instance shows.

use crate::media::lyrics::{self, Song};
use crate::render::unwritable;
use crate::show::Libretto;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Lyrics that were read, and whence.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Kept {
    path: Option<PathBuf>,
    libretto: Arc<Libretto>,
}

impl Kept {
    /// What is sung by the file at `path`, which is read where it is another than before; what is wrong with
    /// it is told to `report`.
    pub(super) fn of(&mut self, path: Option<&Path>, report: impl Fn(String)) -> Arc<Libretto> {
        if self.path.as_deref() != path {
            self.path = path.map(Path::to_path_buf);
            self.libretto = path.map_or_else(Arc::default, |path| read(path, report));
        }
        Arc::clone(&self.libretto)
    }

    /// Shows what has no file.
    pub(super) fn put(&mut self, libretto: Arc<Libretto>) {
        *self = Self {
            path: None,
            libretto,
        };
    }
}

fn read(path: &Path, report: impl Fn(String)) -> Arc<Libretto> {
    let sheet = match lyrics::read(path) {
        Ok(sheet) => sheet,
        Err(error) => {
            report(error.to_string());
            return Arc::default();
        }
    };
    // How long the host's song is, and where it is sung, nobody says.
    let lyrics = sheet.fit(&Song::default());
    let libretto = Libretto::new(&lyrics);
    lyrics.warnings.into_iter().for_each(&report);
    unwritable(&libretto).into_iter().for_each(report);
    Arc::new(libretto)
}
