//! What a file says of where its weights come from, and what they may be used for.

use super::{Format, Header, WeightsFault};

/// How the licence of weights begins that may be used anywhere.
const FREE: &str = "free for any use";

/// What a file's header says of where its weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Papers {
    /// How many numbers it holds.
    pub weights: usize,
    /// What they were learned from.
    pub trained_on: String,
    /// Under which licence they may be used.
    pub licence: String,
}

impl Papers {
    /// The papers of a file that holds these bytes.
    ///
    /// # Errors
    /// When it is no such file, or has none.
    pub fn of(format: &'static Format, mut file: &[u8]) -> Result<Self, WeightsFault> {
        let header = Header::read(format, file.len() as u64, &mut file)?;
        Ok(Self {
            weights: header.weights(),
            trained_on: header.text("trained_on")?.to_owned(),
            licence: header.text("licence")?.to_owned(),
        })
    }

    /// How the weights may be used, in a few words: anywhere only where the licence begins with that.
    pub fn terms(&self) -> &'static str {
        if self.licence.starts_with(FREE) {
            FREE
        } else {
            "research only"
        }
    }
}
