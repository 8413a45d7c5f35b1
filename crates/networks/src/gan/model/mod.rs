//! A painter's model file: safetensors whose header says what it is.
//!
//! The [`header`] is read and checked first ([`crate::weights`]): format, version, sizes, and the shape
//! and type of every tensor. Only a file that passes has its weights read, and a file that does not is refused
//! in one sentence that names it. Three architectures come in such files, and all become the same
//! list of [`layers`] ([`architecture`] says how), so that a sampler need not know where a model
//! comes from.
//!
//! `__metadata__` of a file holds, as text: `format` (`synopsia.painter`), `version` (1 to 3),
//! `architecture`, `name`, `resolution`, `channels` (of each side from 4 upwards, with commas
//! between), `z_dim`, `mood`, `trained_on`, `licence` and `steps` (empty where unknown); `w_dim` but
//! for `dcgan`; `mapping_layers` for `stylegan2`; and for `modulated-bilinear` optionally
//! `convolutions` (at each side, 1 or 2; 1 where it is left out) and, from version 3 on, `looks`
//! (the names of a family's, with commas between; without, a file is one look by itself). All tensors are F16 in PyTorch's order, with
//! every gain, learning-rate multiplier and batch norm folded in:
//!
//! | tensor | shape | `modulated-bilinear` | `stylegan2` | `dcgan` |
//! |---|---|---|---|---|
//! | `mapping.I.weight`, `.bias` | `[w_dim, inputs]` | 2, z and mood | any, z | |
//! | `w_mean` | `[5, 5, w_dim]`, by arousal and valence | yes | yes | |
//! | `mood_directions` | `[2, w_dim]` | optional | optional | |
//! | `start.weight`, `.bias` | `[16 channels, z_dim]` | yes | | yes |
//! | `start` | `[channels, 4, 4]` | | yes | |
//! | `start.mood_bias` | `[5, 5, 16 channels]` | | | optional |
//! | `LAYER.conv.weight`, `.bias` | `[c_out, c_in, taps, taps]` | 3 taps | 3 taps | 4 taps |
//! | `LAYER.style.weight`, `.bias` | `[c_in, w_dim]` | yes | yes | |
//! | `LAYER.noise` | `[side, side]`, times its strength | optional | optional | |
//! | `blocks.I.rgb.weight`, `.bias` | `[3, c_out]` | yes | yes | |
//! | `blocks.I.rgb.style.weight`, `.bias` | `[c_out, w_dim]` | | yes | |
//!
//! A family of n looks ([`looks`]) has these three in other shapes, and `look` beside them:
//!
//! | tensor | shape | inputs |
//! |---|---|---|
//! | `look` | `[n, 8]`: a vector for each look | |
//! | `w_mean` | `[n, 5, 5, w_dim]` | |
//! | `mapping.0.weight` | `[w_dim, z_dim + 2 + 8]` | z, mood, the look's vector |
//! | `start.weight` | `[16 channels, z_dim + 8]` | z, the look's vector |
//!
//! LAYER is `blocks.I`, with `blocks.I.second` behind it where there are two convolutions, and in `stylegan2` `blocks.I.0` (which doubles; not in the first block) and
//! `blocks.I.1`. `dcgan` has one more layer than `channels`, which leads to the three colours. Its
//! kernels are those of transposed convolutions, `[c_out, c_in]` first; those of `blocks.I.0`
//! are applied to the doubled map as plain convolutions (so they are the flipped ones of
//! StyleGAN2's transposed convolution).

mod architecture;
mod error;
mod header;
mod info;
mod layers;
mod looks;
mod network;

pub use error::{Fault, ModelError};
pub use info::ModelInfo;
pub(super) use layers::{
    Activation, Dense, Edges, Layer, MOOD_GRID, Mapping, Range, Rgb, START_SIDE, Source, Start,
};
pub use looks::Blend;
pub(super) use looks::{Look, mix};
pub use network::Model;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::weights::{PAINTER, WeightsFault};
use header::Header;

impl Model {
    /// Reads a model file; of a family the first look paints.
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
        let mut data = vec![0; header.data_len()];
        source
            .read_exact(&mut data)
            .map_err(|error| refuse(WeightsFault::Unreadable(error.to_string()).into()))?;
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
    // What is no file is not opened: a pipe would wait for its writer.
    let opened = path.metadata().and_then(|about| match about.is_file() {
        true => Ok(Some((File::open(path)?, about.len()))),
        false => Ok(None),
    });
    let fault = match opened {
        Ok(Some(opened)) => return Ok(opened),
        Ok(None) => PAINTER.other("it is not a file"),
        Err(error) => WeightsFault::Unreadable(error.to_string()),
    };
    Err(ModelError {
        file: path.display().to_string(),
        fault: fault.into(),
    })
}
