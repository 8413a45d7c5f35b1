//! Why a model file was refused.

use std::fmt;

use crate::weights::WeightsFault;

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
    /// The file itself.
    File(WeightsFault),
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
            Fault::File(fault) => write!(f, "{file} {fault}"),
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

impl From<WeightsFault> for Fault {
    fn from(fault: WeightsFault) -> Self {
        Self::File(fault)
    }
}
