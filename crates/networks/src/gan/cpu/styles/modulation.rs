//! What a picture's styles do to each layer: factors of its input channels, the demodulation that
//! undoes their loudness, and weights to RGB.

use super::linear::{Linear, product};
use crate::gan::model::{Activation, Dense, Layer, Model};
use crate::simd::{Aligned, Lanes, Packed, padded};

/// Keeps the demodulation finite where a style is all zeros (as in training).
const EPSILON: f32 = 1e-8;

/// The styles of all layers, and what each takes from them.
pub(super) struct Modulation {
    /// From w to the styles of all layers, each padded to whole lanes.
    pub(super) style: Linear,
    /// How many numbers these are.
    pub(super) width: usize,
    /// For each layer; `None` where factors and gains never change.
    pub(super) layers: Vec<Option<LayerStyle>>,
    /// For each layer; `None` where its weights to RGB never change.
    pub(super) rgb: Vec<Option<RgbStyle>>,
}

impl Modulation {
    /// Packs the styles of `model`.
    pub(super) fn new(model: &Model) -> Self {
        let w_dim = model.info.w_dim;
        let mut all = Dense {
            inputs: w_dim,
            outputs: 0,
            weight: Vec::new(),
            bias: Vec::new(),
        };
        let mut offset = |style: &Dense| {
            let offset = all.outputs;
            all.outputs += padded(style.outputs);
            all.weight.extend(&style.weight);
            all.weight.resize(all.outputs * w_dim, 0.0);
            all.bias.extend(&style.bias);
            all.bias.resize(all.outputs, 0.0);
            offset
        };
        let (mut layers, mut rgb) = (Vec::new(), Vec::new());
        for layer in &model.layers {
            layers.push(layer.style.as_ref().map(|style| LayerStyle {
                offset: offset(style),
                energy: energy(layer),
            }));
            let style = layer.rgb.as_ref().and_then(|rgb| rgb.style.as_ref());
            rgb.push(style.map(|style| RgbStyle {
                offset: offset(style),
                weight: rgb_weights(layer),
            }));
        }
        Self {
            style: Linear::new(&all, all.outputs, |output| output),
            width: all.outputs,
            layers,
            rgb,
        }
    }
}

/// A modulated layer's share of the styles.
pub(super) struct LayerStyle {
    /// Where its factors start among all styles.
    offset: usize,
    /// Sum of the squares of each kernel, `[c_in, c_out]`.
    energy: Packed,
}

impl LayerStyle {
    /// Takes the layer's factors from `styles`, and makes its gains of them. `squares` is room for as
    /// many numbers as there are factors.
    #[inline(always)]
    pub(super) fn apply<L: Lanes>(
        &self,
        styles: &[f32],
        squares: &mut [f32],
        factors: &mut [f32],
        gains: &mut [f32],
    ) {
        let channels = factors.len();
        factors.copy_from_slice(&styles[self.offset..][..channels]);
        for (square, factor) in squares.iter_mut().zip(factors.iter()) {
            *square = factor * factor;
        }
        product::<L>(&self.energy, &squares[..channels], gains);
        for gain in gains.iter_mut() {
            *gain = Activation::Leaky.gain() / (*gain + EPSILON).sqrt();
        }
    }
}

/// Weights to RGB that each picture multiplies by factors of its own.
pub(super) struct RgbStyle {
    /// Where the factors start among all styles.
    offset: usize,
    /// `[3, c_out]`, channels padded to whole lanes.
    weight: Aligned,
}

impl RgbStyle {
    /// Multiplies the weights by their factors among `styles`, into `rgb`.
    #[inline(always)]
    pub(super) fn apply(&self, styles: &[f32], rgb: &mut [f32]) {
        let channels = rgb.len() / 3;
        let factors = &styles[self.offset..][..channels];
        let rows = rgb.chunks_exact_mut(channels);
        for (to, from) in rows.zip(self.weight.chunks_exact(channels)) {
            for ((to, weight), factor) in to.iter_mut().zip(from).zip(factors) {
                *to = weight * factor;
            }
        }
    }
}

/// Sum of the squares of each kernel of a layer, `[c_in, c_out]` with inputs padded.
fn energy(layer: &Layer) -> Packed {
    let taps = layer.source.taps().pow(2);
    Packed::new(padded(layer.c_in), layer.c_out, |input, output| {
        if input >= layer.c_in {
            return 0.0;
        }
        let kernel = &layer.weights[(output * layer.c_in + input) * taps..][..taps];
        kernel.iter().map(|weight| weight * weight).sum()
    })
}

/// A layer's weights to RGB, `[3, c_out]` with channels padded; none where it has none.
pub(super) fn rgb_weights(layer: &Layer) -> Aligned {
    let Some(rgb) = &layer.rgb else {
        return Aligned::default();
    };
    let channels = padded(layer.c_out);
    let mut weights = Aligned::zeros(3 * channels);
    let rows = weights.chunks_exact_mut(channels);
    for (to, from) in rows.zip(rgb.dense.weight.chunks_exact(layer.c_out)) {
        to[..layer.c_out].copy_from_slice(from);
    }
    weights
}
