//! A painter's model file: safetensors whose header says what it is.
//!
//! The header is read and checked first: format, version, sizes, and the shape and type of every
//! tensor. Only a file that passes has its weights read, and a file that does not is refused in
//! one sentence that names it.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use half::f16;
use half::slice::HalfFloatSliceExt;
use safetensors::tensor::{Dtype, Metadata};

use super::Z_DIM;

/// What `__metadata__` must call the format.
const FORMAT: &str = "synopsia.painter";
/// The only version of the format so far.
const VERSION: u32 = 1;
/// The only architecture so far: modulated convolutions, bilinear upsampling.
const ARCHITECTURE: &str = "modulated-bilinear";
/// Larger files are refused: a 1024-pixel generator of this kind has about 60 MB.
const LARGEST_FILE: u64 = 256 << 20;
/// Larger headers are refused: a model of ten levels has about 6 KB.
const LARGEST_HEADER: u64 = 1 << 20;
/// Side of the first block's map, in pixels.
pub(super) const START_SIDE: usize = 4;
/// Largest side and largest number of channels of any level.
const LARGEST_SIZE: usize = 1024;
/// The mean w is stored on a grid of this many arousals by this many valences.
pub(super) const MOOD_GRID: usize = 5;

/// What a model says about itself, as listed by `synopsia models`.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelInfo {
    /// The look, for example `surreal`.
    pub name: String,
    /// Width and height of its pictures, in pixels.
    pub resolution: usize,
    /// Channels that leave each block, from side 4 upwards.
    pub channels: Vec<usize>,
    /// Length of the intermediate latent w.
    pub w_dim: usize,
    /// How many numbers the file holds.
    pub weights: usize,
    /// What the two mood inputs mean.
    pub mood: String,
    /// The pictures it learned from.
    pub trained_on: String,
    /// Under which licence the weights may be used.
    pub licence: String,
    /// Training steps taken.
    pub steps: String,
}

/// A fully connected layer: `weight` is `[outputs, inputs]`, `bias` is `[outputs]`.
#[derive(Clone, Debug)]
pub(super) struct Dense {
    pub inputs: usize,
    pub outputs: usize,
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

/// A modulated 3x3 convolution with its style and its way to RGB.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub c_in: usize,
    pub c_out: usize,
    /// `[c_out, c_in, 3, 3]`.
    pub conv: Vec<f32>,
    /// `[c_out]`.
    pub bias: Vec<f32>,
    /// w to the factors of the input channels.
    pub style: Dense,
    /// Output channels to RGB.
    pub rgb: Dense,
}

