//! A layer at work on one picture: convolution, demodulation, activation and its share of the RGB.
//!
//! Maps are `[row, column, channel]`, channels padded to whole lanes, and hold values that are
//! already multiplied by the factors of the layer that reads them. Pictures on their way are
//! `[row, column, 4]`, the fourth number unused. A layer is computed in tiles of 4x4 pixels.

use super::super::model::{Range, Source};
use super::layer::{Kernel, Layer, PHASE_TAPS, Scratch, neighbours, spacing};
use super::winograd::{self, POSITIONS, Reading, TILE};
use crate::simd::{Disjoint, LANES, Lanes, Rows};

/// Numbers of a pixel of a picture on its way.
pub(super) const RGBX: usize = 4;

/// A layer with what it reads and writes for one picture.
#[derive(Clone, Copy)]
pub(super) struct Pass<'a> {
    pub layer: &'a Layer,
    pub gains: &'a [f32],
    /// Weights to RGB, `[3, c_out]`.
    pub rgb: &'a [f32],
    /// The map that the layer reads; padded (and doubled) for a direct convolution.
    pub input: &'a [f32],
    /// The picture so far, at half the side; empty before the first layer that has RGB.
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

impl Pass<'_> {
    /// One piece of a direct convolution's product; `products` is `[side, side, c_out]`, and for a
    /// transposed one `[phase, side / 2, side / 2, c_out]`.
    ///
    /// # Safety
    /// Meanwhile nobody else may work at this piece of `products`.
    #[inline(always)]
    pub unsafe fn multiply_piece<L: Lanes>(&self, piece: usize, products: Disjoint) {
        let (side, channels) = (self.layer.inner_side(), self.layer.c_in);
        let jump = self.layer.padded_side() * channels;
        let rows = |from, taps| Rows {
            from,
            rows: side * side,
            stride: channels,
            across: side,
            segments: taps,
            length: taps * channels,
            jump,
        };
        match &self.layer.kernel {
            Kernel::Direct(weights) => {
                // SAFETY: the piece is a panel, and the caller's.
                unsafe { weights.multiply::<L>(&rows(self.input, 3), 0, piece, products) };
            }
            Kernel::Transposed(weights) => {
                let (phase, panel) = (piece / weights.panels(), piece % weights.panels());
                let from = &self.input[phase / 2 * jump + phase % 2 * channels..];
                let products = products.from(phase * side * side * self.layer.c_out);
                // SAFETY: the piece is a panel of a phase, and the caller's.
                unsafe {
                    weights.multiply::<L>(&rows(from, PHASE_TAPS), phase, panel, products);
                }
            }
            Kernel::Winograd(_) => {}
        }
    }

    /// Where in a direct convolution's products a pixel is.
    #[inline(always)]
    fn product_of(&self, y: usize, x: usize) -> usize {
        let side = self.layer.inner_side();
        match self.layer.source {
            Source::Transposed => {
                let phase = y % 2 * 2 + x % 2;
                (phase * side + y / 2) * side + x / 2
            }
            Source::Same | Source::Doubled => y * side + x,
        }
    }

    /// Finishes tile `tile` of a direct convolution from its products.
    #[inline(always)]
    pub fn finish_direct<L: Lanes>(&self, tile: usize, products: &[f32]) {
        let channels = self.layer.c_out;
        let (y, x) = self.corner(tile);
        self.finish::<L>(tile, |vector| {
            let mut tile = [L::splat(0.0); TILE * TILE];
            for (pixel, value) in tile.iter_mut().enumerate() {
                let pixel = self.product_of(y + pixel / TILE, x + pixel % TILE);
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

        let reading = Reading {
            from: self.input,
            side: layer.source.input_side(layer.side),
            channels: layer.c_in,
            apart: tiles_apart,
        };
        for i in 0..count {
            let corner = self.corner(first + i);
            let to = &mut scratch.tiles[i * layer.c_in..];
            match layer.source {
                Source::Doubled => reading.doubled::<L>(corner, layer.edges, to),
                Source::Same | Source::Transposed => reading.plain::<L>(corner, to),
            }
        }
        for position in 0..POSITIONS {
            let tiles = &scratch.tiles[position * tiles_apart..][..tiles_apart];
            let products = &mut scratch.products[position * products_apart..][..products_apart];
            let rows = Rows::plain(tiles, count, layer.c_in);
            let products = Disjoint::new(products);
            for panel in 0..weights.panels() {
                // SAFETY: the products are borrowed for this alone.
                unsafe { weights.multiply::<L>(&rows, position, panel, products) };
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
        let slope = L::splat(layer.activation.slope());
        let mut colours = [[L::splat(0.0); 3]; TILE * TILE];
        for vector in 0..channels / LANES {
            let at = vector * LANES;
            let (mut gain, bias) = (L::load(&self.gains[at..]), L::load(&layer.bias[at..]));
            let mut rgb = [L::splat(0.0); 3];
            for (weight, row) in rgb.iter_mut().zip(self.rgb.chunks_exact(channels)) {
                *weight = L::load(&row[at..]);
            }
            let mut values = convolved(vector);
            if !layer.noise.is_empty() {
                for (pixel, value) in values.iter_mut().enumerate() {
                    let noise = layer.noise[(y + pixel / TILE) * side + x + pixel % TILE];
                    *value = value.mul_add(gain, L::splat(noise));
                }
                gain = L::splat(1.0);
            }
            for (pixel, value) in values.into_iter().enumerate() {
                let value = value.mul_add(gain, bias);
                let value = value.max(value.mul(slope));
                for (colour, &weight) in colours[pixel].iter_mut().zip(&rgb) {
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

        let Some(rgb_bias) = layer.rgb_bias else {
            return;
        };
        let mut rgb = self.doubled_rgb(y, x);
        for (rgb, colours) in rgb.chunks_exact_mut(RGBX).zip(&colours) {
            for ((rgb, colour), bias) in rgb.iter_mut().zip(colours).zip(rgb_bias) {
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
                    let sum = L::load(four);
                    let colour = match layer.range {
                        Range::Tanh => tanh(sum),
                        Range::Clamp => sum.max(L::splat(-1.0)).min(L::splat(1.0)),
                    };
                    colour.mul_add(half, half).store(four);
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

    /// The tile at `(y, x)` of the picture so far, doubled; zeros at the first layer.
    #[inline(always)]
    fn doubled_rgb(&self, y: usize, x: usize) -> [f32; TILE * TILE * RGBX] {
        let mut tile = [0.0; TILE * TILE * RGBX];
        if self.rgb_in.is_empty() {
            return tile;
        }
        let (from_side, edges) = (self.layer.side / 2, self.layer.edges);
        let mut rows = [([None; 2], 0.0); TILE];
        let mut columns = rows;
        for i in 0..TILE {
            rows[i] = neighbours(y + i + 1, from_side, edges);
            columns[i] = neighbours(x + i + 1, from_side, edges);
        }
        for (pixel, to) in tile.chunks_exact_mut(RGBX).enumerate() {
            let (rows, low) = rows[pixel / TILE];
            let (columns, near) = columns[pixel % TILE];
            let mut lines = [[0.0; RGBX]; 2];
            for i in 0..2 {
                let mut pair = [[0.0; RGBX]; 2];
                for j in 0..2 {
                    if let (Some(row), Some(column)) = (rows[i], columns[j]) {
                        let at = (row * from_side + column) * RGBX;
                        pair[j].copy_from_slice(&self.rgb_in[at..][..RGBX]);
                    }
                }
                for c in 0..RGBX {
                    lines[i][c] = pair[0][c] + near * (pair[1][c] - pair[0][c]);
                }
            }
            for (c, to) in to.iter_mut().enumerate() {
                *to = lines[0][c] + low * (lines[1][c] - lines[0][c]);
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
    x.mul(horner(square, &ODD)).div(horner(square, &EVEN))
}

/// The polynomial of `x` with these coefficients, the highest power's first.
#[inline(always)]
fn horner<L: Lanes, const N: usize>(x: L, coefficients: &[f32; N]) -> L {
    let mut sum = L::splat(coefficients[0]);
    for &coefficient in &coefficients[1..] {
        sum = sum.mul_add(x, L::splat(coefficient));
    }
    sum
}
