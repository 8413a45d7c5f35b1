//! Where the picture goes.
//!
//! A [`Film`] takes finished pictures one by one and a [`Sound`], and becomes a file. Two ways of
//! writing need nothing installed: H.264 with AAC in MP4 (`h264`, `aac`, `mp4`) and numbered PNG
//! pictures with a WAV (`png_sequence`); the others hand the pictures to ffmpeg (`ffmpeg`). All
//! keep three promises: the sound starts with the first picture and ends with the last, to the
//! sample; nothing is at the film's path until the film is whole (`draft`); and a film that cannot
//! go on, because the disk is full or because its maker had enough, is finished where it is and
//! plays up to there (through ffmpeg only the latter: it cannot end a film on a full disk).

mod aac;
mod by_codec;
mod claim;
mod codec;
mod destination;
mod draft;
mod encode_error;
mod encoder;
mod error;
mod ffmpeg;
mod film;
mod film_file;
mod fps;
mod h264;
mod lent;
mod mp4;
mod mp4_film;
mod numbered;
mod place;
mod png_sequence;
#[cfg(unix)]
mod signals;
mod sink;
mod sound;
mod spec;
mod wav;
pub mod window;
mod yuv;

pub(crate) use codec::Container;
pub use codec::{Codec, CodecError, Quality};
pub use destination::Destination;
pub(crate) use destination::hold_tables;
pub(crate) use draft::LONGEST_NAME;
pub use encode_error::EncodeError;
pub use error::FilmError;
pub use film::{Film, FilmSummary};
pub use fps::{Fps, FpsError};
pub(crate) use place::{kind, shortened, target_of};
#[cfg(unix)]
pub(crate) use signals::{end_by, on_end};
pub use sound::Sound;
pub use spec::FilmSpec;
