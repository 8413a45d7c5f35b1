//! Lyrics: what is sung, and when.
//!
//! Text files (LRC with or without word times, SRT, WebVTT, plain text, in any of the encodings that
//! they are found in) and tags inside songs become a [`Sheet`]; what it is, its content says and not its
//! name. With what is known of the song, a sheet becomes [`Lyrics`]: lines in the order of their times,
//! all finite, each with an end. Text without times is spread over the parts of the song that may be
//! sung ([`sung_parts`]) and marked as a guess. What is wrong with a file is repaired and told, a
//! sentence for each kind of fault.

mod beside;
mod cues;
mod encoding;
mod error;
mod fit;
mod lrc;
mod markup;
mod read;
mod sheet;
mod sung;
mod sylt;
mod tags;
#[cfg(test)]
mod tests;
mod time;

pub use beside::beside;
pub use error::LyricsError;
pub use fit::Song;
pub use read::read;
pub use sheet::Sheet;
pub use sung::sung_parts;
pub use tags::{InTags, inside};

/// What is sung in a song, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Lyrics {
    /// In the order of their beginnings; some may overlap, or begin together (two voices, or a line
    /// and its translation).
    pub lines: Vec<Line>,
    /// Whose times these are.
    pub timing: Timing,
    /// One sentence for each kind of thing that was wrong.
    pub warnings: Vec<String>,
}

/// Whose the times of lyrics are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// The file's.
    Given,
    /// Nobody's: text without times, spread over the song.
    Guessed,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Seconds from the song's start at which it begins; finite, at least 0.
    pub from: f64,
    /// Seconds at which it has been sung; finite, later than `from`.
    pub to: f64,
    /// What is sung, never empty; broken into several with `\n` where a subtitle is.
    pub text: String,
    /// Its words in time, where the file says their times; else none. In the order of the text, which
    /// is that of their times.
    pub words: Vec<Word>,
}

/// One word of a line, or a syllable, as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Seconds at which it begins, within its line.
    pub from: f64,
    /// Seconds at which it ends, not before `from`.
    pub to: f64,
    /// Itself, without the space around it.
    pub text: String,
    /// Where in its line's text it ends, bytes.
    pub end: usize,
}
