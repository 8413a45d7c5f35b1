//! A fully connected layer.

use crate::gan::model::Dense;
use crate::simd::{Aligned, Disjoint, LANES, Lanes, Packed, Rows, padded};

/// A fully connected layer, packed.
pub(super) struct Linear {
    weight: Packed,
    /// By columns, with their padding.
    pub(super) bias: Aligned,
}

impl Linear {
    /// Packs `layer` with its output `o` in column `place(o)` of `columns`.
    pub(super) fn new(layer: &Dense, columns: usize, place: impl Fn(usize) -> usize) -> Self {
        let mut source = vec![None; columns];
        let mut bias = Aligned::zeros(padded(columns));
        for output in 0..layer.outputs {
            source[place(output)] = Some(output);
            bias[place(output)] = layer.bias[output];
        }
        let weight = Packed::new(layer.inputs, columns, |k, column| {
            source[column].map_or(0.0, |output| layer.weight[output * layer.inputs + k])
        });
        Self { weight, bias }
    }

    /// `out = weight * input + bias`; `out` has the columns with their padding.
    #[inline(always)]
    pub(super) fn apply<L: Lanes>(&self, input: &[f32], out: &mut [f32]) {
        product::<L>(&self.weight, input, out);
        for (out, bias) in out
            .chunks_exact_mut(LANES)
            .zip(self.bias.chunks_exact(LANES))
        {
            L::load(out).add(L::load(bias)).store(out);
        }
    }
}

/// `out = weight * input`.
#[inline(always)]
pub(super) fn product<L: Lanes>(weight: &Packed, input: &[f32], out: &mut [f32]) {
    let rows = Rows::plain(input, 1, input.len());
    let out = Disjoint::new(out);
    for panel in 0..weight.panels() {
        // SAFETY: `out` is borrowed for this alone.
        unsafe { weight.multiply::<L>(&rows, 0, panel, out) };
    }
}

/// A leaky rectifier and its gain: negative values keep a `slope` of theirs.
#[inline(always)]
pub(super) fn activate(values: &mut [f32], gain: f32, slope: f32) {
    for value in values {
        *value = gain * value.max(slope * *value);
    }
}
