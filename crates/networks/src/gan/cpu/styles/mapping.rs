//! The mapping network: from a latent and a mood to the vector w, which says a picture's styles.

use super::linear::{Linear, activate};
use super::mood_lookup::MoodLookup;
use crate::gan::model::{Activation, Look, Mapping, Model, mix};
use crate::simd::{Aligned, Lanes, padded};

/// The mapping network, and a latent on its way through it.
pub(super) struct MappingNetwork {
    z_dim: usize,
    w_dim: usize,
    /// Empty where a model has no mapping network.
    layers: Vec<Linear>,
    mood_directions: Vec<f32>,
    w_mean: Vec<f32>,
    /// The normalised latent, and the mood behind it where the mapping reads that.
    input: Vec<f32>,
    hidden: Aligned,
    w: Aligned,
}

impl MappingNetwork {
    /// Packs the mapping network of `model`.
    pub(super) fn new(model: &Model) -> Self {
        let (z_dim, w_dim) = (model.info.z_dim, model.info.w_dim);
        let none = Mapping {
            layers: Vec::new(),
            mood_directions: Vec::new(),
            w_mean: Vec::new(),
        };
        let mapping = model.mapping.as_ref().unwrap_or(&none);
        let first = mapping.layers.first();
        Self {
            z_dim,
            w_dim,
            layers: mapping
                .layers
                .iter()
                .map(|layer| Linear::new(layer, w_dim, |output| output))
                .collect(),
            mood_directions: mapping.mood_directions.clone(),
            w_mean: mapping.w_mean.clone(),
            input: vec![0.0; first.map_or(z_dim, |layer| layer.inputs)],
            hidden: Aligned::zeros(padded(w_dim)),
            w: Aligned::zeros(padded(w_dim)),
        }
    }

    /// Has `looks` say w by these shares.
    pub(super) fn choose(&mut self, looks: &[Look], shares: &[f32]) {
        if let Some(first) = self.layers.first_mut() {
            mix(looks, shares, |look| &look.mapping, &mut first.bias);
        }
        mix(looks, shares, |look| &look.w_mean, &mut self.w_mean);
    }

    /// Reads a latent; its w, if the model has a mapping network.
    #[inline(always)]
    pub(super) fn map<L: Lanes>(
        &mut self,
        z: &[f32],
        mood: [f32; 2],
        truncation: f32,
    ) -> Option<&[f32]> {
        let Self {
            input, hidden, w, ..
        } = self;
        let dim = self.z_dim;
        normalize(&z[..dim], &mut input[..dim]);
        if let [valence, arousal] = &mut input[dim..] {
            [*valence, *arousal] = mood;
        }
        for (i, layer) in self.layers.iter().enumerate() {
            std::mem::swap(w, hidden);
            let from = if i == 0 {
                &input[..]
            } else {
                &hidden[..self.w_dim]
            };
            layer.apply::<L>(from, w);
            activate(w, 1.0, Activation::Leaky.slope());
        }
        if self.layers.is_empty() {
            return None;
        }
        let w = &mut w[..self.w_dim];
        let directions = self.mood_directions.chunks_exact(self.w_dim);
        for (direction, mood) in directions.zip(mood) {
            for (w, direction) in w.iter_mut().zip(direction) {
                *w += mood * direction;
            }
        }
        let mean = MoodLookup::new(&self.w_mean, mood);
        for (i, w) in w.iter_mut().enumerate() {
            let mean = mean.number(i);
            *w = mean + truncation * (*w - mean);
        }
        Some(w)
    }

    /// The normalised latent that was read, shortened by `truncation`; to be asked for once.
    #[inline(always)]
    pub(super) fn truncated(&mut self, truncation: f32) -> &[f32] {
        let latent = &mut self.input[..self.z_dim];
        for value in &mut *latent {
            *value *= truncation;
        }
        latent
    }
}

/// A number, or zero in place of NaN and infinity: a picture always comes.
#[inline(always)]
pub(super) fn finite(value: f32) -> f32 {
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
