//! One block of the generator: convolution, demodulation, activation and its share of the RGB.
//!
//! Maps are `[row, column, channel]`, channels padded to whole lanes, and hold values that are
//! already multiplied by the factors of the layer that reads them. Pictures on their way are
//! `[row, column, 4]`, the fourth number unused. A layer is computed in tiles of 4x4 pixels.

use super::super::model::Block;
use super::styles::{GAIN, SLOPE};
use super::winograd::{self, POSITIONS, TILE};
use crate::simd::{Aligned, Disjoint, LANES, Lanes, Packed, Rows, padded};

/// Numbers of a pixel of a picture on its way.
pub(super) const RGBX: usize = 4;
/// Layers of at most this side convolve directly. Winograd's weights are four times as many, and
/// with so few pixels to share them the time goes into fetching weights.
const LARGEST_DIRECT: usize = 8;
/// Bytes of transformed tiles that are worked on at once: half of a usual second-level cache.
const GROUP_BYTES: usize = 1 << 20;

enum Kernel {
    /// Weights `[ky, kx, c_in]` by `c_out`.
    Direct(Packed),
    /// Transformed weights, a matrix `c_in` by `c_out` for each position of a tile.
    Winograd(Packed),
}

/// A layer's weights, packed.
pub(super) struct Layer {
    kernel: Kernel,
    /// Times the activation's gain, which is folded into the demodulation too.
    bias: Aligned,
    /// Output channels to RGB, `[3, c_out]`.
    rgb: Aligned,
    rgb_bias: [f32; 3],
    /// Side of the layer's output.
    pub side: usize,
    /// Whether the input has half the side.
    pub upsamples: bool,
    pub c_in: usize,
    pub c_out: usize,
}

/// What a thread needs while it works on a layer.
#[derive(Default)]
pub(super) struct Scratch {
    tiles: Aligned,
    products: Aligned,
}

/// A layer with what it reads and writes for one picture.
#[derive(Clone, Copy)]
pub(super) struct Pass<'a> {
    pub layer: &'a Layer,
    pub gains: &'a [f32],
    /// The map that the layer reads; zero-padded and upsampled for a direct convolution.
    pub input: &'a [f32],
    /// The picture so far, at half the side; empty at the first layer.
    pub rgb_in: &'a [f32],
    pub output: Output<'a>,
}

/// Where a layer's results go.
#[derive(Clone, Copy)]
pub(super) enum Output<'a> {
    /// On to a layer that wants its map multiplied by `factors`.
    Map {
        map: Disjoint<'a>,
        factors: &'a [f32],
        rgb: Disjoint<'a>,
    },
    /// To the picture, interleaved RGB from 0 to 1.
    Picture(Disjoint<'a>),
}

impl Layer {
    /// Packs a block of a model.
    pub fn new(block: &Block, side: usize, upsamples: bool) -> Self {
        let (c_in, c_out) = (padded(block.c_in), padded(block.c_out));
        let kernel = |input: usize, output: usize| -> [f32; 9] {
            let mut kernel = [0.0; 9];
            if input < block.c_in {
                kernel.copy_from_slice(&block.conv[(output * block.c_in + input) * 9..][..9]);
            }
            kernel
        };
        let kernel = if side <= LARGEST_DIRECT || !upsamples {
            Kernel::Direct(Packed::new(9 * c_in, block.c_out, |k, output| {
                kernel(k % c_in, output)[k / c_in]
            }))
        } else {
            let transformed: Vec<_> = (0..c_in * block.c_out)
                .map(|i| winograd::weights(kernel(i % c_in, i / c_in)))
                .collect();
            Kernel::Winograd(Packed::stacked(
                POSITIONS,
                c_in,
                block.c_out,
                |position, input, output| transformed[output * c_in + input][position],
            ))
        };
        let mut bias = Aligned::zeros(c_out);
        let mut rgb = Aligned::zeros(3 * c_out);
        for output in 0..block.c_out {
            bias[output] = block.bias[output] * GAIN;
            for colour in 0..3 {
                rgb[colour * c_out + output] = block.rgb.weight[colour * block.c_out + output];
            }
        }
        Self {
            kernel,
            bias,
            rgb,
            rgb_bias: [block.rgb.bias[0], block.rgb.bias[1], block.rgb.bias[2]],
            side,
            upsamples,
            c_in,
            c_out,
        }
    }

    /// Whether the layer reads a padded map.
    pub fn is_direct(&self) -> bool {
        matches!(self.kernel, Kernel::Direct(_))
    }

    /// Side of the padded map that a direct convolution reads.
    pub fn padded_side(&self) -> usize {
        self.side + 2
    }

    /// Panels of a direct convolution's product.
    pub fn panels(&self) -> usize {
        match &self.kernel {
            Kernel::Direct(weights) => weights.panels(),
            Kernel::Winograd(_) => 0,
        }
    }

