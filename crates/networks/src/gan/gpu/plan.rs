//! All layers of a model on a card: where each finds its numbers, and how large the buffers are.

use super::layer::{Layer, Storage, TOGETHER};
use super::template::Constants;
use super::tiling::candidates;
use crate::gan::cpu::{Styles, padded};
use crate::gan::model::{self, Edges, Model, Range, START_SIDE, Source};

/// All of a model's layers.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub layers: Vec<Layer>,
    pub storage: Storage,
    /// Pictures in one submission.
    pub pictures: usize,
    /// Side of the pictures.
    pub side: usize,
    edges: Edges,
    range: Range,
    /// Fours of the layers' own numbers, then of each picture's.
    pub own: usize,
    pub style: usize,
}

impl Plan {
    pub fn new(model: &Model, storage: Storage, pictures: usize, limits: &wgpu::Limits) -> Self {
        let (mut own, mut style) = (0, 0);
        let take = |from: &mut usize, fours: usize| {
            *from += fours;
            *from - fours
        };
        let mut layers: Vec<Layer> = Vec::new();
        for (i, layer) in model.layers.iter().enumerate() {
            let (c_in, c_out) = (padded(layer.c_in), padded(layer.c_out));
            let styled = layer.rgb.as_ref().is_some_and(|rgb| rgb.style.is_some());
            let pixels = layer.side * layer.side;
            layers.push(Layer {
                c_in,
                c_out,
                side: layer.side,
                source: layer.source,
                rgb: layer.rgb.is_some(),
                coloured: layers.last().is_some_and(Layer::hued),
                finishes: false,
                slope: layer.activation.slope(),
                modulated: i > 0 && layer.style.is_some(),
                biases: take(&mut own, c_out / 4),
                colour_bias: take(&mut own, 1),
                noise: (!layer.noise.is_empty()).then(|| take(&mut own, pixels.div_ceil(4))),
                factors: take(&mut style, c_in / 4),
                gains: take(&mut style, c_out / 4),
                colours: match (&layer.rgb, styled) {
                    (None, _) => 0,
                    (Some(_), true) => take(&mut style, 3 * c_out / 4),
                    (Some(_), false) => take(&mut own, 3 * c_out / 4),
                },
                styled,
            });
        }
        if let Some(last) = layers.last_mut() {
            last.finishes = true;
            last.finishes = !candidates(last, limits, pictures).is_empty();
        }
        Self {
            layers,
            storage,
            pictures,
            side: model.info.resolution,
            edges: model.edges,
            range: model.range,
            own,
            style,
        }
    }

    /// Bytes of each of the two buffers that layers read and write by turns: the even layers read
    /// the first.
    pub fn maps(&self) -> [usize; 2] {
        let first = self.layers[0].c_in / 4 * START_SIDE * START_SIDE;
        let mut fours = [first, 1];
        for (i, layer) in self.layers.iter().enumerate() {
            let written = layer.written(self.storage);
            fours[(i + 1) % 2] = fours[(i + 1) % 2].max(written);
        }
        fours.map(|fours| fours * self.pictures * self.storage.bytes())
    }

    /// Bytes of the finished pictures as four 32-bit floats a pixel.
    pub fn pixels(&self) -> usize {
        self.pictures * self.side * self.side * 16
    }

    /// Bytes of the numbers.
    pub fn numbers(&self) -> usize {
        (self.own + self.pictures * self.style) * 16
    }

    /// Bytes of a layer's kernels.
    pub fn kernels(&self, layer: &Layer) -> usize {
        layer.kernels() * self.storage.bytes()
    }

    /// The layers' own numbers: biases and noise, both times the activation's gain, the biases of
    /// RGB, and weights to RGB where no picture has its own. The fourth number behind the biases
    /// of RGB, the parts of the colours before, is left at none.
    pub fn own_numbers(&self, layers: &[model::Layer]) -> Vec<f32> {
        let mut numbers = vec![0.0; 4 * self.own];
        for (place, layer) in self.layers.iter().zip(layers) {
            let gain = layer.activation.gain();
            let mut put = |four: usize, values: &[f32], gain: f32| {
                for (to, value) in numbers[4 * four..].iter_mut().zip(values) {
                    *to = value * gain;
                }
            };
            put(place.biases, &layer.bias, gain);
            if let Some(noise) = place.noise {
                put(noise, &layer.noise, gain);
            }
            let Some(rgb) = &layer.rgb else { continue };
            put(place.colour_bias, &rgb.dense.bias, 1.0);
            if !place.styled {
                let rows = rgb.dense.weight.chunks_exact(layer.c_out);
                for (colour, row) in rows.enumerate() {
                    put(place.colours + colour * place.c_out / 4, row, 1.0);
                }
            }
        }
        numbers
    }

