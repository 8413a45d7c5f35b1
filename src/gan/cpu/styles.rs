//! What a latent asks of every layer: the mapping network, the styles, the demodulation and the
//! first map. A few per cent of a picture's work, and the same for both samplers, so the CPU does
//! it for the graphics card too.

use super::super::Latent;
use super::super::model::{
    Activation, Dense, Layer, Look, MOOD_GRID, Mapping, Model, START_SIDE, Start, mix,
};
use crate::simd::{Aligned, Disjoint, Isa, LANES, Lanes, Packed, Rows, Work, padded};

/// Keeps the demodulation finite where a style is all zeros (as in training).
const EPSILON: f32 = 1e-8;

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

/// A modulated layer's share of the styles.
struct LayerStyle {
    /// Where its factors start among all styles.
    offset: usize,
    /// Sum of the squares of each kernel, `[c_in, c_out]`.
    energy: Packed,
}

/// Weights to RGB that each picture multiplies by factors of its own.
struct RgbStyle {
    /// Where the factors start among all styles.
    offset: usize,
    /// `[3, c_out]`, channels padded to whole lanes.
    weight: Aligned,
}

/// Computes what a latent asks, from a model's mapping network, styles and first map.
pub(in crate::gan) struct Styles {
    isa: Isa,
    z_dim: usize,
    w_dim: usize,
    mapping: Vec<Linear>,
    mood_directions: Vec<f32>,
    w_mean: Vec<f32>,
    start: FirstMap,
    /// Those of a family, their first maps in the order of `map`; empty where there is one look.
    looks: Vec<Look>,
    /// The styles of all layers, each padded to whole lanes.
    style: Linear,
    /// For each layer; `None` where factors and gains never change.
    layers: Vec<Option<LayerStyle>>,
    /// For each layer; `None` where its weights to RGB never change.
    rgb_styles: Vec<Option<RgbStyle>>,
    scratch: Scratch,
    /// The first map, `[4, 4, channels]` with channels padded to whole lanes, already multiplied
    /// by the first layer's factors.
    pub map: Aligned,
    /// For each layer the factors of its input channels, padded.
    pub factors: Vec<Aligned>,
    /// For each layer what its output channels are multiplied by: demodulation and the
    /// activation's gain, padded.
    pub gains: Vec<Aligned>,
    /// For each layer its weights to RGB, `[3, c_out]` with channels padded; empty where it has
    /// none.
    pub rgb: Vec<Aligned>,
}

/// Where the first map comes from, packed as the samplers have it.
enum FirstMap {
    Constant(Aligned),
    Linear {
        linear: Linear,
        activation: Activation,
        /// A grid of maps, or empty.
        mood_bias: Vec<f32>,
    },
}

/// Numbers on their way.
struct Scratch {
    /// The normalised latent, and the mood behind it where the mapping reads that.
    input: Vec<f32>,
    hidden: Aligned,
    w: Aligned,
    styles: Aligned,
    squares: Aligned,
}

impl Styles {
    /// Packs the small layers of `model`.
    pub fn new(model: &Model, isa: Isa) -> Self {
        let (z_dim, w_dim) = (model.info.z_dim, model.info.w_dim);
        let none = Mapping {
            layers: Vec::new(),
            mood_directions: Vec::new(),
            w_mean: Vec::new(),
        };
        let mapping = model.mapping.as_ref().unwrap_or(&none);
        let first = mapping.layers.first();

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
        let mut layers = Vec::new();
        let (mut rgb_styles, mut rgb) = (Vec::new(), Vec::new());
        for layer in &model.layers {
            layers.push(layer.style.as_ref().map(|style| LayerStyle {
                offset: offset(style),
                energy: energy(layer),
            }));
            let weight = rgb_weights(layer);
            let style = layer.rgb.as_ref().and_then(|rgb| rgb.style.as_ref());
            rgb_styles.push(style.map(|style| RgbStyle {
                offset: offset(style),
                weight: weight.clone(),
            }));
            rgb.push(weight);
        }
        let widest = model.layers.iter().map(|layer| padded(layer.c_in)).max();
        let filled = |channels: usize, value: f32| {
            let mut numbers = Aligned::zeros(padded(channels));
            numbers.fill(value);
            numbers
        };
        Self {
            isa,
            z_dim,
            w_dim,
            mapping: mapping
                .layers
                .iter()
                .map(|layer| Linear::new(layer, w_dim, |output| output))
                .collect(),
            mood_directions: mapping.mood_directions.clone(),
            w_mean: mapping.w_mean.clone(),
            start: FirstMap::new(model),
            looks: laid_out(model),
            style: Linear::new(&all, all.outputs, |output| output),
            scratch: Scratch {
                input: vec![0.0; first.map_or(z_dim, |layer| layer.inputs)],
                hidden: Aligned::zeros(padded(w_dim)),
                w: Aligned::zeros(padded(w_dim)),
                styles: Aligned::zeros(all.outputs),
                squares: Aligned::zeros(widest.unwrap_or(0)),
            },
            map: Aligned::zeros(START_SIDE * START_SIDE * padded(model.layers[0].c_in)),
            factors: model
                .layers
                .iter()
                .map(|layer| filled(layer.c_in, 1.0))
                .collect(),
            gains: model
                .layers
                .iter()
                .map(|layer| filled(layer.c_out, layer.activation.gain()))
                .collect(),
            layers,
            rgb_styles,
            rgb,
        }
    }