/// A generator's weights, checked: every shape as the header implies, every number finite.
#[derive(Clone, Debug)]
pub struct Model {
    pub info: ModelInfo,
    pub(super) mapping: [Dense; 2],
    /// `[arousal, valence, w_dim]`, each mood axis from -1 to 1.
    pub(super) w_mean: Vec<f32>,
    /// z to the first map, `[channels, 4, 4]`.
    pub(super) start: Dense,
    pub(super) blocks: Vec<Block>,
}

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
            Fault::NotANumber(tensor) => {
                write!(
                    f,
                    "{file} is damaged: {tensor} holds a weight that is not a number"
                )
            }
            Fault::Unknown { known } => {
                write!(
                    f,
                    "there is no model named {file}; there are {}",
                    known.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for ModelError {}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// When the file cannot be read, is no model, is truncated, too large, of a newer version, of
    /// other shapes than its header implies, or holds a number that is not finite.
    pub fn open(path: &Path) -> Result<Self, ModelError> {
        open(path).and_then(|(file, bytes)| Self::read(&path.display().to_string(), bytes, file))
    }

    /// Reads a model from memory; `name` stands in errors.
    ///
    /// # Errors
    /// As [`Model::open`].
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, ModelError> {
        Self::read(name, bytes.len() as u64, bytes)
    }

    fn read(name: &str, bytes: u64, mut source: impl Read) -> Result<Self, ModelError> {
        let refuse = |fault| ModelError {
            file: name.to_owned(),
            fault,
        };
        let header = Header::read(bytes, &mut source).map_err(refuse)?;
        let mut data = vec![0; header.tensors.data_len()];
        source
            .read_exact(&mut data)
            .map_err(|error| refuse(Fault::Unreadable(error.to_string())))?;
        header.load(&data).map_err(refuse)
    }
}

impl ModelInfo {
    /// Reads and checks only the header of a model file.
    ///
    /// # Errors
    /// As [`Model::open`], except for numbers that are not finite: weights are not read.
    pub fn open(path: &Path) -> Result<Self, ModelError> {
        let (mut file, bytes) = open(path)?;
        let header = Header::read(bytes, &mut file).map_err(|fault| ModelError {
            file: path.display().to_string(),
            fault,
        })?;
        Ok(header.info)
    }

    /// Reads and checks only the header of a model in memory.
    ///
    /// # Errors
    /// As [`ModelInfo::open`].
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, ModelError> {
        let header = Header::read(bytes.len() as u64, bytes).map_err(|fault| ModelError {
            file: name.to_owned(),
            fault,
        })?;
        Ok(header.info)
    }
}

/// Opens a file and says how many bytes it has.
fn open(path: &Path) -> Result<(File, u64), ModelError> {
    let file = File::open(path);
    let opened = file.and_then(|file| file.metadata().map(|about| (file, about)));
    let fault = match opened {
        Ok((file, about)) if about.is_file() => return Ok((file, about.len())),
        Ok(_) => Fault::NotAModel("it is not a file".to_owned()),
        Err(error) => Fault::Unreadable(error.to_string()),
    };
    Err(ModelError {
        file: path.display().to_string(),
        fault,
    })
}

/// A header whose every promise was checked against what this program can run.
struct Header {
    info: ModelInfo,
    tensors: Metadata,
}

impl Header {
    /// Reads the header of a file of `bytes` bytes, and leaves `source` at the first weight.
    fn read(bytes: u64, mut source: impl Read) -> Result<Self, Fault> {
        if bytes > LARGEST_FILE {
            return Err(Fault::TooLarge { bytes });
        }
        let no_model = |reason: &str| Fault::NotAModel(reason.to_owned());
        let unreadable = |error: std::io::Error| Fault::Unreadable(error.to_string());
        let mut prefix = [0; 9];
        if bytes < prefix.len() as u64 {
            return Err(no_model("it is too short"));
        }
        source.read_exact(&mut prefix).map_err(unreadable)?;
        let [length @ .., brace] = prefix;
        let length = u64::from_le_bytes(length);
        if brace != b'{' || !(2..=LARGEST_HEADER).contains(&length) {
            return Err(no_model("it does not start like a safetensors file"));
        }
        if 8 + length > bytes {
            return Err(Fault::Truncated {
                bytes,
                promised: 8 + length,
            });
        }
        let mut header = vec![0; length as usize];
        header[0] = brace;
        source.read_exact(&mut header[1..]).map_err(unreadable)?;
        let tensors: Metadata = serde_json::from_slice(&header)
            .map_err(|_| no_model("its header is not that of a safetensors file"))?;

        let info = described(&tensors)?;
        check_tensors(&info, &tensors)?;
        let promised = 8 + length + tensors.data_len() as u64;
        if promised > bytes {
            return Err(Fault::Truncated { bytes, promised });
        }
        Ok(Self { info, tensors })
    }

    /// Takes the weights out of the bytes behind the header.
    fn load(self, data: &[u8]) -> Result<Model, Fault> {
        let Self { info, tensors } = self;
        let floats = |name: &str| floats(&tensors, data, name);
        let dense = |name: &str, inputs: usize| -> Result<Dense, Fault> {
            let bias = floats(&format!("{name}.bias"))?;
            Ok(Dense {
                inputs,
                outputs: bias.len(),
                weight: floats(&format!("{name}.weight"))?,
                bias,
            })
        };
        let blocks = inputs_and_outputs(&info.channels)
            .enumerate()
            .map(|(i, (c_in, c_out))| {
                Ok(Block {
                    c_in,
                    c_out,
                    conv: floats(&format!("blocks.{i}.conv.weight"))?,
                    bias: floats(&format!("blocks.{i}.conv.bias"))?,
                    style: dense(&format!("blocks.{i}.style"), info.w_dim)?,
                    rgb: dense(&format!("blocks.{i}.rgb"), c_out)?,
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok(Model {
            mapping: [
                dense("mapping.0", Z_DIM + 2)?,
                dense("mapping.1", info.w_dim)?,
            ],
            w_mean: floats("w_mean")?,
            start: dense("start", Z_DIM)?,
            blocks,
            info,
        })
    }
}

/// What `__metadata__` says, checked for sense.
fn described(tensors: &Metadata) -> Result<ModelInfo, Fault> {
    let said = |key: &str| -> Result<&str, Fault> {
        let table = tensors.metadata().as_ref();
        table
            .and_then(|table| table.get(key))
            .map(String::as_str)
            .ok_or_else(|| Fault::NotAModel(format!("its header has no {key}")))
    };
    let expect = |key: &str, wanted: &str| -> Result<(), Fault> {
        match said(key)? {
            found if found == wanted => Ok(()),
            found => Err(Fault::NotAModel(format!(
                "its {key} is {found:?}, not {wanted:?}"
            ))),
        }
    };
    let number = |key: &str| -> Result<usize, Fault> {
        let text = said(key)?;
        let value = text.trim().parse().ok();
        value
            .filter(|value| (1..=LARGEST_SIZE).contains(value))
            .ok_or_else(|| {
                let range = format!("a number from 1 to {LARGEST_SIZE}");
                Fault::Tensor(format!("its {key} is {text:?}, which is not {range}"))
            })
    };

    expect("format", FORMAT)?;
    match said("version")?.trim().parse() {
        Ok(VERSION) => {}
        Ok(version) if version > VERSION => return Err(Fault::Newer { version }),
        _ => expect("version", &VERSION.to_string())?,
    }
    expect("architecture", ARCHITECTURE)?;
    if number("z_dim")? != Z_DIM {
        return Err(Fault::Tensor(format!(
            "its latent does not have {Z_DIM} numbers"
        )));
    }

    let text = said("channels")?;
    let channels: Vec<usize> = text
        .split(',')
        .map(|count| {
            count
                .trim()
                .parse()
                .ok()
                .filter(|n| (1..=LARGEST_SIZE).contains(n))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| Fault::Tensor(format!("its channels are {text:?}")))?;
    let resolution = number("resolution")?;
    let doublings = channels.len() as u32 - 1;
    if START_SIDE.checked_shl(doublings) != Some(resolution) || doublings > 16 {
        return Err(Fault::Tensor(format!(
            "{} blocks do not lead from side {START_SIDE} to {resolution}",
            channels.len()
        )));
    }
    let weights = tensors
        .tensors()
        .values()
        .map(|info| info.shape.iter().product::<usize>())
        .sum();
    Ok(ModelInfo {
        name: said("name")?.to_owned(),
        resolution,
        channels,
        w_dim: number("w_dim")?,
        weights,
        mood: said("mood")?.to_owned(),
        trained_on: said("trained_on")?.to_owned(),
        licence: said("licence")?.to_owned(),
        steps: said("steps")?.to_owned(),
    })
}

/// Checks that exactly the tensors that `info` implies are there, in their shapes.
fn check_tensors(info: &ModelInfo, tensors: &Metadata) -> Result<(), Fault> {
    let w = info.w_dim;
    let first = info.channels[0];
    let mut implied: Vec<(String, Vec<usize>)> =
        vec![("w_mean".to_owned(), vec![MOOD_GRID, MOOD_GRID, w])];
    let mut dense = |name: String, inputs: usize, outputs: usize| {
        implied.push((format!("{name}.weight"), vec![outputs, inputs]));
        implied.push((format!("{name}.bias"), vec![outputs]));
    };
    dense("mapping.0".to_owned(), Z_DIM + 2, w);
    dense("mapping.1".to_owned(), w, w);
    dense("start".to_owned(), Z_DIM, first * START_SIDE * START_SIDE);
    for (i, (c_in, c_out)) in inputs_and_outputs(&info.channels).enumerate() {
        dense(format!("blocks.{i}.style"), w, c_in);
        dense(format!("blocks.{i}.rgb"), c_out, 3);
    }
    for (i, (c_in, c_out)) in inputs_and_outputs(&info.channels).enumerate() {
        implied.push((format!("blocks.{i}.conv.weight"), vec![c_out, c_in, 3, 3]));
        implied.push((format!("blocks.{i}.conv.bias"), vec![c_out]));
    }

    for (name, shape) in &implied {
        let found = tensors
            .info(name)
            .ok_or_else(|| Fault::Tensor(format!("{name} is missing")))?;
        if found.dtype != Dtype::F16 {
            let dtype = found.dtype;
            return Err(Fault::Tensor(format!("{name} is {dtype:?}, not F16")));
        }
        if found.shape != *shape {
            let found = &found.shape;
            return Err(Fault::Tensor(format!("{name} is {found:?}, not {shape:?}")));
        }
    }
    if tensors.tensors().len() != implied.len() {
        return Err(Fault::Tensor(
            "it holds tensors that a painter does not have".to_owned(),
        ));
    }
    Ok(())
}

/// `(c_in, c_out)` of every block; the first takes as many channels as it gives.
fn inputs_and_outputs(channels: &[usize]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let inputs = channels.iter().take(1).chain(channels);
    inputs.copied().zip(channels.iter().copied())
}

/// The numbers of one tensor, as f32.
fn floats(tensors: &Metadata, data: &[u8], name: &str) -> Result<Vec<f32>, Fault> {
    let bytes = tensors
        .info(name)
        .and_then(|info| data.get(info.data_offsets.0..info.data_offsets.1))
        .ok_or_else(|| Fault::Tensor(format!("{name} is missing")))?;
    let halves: Vec<f16> = bytes
        .chunks_exact(2)
        .map(|pair| f16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let floats = halves.to_f32_vec();
    if floats.iter().any(|value| !value.is_finite()) {
        return Err(Fault::NotANumber(name.to_owned()));
    }
    Ok(floats)
}
