//! The last step of all: no picture is seen that flashes more than eyes should see.

use super::cpu::ProcessorLimiter;
use super::gpu::CardLimiter;
use super::passes::{ALL_LIGHT, Limits};
use super::{Picture, RenderError};
use crate::flashes::micros;
use crate::show::Scene;

/// Limits flashes in the pictures of one show or film, whichever size they have and whoever makes
/// them. Where they flash no more than [`limits`](crate::flashes::limits) allow, they pass bit for bit.
#[derive(Default)]
pub struct Limiter {
    processor: Option<ProcessorLimiter>,
    card: Option<CardLimiter>,
}

impl Limiter {
    /// Limits `picture`, which is seen `dt` seconds after the one before, with so much of its `light`, 0
    /// to 1. Whether it is limited at all is a control of the `scene`.
    ///
    /// # Errors
    /// When the card that has it is lost, or refuses.
    pub fn limit(
        &mut self,
        scene: &Scene,
        light: f32,
        dt: f32,
        picture: &mut Picture,
    ) -> Result<(), RenderError> {
        let light = (light.clamp(0.0, 1.0) * ALL_LIGHT as f32).round() as u32;
        let limited = scene.controls.flash_limiter;
        if !limited {
            // What was before is forgotten.
            *self = Self::default();
            if light == ALL_LIGHT {
                return Ok(());
            }
        }
        let limits = Limits {
            micros: micros(dt),
            light,
            limited: limited.into(),
            ..Limits::default()
        };
        if let Some(gpu) = picture.card().cloned() {
            self.processor = None;
            let known = self.card.take().filter(|known| known.is_on(&gpu));
            let card = match known {
                Some(card) => card,
                None => CardLimiter::new(&gpu)?,
            };
            return self.card.insert(card).limit(scene, limits, picture);
        }
        self.card = None;
        let size = picture.size();
        let processor = self.processor.get_or_insert_default();
        processor.limit(&limits, picture.pixels_mut(size));
        Ok(())
    }

    /// How many pictures were held back so far. A card is asked, and waited for.
    pub fn held(&mut self) -> u64 {
        match (&self.processor, &mut self.card) {
            (Some(processor), _) => processor.held(),
            (None, Some(card)) => card.held(),
            (None, None) => 0,
        }
    }

    /// Whether a picture was held back just now; of a card, as far as it has told. Never waits.
    pub fn holds_back(&mut self) -> bool {
        match (&self.processor, &mut self.card) {
            (Some(processor), _) => processor.holds_back(),
            (None, Some(card)) => card.holds_back(),
            (None, None) => false,
        }
    }
}

#[cfg(test)]
mod tests;
