//! From kernels to Winograd's weights.

use std::ops::Range;

use half::f16;
use half::slice::HalfFloatSliceExt;

use super::super::super::model::Layer;
use super::{POSITIONS, WIDE};
use crate::simd::{Aligned, Isa, LANES, Lanes, Packed, Work, padded, panel_width};

/// Taps of a kernel.
const TAPS: usize = 9;
/// Rows of positions come in pairs that are made of the same sums.
pub(in super::super) const PAIRS: usize = WIDE / 2;
/// Positions of a pair.
pub(in super::super) const PAIR: usize = POSITIONS / PAIRS;
/// So many inputs ahead kernels are asked for.
const AHEAD: usize = 16;

/// The 3x3 kernels of a layer, in the 16 bits that they have in their file: an eighth of what
/// Winograd's weights take.
pub(in super::super) struct Kernels {
    /// `[panel, c_in, tap, width]`.
    halves: Aligned<u16>,
    /// Padded, as `c_out`.
    c_in: usize,
    c_out: usize,
    /// Output channels of a panel.
    pub width: usize,
}

impl Kernels {
    /// Packs the kernels of `layer`.
    pub fn new(layer: &Layer) -> Self {
        let (c_in, c_out) = (padded(layer.c_in), padded(layer.c_out));
        let width = panel_width(c_out);
        let mut halves = Aligned::zeros(c_out * c_in * TAPS);
        let mut kernels = vec![f16::ZERO; width * layer.c_in * TAPS];
        let panels = halves.chunks_exact_mut(width * c_in * TAPS);
        for (panel, weights) in panels.zip(layer.weights.chunks(kernels.len())) {
            let kernels = &mut kernels[..weights.len()];
            kernels.convert_from_f32_slice(weights);
            let kernels = kernels.as_chunks::<TAPS>().0;
            let rows = panel.chunks_exact_mut(width * TAPS);
            for (input, row) in rows.take(layer.c_in).enumerate() {
                let outputs = kernels.iter().skip(input).step_by(layer.c_in);
                for (output, kernel) in outputs.enumerate() {
                    for (tap, weight) in kernel.iter().enumerate() {
                        row[tap * width + output] = weight.to_bits();
                    }
                }
            }
        }
        Self {
            halves,
            c_in,
            c_out,
            width,
        }
    }

    /// How many panels the output channels are split into.
    pub fn panels(&self) -> usize {
        self.c_out / self.width
    }

    /// All of Winograd's weights: a matrix `c_in` by `c_out` for each position of a tile.
    pub fn transformed(&self, isa: Isa) -> Packed {
        struct Transform<'a>(&'a Kernels, &'a mut Packed);
        impl Work for Transform<'_> {
            #[inline(always)]
            fn run<L: Lanes>(self) {
                for panel in 0..self.0.panels() {
                    let (to, apart) = self.1.panel_mut(panel);
                    for pair in 0..PAIRS {
                        let (to, inputs) = (&mut to[pair * PAIR * apart..], 0..self.0.c_in);
                        self.0.transform::<L>(panel, inputs, pair, to, apart);
                    }
                }
            }
        }
        let mut weights = Packed::zeros(POSITIONS, self.c_in, self.c_out);
        isa.run(Transform(self, &mut weights));
        weights
    }

    /// `G k Gᵀ` of a panel's kernels from these `inputs`, at the two rows of positions of `pair`: the
    /// position `p` of these goes to `to[p * apart..]`, `[input, width]`.
    #[inline(always)]
    pub fn transform<L: Lanes>(
        &self,
        panel: usize,
        inputs: Range<usize>,
        pair: usize,
        to: &mut [f32],
        apart: usize,
    ) {
        let row = TAPS * self.width;
        let from = &self.halves[(panel * self.c_in + inputs.start) * row..][..inputs.len() * row];
        assert!((PAIR - 1) * apart + inputs.len() * self.width <= to.len());
        for (k, row) in from.chunks_exact(row).enumerate() {
            for v in (0..self.width).step_by(LANES) {
                let mut half = [[L::splat(0.0); 3]; 2];
                for x in 0..3 {
                    let mut column = [L::splat(0.0); 3];
                    for (y, weight) in column.iter_mut().enumerate() {
                        let row = &row[(3 * y + x) * self.width + v..];
                        *weight = L::load_half(row);
                        L::prefetch(row.as_ptr().wrapping_add(AHEAD * TAPS * self.width).cast());
                    }
                    for (half, value) in half.iter_mut().zip(line(column, pair)) {
                        half[x] = value;
                    }
                }
                let first = k * self.width + v;
                for (i, half) in half.into_iter().enumerate() {
                    for across in 0..PAIRS {
                        for (j, value) in line(half, across).into_iter().enumerate() {
                            let at = first + (i * WIDE + 2 * across + j) * apart;
                            // SAFETY: the last number of the last position was checked above.
                            value.store(unsafe { to.get_unchecked_mut(at..at + LANES) });
                        }
                    }
                }
            }
        }
    }
}

/// Three weights of a line times a pair of the rows of Winograd's `G`: those of the points 0 and
/// infinity, 1 and -1, 2 and -2.
#[inline(always)]
fn line<L: Lanes>([a, b, c]: [L; 3], pair: usize) -> [L; 2] {
    let (even, odd) = match pair {
        0 => return [a.mul(L::splat(0.25)), c],
        1 => (a.add(c).mul(L::splat(-1.0 / 6.0)), -1.0 / 6.0),
        _ => {
            let c = c.mul(L::splat(1.0 / 6.0));
            (a.mul_add(L::splat(1.0 / 24.0), c), 1.0 / 12.0)
        }
    };
    [
        b.mul_add(L::splat(odd), even),
        b.mul_add(L::splat(-odd), even),
    ]
}
