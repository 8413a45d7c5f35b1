//! The header of a model file: what it says, checked before any weight is read.

use std::io::Read;

use half::f16;
use half::slice::HalfFloatSliceExt;
use safetensors::tensor::{Dtype, Metadata};

use super::architecture::{self, Architecture};
use super::layers::START_SIDE;
use super::looks::{self, Blend};
use super::{Fault, Model, ModelInfo};
use crate::gan::LATENT_DIM;

/// What `__metadata__` must call the format.
const FORMAT: &str = "synopsia.painter";
/// The newest version of the format. The first knows [`Architecture::ModulatedBilinear`] only, the
/// third families of looks.
pub(super) const VERSION: u32 = 3;
/// The version from which on files may hold a family.
const FAMILIES: u32 = 3;
/// Larger files are refused: StyleGAN2 of 1024 pixels has about 70 MB.
pub(super) const LARGEST_FILE: u64 = 256 << 20;
/// Larger headers are refused: StyleGAN2 of 1024 pixels has about 12 KB.
const LARGEST_HEADER: u64 = 1 << 20;
/// Largest side and largest number of channels of any level.
const LARGEST_SIZE: usize = 1024;
/// Most layers of a mapping network; StyleGAN2 has two to eight.
const LARGEST_MAPPING: usize = 16;
/// Most numbers of a map: 64 channels of 1024 pixels squared, twice what StyleGAN2 has.
const LARGEST_MAP: usize = 64 << 20;

/// A header whose every promise was checked against what this program can run.
pub(super) struct Header {
    pub info: ModelInfo,
    architecture: Architecture,
    tensors: Metadata,
}

impl Header {
    /// Reads the header of a file of `bytes` bytes, and leaves `source` at the first weight.
    pub fn read(bytes: u64, mut source: impl Read) -> Result<Self, Fault> {
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

        let (architecture, info) = described(&tensors)?;
        let promised = 8 + length + tensors.data_len() as u64;
        let header = Self {
            info,
            architecture,
            tensors,
        };
        header.check_tensors()?;
        if promised > bytes {
            return Err(Fault::Truncated { bytes, promised });
        }
        Ok(header)
    }

    /// How many bytes lie behind the header.
    pub fn data_len(&self) -> usize {
        self.tensors.data_len()
    }

    /// Checks that exactly the tensors that the architecture implies are there, in their shapes.
    fn check_tensors(&self) -> Result<(), Fault> {
        let mut implied = 0;
        architecture::assemble(self.architecture, &self.info, &mut |name, shape, needed| {
            let Some(found) = self.tensors.info(name) else {
                return if needed {
                    Err(Fault::Tensor(format!("{name} is missing")))
                } else {
                    Ok(Vec::new())
                };
            };
            if found.dtype != Dtype::F16 {
                let dtype = found.dtype;
                return Err(Fault::Tensor(format!("{name} is {dtype:?}, not F16")));
            }
            if found.shape != *shape {
                let found = &found.shape;
                return Err(Fault::Tensor(format!("{name} is {found:?}, not {shape:?}")));
            }
            implied += 1;
            Ok(Vec::new())
        })?;
        if self.tensors.tensors().len() != implied {
            return Err(Fault::Tensor(
                "it holds tensors that a painter does not have".to_owned(),
            ));
        }
        Ok(())
    }

    /// Takes the weights out of the bytes behind the header.
    pub fn load(self, data: &[u8]) -> Result<Model, Fault> {
        let mut model =
            architecture::assemble(self.architecture, &self.info, &mut |name, _, _| {
                self.floats(data, name)
            })?;
        if let Some(first) = self.info.looks.first() {
            model.choose(&Blend::only(first))?;
        }
        Ok(model)
    }