    fn tiles_across(&self) -> usize {
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
fn spacing(len: usize) -> usize {
    let lines = len.div_ceil(LANES);
    (lines | 1) * LANES
}

/// Row `row` of a direct convolution's padded map, from a map of half the side (or, at the first
/// layer, of the same side): `to` is `[side + 2, c_in]`.
#[inline(always)]
pub(super) fn pad_row<L: Lanes>(layer: &Layer, from: &[f32], row: usize, to: &mut [f32]) {
    let (side, channels) = (layer.side, layer.c_in);
    to.fill(0.0);
    if row == 0 || row > side {
        return;
    }
    let from_side = if layer.upsamples { side / 2 } else { side };
    let (above, below, low) = neighbours(row - 1, from_side, layer.upsamples);
    for column in 0..side {
        let (left, right, near) = neighbours(column, from_side, layer.upsamples);
        for v in (0..channels).step_by(LANES) {
            let mut rows = [L::splat(0.0); 2];
            for (value, row) in rows.iter_mut().zip([above, below]) {
                let a = L::load(&from[(row * from_side + left) * channels + v..]);
                let b = L::load(&from[(row * from_side + right) * channels + v..]);
                *value = b.sub(a).mul_add(L::splat(near), a);
            }
            let [a, b] = rows;
            let value = b.sub(a).mul_add(L::splat(low), a);
            value.store(&mut to[(column + 1) * channels + v..]);
        }
    }
}

/// The two pixels that pixel `at` of an upsampled row lies between, and how far it is from the
/// first (bilinear, half-pixel centres, edges repeated).
#[inline(always)]
fn neighbours(at: usize, from_side: usize, upsamples: bool) -> (usize, usize, f32) {
    if !upsamples {
        return (at, at, 0.0);
    }
    if at.is_multiple_of(2) {
        ((at / 2).saturating_sub(1), at / 2, 0.75)
    } else {
        (at / 2, (at / 2 + 1).min(from_side - 1), 0.25)
    }
}

impl Pass<'_> {
    /// One panel of a direct convolution's product, `products` being `[side, side, c_out]`.
    #[inline(always)]
    pub fn multiply_panel<L: Lanes>(&self, panel: usize, products: Disjoint) {
        let Kernel::Direct(weights) = &self.layer.kernel else {
            return;
        };
        let (side, channels) = (self.layer.side, self.layer.c_in);
        let pixels = Rows {
            from: self.input,
            rows: side * side,
            stride: channels,
            across: side,
            segments: 3,
            length: 3 * channels,
            jump: self.layer.padded_side() * channels,
        };
        weights.multiply::<L>(&pixels, 0, panel, products);
    }

    /// Finishes tile `tile` of a direct convolution from its products.
    #[inline(always)]
    pub fn finish_direct<L: Lanes>(&self, tile: usize, products: &[f32]) {
        let (side, channels) = (self.layer.side, self.layer.c_out);
        let (y, x) = self.corner(tile);
        self.finish::<L>(tile, |vector| {
            let mut tile = [L::splat(0.0); TILE * TILE];
            for (pixel, value) in tile.iter_mut().enumerate() {
                let pixel = (y + pixel / TILE) * side + x + pixel % TILE;
                *value = L::load(&products[pixel * channels + vector * LANES..]);
            }
            tile
        });
    }

    /// Computes group `group` of a Winograd convolution.
    #[inline(always)]
    pub fn convolve_group<L: Lanes>(&self, group: usize, scratch: &mut Scratch) {
        let Kernel::Winograd(weights) = &self.layer.kernel else {
            return;
        };
        let layer = self.layer;
        let first = group * layer.group();
        let count = layer.group().min(layer.tiles() - first);
        let tiles_apart = spacing(layer.group() * layer.c_in);
        let products_apart = spacing(layer.group() * layer.c_out);

        for i in 0..count {
            let (y, x) = self.corner(first + i);
            let to = &mut scratch.tiles[i * layer.c_in..];
            winograd::input::<L>(
                self.input,
                layer.side / 2,
                layer.c_in,
                (y / 2, x / 2),
                to,
                tiles_apart,
            );
        }
        for position in 0..POSITIONS {
            let tiles = &scratch.tiles[position * tiles_apart..][..tiles_apart];
            let products = &mut scratch.products[position * products_apart..][..products_apart];
            let rows = Rows::plain(tiles, count, layer.c_in);
            let products = Disjoint::new(products);
            for panel in 0..weights.panels() {
                weights.multiply::<L>(&rows, position, panel, products);
            }
        }
        for i in 0..count {
            let from = &scratch.products[i * layer.c_out..];
            self.finish::<L>(first + i, |vector| {
                winograd::output(&from[vector * LANES..], products_apart)
            });
        }
    }

    /// Row and column of a tile's first pixel.
    #[inline(always)]
    fn corner(&self, tile: usize) -> (usize, usize) {
        let across = self.layer.tiles_across();
        (tile / across * TILE, tile % across * TILE)
    }

    /// Demodulates, activates and writes a tile: its map, and its RGB on top of the picture so
    /// far. `convolved(vector)` gives sixteen channels of the tile's sixteen pixels.
    #[inline(always)]
    fn finish<L: Lanes>(&self, tile: usize, convolved: impl Fn(usize) -> [L; TILE * TILE]) {
        let layer = self.layer;
        let (side, channels) = (layer.side, layer.c_out);
        let (y, x) = self.corner(tile);
        let slope = L::splat(SLOPE);
        let mut colours = [[L::splat(0.0); 3]; TILE * TILE];
        for vector in 0..channels / LANES {
            let at = vector * LANES;
            let (gain, bias) = (L::load(&self.gains[at..]), L::load(&layer.bias[at..]));
            let mut rgb = [L::splat(0.0); 3];
            for (weight, row) in rgb.iter_mut().zip(layer.rgb.chunks_exact(channels)) {
                *weight = L::load(&row[at..]);
            }
            let values = convolved(vector);
            for (pixel, value) in values.into_iter().enumerate() {
                let value = value.mul_add(gain, bias);
                let value = value.max(value.mul(slope));
                for (colour, weight) in colours[pixel].iter_mut().zip(rgb) {
                    *colour = value.mul_add(weight, *colour);
                }
                if let Output::Map { map, factors, .. } = self.output {
                    let pixel = (y + pixel / TILE) * side + x + pixel % TILE;
                    // SAFETY: each tile is finished once, and tiles share no pixels.
                    let to = unsafe { map.slice(pixel * channels + at, LANES) };
                    value.mul(L::load(&factors[at..])).store(to);
                }
            }
        }

        let mut rgb = self.upsampled_rgb(y, x);
        for (rgb, colours) in rgb.chunks_exact_mut(RGBX).zip(&colours) {
            for ((rgb, colour), bias) in rgb.iter_mut().zip(colours).zip(layer.rgb_bias) {
                *rgb += colour.sum() + bias;
            }
        }
        match self.output {
            Output::Map { rgb: to, .. } => {
                for (row, rgb) in rgb.chunks_exact(TILE * RGBX).enumerate() {
                    // SAFETY: as above.
                    let to = unsafe { to.slice(((y + row) * side + x) * RGBX, TILE * RGBX) };
                    to.copy_from_slice(rgb);
                }
            }
            Output::Picture(to) => {
                let half = L::splat(0.5);
                for four in rgb.chunks_exact_mut(LANES) {
                    tanh(L::load(four)).mul_add(half, half).store(four);
                }
                for (row, rgb) in rgb.chunks_exact(TILE * RGBX).enumerate() {
                    // SAFETY: as above.
                    let to = unsafe { to.slice(((y + row) * side + x) * 3, TILE * 3) };
                    for (to, rgb) in to.chunks_exact_mut(3).zip(rgb.chunks_exact(RGBX)) {
                        to.copy_from_slice(&rgb[..3]);
                    }
                }
            }
        }
    }

    /// The tile at `(y, x)` of the picture so far, upsampled; zeros at the first layer.
    #[inline(always)]
    fn upsampled_rgb(&self, y: usize, x: usize) -> [f32; TILE * TILE * RGBX] {
        let mut tile = [0.0; TILE * TILE * RGBX];
        if self.rgb_in.is_empty() {
            return tile;
        }
        let from_side = self.layer.side / 2;
        for (pixel, to) in tile.chunks_exact_mut(RGBX).enumerate() {
            let (above, below, low) = neighbours(y + pixel / TILE, from_side, true);
            let (left, right, near) = neighbours(x + pixel % TILE, from_side, true);
            let at = |row: usize, column: usize| -> &[f32] {
                &self.rgb_in[(row * from_side + column) * RGBX..][..RGBX]
            };
            let corners = [
                at(above, left),
                at(above, right),
                at(below, left),
                at(below, right),
            ];
            for (c, to) in to.iter_mut().enumerate() {
                let upper = corners[0][c] + near * (corners[1][c] - corners[0][c]);
                let lower = corners[2][c] + near * (corners[3][c] - corners[2][c]);
                *to = upper + low * (lower - upper);
            }
        }
        tile
    }
}

/// tanh to within a few units in the last place: the rational function of Eigen's `ptanh`.
#[inline(always)]
fn tanh<L: Lanes>(x: L) -> L {
    /// Beyond this tanh is one to the last bit of an f32.
    const BOUND: f32 = 7.905_311;
    const ODD: [f32; 7] = [
        -2.760_768_5e-16,
        2.000_188e-13,
        -8.604_672e-11,
        5.122_297e-8,
        1.485_722_4e-5,
        6.372_619_3e-4,
        4.893_524_6e-3,
    ];
    const EVEN: [f32; 4] = [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3];
    let x = x.max(L::splat(-BOUND)).min(L::splat(BOUND));
    let square = x.mul(x);
    let horner = |coefficients: &[f32]| {
        let (first, rest) = (coefficients[0], &coefficients[1..]);
        rest.iter()
            .fold(L::splat(first), |sum, &c| sum.mul_add(square, L::splat(c)))
    };
    x.mul(horner(&ODD)).div(horner(&EVEN))
}
