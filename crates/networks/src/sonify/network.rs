//! The U-Net that paints spectra: `training/sonify/network.py` is its definition.

use candle_core::{Device, Result, Tensor};

use super::bands::BANDS;
use super::error::SonifyError;
use super::told::{INPUTS, ROWS, Told};
use crate::weights::{Header, WeightsFault};

/// Columns, of two frames each, that are painted at once, and those on each side that only tell of the surroundings.
pub const PART: usize = 128;
pub const CONTEXT: usize = 32;
/// By which the network makes them coarser.
const COARSER: usize = 8;
/// What the network's 0 and 1 are, decibels.
const MIDDLE: f32 = -50.0;
const SPREAD: f32 = 25.0;

/// A convolution of 3x3: weight `[out, in, 3, 3]`, bias `[1, out, 1, 1]`.
struct Convolution {
    weight: Tensor,
    bias: Tensor,
    stride: usize,
}

impl Convolution {
    fn of(&self, x: &Tensor) -> Result<Tensor> {
        let y = x.conv2d(&self.weight, 1, self.stride, 1, 1)?;
        y.broadcast_add(&self.bias)
    }

    /// With the activation, a leaky ReLU.
    fn leaky(&self, x: &Tensor) -> Result<Tensor> {
        let y = self.of(x)?;
        y.maximum(&(&y * 0.2)?)
    }
}

/// The weights.
pub struct Network {
    down: [Convolution; 4],
    deep: Convolution,
    /// Coarsest first.
    up: [Convolution; 3],
    fine: Convolution,
    out: Convolution,
}

impl Network {
    /// Takes the weights out of `data`, the bytes behind the header.
    pub fn new(header: &Header, data: &[u8]) -> std::result::Result<Self, SonifyError> {
        let take = |name: &str, stride: usize| -> std::result::Result<_, SonifyError> {
            let weight = format!("{name}.weight");
            let missing = || WeightsFault::Header(format!("{weight} is missing"));
            let shape = header.shape(&weight).ok_or_else(missing)?.to_vec();
            let outputs = shape.first().copied().unwrap_or(0);
            header.check(&format!("{name}.bias"), &[outputs])?;
            let bias = header.floats(data, &format!("{name}.bias"))?;
            Ok(Convolution {
                weight: Tensor::from_vec(header.floats(data, &weight)?, shape, &Device::Cpu)?,
                bias: Tensor::from_vec(bias, (1, outputs, 1, 1), &Device::Cpu)?,
                stride,
            })
        };
        Ok(Self {
            down: [
                take("down0", 1)?,
                take("down1", 2)?,
                take("down2", 2)?,
                take("down3", 2)?,
            ],
            deep: take("deep", 1)?,
            up: [take("up2", 1)?, take("up1", 1)?, take("up0", 1)?],
            fine: take("fine", 1)?,
            out: take("out", 1)?,
        })
    }

    /// `[1, INPUTS, ROWS, columns]` to `[1, 4, ROWS, columns]`: two quarter tones of two frames each.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut skips = Vec::new();
        let mut y = x.clone();
        for down in &self.down {
            y = down.leaky(&y)?;
            skips.push(y.clone());
        }
        skips.pop();
        y = self.deep.leaky(&y)?;
        for up in &self.up {
            let Some(skip) = skips.pop() else { break };
            let (_, _, high, wide) = skip.dims4()?;
            y = Tensor::cat(&[&y.upsample_nearest2d(high, wide)?, &skip], 1)?;
            y = up.leaky(&y)?;
        }
        y = self.fine.leaky(&Tensor::cat(&[&y, x], 1)?)?;
        self.out.of(&y)
    }

    /// The spectra of so many columns of what is told, from `first` on: decibels in bands, frame by frame, two a column.
    pub fn paint(&self, told: &Told, first: usize, columns: usize) -> Result<Vec<Vec<f32>>> {
        // A multiple of what the network makes coarser.
        let wide = columns.next_multiple_of(COARSER) + 2 * CONTEXT;
        let input = told.input(first as isize - CONTEXT as isize, wide);
        let x = Tensor::from_vec(input, (1, INPUTS, ROWS, wide), &Device::Cpu)?;
        let y: Vec<f32> = self.forward(&x)?.flatten_all()?.to_vec1()?;
        let mut frames = Vec::with_capacity(2 * columns);
        for column in CONTEXT..CONTEXT + columns {
            for half in 0..2 {
                let at = |band: usize| {
                    let plane = (band % 2) * 2 + half;
                    y[(plane * ROWS + band / 2) * wide + column] * SPREAD + MIDDLE
                };
                frames.push((0..BANDS).map(at).collect());
            }
        }
        Ok(frames)
    }
}
