//! A film being written, whatever its codec.

use std::path::PathBuf;

use super::film_file::FilmFile;
use super::png_sequence::PngSequence;
use super::sink::Sink;
use super::{FilmError, FilmSpec};
use crate::media::film::{Codec, EncodeError, Fps, Sound, check, plain};
use crate::render::Picture;

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
        check(spec.codec, &spec.path, spec.width, spec.height)?;
        let sink: Box<dyn Sink> = match spec.codec {
            Codec::Png => Box::new(PngSequence::create(spec, sound)?),
            _ => Box::new(FilmFile::create(spec, sound)?),
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
            return Err(EncodeError::Encoder(reason.clone()).into());
        }
        let taken = match picture.pixels() {
            Ok(pixels) if pixels.rgba.len() != width * height * 4 => return Err(wrong),
            Ok(pixels) => self.sink.picture(&pixels.rgba),
            Err(lost) => Err(EncodeError::Encoder(lost.to_string()).into()),
        };
        if let Err(error) = &taken {
            self.broken = Some(match error {
                FilmError::Encode(EncodeError::Write(source)) => plain(source),
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
