//! What codes a film, and what it has to know.

use super::{Codec, Container, EncodeError, FilmQuality, Fps};

/// How a film is coded.
#[derive(Clone, Debug)]
pub struct FilmFormat {
    /// Pixels across and down.
    pub width: usize,
    pub height: usize,
    pub fps: Fps,
    pub codec: Codec,
    pub container: Container,
    pub quality: FilmQuality,
    /// About how many seconds it will last, if that is known better than from its sound.
    pub seconds: Option<f64>,
}

/// A film being coded into an open file. The sound starts with the first picture, ends with the last,
/// and is silence where there is none left.
pub trait FilmEncoder: Send {
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
pub struct Encoded {
    pub pictures: u64,
    /// Bytes of the file that are the film: what lies behind them is to be cut off.
    pub bytes: u64,
    /// What was repaired in its sound, one sentence each.
    pub warnings: Vec<String>,
    /// Why its last sound is missing, if it is.
    pub cut: Option<String>,
}
