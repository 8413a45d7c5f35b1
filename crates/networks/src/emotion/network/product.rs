//! A layer as a matrix product: a convolution, or a linear layer as one with a single row.

use super::super::model::NetworkError;
use crate::simd::{Aligned, Disjoint, Lanes, Packed, Rows, Work, padded};
use candle_core::Tensor;

/// A function of each activation.
#[derive(Clone, Copy)]
pub(super) enum Map {
    Square,
    /// Logarithm of the activation, which is not negative, plus a floor.
    Log(f32),
    Relu,
}

/// Which channel a number of a row is; none where it fills up the row.
pub(super) type Channel = Option<usize>;

/// A row of `channels` from `first` on, as a layer writes it.
pub(super) fn row_of(first: usize, channels: usize) -> Vec<Channel> {
    (0..padded(channels))
        .map(|i| (i < channels).then_some(first + i))
        .collect()
}

/// A convolution, or a linear layer as one with a single row, and the maps that follow it.
pub(super) struct Product {
    /// `[tap, in]` by out, channels padded with zero weights.
    weights: Packed,
    bias: Aligned,
    pub(super) maps: Vec<Map>,
    /// Numbers of an input row.
    pub(super) inputs: usize,
    /// Input rows that a result sees.
    pub(super) kernel: usize,
    /// Input rows from one result to the next.
    pub(super) stride: usize,
}

impl Product {
    /// Packs a `weight` of `[out, in]` or `[out, in, tap]` that reads `row`.
    pub(super) fn new(
        row: &[Channel],
        weight: &Tensor,
        bias: &Tensor,
        stride: usize,
    ) -> Result<Self, NetworkError> {
        let (inputs, channels) = (row.len(), weight.dim(1)?);
        let kernel = weight.dims().get(2).copied().unwrap_or(1);
        let values: Vec<f32> = weight.flatten_all()?.to_vec1()?;
        let outputs = bias.elem_count();
        let weights = Packed::new(kernel * inputs, outputs, |k, output| {
            let (tap, channel) = (k / inputs, row[k % inputs]);
            channel.map_or(0.0, |channel| {
                values[(output * channels + channel) * kernel + tap]
            })
        });
        let values: Vec<f32> = bias.to_vec1()?;
        let mut bias = Aligned::zeros(outputs);
        bias[..outputs].copy_from_slice(&values);
        Ok(Self {
            weights,
            bias,
            maps: Vec::new(),
            inputs,
            kernel,
            stride,
        })
    }

    /// Numbers of a result: the output channels, padded.
    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// How many results `rows` input rows give.
    pub(super) fn count(&self, rows: usize) -> usize {
        (rows + self.stride).saturating_sub(self.kernel) / self.stride
    }
}

/// A layer's work on the rows that are there.
pub(super) struct Apply<'a> {
    pub(super) product: &'a Product,
    pub(super) input: &'a [f32],
    /// Rows of output.
    pub(super) count: usize,
    pub(super) output: &'a mut [f32],
}

impl Work for Apply<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        let Product {
            weights,
            bias,
            maps,
            inputs,
            kernel,
            stride,
        } = self.product;
        let rows = Rows {
            from: self.input,
            rows: self.count,
            stride: stride * inputs,
            across: self.count,
            segments: 1,
            length: kernel * inputs,
            jump: 0,
        };
        for panel in 0..weights.panels() {
            let out = Disjoint::new(self.output);
            // SAFETY: the output is borrowed for this alone.
            unsafe { weights.multiply::<L>(&rows, 0, panel, out) };
        }
        for row in self.output.chunks_exact_mut(bias.len()) {
            for (x, bias) in row.iter_mut().zip(bias.iter()) {
                *x += bias;
            }
            for map in maps {
                match *map {
                    Map::Square => row.iter_mut().for_each(|x| *x *= *x),
                    Map::Log(floor) => row.iter_mut().for_each(|x| *x = ln(*x + floor)),
                    Map::Relu => row.iter_mut().for_each(|x| *x = x.max(0.0)),
                }
            }
        }
    }
}

/// Natural logarithm of a positive, normal number, without a branch (after `logf` of Cephes).
#[inline(always)]
fn ln(x: f32) -> f32 {
    /// The bits of the square root of one half.
    const LEAST: u32 = 0x3f35_04f3;
    const TERMS: [f32; 9] = [
        7.037_683_6e-2,
        -0.115_146_1,
        0.116_769_99,
        -0.124_201_41,
        0.142_493_23,
        -0.166_680_57,
        0.200_007_15,
        -0.249_999_94,
        0.333_333_3,
    ];
    let above = x.to_bits().wrapping_sub(LEAST);
    let exponent = (above.cast_signed() >> 23) as f32;
    let m = f32::from_bits((above & 0x007f_ffff) + LEAST) - 1.0;
    let series = TERMS.iter().fold(0.0, |sum, term| sum * m + term);
    let square = m * m;
    let fraction = series * m * square - 2.121_944_4e-4 * exponent - 0.5 * square;
    m + fraction + 0.693_359_4 * exponent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_right() {
        for i in 0..200_000 {
            let x = 1e-20 * (i as f64 * 5e-4).exp();
            let (found, right) = (f64::from(ln(x as f32)), f64::from(x as f32).ln());
            assert!(
                (found - right).abs() <= 2e-7 * right.abs().max(1.0),
                "ln {x}"
            );
        }
    }
}
