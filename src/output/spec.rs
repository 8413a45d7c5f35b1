//! What film to write.

use std::path::PathBuf;

use super::numbered::Numbered;
use crate::media::film::{Codec, FilmQuality, Fps};

/// What film to write, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmSpec {
    /// The film's file; for [`Codec::Png`] a pattern (`film.png` becomes `film_000000.png` and so
    /// on) or a folder.
    pub path: PathBuf,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Pictures per second.
    pub fps: Fps,
    /// How pictures are coded.
    pub codec: Codec,
    /// Whether to replace what is at `path`.
    pub force: bool,
    /// How much of the pictures is kept, for H.264 and H.265.
    pub quality: FilmQuality,
    /// The number of the first picture, for [`Codec::Png`], so that parts of a film join.
    pub first_picture: u64,
    /// About how many seconds it will last, if that is known better than from its sound.
    pub seconds: Option<f64>,
}

impl FilmSpec {
    /// A film with default settings that replaces nothing.
    pub fn new(
        path: impl Into<PathBuf>,
        width: usize,
        height: usize,
        fps: Fps,
        codec: Codec,
    ) -> Self {
        Self {
            path: path.into(),
            width,
            height,
            fps,
            codec,
            force: false,
            quality: FilmQuality::default(),
            first_picture: 0,
            seconds: None,
        }
    }

    /// The files that this film is known to write: the film, or the first of its numbered pictures
    /// and their sound. For a caller that must not write over what it still reads, as
    /// [`force`](Self::force) allows.
    pub fn files(&self) -> Vec<PathBuf> {
        match self.codec {
            Codec::Png => Numbered::of(&self.path, self.first_picture).files().into(),
            _ => vec![self.path.clone()],
        }
    }
}
