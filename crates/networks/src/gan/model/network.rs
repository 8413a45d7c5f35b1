//! A generator as samplers have it.

use super::Fault;
use super::info::ModelInfo;
use super::layers::{Edges, Layer, Mapping, Range, Start};
use super::looks::{Blend, Look, mix};

/// A generator's weights, checked: every shape as the header implies, every number finite.
#[derive(Clone, Debug)]
pub struct Model {
    pub info: ModelInfo,
    /// Those of `info.looks`; one of them, or a blend, is in the biases.
    pub(in crate::gan) looks: Vec<Look>,
    /// From z to w; `None` where no layer has a style.
    pub(in crate::gan) mapping: Option<Mapping>,
    pub(in crate::gan) start: Start,
    /// In their order. The last has a way to RGB, and its side is the picture's.
    pub(in crate::gan) layers: Vec<Layer>,
    pub(in crate::gan) edges: Edges,
    pub(in crate::gan) range: Range,
    /// Whether it is the built-in family.
    pub(in crate::gan) is_built_in: bool,
    /// The shares of its looks, in their order; none where it has none.
    pub(in crate::gan) shares: Vec<f32>,
}

impl Model {
    /// Paints another look of the family, or a blend of them.
    ///
    /// # Errors
    /// When it has no such look; then it stays as it is.
    pub fn choose(&mut self, blend: &Blend) -> Result<(), Fault> {
        let shares = blend.shares(&self.info.looks)?;
        if let (Some(mapping), Start::Dense { dense, .. }) = (&mut self.mapping, &mut self.start) {
            let looks = &self.looks;
            if let Some(first) = mapping.layers.first_mut() {
                mix(looks, &shares, |look| &look.mapping, &mut first.bias);
            }
            let length = looks.first().map_or(0, |look| look.w_mean.len());
            mapping.w_mean.resize(length, 0.0);
            mix(looks, &shares, |look| &look.w_mean, &mut mapping.w_mean);
            mix(looks, &shares, |look| &look.start, &mut dense.bias);
        }
        self.info.name = blend.to_string();
        self.shares = shares;
        Ok(())
    }

    /// How much of each look of the built-in family it paints, in their order; none where it is another model.
    pub fn built_in_shares(&self) -> Option<&[f32]> {
        self.is_built_in.then_some(&self.shares)
    }
}
