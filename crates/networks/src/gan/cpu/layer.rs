//! One layer of the generator, its weights packed for the convolution that suits its size, and the
//! padded map that a direct convolution reads.

use super::super::model::{self, Activation, Edges, Range, Source};
use super::winograd::{self, POSITIONS, TILE};
use crate::simd::{Aligned, LANES, Lanes, Packed, padded};

/// Bytes of transformed tiles that are worked on at once: half of a usual second-level cache.
const GROUP_BYTES: usize = 1 << 20;
/// Layers of at most this side convolve directly. Winograd's weights are four times as many, and
/// with so few pixels to share them the time goes into fetching weights.
const LARGEST_DIRECT: usize = 8;
/// A transposed convolution is four convolutions: each of the four pixels that a pixel becomes has
/// a quarter of the taps, and they are this many across.
pub(super) const PHASE_TAPS: usize = 2;

pub(super) enum Kernel {
    /// Weights `[ky, kx, c_in]` by `c_out`.
    Direct(Packed),
    /// Weights `[ky, kx, c_in]` by `c_out` for each phase, 2x2 taps of the four by four.
    Transposed(Packed),
    /// Transformed weights, a matrix `c_in` by `c_out` for each position of a tile.
    Winograd(Packed),
}

/// A layer's weights, packed.
pub(super) struct Layer {
    pub kernel: Kernel,
    pub source: Source,
    pub edges: Edges,
    pub activation: Activation,
    pub range: Range,
    /// Times the activation's gain, which is folded into the demodulation too.
    pub bias: Aligned,
    /// `[side, side]`, times the activation's gain; empty: none.
    pub noise: Vec<f32>,
    pub rgb_bias: Option<[f32; 3]>,
    /// Side of the layer's output.
    pub side: usize,
    pub c_in: usize,
    pub c_out: usize,
}

/// What a thread needs while it works on a layer.
#[derive(Default)]
pub(super) struct Scratch {
    pub tiles: Aligned,
    pub products: Aligned,
}

impl Layer {
    /// Packs a layer of `model`.
    pub fn new(layer: &model::Layer, model: &model::Model) -> Self {
        let (c_in, c_out) = (padded(layer.c_in), padded(layer.c_out));
        let (side, taps) = (layer.side, layer.source.taps());
        // The kernel from one channel to another, [taps, taps]; none from the padding.
        let kernel = |input: usize, output: usize| -> Option<&[f32]> {
            let from = (output * layer.c_in + input) * taps * taps;
            (input < layer.c_in).then(|| &layer.weights[from..][..taps * taps])
        };
        let kernel = if layer.source == Source::Transposed {
            let depth = PHASE_TAPS * PHASE_TAPS * c_in;
            let weight = |phase: usize, k: usize, output: usize| {
                let (tap, input) = (k / c_in, k % c_in);
                // An even pixel sees taps 3 and 1 of the old pixels around it, an odd one 2 and 0.
                let y = 3 - phase / 2 - 2 * (tap / PHASE_TAPS);
                let x = 3 - phase % 2 - 2 * (tap % PHASE_TAPS);
                kernel(input, output).map_or(0.0, |kernel| kernel[y * taps + x])
            };
            Kernel::Transposed(Packed::stacked(4, depth, layer.c_out, weight))
        } else if side <= LARGEST_DIRECT {
            Kernel::Direct(Packed::new(9 * c_in, layer.c_out, |k, output| {
                kernel(k % c_in, output).map_or(0.0, |kernel| kernel[k / c_in])
            }))
        } else {
            let transformed: Vec<_> = (0..c_in * layer.c_out)
                .map(|i| winograd::weights(kernel(i % c_in, i / c_in), layer.source))
                .collect();
            Kernel::Winograd(Packed::stacked(
                POSITIONS,
                c_in,
                layer.c_out,
                |position, input, output| transformed[output * c_in + input][position],
            ))
        };
        let gain = layer.activation.gain();
        let mut bias = Aligned::zeros(c_out);
        for (to, from) in bias.iter_mut().zip(&layer.bias) {
            *to = from * gain;
        }
        let rgb_bias = |rgb: &model::Rgb| [0, 1, 2].map(|colour| rgb.dense.bias[colour]);
        Self {
            kernel,
            source: layer.source,
            edges: model.edges,
            activation: layer.activation,
            range: model.range,
            bias,
            noise: layer.noise.iter().map(|noise| noise * gain).collect(),
            rgb_bias: layer.rgb.as_ref().map(rgb_bias),
            side,
            c_in,
            c_out,
        }
    }

    /// Whether the layer reads a padded map and makes products for its whole output.
    pub fn is_direct(&self) -> bool {
        !matches!(self.kernel, Kernel::Winograd(_))
    }

