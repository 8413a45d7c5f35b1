//! What a latent asks of every layer: the mapping network, the styles, the demodulation and the
//! first map. A few per cent of a picture's work, and the same for both samplers, so the CPU does
//! it for the graphics card too.

use super::super::Latent;
use super::super::model::{Dense, MOOD_GRID, Model, START_SIDE};
use crate::simd::{Aligned, Disjoint, Isa, LANES, Lanes, Packed, Rows, Work, padded};

/// Keeps the demodulation finite where a style is all zeros (as in training).
const EPSILON: f32 = 1e-8;
/// The gain of a leaky ReLU that keeps the variance (Karras et al. 2020).
pub(in crate::gan) const GAIN: f32 = std::f32::consts::SQRT_2;
/// Slope of the leaky ReLU below zero.
pub(in crate::gan) const SLOPE: f32 = 0.2;

/// A fully connected layer, packed.
struct Linear {
    weight: Packed,
    bias: Aligned,
}

impl Linear {
    /// Packs `layer` with its output `o` in column `place(o)` of `columns`.
    fn new(layer: &Dense, columns: usize, place: impl Fn(usize) -> usize) -> Self {
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
    fn apply<L: Lanes>(&self, input: &[f32], out: &mut [f32]) {
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
fn product<L: Lanes>(weight: &Packed, input: &[f32], out: &mut [f32]) {
    let rows = Rows::plain(input, 1, input.len());
    let out = Disjoint::new(out);
    for panel in 0..weight.panels() {
        weight.multiply::<L>(&rows, 0, panel, out);
    }
}

/// One layer's share of the styles.
struct LayerStyle {
    /// Where its factors start among all styles.
    offset: usize,
    /// Sum of the squares of each kernel, `[c_in, c_out]`.
    energy: Packed,
}

/// Computes what a latent asks, from a model's mapping network, styles and first layer.
pub(in crate::gan) struct Styles {
    isa: Isa,
    mapping: [Linear; 2],
    w_mean: Vec<f32>,
    start: Linear,
    /// The styles of all layers, each padded to whole lanes.
    style: Linear,
    layers: Vec<LayerStyle>,
    scratch: Scratch,
    /// The first map, `[4, 4, channels]` with channels padded to whole lanes, already multiplied
    /// by the first layer's factors.
    pub map: Aligned,
    /// For each layer the factors of its input channels, padded.
    pub factors: Vec<Aligned>,
    /// For each layer what its output channels are multiplied by: demodulation and gain, padded.
    pub gains: Vec<Aligned>,
}

/// Numbers on their way.
struct Scratch {
    /// The normalised latent, and the mood behind it.
    input: Vec<f32>,
    hidden: Aligned,
    w: Aligned,
    styles: Aligned,
    squares: Aligned,
}

impl Styles {
    /// Packs the small layers of `model`.
    pub fn new(model: &Model, isa: Isa) -> Self {
        let width = model.info.w_dim;
        let identity = |output| output;
        let mapping = model.mapping.each_ref();
        let mapping = mapping.map(|layer| Linear::new(layer, width, identity));

        // PyTorch has channels first, the samplers have them last.
        let pixels = START_SIDE * START_SIDE;
        let channels = model.blocks[0].c_in;
        let columns = pixels * padded(channels);
        let start = Linear::new(&model.start, columns, |output| {
            output % pixels * padded(channels) + output / pixels
        });

        let mut layers = Vec::new();
        let mut all = Dense {
            inputs: width,
            outputs: 0,
            weight: Vec::new(),
            bias: Vec::new(),
        };
        for block in &model.blocks {
            let style = &block.style;
            layers.push(LayerStyle {
                offset: all.outputs,
                energy: Packed::new(padded(block.c_in), block.c_out, |input, output| {
                    if input >= block.c_in {
                        return 0.0;
                    }
                    let kernel = &block.conv[(output * block.c_in + input) * 9..][..9];
                    kernel.iter().map(|weight| weight * weight).sum()
                }),
            });
            all.outputs += padded(block.c_in);
            all.weight.extend(&style.weight);
            all.weight.resize(all.outputs * width, 0.0);
            all.bias.extend(&style.bias);
            all.bias.resize(all.outputs, 0.0);
        }
        let widest = model.blocks.iter().map(|block| padded(block.c_in)).max();
        Self {
            isa,
            mapping,
            w_mean: model.w_mean.clone(),
            start,
            style: Linear::new(&all, all.outputs, identity),
            layers,
            scratch: Scratch {
                input: vec![0.0; model.mapping[0].inputs],
                hidden: Aligned::zeros(padded(width)),
                w: Aligned::zeros(padded(width)),
                styles: Aligned::zeros(all.outputs),
                squares: Aligned::zeros(widest.unwrap_or(0)),
            },
            map: Aligned::zeros(columns),
            factors: model
                .blocks
                .iter()
                .map(|b| Aligned::zeros(padded(b.c_in)))
                .collect(),
            gains: model
                .blocks
                .iter()
                .map(|b| Aligned::zeros(padded(b.c_out)))
                .collect(),
        }
    }

    /// Fills `map`, `factors` and `gains` for `latent`.
    pub fn compute(&mut self, latent: &Latent) {
        struct Compute<'a>(&'a mut Styles, &'a Latent);
        impl Work for Compute<'_> {
            #[inline(always)]
            fn run<L: Lanes>(self) {
                self.0.compute_on::<L>(self.1);
            }
        }
        self.isa.run(Compute(self, latent));
    }

    #[inline(always)]
    fn compute_on<L: Lanes>(&mut self, latent: &Latent) {
        let Scratch {
            input,
            hidden,
            w,
            styles,
            squares,
        } = &mut self.scratch;
        let mood = latent.mood.map(|value| finite(value).clamp(-1.0, 1.0));
        let truncation = finite(latent.truncation);
        let dim = latent.z.len();

        normalize(&latent.z, &mut input[..dim]);
        input[dim..].copy_from_slice(&mood);
        self.mapping[0].apply::<L>(input, hidden);
        leaky(hidden);
        let width = self.mapping[1].weight.depth();
        self.mapping[1].apply::<L>(&hidden[..width], w);
        leaky(w);
        truncate(&mut w[..width], &self.w_mean, mood, truncation);

        self.style.apply::<L>(&w[..width], styles);
        for (i, layer) in self.layers.iter().enumerate() {
            let factors = &mut self.factors[i];
            let channels = factors.len();
            factors.copy_from_slice(&styles[layer.offset..][..channels]);
            for (square, factor) in squares.iter_mut().zip(factors.iter()) {
                *square = factor * factor;
            }
            let gains = &mut self.gains[i];
            product::<L>(&layer.energy, &squares[..channels], gains);
            for gain in gains.iter_mut() {
                *gain = GAIN / (*gain + EPSILON).sqrt();
            }
        }

        for value in &mut input[..dim] {
            *value *= truncation;
        }
        self.start.apply::<L>(&input[..dim], &mut self.map);
        let factors = &self.factors[0];
        for pixel in self.map.chunks_exact_mut(factors.len()) {
            for (value, factor) in pixel.iter_mut().zip(factors.iter()) {
                *value *= factor;
            }
        }
    }
}

/// A number, or zero in place of NaN and infinity: a picture always comes.
fn finite(value: f32) -> f32 {
    if value.is_finite() { value } else { 0.0 }
}

/// `z` at the length that latents have on average, the root of their dimension.
fn normalize(z: &[f32], out: &mut [f32]) {
    let squares: f64 = z.iter().map(|&v| f64::from(finite(v)).powi(2)).sum();
    // The smallest length that PyTorch's `normalize` divides by.
    let scale = (z.len() as f64).sqrt() / squares.sqrt().max(1e-12);
    for (out, &value) in out.iter_mut().zip(z) {
        *out = (f64::from(finite(value)) * scale) as f32;
    }
}

fn leaky(values: &mut [f32]) {
    for value in values {
        *value = value.max(SLOPE * *value);
    }
}

/// Pulls `w` towards the mean w of the mood: 0 leaves the mean, 1 leaves `w`.
fn truncate(w: &mut [f32], w_mean: &[f32], [valence, arousal]: [f32; 2], truncation: f32) {
    let place = |axis: f32| {
        let place = (axis + 1.0) / 2.0 * (MOOD_GRID - 1) as f32;
        let low = place.floor().min((MOOD_GRID - 2) as f32);
        (low as usize, place - low)
    };
    let (v, fv) = place(valence);
    let (a, fa) = place(arousal);
    let width = w.len();
    let corner = |a: usize, v: usize| &w_mean[(a * MOOD_GRID + v) * width..][..width];
    let corners = [
        corner(a, v),
        corner(a, v + 1),
        corner(a + 1, v),
        corner(a + 1, v + 1),
    ];
    for (i, w) in w.iter_mut().enumerate() {
        let low = corners[0][i] * (1.0 - fv) + corners[1][i] * fv;
        let high = corners[2][i] * (1.0 - fv) + corners[3][i] * fv;
        let mean = low * (1.0 - fa) + high * fa;
        *w = mean + truncation * (*w - mean);
    }
}
