//! Files of weights: safetensors whose header says what they are.
//!
//! `__metadata__` of each holds, as text, its `format` and `version` beside what its format asks for.
//! The header is read and checked first; only a file that passes has its weights read, and a file that
//! does not is refused in one sentence that names it.
//!
//! | format | versions that are read | what it is |
//! |---|---|---|
//! | `synopsia.painter` | 1 (one architecture), 2 (three), 3 (families of looks) | [`PAINTER`] |
//! | `synopsia.emotion` | 2 (hears keys) | [`EMOTION`] |
//! | `synopsia.mood` | 1 | [`MOOD`] |
//! | `synopsia.beat` | 1 | [`BEAT`] |
//! | `synopsia.words` | 1 | [`WORDS`] |
//! | `synopsia.sonify` | 1 | [`SONIFY`] |
//! | `synopsia.imagery` | 1 | [`IMAGERY`] |
//! | `synopsia.compose` | 1 | [`COMPOSE`] |

mod papers;

pub use papers::Papers;
use std::fmt;
use std::io::{self, Read};
use std::ops::RangeInclusive;

use half::f16;
use half::slice::HalfFloatSliceExt;
use safetensors::tensor::{Dtype, Metadata, TensorInfo};

/// Larger headers are refused: StyleGAN2 of 1024 pixels has about 12 KB.
const LARGEST_HEADER: u64 = 1 << 20;

/// A kind of file.
#[derive(Debug)]
pub struct Format {
    /// What `__metadata__` must call it.
    name: &'static str,
    /// The versions of the format that this program reads.
    versions: RangeInclusive<u32>,
    /// What it is in a sentence.
    what: &'static str,
    /// Larger files are refused, bytes.
    largest: u64,
    /// How its numbers may be stored.
    types: &'static [Dtype],
}

/// A generator. StyleGAN2 of 1024 pixels has about 70 MB.
pub const PAINTER: Format = Format {
    name: "synopsia.painter",
    versions: 1..=3,
    what: "a painter model",
    largest: 256 << 20,
    types: &[Dtype::F16],
};

/// What hears the emotion of music.
pub const EMOTION: Format = Format::small("synopsia.emotion", 2..=2, "an emotion model");

/// What says the mood of pictures. Its largest matrices are bytes, with a scale for each row.
pub const MOOD: Format = Format {
    types: &[Dtype::F16, Dtype::F32, Dtype::I8],
    ..Format::small("synopsia.mood", 1..=1, "a picture mood model")
};

/// What hears beats and bars in music.
pub const BEAT: Format = Format::small("synopsia.beat", 1..=1, "a beat model");

/// What reads words. Words are text, and their vectors bytes, with a scale each.
pub const WORDS: Format = Format {
    types: &[Dtype::F16, Dtype::F32, Dtype::I8, Dtype::U8],
    ..Format::small("synopsia.words", 1..=1, "a words model")
};

/// What paints the spectra that pictures sound like.
pub const SONIFY: Format = Format::small("synopsia.sonify", 1..=1, "a sonifying model");

/// What words have one see, and where painters show it. As in [`WORDS`]; places are bytes, too.
pub const IMAGERY: Format = Format {
    types: WORDS.types,
    ..Format::small("synopsia.imagery", 1..=1, "a bank of places")
};

/// What composes music. Its matrices are bytes, with a scale for each row.
pub const COMPOSE: Format = Format {
    types: &[Dtype::F16, Dtype::F32, Dtype::I8],
    ..Format::small("synopsia.compose", 1..=1, "a composing model")
};

/// Why a file of weights was refused. Reads as a sentence behind the file's name.
#[derive(Clone, Debug, PartialEq)]
pub enum WeightsFault {
    /// The file could not be read; the operating system's reason.
    Unreadable(String),
    /// Not such a file at all: what it should be, and what gave it away.
    Other { what: &'static str, reason: String },
    /// Fewer bytes than the header promises.
    Truncated { bytes: u64, promised: u64 },
    /// More bytes than any such file needs.
    TooLarge {
        what: &'static str,
        bytes: u64,
        largest: u64,
    },
    /// Made for a later version of the format.
    Newer { version: u32, newest: u32 },
    /// Made for a version of the format that is no longer read.
    Older { version: u32, oldest: u32 },
    /// What contradicts itself: a value of the header, or a tensor that is missing or of another
    /// shape or type than the header implies.
    Header(String),
    /// A weight that is NaN or infinite, in the tensor of this name.
    NotANumber(String),
}

impl fmt::Display for WeightsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(f, "could not be read: {reason}"),
            Self::Other { what, reason } => write!(f, "is not {what}: {reason}"),
            Self::Truncated { bytes, promised } => write!(
                f,
                "is truncated: it has {bytes} of the {promised} bytes its header promises"
            ),
            Self::TooLarge {
                what,
                bytes,
                largest,
            } => write!(
                f,
                "is too large for {what}: {} MB, and at most {} MB are read",
                bytes >> 20,
                largest >> 20
            ),
            Self::Newer { version, newest } => write!(
                f,
                "was made for a newer Synopsia (format {version}; this one reads {newest})"
            ),
            Self::Older { version, oldest } => write!(
                f,
                "was made for an older Synopsia (format {version}; this one reads {oldest})"
            ),
            Self::Header(what) => write!(f, "does not fit its own header: {what}"),
            Self::NotANumber(tensor) => {
                write!(
                    f,
                    "is damaged: {tensor} holds a weight that is not a number"
                )
            }
        }
    }
}