    /// The picture's numbers, in the order in which [`Plan::new`] laid them out.
    pub fn style_numbers(&self, styles: &Styles, numbers: &mut Vec<f32>) {
        for (i, layer) in self.layers.iter().enumerate() {
            numbers.extend_from_slice(&styles.factors[i]);
            numbers.extend_from_slice(&styles.gains[i]);
            if layer.styled {
                numbers.extend_from_slice(&styles.rgb[i]);
            }
        }
    }

    /// Where among the numbers, in bytes, stands in how many parts layer `i` finds the colours
    /// before it.
    pub fn parts_place(&self, i: usize) -> u64 {
        ((4 * self.layers[i].colour_bias + 3) * size_of::<f32>()) as u64
    }

    /// The numbers that layer `i` is compiled for, but for its tiling's.
    pub fn constants(&self, i: usize) -> Constants {
        let layer = &self.layers[i];
        let before = i.checked_sub(1).map(|i| &self.layers[i]);
        let read = layer.c_in / 4 * layer.input_side() * layer.input_side();
        let flag = usize::from;
        let doubled = layer.source == Source::Doubled;
        [
            ("C_IN", layer.c_in),
            ("C_OUT", layer.c_out),
            ("TAPS", layer.taps()),
            ("SIDE", layer.side),
            ("FROM_SIDE", layer.input_side()),
            ("BIASES", layer.biases),
            ("COLOUR_BIAS", layer.colour_bias),
            ("COLOURS", layer.colours),
            ("NOISE", layer.noise.unwrap_or(0)),
            ("STYLES", self.own),
            ("STYLE_STRIDE", self.style),
            ("FACTORS", layer.factors),
            ("GAINS", layer.gains),
            (
                "BEFORE_STRIDE",
                before.map_or(read, |before| before.written(self.storage)),
            ),
            ("BEFORE_COLOURS", read),
            ("AFTER_STRIDE", layer.written(self.storage)),
            ("AFTER_COLOURS", layer.features()),
            ("COLOUR_FOURS", self.storage.colour_fours()),
            ("HALVED", flag(layer.halved())),
            ("DOUBLED", flag(doubled)),
            ("TRANSPOSED", flag(layer.source == Source::Transposed)),
            ("REPEATS", flag(doubled && self.edges == Edges::Repeat)),
            ("ZEROS", flag(self.edges == Edges::Zero)),
            ("MODULATED", flag(layer.modulated)),
            ("NOISY", flag(layer.noise.is_some())),
            ("RGB", flag(layer.rgb)),
            ("STYLED", flag(layer.styled)),
            ("COLOURED", flag(layer.coloured)),
            ("HUED", flag(layer.hued())),
            ("FINISHES", flag(layer.finishes)),
            ("CLAMPS", flag(self.range == Range::Clamp)),
            ("HALVES", flag(self.storage == Storage::Half)),
        ]
        .into_iter()
        .collect()
    }

    /// The numbers that `generator_picture.wgsl` is compiled for, where it is needed.
    pub fn picture_constants(&self, parts: usize) -> Option<Constants> {
        let last = self.layers.last().filter(|last| !last.finishes)?;
        let constants = [
            ("SIDE", last.side),
            ("PARTS", parts),
            ("BEFORE_STRIDE", last.written(self.storage)),
            ("BEFORE_COLOURS", last.features()),
            ("COLOUR_FOURS", self.storage.colour_fours()),
            ("CLAMPS", usize::from(self.range == Range::Clamp)),
            ("HALVES", usize::from(self.storage == Storage::Half)),
        ];
        Some(constants.into_iter().collect())
    }
}

/// A layer's kernels in the order in which workgroups read them,
/// `[c_out / 8, c_in, taps, 8]`.
pub(super) fn kernels(place: &Layer, layer: &model::Layer) -> Vec<f32> {
    let taps = place.taps();
    let mut kernels = vec![0.0; place.c_out * place.c_in * taps];
    for output in 0..layer.c_out {
        for input in 0..layer.c_in {
            let kernel = &layer.weights[(output * layer.c_in + input) * taps..][..taps];
            let start = (output / TOGETHER * place.c_in + input) * taps * TOGETHER;
            for (tap, weight) in kernel.iter().enumerate() {
                kernels[start + tap * TOGETHER + output % TOGETHER] = *weight;
            }
        }
    }
    kernels
}
