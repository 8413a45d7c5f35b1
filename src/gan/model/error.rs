//! Why a model file was refused.

use std::fmt;

use super::header::{LARGEST_FILE, VERSION};

/// Why a model file was refused. Reads as a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelError {
    /// The file, as the user named it.
    pub file: String,
    pub fault: Fault,
}

/// What is wrong with a model file.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The file could not be read; the operating system's reason.
    Unreadable(String),
    /// Not a painter's model at all; what gave it away.
    NotAModel(String),
    /// Fewer bytes than the header promises.
    Truncated { bytes: u64, promised: u64 },
    /// More bytes than any model needs.
    TooLarge { bytes: u64 },
    /// Made for a later version of the format.
    Newer { version: u32 },
    /// A tensor that is missing or of another shape or type than the header implies.
    Tensor(String),
    /// A weight that is NaN or infinite, in the tensor of this name.
    NotANumber(String),
    /// A blend that cannot be read; why.
    NoBlend(String),
    /// The file has no such look; those that it has, none where it is one look by itself.
    NoLook { look: String, known: Vec<String> },
    /// No file and no built-in model has this name; those that there are.
    Unknown { known: Vec<String> },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &self.file;
        match &self.fault {
            Fault::Unreadable(reason) => write!(f, "{file} could not be read: {reason}"),
            Fault::NotAModel(reason) => write!(f, "{file} is not a painter model: {reason}"),
            Fault::Truncated { bytes, promised } => write!(
                f,
                "{file} is truncated: it has {bytes} of the {promised} bytes its header promises"
            ),
            Fault::TooLarge { bytes } => write!(
                f,
                "{file} is too large for a painter model: {} MB, and at most {} MB are read",
                bytes >> 20,
                LARGEST_FILE >> 20
            ),
            Fault::Newer { version } => write!(
                f,
                "{file} was made for a newer Synopsia (format {version}; this one reads {VERSION})"
            ),
            Fault::Tensor(what) => write!(f, "{file} does not fit its own header: {what}"),
            Fault::NotANumber(tensor) => write!(
                f,
                "{file} is damaged: {tensor} holds a weight that is not a number"
            ),
            Fault::NoBlend(reason) => write!(f, "{file} is no blend of looks: {reason}"),
            Fault::NoLook { look, known } if known.is_empty() => {
                write!(f, "{file} is one look by itself and has none named {look}")
            }
            Fault::NoLook { look, known } => write!(
                f,
                "{file} has no look named {look}; it has {}",
                known.join(", ")
            ),
            Fault::Unknown { known } => write!(
                f,
                "there is no model named {file}; there are {}",
                known.join(", ")
            ),
        }
    }
}

impl std::error::Error for ModelError {}