impl std::error::Error for WeightsFault {}

impl Format {
    const fn small(name: &'static str, versions: RangeInclusive<u32>, what: &'static str) -> Self {
        Self {
            name,
            versions,
            what,
            largest: 64 << 20,
            types: &[Dtype::F16, Dtype::F32],
        }
    }

    /// The fault of a file that is something else.
    pub fn other(&self, reason: impl Into<String>) -> WeightsFault {
        WeightsFault::Other {
            what: self.what,
            reason: reason.into(),
        }
    }

    /// The version as the header has it.
    fn version(&self, text: &str) -> Result<u32, WeightsFault> {
        let (oldest, newest) = (*self.versions.start(), *self.versions.end());
        match text.trim().parse() {
            Ok(version) if self.versions.contains(&version) => Ok(version),
            Ok(version) if version > newest => Err(WeightsFault::Newer { version, newest }),
            Ok(version) if version > 0 => Err(WeightsFault::Older { version, oldest }),
            _ => Err(self.other(format!(
                "its version is {text:?}, which is not a number from 1"
            ))),
        }
    }
}

/// The header of a file whose format, version and length are right.
#[derive(Debug)]
pub struct Header {
    format: &'static Format,
    version: u32,
    tensors: Metadata,
}

impl Header {
    /// Reads the header of a file of `bytes` bytes, and leaves `source` at the first weight.
    ///
    /// # Errors
    /// When the source cannot be read, is another kind of file, too large, of a version that is not
    /// read, or truncated.
    pub fn read(
        format: &'static Format,
        bytes: u64,
        source: &mut impl Read,
    ) -> Result<Self, WeightsFault> {
        let largest = format.largest;
        if bytes > largest {
            let what = format.what;
            return Err(WeightsFault::TooLarge {
                what,
                bytes,
                largest,
            });
        }
        let unreadable = |error: io::Error| WeightsFault::Unreadable(error.to_string());
        let mut prefix = [0; 9];
        if bytes < prefix.len() as u64 {
            return Err(format.other("it is too short"));
        }
        source.read_exact(&mut prefix).map_err(unreadable)?;
        let [length @ .., brace] = prefix;
        let length = u64::from_le_bytes(length);
        if brace != b'{' || !(2..=LARGEST_HEADER).contains(&length) {
            return Err(format.other("it does not start like a safetensors file"));
        }
        let promises = |promised| match promised > bytes {
            true => Err(WeightsFault::Truncated { bytes, promised }),
            false => Ok(()),
        };
        promises(8 + length)?;
        let mut text = vec![0; length as usize];
        text[0] = brace;
        source.read_exact(&mut text[1..]).map_err(unreadable)?;
        let tensors: Metadata = serde_json::from_slice(&text)
            .map_err(|_| format.other("its header is not that of a safetensors file"))?;
        let mut header = Self {
            format,
            version: 0,
            tensors,
        };
        let name = header.text("format")?;
        if name != format.name {
            let expected = format.name;
            return Err(format.other(format!("its format is {name:?}, not {expected:?}")));
        }
        header.version = format.version(header.text("version")?)?;
        promises(8 + length + header.tensors.data_len() as u64)?;
        Ok(header)
    }

    pub fn version(&self) -> u32 {
        self.version
    }

    /// How many bytes of weights lie behind the header.
    pub fn data_len(&self) -> usize {
        self.tensors.data_len()
    }

    /// How many numbers the file holds.
    pub fn weights(&self) -> usize {
        let count = |info: &&TensorInfo| {
            let sizes = info.shape.iter();
            sizes.fold(1usize, |product, size| product.saturating_mul(*size))
        };
        let tensors = self.tensors.tensors();
        tensors.values().map(count).fold(0, usize::saturating_add)
    }

