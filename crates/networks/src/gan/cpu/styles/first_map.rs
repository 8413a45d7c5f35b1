//! The map that the first layer reads.

use super::linear::{Linear, activate};
use super::mood_lookup::MoodLookup;
use crate::gan::model::{Activation, Look, Model, START_SIDE, Start};
use crate::simd::{Aligned, Lanes, padded};

/// Where the first map comes from, packed as the samplers have it.
pub(super) enum FirstMap {
    Constant(Aligned),
    Linear {
        linear: Linear,
        activation: Activation,
        /// A grid of maps, or empty.
        mood_bias: Vec<f32>,
    },
}

/// Where number `i` of a first map of PyTorch's, which has channels first, is among the samplers', which
/// have them last, padded.
fn place(i: usize, channels: usize) -> usize {
    let pixels = START_SIDE * START_SIDE;
    i % pixels * channels + i / pixels
}

/// The looks of a model, with their first maps as the samplers have them.
pub(super) fn laid_out(model: &Model) -> Vec<Look> {
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
    /// Packs what `model` starts from.
    pub(super) fn new(model: &Model) -> Self {
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

    /// Fills `map` for a latent that was truncated, at a mood.
    #[inline(always)]
    pub(super) fn fill<L: Lanes>(&self, latent: &[f32], mood: [f32; 2], map: &mut [f32]) {
        match self {
            Self::Constant(constant) => map.copy_from_slice(constant),
            Self::Linear {
                linear,
                activation,
                mood_bias,
            } => {
                linear.apply::<L>(latent, map);
                if !mood_bias.is_empty() {
                    let bias = MoodLookup::new(mood_bias, mood);
                    for (i, value) in map.iter_mut().enumerate() {
                        *value += bias.number(i);
                    }
                }
                activate(map, activation.gain(), activation.slope());
            }
        }
    }
}
