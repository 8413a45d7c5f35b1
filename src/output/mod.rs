//! Where the picture goes.
//!
//! A [`Film`] takes finished pictures one by one and a [`Sound`], and becomes a file (`film_file`), or
//! numbered pictures with a WAV (`png_sequence`); `media` codes both. All keep two promises: nothing is
//! at the film's path until the film is whole (`draft`), and what was painted is never lost.

mod atomic_file;
mod claim;
mod destination;
mod error;
mod film;
mod film_file;
mod numbered;
mod picture_sink;
mod place;
mod png_sequence;
mod preview;
#[cfg(unix)]
mod signals;
mod sink;
mod spec;
mod stills;
pub mod window;

pub(crate) use atomic_file::LONGEST_NAME;
pub use destination::Destination;
pub(crate) use destination::hold_tables;
pub use error::FilmError;
pub use film::{Film, FilmSummary};
pub use picture_sink::{PictureSink, SinkId, Sinks};
pub(crate) use place::{kind, shortened, target_of};
pub use preview::Preview;
#[cfg(unix)]
pub(crate) use signals::{end_by, on_end};
pub use spec::FilmSpec;
pub use stills::{StillButton, Stills};

// What a film is described with.
pub use crate::media::film::{Codec, CodecError, EncodeError, FilmQuality, Fps, FpsError, Sound};