    /// The names of its tensors.
    pub fn names(&self) -> Vec<String> {
        self.tensors.tensors().into_keys().collect()
    }

    /// The shape of a tensor; none where there is no such tensor.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        Some(&self.tensors.info(name)?.shape)
    }

    /// What `__metadata__` says under a key.
    ///
    /// # Errors
    /// When it says nothing.
    pub fn text(&self, key: &str) -> Result<&str, WeightsFault> {
        let table = self.tensors.metadata().as_ref();
        let said = table.and_then(|table| table.get(key));
        let missing = || self.format.other(format!("its header has no {key}"));
        said.map(String::as_str).ok_or_else(missing)
    }

    /// The number from 1 to `largest` that `__metadata__` says under a key.
    ///
    /// # Errors
    /// When it says nothing, or something else.
    pub fn number(&self, key: &str, largest: usize) -> Result<usize, WeightsFault> {
        let text = self.text(key)?;
        let value = text.trim().parse().ok();
        let value = value.filter(|value| (1..=largest).contains(value));
        value.ok_or_else(|| {
            let range = format!("a number from 1 to {largest}");
            WeightsFault::Header(format!("its {key} is {text:?}, which is not {range}"))
        })
    }

    /// Checks that a tensor is there, in this shape, and stored as its format has it.
    ///
    /// # Errors
    /// When it is not.
    pub fn check(&self, name: &str, shape: &[usize]) -> Result<(), WeightsFault> {
        let fault = |text| Err(WeightsFault::Header(text));
        let Some(found) = self.tensors.info(name) else {
            return fault(format!("{name} is missing"));
        };
        let (dtype, types) = (found.dtype, self.format.types);
        if !types.contains(&dtype) {
            let types: Vec<_> = types.iter().map(|dtype| format!("{dtype:?}")).collect();
            return fault(format!("{name} is {dtype:?}, not {}", types.join(" or ")));
        }
        if found.shape != shape {
            return fault(format!("{name} is {:?}, not {shape:?}", found.shape));
        }
        Ok(())
    }

    /// The bytes of one tensor out of `data`, the bytes behind the header.
    ///
    /// # Errors
    /// When there is no such tensor, or the bytes are too few.
    pub fn bytes<'a>(&self, data: &'a [u8], name: &str) -> Result<&'a [u8], WeightsFault> {
        let place = self.tensors.info(name).map(|info| info.data_offsets);
        let bytes = place.and_then(|(begin, end)| data.get(begin..end));
        bytes.ok_or_else(|| WeightsFault::Header(format!("{name} is missing")))
    }

    /// The numbers of one tensor out of `data`, the bytes behind the header; none where there is no
    /// such tensor. Signed bytes are meant times the scale of their row, which is in the tensor `NAME.scale`.
    ///
    /// # Errors
    /// When the bytes are too few, or a number is not finite.
    pub fn floats(&self, data: &[u8], name: &str) -> Result<Vec<f32>, WeightsFault> {
        let Some(info) = self.tensors.info(name) else {
            return Ok(Vec::new());
        };
        let bytes = self.bytes(data, name)?;
        let floats: Vec<f32> = match info.dtype {
            Dtype::F16 => {
                let halves = bytes.as_chunks().0.iter();
                let halves: Vec<_> = halves.map(|bytes| f16::from_le_bytes(*bytes)).collect();
                halves.to_f32_vec()
            }
            Dtype::F32 => {
                let floats = bytes.as_chunks().0.iter();
                floats.map(|bytes| f32::from_le_bytes(*bytes)).collect()
            }
            Dtype::I8 => {
                let scales = self.floats(data, &format!("{name}.scale"))?;
                let width = bytes.len() / scales.len().max(1);
                if scales.is_empty() || info.shape.first() != Some(&scales.len()) || width == 0 {
                    let fault = format!("{name} has no scale for each row");
                    return Err(WeightsFault::Header(fault));
                }
                let rows = bytes.chunks_exact(width).zip(&scales);
                rows.flat_map(|(row, scale)| {
                    row.iter()
                        .map(move |byte| f32::from(byte.cast_signed()) * scale)
                })
                .collect()
            }
            dtype => {
                return Err(WeightsFault::Header(format!(
                    "{name} is stored as {dtype:?}"
                )));
            }
        };
        match floats.iter().all(|value| value.is_finite()) {
            true => Ok(floats),
            false => Err(WeightsFault::NotANumber(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests;
