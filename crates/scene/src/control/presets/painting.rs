//! Who paints on the way from one look to another.

use super::painter::PresetPainter;
use crate::control::{Setting, Snapshot, model_name};
use crate::gan::Catalog;

/// Who paints: a model and another look of its family by their places among the models, and how much of that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Painting {
    pub model: u16,
    pub blend_with: u16,
    pub blend: f32,
}

impl Snapshot {
    /// Who paints, on the way to the painter of what it morphs to: between two looks of one family lie others.
    pub fn painting(&self) -> Painting {
        let own = Painting {
            model: self.model,
            blend_with: self.blend_with,
            blend: self.blend,
        };
        let goal = self.goal();
        let Some((Some(painter), share)) = goal.map(|(preset, share)| (preset.painter, share))
        else {
            return own;
        };
        own.toward(Painting::of(&painter, *self), share)
    }
}

impl Painting {
    /// A preset's painter; the one of `now` where it is not there.
    fn of(painter: &PresetPainter, mut now: Snapshot) -> Self {
        let settings = painter.settings();
        settings
            .iter()
            .for_each(|setting: &Setting| setting.apply(&mut now));
        Self {
            model: now.model,
            blend_with: now.blend_with,
            blend: now.blend,
        }
    }

    /// How much of the look of that place is in it; none where another one is, too, beside its own model.
    fn amount(self, model: u16, other: u16) -> Option<f32> {
        let is_mixed = self.blend > 0.0 && self.blend_with != self.model;
        let blend = if is_mixed { self.blend } else { 0.0 };
        match (self.model, self.blend_with) {
            (own, with) if own == model && (with == other || blend == 0.0) => Some(blend),
            (own, with) if own == other && (with == model || blend == 0.0) => Some(1.0 - blend),
            _ => None,
        }
    }

    /// What is that far on the way to another; the nearer of both where no two looks lie between them.
    fn toward(self, to: Self, share: f32) -> Self {
        let nearer = if share < 0.5 { self } else { to };
        let pairs = [
            (self.model, self.blend_with),
            (self.model, to.model),
            (self.model, to.blend_with),
            (to.model, to.blend_with),
        ];
        let mut between = pairs.into_iter().filter_map(|(model, other)| {
            let (from, goal) = (self.amount(model, other)?, to.amount(model, other)?);
            Some(Self {
                model,
                blend_with: other,
                blend: from + share * (goal - from),
            })
        });
        let between = between.next().filter(|painting| painting.is_one_family());
        between.unwrap_or(nearer)
    }

    fn is_one_family(self) -> bool {
        let names = [self.model, self.blend_with].map(|place| model_name(place.into()));
        match names {
            [Some(a), Some(b)] => a == b || Catalog::are_kin(&a, &b),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{preset_number, presets};

    fn morph(to: &str, share: f32) -> Snapshot {
        Snapshot {
            morph_to: preset_number(to).unwrap(),
            morph: share,
            ..Snapshot::default()
        }
    }

    #[test]
    fn the_painter_goes_over_to_that_of_the_preset_without_a_leap() {
        let shares = |painting: Painting| {
            let mut shares = [0.0; 16];
            shares[usize::from(painting.model)] += 1.0 - painting.blend;
            shares[usize::from(painting.blend_with)] += painting.blend;
            shares
        };
        let painted = presets();
        let painted = painted.iter().filter(|preset| preset.painter.is_some());
        for preset in painted {
            let mut last: Option<[f32; 16]> = None;
            for step in 0..=20 {
                let now = morph(&preset.name, step as f32 / 20.0);
                let now = shares(now.painting());
                if let Some(last) = last {
                    let moved: f32 = now.iter().zip(last).map(|(a, b)| (a - b).abs()).sum();
                    let name = &preset.name;
                    let blended = preset.painter.as_ref().unwrap().with.is_some();
                    assert!(moved < 0.11 || blended, "{name}: {moved} at {step}");
                }
                last = Some(now);
            }
            let mut there = Snapshot::default();
            preset
                .settings()
                .iter()
                .for_each(|set| set.apply(&mut there));
            assert_eq!(last, Some(shares(there.painting())), "{}", preset.name);
        }
    }
}