    /// Whether the layer adds to the picture.
    pub fn has_rgb(&self) -> bool {
        self.rgb_bias.is_some()
    }

    /// Side of the padded map that a direct convolution reads.
    pub fn padded_side(&self) -> usize {
        self.inner_side() + 2
    }

    /// Side of that map without its padding: a transposed convolution reads it undoubled.
    pub fn inner_side(&self) -> usize {
        match self.source {
            Source::Transposed => self.side / 2,
            Source::Same | Source::Doubled => self.side,
        }
    }

    /// Pieces of a direct convolution's product.
    pub fn pieces(&self) -> usize {
        match &self.kernel {
            Kernel::Direct(weights) => weights.panels(),
            Kernel::Transposed(weights) => 4 * weights.panels(),
            Kernel::Winograd(_) => 0,
        }
    }

    /// Tiles in a row of the output, and rows of tiles.
    pub fn tiles_across(&self) -> usize {
        self.side / TILE
    }

    /// Tiles of the whole output.
    pub fn tiles(&self) -> usize {
        self.tiles_across().pow(2)
    }

    /// Tiles that a thread takes at once: as many as fit the cache, in whole register blocks.
    pub fn group(&self) -> usize {
        let bytes = POSITIONS * (self.c_in + self.c_out) * size_of::<f32>();
        (GROUP_BYTES / bytes / 8 * 8).max(8).min(self.tiles())
    }

    /// Scratch that is large enough for this layer's groups.
    pub fn reserve(&self, scratch: &mut Scratch) {
        let grow = |buffer: &mut Aligned, len: usize| {
            if buffer.len() < len {
                *buffer = Aligned::zeros(len);
            }
        };
        grow(
            &mut scratch.tiles,
            POSITIONS * spacing(self.group() * self.c_in),
        );
        grow(
            &mut scratch.products,
            POSITIONS * spacing(self.group() * self.c_out),
        );
    }
}

/// Distance between the positions of a group: an odd number of cache lines, so that a tile's
/// positions do not all fall into the same set of the cache.
pub(super) fn spacing(len: usize) -> usize {
    let lines = len.div_ceil(LANES);
    (lines | 1) * LANES
}

/// Row `row` of a direct convolution's padded map, from the map that the layer reads: `to` is
/// `[padded_side, c_in]`.
#[inline(always)]
pub(super) fn pad_row<L: Lanes>(layer: &Layer, from: &[f32], row: usize, to: &mut [f32]) {
    let (side, channels) = (layer.inner_side(), layer.c_in);
    let doubled = layer.source == Source::Doubled;
    to.fill(0.0);
    // A map that is zero beyond its edges is not when it is doubled.
    let margin = usize::from(doubled && layer.edges == Edges::Zero);
    let seen = 1 - margin..side + 1 + margin;
    if !seen.contains(&row) {
        return;
    }
    if !doubled {
        let line = side * channels;
        to[channels..][..line].copy_from_slice(&from[(row - 1) * line..][..line]);
        return;
    }
    let from_side = side / 2;
    let (rows, low) = neighbours(row, from_side, layer.edges);
    for column in seen {
        let (columns, near) = neighbours(column, from_side, layer.edges);
        for v in (0..channels).step_by(LANES) {
            let mut lines = [L::splat(0.0); 2];
            for (line, row) in lines.iter_mut().zip(rows) {
                let mut pair = [L::splat(0.0); 2];
                for (pixel, column) in pair.iter_mut().zip(columns) {
                    if let (Some(row), Some(column)) = (row, column) {
                        *pixel = L::load(&from[(row * from_side + column) * channels + v..]);
                    }
                }
                let [a, b] = pair;
                *line = b.sub(a).mul_add(L::splat(near), a);
            }
            let [a, b] = lines;
            let value = b.sub(a).mul_add(L::splat(low), a);
            value.store(&mut to[column * channels + v..]);
        }
    }
}

/// The two pixels that pixel `at` of a doubled line lies between, and how far it is from the
/// first. `at` counts from one pixel before the line; a pixel that is `None` is zero.
#[inline(always)]
pub(super) fn neighbours(at: usize, from_side: usize, edges: Edges) -> ([Option<usize>; 2], f32) {
    // Of the line itself, pixel 2i lies between i - 1 and i, pixel 2i + 1 between i and i + 1.
    let second = at / 2;
    let nearness = if at.is_multiple_of(2) { 0.25 } else { 0.75 };
    let pair = match edges {
        Edges::Repeat => [
            Some(second.saturating_sub(1)),
            Some(second.min(from_side - 1)),
        ],
        Edges::Zero => [
            second.checked_sub(1),
            (second < from_side).then_some(second),
        ],
    };
    (pair, nearness)
}