    /// Has the looks of a family paint by these shares, whose sum is 1, from now on. Nothing where they
    /// are not as many as the looks.
    pub fn choose(&mut self, shares: &[f32]) {
        let looks = &self.looks;
        if shares.len() != looks.len() || looks.is_empty() {
            return;
        }
        if let Some(first) = self.mapping.first_mut() {
            mix(looks, shares, |look| &look.mapping, &mut first.bias);
        }
        mix(looks, shares, |look| &look.w_mean, &mut self.w_mean);
        if let FirstMap::Linear { linear, .. } = &mut self.start {
            mix(looks, shares, |look| &look.start, &mut linear.bias);
        }
    }

    /// Fills `map`, `factors`, `gains` and `rgb` for `latent`.
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
        let dim = self.z_dim;

        normalize(&latent.z[..dim], &mut input[..dim]);
        if let [valence, arousal] = &mut input[dim..] {
            [*valence, *arousal] = mood;
        }
        for (i, layer) in self.mapping.iter().enumerate() {
            std::mem::swap(w, hidden);
            let from = if i == 0 {
                &input[..]
            } else {
                &hidden[..self.w_dim]
            };
            layer.apply::<L>(from, w);
            activate(w, 1.0, Activation::Leaky.slope());
        }
        if !self.mapping.is_empty() {
            let w = &mut w[..self.w_dim];
            let directions = self.mood_directions.chunks_exact(self.w_dim);
            for (direction, mood) in directions.zip(mood) {
                for (w, direction) in w.iter_mut().zip(direction) {
                    *w += mood * direction;
                }
            }
            let mean = AtMood::new(&self.w_mean, mood);
            for (i, w) in w.iter_mut().enumerate() {
                let mean = mean.number(i);
                *w = mean + truncation * (*w - mean);
            }
            self.style.apply::<L>(w, styles);
        }
        for (i, layer) in self.layers.iter().enumerate() {
            let Some(layer) = layer else { continue };
            let factors = &mut self.factors[i];
            let channels = factors.len();
            factors.copy_from_slice(&styles[layer.offset..][..channels]);
            for (square, factor) in squares.iter_mut().zip(factors.iter()) {
                *square = factor * factor;
            }
            let gains = &mut self.gains[i];
            product::<L>(&layer.energy, &squares[..channels], gains);
            for gain in gains.iter_mut() {
                *gain = Activation::Leaky.gain() / (*gain + EPSILON).sqrt();
            }
        }
        for (rgb, style) in self.rgb.iter_mut().zip(&self.rgb_styles) {
            let Some(style) = style else { continue };
            let channels = rgb.len() / 3;
            let factors = &styles[style.offset..][..channels];
            let rows = rgb.chunks_exact_mut(channels);
            for (to, from) in rows.zip(style.weight.chunks_exact(channels)) {
                for ((to, weight), factor) in to.iter_mut().zip(from).zip(factors) {
                    *to = weight * factor;
                }
            }
        }

