//! A layer at work on one picture: its convolution. What follows is in [`finish`](super::finish).
//!
//! Maps are `[row, column, channel]`, channels padded to whole lanes, and hold values that are
//! already multiplied by the factors of the layer that reads them. Pictures on their way are
//! `[row, column, 4]`, the fourth number unused. A layer is computed in tiles of 4x4 pixels.

use super::super::model::Source;
use super::layer::{Kernel, Layer, PHASE_TAPS, Scratch, spacing};
use super::winograd::{self, Kernels, PAIR, PAIRS, POSITIONS, Reading, TILE};
use crate::simd::{Disjoint, LANES, Lanes, Packed, Panel, Rows, Sums};

/// A layer with what it reads and writes for one picture.
#[derive(Clone, Copy)]
pub(super) struct Pass<'a> {
    pub layer: &'a Layer,
    pub gains: &'a [f32],
    /// Weights to RGB, `[3, c_out]`.
    pub rgb: &'a [f32],
    /// The map that the layer reads.
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
    /// What the pieces of the layer's products are made of, from its whole input: transformed tiles,
    /// or for a transposed convolution the map with zeros around it.
    #[inline(always)]
    pub fn prepare<L: Lanes>(&self, to: &mut [f32]) {
        let layer = self.layer;
        if let Kernel::Anew(_) = &layer.kernel {
            self.transform_tiles::<L>(0, layer.tiles(), to);
            return;
        }
        to.fill(0.0);
        let side = layer.input_side();
        let line = side * layer.c_in;
        let rows = to.chunks_exact_mut(layer.padded_side() * layer.c_in);
        let from = self.input.chunks_exact(line).take(side);
        for (to, from) in rows.skip(1).zip(from) {
            to[layer.c_in..][..line].copy_from_slice(from);
        }
    }

    /// One piece of the layer's products: `[side, side, c_out]` of the input's side for each phase of a
    /// transposed convolution, and else as [`winograd::output`] takes them.
    ///
    /// # Safety
    /// Meanwhile nobody else may work at this piece of `products`.
    #[inline(always)]
    pub unsafe fn multiply_piece<L: Lanes>(
        &self,
        piece: usize,
        prepared: &[f32],
        products: Disjoint,
        scratch: &mut Scratch,
    ) {
        // SAFETY: the piece is the caller's.
        unsafe {
            match &self.layer.kernel {
                Kernel::Transposed(weights) => {
                    self.multiply_phase::<L>(weights, piece, prepared, products);
                }
                Kernel::Anew(kernels) => {
                    let weights = &mut scratch.weights;
                    self.multiply_anew::<L>(kernels, piece, prepared, products, weights);
                }
                Kernel::Winograd(_) => {}
            }
        }
    }

    /// A panel of a phase of a transposed convolution.
    ///
    /// # Safety
    /// As [`Pass::multiply_piece`].
    #[inline(always)]
    unsafe fn multiply_phase<L: Lanes>(
        &self,
        weights: &Packed,
        piece: usize,
        prepared: &[f32],
        products: Disjoint,
    ) {
        let (side, channels) = (self.layer.input_side(), self.layer.c_in);
        let jump = self.layer.padded_side() * channels;
        let (phase, panel) = (piece / weights.panels(), piece % weights.panels());
        let rows = Rows {
            from: &prepared[phase / 2 * jump + phase % 2 * channels..],
            rows: side * side,
            stride: channels,
            across: side,
            segments: PHASE_TAPS,
            length: PHASE_TAPS * channels,
            jump,
        };
        let products = products.from(phase * side * side * self.layer.c_out);
        // SAFETY: the piece is a panel of a phase, and the caller's.
        unsafe { weights.multiply::<L>(&rows, phase, panel, products) };
    }

    /// A panel of the products of all tiles, with its weights transformed on the way.
    ///
    /// # Safety
    /// As [`Pass::multiply_piece`].
    #[inline(always)]
    unsafe fn multiply_anew<L: Lanes>(
        &self,
        kernels: &Kernels,
        panel: usize,
        prepared: &[f32],
        products: Disjoint,
        weights: &mut [f32],
    ) {
        let (layer, width) = (self.layer, kernels.width);
        let tiles_apart = spacing(layer.tiles() * layer.c_in);
        let products_apart = spacing(layer.tiles() * layer.c_out);
        let at_once = layer.inputs_at_once();
        let weights_apart = spacing(at_once * width);
        for pair in 0..PAIRS {
            for first in (0..layer.c_in).step_by(at_once) {
                let inputs = first..layer.c_in.min(first + at_once);
                let length = inputs.len();
                kernels.transform::<L>(panel, inputs, pair, weights, weights_apart);
                for (i, position) in (pair * PAIR..(pair + 1) * PAIR).enumerate() {
                    let tiles = &prepared[position * tiles_apart + first..];
                    let rows = Rows {
                        length,
                        ..Rows::plain(tiles, layer.tiles(), layer.c_in)
                    };
                    let weights = Panel {
                        weights: &weights[i * weights_apart..][..weights_apart],
                        width,
                    };
                    let sums = Sums {
                        to: products.from(position * products_apart + panel * width),
                        apart: layer.c_out,
                        added: first > 0,
                    };
                    // SAFETY: these columns are the panel's, which is the caller's.
                    unsafe { weights.multiply::<L>(&rows, &sums) };
                }
            }
        }
    }

    /// Finishes tile `tile` from the products of the whole layer.
    #[inline(always)]
    pub fn finish_tile<L: Lanes>(&self, tile: usize, products: &[f32]) {
        let (layer, channels) = (self.layer, self.layer.c_out);
        if let Kernel::Anew(_) = layer.kernel {
            let from = &products[tile * channels..];
            let apart = spacing(layer.tiles() * channels);
            self.finish::<L>(tile, |vector| {
                winograd::output(&from[vector * LANES..], apart)
            });
            return;
        }
        let (y, x) = self.corner(tile);
        let side = layer.input_side();
        self.finish::<L>(tile, |vector| {
            let mut tile = [L::splat(0.0); TILE * TILE];
            for (pixel, value) in tile.iter_mut().enumerate() {
                let (y, x) = (y + pixel / TILE, x + pixel % TILE);
                let phase = y % 2 * 2 + x % 2;
                let pixel = (phase * side + y / 2) * side + x / 2;
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
        let tiles_apart = spacing(count * layer.c_in);
        let products_apart = spacing(count * layer.c_out);
        self.transform_tiles::<L>(first, count, &mut scratch.tiles);
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

    /// Transforms `count` tiles from `first` on, position by position.
    #[inline(always)]
    fn transform_tiles<L: Lanes>(&self, first: usize, count: usize, to: &mut [f32]) {
        let layer = self.layer;
        let reading = Reading {
            from: self.input,
            side: layer.input_side(),
            channels: layer.c_in,
            apart: spacing(count * layer.c_in),
        };
        for i in 0..count {
            let corner = self.corner(first + i);
            let to = &mut to[i * layer.c_in..];
            match layer.source {
                Source::Doubled => reading.doubled::<L>(corner, layer.edges, to),
                Source::Same | Source::Transposed => reading.plain::<L>(corner, to),
            }
        }
    }
}
