//! Pictures and sound to films.
//!
//! `encoder` starts to code one into an open file: H.264 with AAC in MP4 with nothing installed
//! (`h264`, `aac`, `mp4`), the rest through ffmpeg (`ffmpeg`). Numbered pictures are files of their own;
//! for the sound beside them there is `Wav`. Whoever codes, the sound starts with the first picture
//! and ends with the last, to the sample, and a film that cannot go on is finished where it is
//! (through ffmpeg only where the disk is not full).

mod aac;
mod by_codec;
mod codec;
mod encoder;
mod error;
mod ffmpeg;
mod fps;
mod h264;
mod mp4;
mod mp4_film;
mod sound;
mod suits;
mod wav;
mod yuv;

pub use by_codec::encoder;
pub use codec::{Codec, CodecError, FilmQuality};
pub use codec::{Container, extension};
pub use encoder::{FilmEncoder, FilmFormat};
pub use error::EncodeError;
pub use error::plain;
pub use ffmpeg::OpenFile;
pub use fps::{Fps, FpsError};
pub use sound::Sound;
pub use sound::{Accepts, Feed};
pub use suits::check;
pub use wav::Wav;
