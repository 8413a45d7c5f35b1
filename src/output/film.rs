//! A film being written, whatever its codec.

use std::path::PathBuf;

use super::error::plain;
use super::ffmpeg::FfmpegFilm;
use super::mp4_film::Mp4Film;
use super::png_sequence::PngSequence;
use super::{Codec, FilmError, Fps, Quality, Sound};
use crate::render::Picture;

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
    pub quality: Quality,
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
            quality: Quality::default(),
            first_picture: 0,
            seconds: None,
        }
    }

    /// The files that this film is known to write: the film, or the first of its numbered pictures
    /// and their sound. For a caller that must not write over what it still reads, as
    /// [`force`](Self::force) allows.
    pub fn files(&self) -> Vec<PathBuf> {
        match self.codec {
            Codec::Png => PngSequence::files(self).into(),
            _ => vec![self.path.clone()],
        }
    }
}

/// What became of a film.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmSummary {
    /// Where it is; for numbered pictures, the first. It differs from what was asked for only
    /// when something else took that place meanwhile.
    pub path: PathBuf,
    /// Pictures in it.
    pub pictures: u64,
    /// Its length, exactly `pictures / fps`.
    pub seconds: f64,
    /// Size of what was written, bytes.
    pub bytes: u64,
    /// What was repaired in its sound, one sentence each.
    pub warnings: Vec<String>,
}

/// One way of writing films.
pub(super) trait Sink: Send {
    /// Takes the next picture, whose size was checked.
    fn picture(&mut self, rgba: &[u8]) -> Result<(), FilmError>;

    /// See [`Film::sound_ahead`].
    fn sound_ahead(&self) -> u64;

    /// Ends the film with the last picture that was taken, and puts it at its place.
    fn finish(self: Box<Self>) -> Result<Written, FilmError>;
}

/// What a [`Sink`] has written.
pub(super) struct Written {
    pub(super) path: PathBuf,
    pub(super) pictures: u64,
    pub(super) bytes: u64,
    pub(super) warnings: Vec<String>,
    /// Why the film is shorter than what was given, if it is.
    pub(super) cut: Option<String>,
}

/// A film being written. Dropped before [`finish`](Self::finish), it leaves nothing behind.
pub struct Film {
    sink: Box<dyn Sink>,
    size: (usize, usize),
    fps: Fps,
    /// Why it cannot go on.
    broken: Option<String>,
}

impl Film {
    /// Starts a film. Its sound starts with its first picture, ends with its last, and is silence
    /// where there is none left.
    ///
    /// # Errors
    /// When the codec, size and file do not go together, the place is taken or cannot be written,
    /// or what the codec needs is missing.
    pub fn create(spec: &FilmSpec, sound: Option<Sound>) -> Result<Self, FilmError> {
        spec.codec.check(&spec.path, spec.width, spec.height)?;
        let sink: Box<dyn Sink> = match spec.codec {
            Codec::H264 => Box::new(Mp4Film::create(spec, sound)?),
            Codec::Png => Box::new(PngSequence::create(spec, sound)?),
            _ => Box::new(FfmpegFilm::create(spec, sound)?),
        };
        Ok(Self {
            sink,
            size: (spec.width, spec.height),
            fps: spec.fps,
            broken: None,
        })
    }

    /// Adds the next picture, and the sound up to its end.
    ///
    /// # Errors
    /// When it cannot be coded or written. The film then takes no more pictures, and
    /// [`finish`](Self::finish) saves what there is.
    pub fn picture(&mut self, picture: &Picture) -> Result<(), FilmError> {
        let (width, height) = self.size;
        let [across, down] = picture.size();
        let wrong = FilmError::PictureSize {
            picture: (across, down),
            film: self.size,
        };
        if (across, down) != self.size {
            return Err(wrong);
        }
        if let Some(reason) = &self.broken {
            return Err(FilmError::Encoder(reason.clone()));
        }
        let taken = match picture.pixels() {
            Ok(pixels) if pixels.rgba.len() != width * height * 4 => return Err(wrong),
            Ok(pixels) => self.sink.picture(&pixels.rgba),
            Err(lost) => Err(FilmError::Encoder(lost.to_string())),
        };
        if let Err(error) = &taken {
            self.broken = Some(match error {
                FilmError::Write(source) => plain(source),
                other => other.to_string(),
            });
        }
        taken
    }

    /// Frames of sound, in its own rate, that have to be there beyond the end of a picture when
    /// that is given: what resampling looks ahead.
    pub fn sound_ahead(&self) -> u64 {
        self.sink.sound_ahead()
    }

    /// Ends the film with the last picture, and puts it at its place.
    ///
    /// # Errors
    /// [`FilmError::CutShort`] when the film could not go on before: it is at its place and plays
    /// up to where the message says. Any other error when there is no film.
    pub fn finish(self) -> Result<FilmSummary, FilmError> {
        let written = self.sink.finish()?;
        let seconds = self.fps.seconds(written.pictures);
        match self.broken.or(written.cut) {
            Some(reason) => Err(FilmError::CutShort {
                path: written.path,
                seconds,
                reason,
            }),
            None => Ok(FilmSummary {
                path: written.path,
                pictures: written.pictures,
                seconds,
                bytes: written.bytes,
                warnings: written.warnings,
            }),
        }
    }
}
