//! The three kinds of generator, and how the tensors of each become [`Layer`]s.

use super::layers::{
    Activation, Dense, Edges, Layer, MOOD_GRID, Mapping, Range, Rgb, START_SIDE, Source, Start,
};
use super::looks::{LOOK_DIM, Look};
use super::{Fault, Model, ModelInfo};

/// A kind of generator that a file can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Architecture {
    /// Ours: modulated convolutions on bilinearly doubled maps, the mood beside z.
    ModulatedBilinear,
    /// StyleGAN2 with skips to RGB (Karras et al. 2020, arXiv:1912.04958; the discriminator's
    /// adaptive augmentation, arXiv:2006.06676, leaves the generator as it is).
    StyleGan2,
    /// Transposed convolutions, batch norms folded (Radford et al. 2016, arXiv:1511.06434).
    Dcgan,
}

impl Architecture {
    pub const ALL: [Self; 3] = [Self::ModulatedBilinear, Self::StyleGan2, Self::Dcgan];

    /// What `__metadata__` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ModulatedBilinear => "modulated-bilinear",
            Self::StyleGan2 => "stylegan2",
            Self::Dcgan => "dcgan",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// Gives the numbers of a tensor, by name and shape; none for one that is not there and not
/// needed (the last argument).
pub(super) type Take<'a> = dyn FnMut(&str, &[usize], bool) -> Result<Vec<f32>, Fault> + 'a;

/// Builds a model from its tensors. Asked in vain for numbers, `take` makes this a check of the
/// tensors' shapes, which takes no memory.
pub(super) fn assemble(
    architecture: Architecture,
    info: &ModelInfo,
    take: &mut Take,
) -> Result<Model, Fault> {
    let mut tensors = Tensors { take, info };
    let (mapping, start, layers, looks) = match architecture {
        Architecture::ModulatedBilinear => tensors.modulated_bilinear()?,
        Architecture::StyleGan2 => tensors.stylegan2()?,
        Architecture::Dcgan => tensors.dcgan()?,
    };
    let stylegan = architecture == Architecture::StyleGan2;
    Ok(Model {
        info: info.clone(),
        looks,
        mapping,
        start,
        layers,
        edges: if stylegan { Edges::Zero } else { Edges::Repeat },
        range: if stylegan { Range::Clamp } else { Range::Tanh },
        is_built_in: false,
        shares: Vec::new(),
    })
}

type Parts = (Option<Mapping>, Start, Vec<Layer>, Vec<Look>);

struct Tensors<'a, 'b> {
    take: &'a mut Take<'b>,
    info: &'a ModelInfo,
}

impl Tensors<'_, '_> {
    fn needed(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Fault> {
        (self.take)(name, shape, true)
    }

    fn dense(&mut self, name: &str, inputs: usize, outputs: usize) -> Result<Dense, Fault> {
        Ok(Dense {
            inputs,
            outputs,
            weight: self.needed(&format!("{name}.weight"), &[outputs, inputs])?,
            bias: self.needed(&format!("{name}.bias"), &[outputs])?,
        })
    }

    /// The mapping network with `extra` inputs behind z; with a mean for each look of a family.
    fn mapping(&mut self, extra: usize) -> Result<Mapping, Fault> {
        let (z, w) = (self.info.z_dim, self.info.w_dim);
        let mean = [self.info.looks.len(), MOOD_GRID, MOOD_GRID, w];
        let mean = if mean[0] == 0 { &mean[1..] } else { &mean };
        let layers = (0..self.info.mapping_layers)
            .map(|i| {
                self.dense(
                    &format!("mapping.{i}"),
                    if i == 0 { z + extra } else { w },
                    w,
                )
            })
            .collect::<Result<_, _>>()?;
        Ok(Mapping {
            layers,
            mood_directions: (self.take)("mood_directions", &[2, w], false)?,
            w_mean: self.needed("w_mean", mean)?,
        })
    }

    /// z, with `extra` inputs behind it, to the first map.
    fn first_map(&mut self, extra: usize) -> Result<Dense, Fault> {
        let outputs = self.info.channels[0] * START_SIDE * START_SIDE;
        self.dense("start", self.info.z_dim + extra, outputs)
    }

    /// A convolution without style, noise and RGB.
    fn convolution(
        &mut self,
        name: &str,
        (c_in, c_out): (usize, usize),
        side: usize,
        source: Source,
        activation: Activation,
    ) -> Result<Layer, Fault> {
        let taps = source.taps();
        Ok(Layer {
            c_in,
            c_out,
            side,
            source,
            weights: self.needed(&format!("{name}.conv.weight"), &[c_out, c_in, taps, taps])?,
            bias: self.needed(&format!("{name}.conv.bias"), &[c_out])?,
            noise: Vec::new(),
            style: None,
            activation,
            rgb: None,
        })
    }

    fn modulated_bilinear(&mut self) -> Result<Parts, Fault> {
        let info = self.info;
        let family = !info.looks.is_empty();
        let told = if family { LOOK_DIM } else { 0 };
        let mut mapping = self.mapping(2 + told)?;
        let mut start = self.first_map(told)?;
        let mut looks = Vec::new();
        if family {
            let vectors = self.needed("look", &[info.looks.len(), LOOK_DIM])?;
            looks = Look::split_off(&vectors, &mut mapping, &mut start);
        }
        let start = Start::Dense {
            dense: start,
            activation: Activation::None,
            mood_bias: Vec::new(),
        };
        let sizes = inputs_and_outputs(&info.channels).zip(&info.convolutions);
        let mut layers = Vec::new();
        for (i, ((c_in, c_out), convolutions)) in sizes.enumerate() {
            let name = format!("blocks.{i}");
            let source = if i == 0 {
                Source::Same
            } else {
                Source::Doubled
            };
            let side = START_SIDE << i;
            layers.push(self.modulated(&name, (c_in, c_out), side, source)?);
            if *convolutions == 2 {
                let name = format!("{name}.second");
                layers.push(self.modulated(&name, (c_out, c_out), side, Source::Same)?);
            }
            let dense = self.dense(&format!("{name}.rgb"), c_out, 3)?;
            if let Some(last) = layers.last_mut() {
                last.rgb = Some(Rgb { dense, style: None });
            }
        }
        Ok((Some(mapping), start, layers, looks))
    }

    /// A convolution with a style, and noise if the file has some.
    fn modulated(
        &mut self,
        name: &str,
        sizes: (usize, usize),
        side: usize,
        source: Source,
    ) -> Result<Layer, Fault> {
        let style = self.dense(&format!("{name}.style"), self.info.w_dim, sizes.0)?;
        Ok(Layer {
            style: Some(style),
            noise: (self.take)(&format!("{name}.noise"), &[side, side], false)?,
            ..self.convolution(name, sizes, side, source, Activation::Leaky)?
        })
    }

    fn stylegan2(&mut self) -> Result<Parts, Fault> {
        let mapping = self.mapping(0)?;
        let info = self.info;
        let (w, first) = (info.w_dim, info.channels[0]);
        let start = self.needed("start", &[first, START_SIDE, START_SIDE])?;
        let mut layers = Vec::new();
        for (i, (c_in, c_out)) in inputs_and_outputs(&info.channels).enumerate() {
            let side = START_SIDE << i;
            if i > 0 {
                let sizes = (c_in, c_out);
                let name = format!("blocks.{i}.0");
                layers.push(self.modulated(&name, sizes, side, Source::Doubled)?);
            }
            let name = format!("blocks.{i}.1");
            layers.push(Layer {
                rgb: Some(Rgb {
                    dense: self.dense(&format!("blocks.{i}.rgb"), c_out, 3)?,
                    style: Some(self.dense(&format!("blocks.{i}.rgb.style"), w, c_out)?),
                }),
                ..self.modulated(&name, (c_out, c_out), side, Source::Same)?
            });
        }
        Ok((Some(mapping), Start::Constant(start), layers, Vec::new()))
    }

    fn dcgan(&mut self) -> Result<Parts, Fault> {
        let dense = self.first_map(0)?;
        let moods = [MOOD_GRID, MOOD_GRID, dense.outputs];
        let start = Start::Dense {
            dense,
            activation: Activation::Relu,
            mood_bias: (self.take)("start.mood_bias", &moods, false)?,
        };
        let info = self.info;
        let outputs = info.channels.iter().skip(1).chain(&[3]);
        let last = info.channels.len() - 1;
        let mut layers = Vec::new();
        for (i, (&c_in, &c_out)) in info.channels.iter().zip(outputs).enumerate() {
            let activation = if i == last {
                Activation::None
            } else {
                Activation::Relu
            };
            let (name, side) = (format!("blocks.{i}"), START_SIDE << (i + 1));
            layers.push(Layer {
                rgb: (i == last).then(Rgb::identity),
                ..self.convolution(&name, (c_in, c_out), side, Source::Transposed, activation)?
            });
        }
        Ok((None, start, layers, Vec::new()))
    }
}

impl Rgb {
    /// Three channels that are red, green and blue already.
    fn identity() -> Self {
        let dense = Dense {
            inputs: 3,
            outputs: 3,
            weight: vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
            bias: vec![0.0; 3],
        };
        Self { dense, style: None }
    }
}

/// `(c_in, c_out)` of every block; the first takes as many channels as it gives.
fn inputs_and_outputs(channels: &[usize]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let inputs = channels.iter().take(1).chain(channels);
    inputs.copied().zip(channels.iter().copied())
}
