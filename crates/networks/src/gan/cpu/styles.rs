//! What a latent asks of every layer: the mapping network, the styles, the demodulation and the
//! first map. A few per cent of a picture's work, and the same for both samplers, so the CPU does
//! it for the graphics card too.

mod first_map;
mod linear;
mod mapping;
mod modulation;
mod mood_lookup;

use super::super::Latent;
use super::super::model::{Look, Model, START_SIDE, mix};
use crate::simd::{Aligned, Isa, Lanes, Work, padded};
use first_map::{FirstMap, laid_out};
use mapping::{MappingNetwork, finite};
use modulation::{Modulation, rgb_weights};

/// Computes what a latent asks, from a model's mapping network, styles and first map.
pub(in crate::gan) struct Styles {
    isa: Isa,
    mapping: MappingNetwork,
    start: FirstMap,
    /// Those of a family, their first maps in the order of `map`; empty where there is one look.
    looks: Vec<Look>,
    modulation: Modulation,
    /// The styles of all layers, and room for the squares of one layer's.
    styles: Aligned,
    squares: Aligned,
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

impl Styles {
    /// Packs the small layers of `model`.
    pub fn new(model: &Model, isa: Isa) -> Self {
        let modulation = Modulation::new(model);
        let widest = model.layers.iter().map(|layer| padded(layer.c_in)).max();
        let filled = |channels: usize, value: f32| {
            let mut numbers = Aligned::zeros(padded(channels));
            numbers.fill(value);
            numbers
        };
        Self {
            isa,
            mapping: MappingNetwork::new(model),
            start: FirstMap::new(model),
            looks: laid_out(model),
            styles: Aligned::zeros(modulation.width),
            squares: Aligned::zeros(widest.unwrap_or(0)),
            modulation,
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
            rgb: model.layers.iter().map(rgb_weights).collect(),
        }
    }

    /// Has the looks of a family paint by these shares, whose sum is 1, from now on. Nothing where they
    /// are not as many as the looks.
    pub fn choose(&mut self, shares: &[f32]) {
        let looks = &self.looks;
        if shares.len() != looks.len() || looks.is_empty() {
            return;
        }
        self.mapping.choose(looks, shares);
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
        let mood = latent.mood.map(|value| finite(value).clamp(-1.0, 1.0));
        let truncation = finite(latent.truncation);
        let styles = &mut self.styles;
        if let Some(w) = self.mapping.map::<L>(&latent.z, mood, truncation) {
            self.modulation.style.apply::<L>(w, styles);
        }
        let outputs = self.factors.iter_mut().zip(&mut self.gains);
        for (style, (factors, gains)) in self.modulation.layers.iter().zip(outputs) {
            let Some(style) = style else { continue };
            style.apply::<L>(styles, &mut self.squares, factors, gains);
        }
        for (rgb, style) in self.rgb.iter_mut().zip(&self.modulation.rgb) {
            let Some(style) = style else { continue };
            style.apply(styles, rgb);
        }
        let latent = self.mapping.truncated(truncation);
        self.start.fill::<L>(latent, mood, &mut self.map);
        let factors = &self.factors[0];
        for pixel in self.map.chunks_exact_mut(factors.len()) {
            for (value, factor) in pixel.iter_mut().zip(factors.iter()) {
                *value *= factor;
            }
        }
    }
}