        for value in &mut input[..dim] {
            *value *= truncation;
        }
        match &self.start {
            FirstMap::Constant(map) => self.map.copy_from_slice(map),
            FirstMap::Linear {
                linear,
                activation,
                mood_bias,
            } => {
                linear.apply::<L>(&input[..dim], &mut self.map);
                if !mood_bias.is_empty() {
                    let bias = AtMood::new(mood_bias, mood);
                    for (i, value) in self.map.iter_mut().enumerate() {
                        *value += bias.number(i);
                    }
                }
                activate(&mut self.map, activation.gain(), activation.slope());
            }
        }
        let factors = &self.factors[0];
        for pixel in self.map.chunks_exact_mut(factors.len()) {
            for (value, factor) in pixel.iter_mut().zip(factors.iter()) {
                *value *= factor;
            }
        }
    }
}

/// Where number `i` of a first map of PyTorch's, which has channels first, is among the samplers', which
/// have them last, padded.
fn place(i: usize, channels: usize) -> usize {
    let pixels = START_SIDE * START_SIDE;
    i % pixels * channels + i / pixels
}

/// The looks of a model, with their first maps as the samplers have them.
fn laid_out(model: &Model) -> Vec<Look> {
    let channels = padded(model.layers[0].c_in);
    let mut looks = model.looks.clone();
    for look in &mut looks {
        let mut start = vec![0.0; START_SIDE * START_SIDE * channels];
        for (i, &value) in look.start.iter().enumerate() {
            start[place(i, channels)] = value;
        }
        look.start = start;
    }
    looks
}

impl FirstMap {
    fn new(model: &Model) -> Self {
        let pixels = START_SIDE * START_SIDE;
        let channels = padded(model.layers[0].c_in);
        let place = |i: usize| place(i, channels);
        let placed = |from: &[f32], to: &mut [f32]| {
            for (i, &value) in from.iter().enumerate() {
                to[place(i)] = value;
            }
        };
        match &model.start {
            Start::Constant(map) => {
                let mut constant = Aligned::zeros(pixels * channels);
                placed(map, &mut constant);
                Self::Constant(constant)
            }
            Start::Dense {
                dense,
                activation,
                mood_bias,
            } => {
                let moods = mood_bias.len() / dense.outputs;
                let mut grid = vec![0.0; moods * pixels * channels];
                let maps = grid.chunks_exact_mut(pixels * channels);
                for (to, from) in maps.zip(mood_bias.chunks_exact(dense.outputs)) {
                    placed(from, to);
                }
                Self::Linear {
                    linear: Linear::new(dense, pixels * channels, place),
                    activation: *activation,
                    mood_bias: grid,
                }
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
fn rgb_weights(layer: &Layer) -> Aligned {
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

fn activate(values: &mut [f32], gain: f32, slope: f32) {
    for value in values {
        *value = gain * value.max(slope * *value);
    }
}

/// Vectors on the grid of moods, seen from one mood: bilinear between its four neighbours.
struct AtMood<'a> {
    corners: [&'a [f32]; 4],
    valence: f32,
    arousal: f32,
}

impl<'a> AtMood<'a> {
    fn new(grid: &'a [f32], [valence, arousal]: [f32; 2]) -> Self {
        let place = |axis: f32| {
            let place = (axis + 1.0) / 2.0 * (MOOD_GRID - 1) as f32;
            let low = place.floor().min((MOOD_GRID - 2) as f32);
            (low as usize, place - low)
        };
        let (v, valence) = place(valence);
        let (a, arousal) = place(arousal);
        let length = grid.len() / (MOOD_GRID * MOOD_GRID);
        let corner = |a: usize, v: usize| &grid[(a * MOOD_GRID + v) * length..][..length];
        Self {
            corners: [
                corner(a, v),
                corner(a, v + 1),
                corner(a + 1, v),
                corner(a + 1, v + 1),
            ],
            valence,
            arousal,
        }
    }

    /// Number `i` of the vector.
    fn number(&self, i: usize) -> f32 {
        let (v, corners) = (self.valence, self.corners.map(|corner| corner[i]));
        let low = corners[0] * (1.0 - v) + corners[1] * v;
        let high = corners[2] * (1.0 - v) + corners[3] * v;
        low * (1.0 - self.arousal) + high * self.arousal
    }
}
