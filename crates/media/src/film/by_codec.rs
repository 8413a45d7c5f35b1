//! Who codes which film.

use super::encoder::{FilmEncoder, FilmFormat};
use super::ffmpeg::{FfmpegFilm, OpenFile};
use super::mp4_film::Mp4Film;
use super::{Codec, EncodeError, Sound};

/// Starts to code a film into `file`, with `sound`.
///
/// # Errors
/// When the sound cannot be used, the file not be written, or what the codec needs is missing.
pub fn encoder(
    format: &FilmFormat,
    sound: Option<Sound>,
    file: OpenFile,
) -> Result<Box<dyn FilmEncoder>, EncodeError> {
    Ok(match format.codec {
        Codec::H264 => Box::new(Mp4Film::new(file.into_file(), format, sound)?),
        _ => Box::new(FfmpegFilm::new(file, format, sound)?),
    })
}
