//! One layer of the generator, its weights packed for the convolution that suits its size.

use super::super::model::{self, Activation, Edges, Range, Source};
use super::winograd::{DOUBLED, Kernels, PAIR, POSITIONS, TILE};
use crate::simd::{Aligned, Isa, LANES, Packed, padded};

/// Bytes of transformed tiles that are worked on at once: half of a usual second-level cache.
const GROUP_BYTES: usize = 1 << 20;
/// Layers of at most so many tiles have too few pixels to share the fetching of Winograd's weights.
const FEW_TILES: usize = 16;
/// Numbers of a pixel of a picture on its way.
pub(super) const RGBX: usize = 4;

/// A transposed convolution is four convolutions: each of the four pixels that a pixel becomes has
/// a quarter of the taps, and they are this many across.
pub(super) const PHASE_TAPS: usize = 2;

pub(super) enum Kernel {
    /// Weights `[ky, kx, c_in]` by `c_out` for each phase, 2x2 taps of the four by four.
    Transposed(Packed),
    /// Winograd's weights, a matrix `c_in` by `c_out` for each position of a tile.
    Winograd(Packed),
    /// Kernels that become Winograd's weights anew for each picture.
    Anew(Kernels),
}

/// A layer's weights, packed.
pub(super) struct Layer {
    pub kernel: Kernel,
    pub source: Source,
    pub edges: Edges,
    pub activation: Activation,
    pub range: Range,
    /// What the convolution's sums are to be multiplied by.
    pub scale: f32,
    /// Times the activation's gain, which is folded into the demodulation too.
    pub bias: Aligned,
    /// `[side, side]`, times the activation's gain; empty: none.
    pub noise: Vec<f32>,
    /// Four pixels of it, each `[r, g, b, 0]`.
    pub rgb_bias: Option<[f32; LANES]>,
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
    pub weights: Aligned,
}

impl Layer {
    /// Packs a layer of `model`.
    pub fn new(layer: &model::Layer, model: &model::Model, isa: Isa) -> Self {
        let gain = layer.activation.gain();
        let mut bias = Aligned::zeros(padded(layer.c_out));
        for (to, from) in bias.iter_mut().zip(&layer.bias) {
            *to = from * gain;
        }
        let rgb_bias = |rgb: &model::Rgb| {
            let mut pixels = [0.0; LANES];
            for pixel in pixels.chunks_exact_mut(RGBX) {
                pixel[..3].copy_from_slice(&rgb.dense.bias);
            }
            pixels
        };
        let doubled = layer.source == Source::Doubled;
        Self {
            kernel: Kernel::new(layer, isa),
            source: layer.source,
            edges: model.edges,
            activation: layer.activation,
            range: model.range,
            scale: if doubled { 1.0 / DOUBLED } else { 1.0 },
            bias,
            noise: layer.noise.iter().map(|noise| noise * gain).collect(),
            rgb_bias: layer.rgb.as_ref().map(rgb_bias),
            side: layer.side,
            c_in: padded(layer.c_in),
            c_out: padded(layer.c_out),
        }
    }

    /// Whether the layer adds to the picture.
    pub fn has_rgb(&self) -> bool {
        self.rgb_bias.is_some()
    }

    /// Side of the map that the layer reads.
    pub fn input_side(&self) -> usize {
        self.source.input_side(self.side)
    }

    /// Side of that map with the zeros around it that a transposed convolution wants.
    pub fn padded_side(&self) -> usize {
        self.input_side() + 2
    }

    /// Pieces of the layer's products, which are made of its whole input before any tile is
    /// finished; none where tiles are finished group by group.
    pub fn pieces(&self) -> Option<usize> {
        match &self.kernel {
            Kernel::Transposed(weights) => Some(4 * weights.panels()),
            Kernel::Anew(kernels) => Some(kernels.panels()),
            Kernel::Winograd(_) => None,
        }
    }

    /// Numbers of what such products are made of.
    pub fn prepared_len(&self) -> usize {
        match &self.kernel {
            Kernel::Transposed(_) => self.padded_side().pow(2) * self.c_in,
            Kernel::Anew(_) => POSITIONS * spacing(self.tiles() * self.c_in),
            Kernel::Winograd(_) => 0,
        }
    }

    /// Numbers of such products.
    pub fn products_len(&self) -> usize {
        match &self.kernel {
            Kernel::Transposed(_) => self.side.pow(2) * self.c_out,
            Kernel::Anew(_) => POSITIONS * spacing(self.tiles() * self.c_out),
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

    /// Input channels whose weights are transformed before they are multiplied: so few that what comes
    /// out stays in the first-level cache, but where it is used often enough to come from the second.
    pub fn inputs_at_once(&self) -> usize {
        if self.tiles() < FEW_TILES { 8 } else { 32 }
    }

    /// Scratch that is large enough for this layer.
    pub fn reserve(&self, scratch: &mut Scratch) {
        let grow = |buffer: &mut Aligned, len: usize| {
            if buffer.len() < len {
                *buffer = Aligned::zeros(len);
            }
        };
        match &self.kernel {
            Kernel::Transposed(_) => {}
            Kernel::Anew(kernels) => {
                let apart = spacing(self.inputs_at_once() * kernels.width);
                grow(&mut scratch.weights, PAIR * apart);
            }
            Kernel::Winograd(_) => {
                let lens = [self.c_in, self.c_out].map(|c| POSITIONS * spacing(self.group() * c));
                grow(&mut scratch.tiles, lens[0]);
                grow(&mut scratch.products, lens[1]);
            }
        }
    }
}

impl Kernel {
    fn new(layer: &model::Layer, isa: Isa) -> Self {
        if layer.source == Source::Transposed {
            return Self::transposed(layer);
        }
        let kernels = Kernels::new(layer);
        if (layer.side / TILE).pow(2) <= FEW_TILES {
            Self::Anew(kernels)
        } else {
            Self::Winograd(kernels.transformed(isa))
        }
    }

    fn transposed(layer: &model::Layer) -> Self {
        let (c_in, taps) = (padded(layer.c_in), layer.source.taps());
        let weight = |phase: usize, k: usize, output: usize| {
            let (tap, input) = (k / c_in, k % c_in);
            // An even pixel sees taps 3 and 1 of the old pixels around it, an odd one 2 and 0.
            let y = 3 - phase / 2 - 2 * (tap / PHASE_TAPS);
            let x = 3 - phase % 2 - 2 * (tap % PHASE_TAPS);
            if input < layer.c_in {
                layer.weights[((output * layer.c_in + input) * taps + y) * taps + x]
            } else {
                0.0
            }
        };
        let depth = PHASE_TAPS * PHASE_TAPS * c_in;
        Self::Transposed(Packed::stacked(4, depth, layer.c_out, weight))
    }
}

/// Distance between the positions of a group: an odd number of cache lines, so that a tile's
/// positions do not all fall into the same set of the cache.
pub(super) fn spacing(len: usize) -> usize {
    let lines = len.div_ceil(LANES);
    (lines | 1) * LANES
}