    /// The numbers of one tensor as f32; none where there is no such tensor.
    fn floats(&self, data: &[u8], name: &str) -> Result<Vec<f32>, Fault> {
        let Some(info) = self.tensors.info(name) else {
            return Ok(Vec::new());
        };
        let bytes = data.get(info.data_offsets.0..info.data_offsets.1);
        let halves: Vec<f16> = bytes
            .ok_or_else(|| Fault::Tensor(format!("{name} is missing")))?
            .chunks_exact(2)
            .map(|pair| f16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        let floats = halves.to_f32_vec();
        if floats.iter().any(|value| !value.is_finite()) {
            return Err(Fault::NotANumber(name.to_owned()));
        }
        Ok(floats)
    }
}

/// What `__metadata__` says, checked for sense.
fn described(tensors: &Metadata) -> Result<(Architecture, ModelInfo), Fault> {
    let said = |key: &str| -> Result<&str, Fault> {
        let table = tensors.metadata().as_ref();
        table
            .and_then(|table| table.get(key))
            .map(String::as_str)
            .ok_or_else(|| Fault::NotAModel(format!("its header has no {key}")))
    };
    let number = |key: &str, largest: usize| -> Result<usize, Fault> {
        let text = said(key)?;
        let value = text.trim().parse().ok();
        value
            .filter(|value| (1..=largest).contains(value))
            .ok_or_else(|| {
                let range = format!("a number from 1 to {largest}");
                Fault::Tensor(format!("its {key} is {text:?}, which is not {range}"))
            })
    };

    let format = said("format")?;
    if format != FORMAT {
        let reason = format!("its format is {format:?}, not {FORMAT:?}");
        return Err(Fault::NotAModel(reason));
    }
    let version = said("version")?;
    let version = match version.trim().parse() {
        Ok(version @ 1..=VERSION) => version,
        Ok(version) if version > VERSION => return Err(Fault::Newer { version }),
        _ => {
            let reason = format!("its version is {version:?}, which is not a number from 1");
            return Err(Fault::NotAModel(reason));
        }
    };
    let name = said("architecture")?;
    let architecture = Architecture::named(name).ok_or_else(|| {
        let known = Architecture::ALL.map(Architecture::name).join(", ");
        Fault::NotAModel(format!("its architecture is {name:?}, not one of {known}"))
    })?;
    let looks = match said("looks") {
        Ok(_) if version < FAMILIES => {
            let reason = format!("its looks need version {FAMILIES}, and it has {version}");
            return Err(Fault::Tensor(reason));
        }
        Ok(_) if architecture != Architecture::ModulatedBilinear => {
            return Err(Fault::Tensor(format!("{name} has no looks")));
        }
        Ok(text) => {
            looks::listed(text).ok_or_else(|| Fault::Tensor(format!("its looks are {text:?}")))?
        }
        Err(_) => Vec::new(),
    };
    let (w_dim, mapping_layers) = match architecture {
        Architecture::ModulatedBilinear => (number("w_dim", LARGEST_SIZE)?, 2),
        Architecture::StyleGan2 => (
            number("w_dim", LARGEST_SIZE)?,
            number("mapping_layers", LARGEST_MAPPING)?,
        ),
        Architecture::Dcgan => (0, 0),
    };

    let text = said("channels")?;
    let channels: Vec<usize> = text
        .split(',')
        .map(|count| count.trim().parse().ok())
        .map(|count| count.filter(|count| (1..=LARGEST_SIZE).contains(count)))
        .collect::<Option<_>>()
        .ok_or_else(|| Fault::Tensor(format!("its channels are {text:?}")))?;
    let convolutions = match said("convolutions") {
        Ok(text) if architecture == Architecture::ModulatedBilinear => text
            .split(',')
            .map(|count| count.trim().parse().ok())
            .map(|count| count.filter(|count| (1..=2).contains(count)))
            .collect::<Option<Vec<_>>>()
            .filter(|convolutions| convolutions.len() == channels.len())
            .ok_or_else(|| Fault::Tensor(format!("its convolutions are {text:?}")))?,
        _ if architecture == Architecture::ModulatedBilinear => vec![1; channels.len()],
        _ => Vec::new(),
    };
    let resolution = number("resolution", LARGEST_SIZE)?;
    let doublings = channels.len() as u32 - 1 + u32::from(architecture == Architecture::Dcgan);
    if doublings > 16 || START_SIDE << doublings != resolution {
        return Err(Fault::Tensor(format!(
            "{} blocks do not lead from side {START_SIDE} to {resolution}",
            channels.len()
        )));
    }
    for (level, channels) in channels.iter().enumerate() {
        let side = START_SIDE << level;
        if side * side * channels > LARGEST_MAP {
            return Err(Fault::Tensor(format!(
                "{channels} channels of {side}x{side} are more than fit into memory"
            )));
        }
    }
    let weights = tensors.tensors();
    let weights = weights.values().map(|info| {
        let sizes = info.shape.iter();
        sizes.fold(1usize, |product, size| product.saturating_mul(*size))
    });
    let info = ModelInfo {
        name: said("name")?.to_owned(),
        looks,
        architecture: architecture.name().to_owned(),
        resolution,
        channels,
        convolutions,
        z_dim: number("z_dim", LATENT_DIM)?,
        w_dim,
        mapping_layers,
        weights: weights.fold(0, usize::saturating_add),
        mood: said("mood")?.to_owned(),
        trained_on: said("trained_on")?.to_owned(),
        licence: said("licence")?.to_owned(),
        steps: said("steps")?.to_owned(),
    };
    Ok((architecture, info))
}
