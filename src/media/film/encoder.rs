//! What codes a film, and what it has to know.

use super::{Codec, Container, EncodeError, FilmQuality, Fps};

/// How a film is coded.
#[derive(Clone, Debug)]
pub(crate) struct FilmFormat {
    /// Pixels across and down.
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) fps: Fps,
    pub(crate) codec: Codec,
    pub(crate) container: Container,
    pub(crate) quality: FilmQuality,
    /// About how many seconds it will last, if that is known better than from its sound.
    pub(crate) seconds: Option<f64>,
}

/// A film being coded into an open file. The sound starts with the first picture, ends with the last,
/// and is silence where there is none left.
pub(crate) trait FilmEncoder: Send {
    /// Codes the next picture, RGBA of the film's size, and the sound up to its end.
    ///
    /// # Errors
    /// When it cannot be coded or written; what was coded before can still be finished.
    fn picture(&mut self, rgba: &[u8]) -> Result<(), EncodeError>;

    /// Frames of sound, in its own rate, that have to be there beyond the end of a picture when that
    /// is given.
    fn sound_ahead(&self) -> u64;

    /// Ends the film with the last picture that was taken.
    ///
    /// # Errors
    /// When there is no picture, or what was coded cannot be made a film.
    fn finish(self: Box<Self>) -> Result<Encoded, EncodeError>;
}

/// A film that was coded.
pub(crate) struct Encoded {
    pub(crate) pictures: u64,
    /// Bytes of the file that are the film: what lies behind them is to be cut off.
    pub(crate) bytes: u64,
    /// What was repaired in its sound, one sentence each.
    pub(crate) warnings: Vec<String>,
    /// Why its last sound is missing, if it is.
    pub(crate) cut: Option<String>,
}
