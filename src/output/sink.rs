//! What takes a film's pictures.

use std::path::PathBuf;

use super::FilmError;

/// One way of keeping films.
pub(super) trait Sink: Send {
    /// Takes the next picture, whose size was checked.
    fn picture(&mut self, rgba: &[u8]) -> Result<(), FilmError>;

    /// See [`Film::sound_ahead`](super::Film::sound_ahead).
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
