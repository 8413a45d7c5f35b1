//! A film that is one file.

use super::atomic_file::AtomicFile;
use super::sink::{Sink, Written};
use super::{FilmError, FilmSpec};
use crate::media::film::{Container, EncodeError, FilmEncoder, FilmFormat, Sound, encoder};

/// A film on its way to its place.
pub(super) struct FilmFile {
    /// Ended before the draft is taken away: not every system removes what another program writes.
    encoder: Box<dyn FilmEncoder>,
    draft: AtomicFile,
}

impl FilmFile {
    pub(super) fn create(spec: &FilmSpec, sound: Option<Sound>) -> Result<Self, FilmError> {
        let draft = AtomicFile::create(&spec.path, spec.force)?;
        let format = FilmFormat {
            width: spec.width,
            height: spec.height,
            fps: spec.fps,
            codec: spec.codec,
            container: Container::of(&spec.path),
            quality: spec.quality,
            seconds: spec.seconds,
        };
        let file = draft.open_file().map_err(EncodeError::Write)?;
        let encoder = encoder(&format, sound, file)?;
        Ok(Self { encoder, draft })
    }
}

impl Sink for FilmFile {
    fn picture(&mut self, rgba: &[u8]) -> Result<(), FilmError> {
        Ok(self.encoder.picture(rgba)?)
    }

    fn sound_ahead(&self) -> u64 {
        self.encoder.sound_ahead()
    }

    fn finish(mut self: Box<Self>) -> Result<Written, FilmError> {
        let film = self.encoder.finish()?;
        // What lies behind its end was undone.
        let file = self.draft.file();
        file.set_len(film.bytes).map_err(EncodeError::Write)?;
        Ok(Written {
            path: self.draft.finish()?,
            pictures: film.pictures,
            bytes: film.bytes,
            warnings: film.warnings,
            cut: film.cut,
        })
    }
}
