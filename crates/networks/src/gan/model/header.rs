//! What the header of a painter's file says, checked before any weight is read.

use std::io::Read;

use super::architecture::{self, Architecture};
use super::layers::START_SIDE;
use super::looks::{self, Blend};
use super::{Fault, Model, ModelInfo};
use crate::gan::LATENT_DIM;
use crate::weights::{self, PAINTER, WeightsFault};

/// The version from which on files may hold a family.
const FAMILIES: u32 = 3;
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
    weights: weights::Header,
}

impl Header {
    /// Reads the header of a file of `bytes` bytes, and leaves `source` at the first weight.
    pub fn read(bytes: u64, mut source: impl Read) -> Result<Self, Fault> {
        let weights = weights::Header::read(&PAINTER, bytes, &mut source)?;
        let (architecture, info) = described(&weights)?;
        let header = Self {
            info,
            architecture,
            weights,
        };
        header.check_tensors()?;
        Ok(header)
    }

    /// How many bytes lie behind the header.
    pub fn data_len(&self) -> usize {
        self.weights.data_len()
    }

    /// Checks that exactly the tensors that the architecture implies are there, in their shapes.
    fn check_tensors(&self) -> Result<(), Fault> {
        let mut implied = 0;
        architecture::assemble(self.architecture, &self.info, &mut |name, shape, needed| {
            if needed || self.weights.shape(name).is_some() {
                self.weights.check(name, shape)?;
                implied += 1;
            }
            Ok(Vec::new())
        })?;
        if self.weights.names().len() != implied {
            return Err(unfit("it holds tensors that a painter does not have"));
        }
        Ok(())
    }

    /// Takes the weights out of the bytes behind the header.
    pub fn load(self, data: &[u8]) -> Result<Model, Fault> {
        let mut model =
            architecture::assemble(self.architecture, &self.info, &mut |name, _, _| {
                Ok(self.weights.floats(data, name)?)
            })?;
        if let Some(first) = self.info.looks.first() {
            model.choose(&Blend::only(first))?;
        }
        Ok(model)
    }
}

/// The fault of a file that contradicts its own header.
fn unfit(what: impl Into<String>) -> Fault {
    Fault::File(WeightsFault::Header(what.into()))
}

/// The looks of a family; none where there are none.
fn looks_of(header: &weights::Header, architecture: Architecture) -> Result<Vec<String>, Fault> {
    let Ok(text) = header.text("looks") else {
        return Ok(Vec::new());
    };
    let version = header.version();
    if version < FAMILIES {
        let reason = format!("its looks need version {FAMILIES}, and it has {version}");
        return Err(unfit(reason));
    }
    if architecture != Architecture::ModulatedBilinear {
        return Err(unfit(format!("{} has no looks", architecture.name())));
    }
    looks::listed(text).ok_or_else(|| unfit(format!("its looks are {text:?}")))
}

/// Numbers from 1 to `most`, with commas between.
fn counts(text: &str, most: usize) -> Option<Vec<usize>> {
    text.split(',')
        .map(|count| count.trim().parse().ok())
        .map(|count| count.filter(|count| (1..=most).contains(count)))
        .collect()
}

/// Checks that these channels lead to the picture, and that their maps fit into memory.
fn check_sides(
    architecture: Architecture,
    resolution: usize,
    channels: &[usize],
) -> Result<(), Fault> {
    let doublings = channels.len() as u32 - 1 + u32::from(architecture == Architecture::Dcgan);
    if doublings > 16 || START_SIDE << doublings != resolution {
        return Err(unfit(format!(
            "{} blocks do not lead from side {START_SIDE} to {resolution}",
            channels.len()
        )));
    }
    for (level, channels) in channels.iter().enumerate() {
        let side = START_SIDE << level;
        if side * side * channels > LARGEST_MAP {
            return Err(unfit(format!(
                "{channels} channels of {side}x{side} are more than fit into memory"
            )));
        }
    }
    Ok(())
}

/// What `__metadata__` says, checked for sense.
fn described(header: &weights::Header) -> Result<(Architecture, ModelInfo), Fault> {
    let said = |key: &str| header.text(key);
    let number = |key: &str, largest: usize| header.number(key, largest);
    let name = said("architecture")?;
    let architecture = Architecture::named(name).ok_or_else(|| {
        let known = Architecture::ALL.map(Architecture::name).join(", ");
        PAINTER.other(format!("its architecture is {name:?}, not one of {known}"))
    })?;
    let looks = looks_of(header, architecture)?;
    let (w_dim, mapping_layers) = match architecture {
        Architecture::ModulatedBilinear => (number("w_dim", LARGEST_SIZE)?, 2),
        Architecture::StyleGan2 => (
            number("w_dim", LARGEST_SIZE)?,
            number("mapping_layers", LARGEST_MAPPING)?,
        ),
        Architecture::Dcgan => (0, 0),
    };

    let text = said("channels")?;
    let channels =
        counts(text, LARGEST_SIZE).ok_or_else(|| unfit(format!("its channels are {text:?}")))?;
    let convolutions = match said("convolutions") {
        Ok(text) if architecture == Architecture::ModulatedBilinear => counts(text, 2)
            .filter(|convolutions| convolutions.len() == channels.len())
            .ok_or_else(|| unfit(format!("its convolutions are {text:?}")))?,
        _ if architecture == Architecture::ModulatedBilinear => vec![1; channels.len()],
        _ => Vec::new(),
    };
    let resolution = number("resolution", LARGEST_SIZE)?;
    check_sides(architecture, resolution, &channels)?;
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
        weights: header.weights(),
        mood: said("mood")?.to_owned(),
        trained_on: said("trained_on")?.to_owned(),
        licence: said("licence")?.to_owned(),
        steps: said("steps")?.to_owned(),
    };
    Ok((architecture, info))
}
