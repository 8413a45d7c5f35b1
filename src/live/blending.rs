//! The look that is mixed into the one that paints.

use super::Desk;
use crate::frame::models;
use crate::gan::{Catalog, Painter};

/// Has a painter paint what lies between two looks of one family, as the knobs say. Nothing is loaded
/// for that: both looks are in the network that paints.
pub(super) struct Blending {
    /// The number of the model that the painter was made for.
    base: u16,
    /// The number of the one that was last mixed into it, and the shares of both in their family;
    /// none where they are not of one.
    other: Option<(u16, Option<[Vec<f32>; 2]>)>,
    /// The shares of the model by itself, once something was mixed into it.
    alone: Vec<f32>,
    /// What is mixed into it now, and how much.
    now: Option<(u16, f32)>,
}

impl Blending {
    /// For a painter that was made for the model with this number, and paints that.
    pub(super) fn of(base: u16) -> Self {
        Self {
            base,
            other: None,
            alone: Vec::new(),
            now: None,
        }
    }

    /// The number that it was made with.
    pub(super) fn base(&self) -> u16 {
        self.base
    }

    /// Sees that `painter` mixes as `desk` wants; whether that changes its pictures. What cannot be
    /// mixed is `told`, once, and left out.
    pub(super) fn follow(
        &mut self,
        painter: &mut Painter,
        desk: &Desk,
        told: impl FnOnce(String),
    ) -> bool {
        let wanted = desk.blend > 0.0 && desk.blend_with != self.base;
        let wanted = wanted.then_some((desk.blend_with, desk.blend.min(1.0)));
        if let Some((number, _)) = wanted
            && self
                .other
                .as_ref()
                .is_none_or(|(known, _)| *known != number)
        {
            let shares = shares(self.base, number).map_err(told).ok();
            if let Some([alone, _]) = &shares {
                self.alone.clone_from(alone);
            }
            self.other = Some((number, shares));
        }
        let shares = self.other.as_ref().and_then(|(_, shares)| shares.as_ref());
        let now = wanted.filter(|_| shares.is_some());
        if now == self.now {
            return false;
        }
        self.now = now;
        match (now, shares) {
            (Some((_, amount)), Some([own, other])) => {
                let pairs = own.iter().zip(other);
                let mixed: Vec<f32> = pairs.map(|(a, b)| a + amount * (b - a)).collect();
                painter.choose(&mixed);
            }
            _ => painter.choose(&self.alone),
        }
        true
    }
}

/// The shares of two models, by number, in the family of both.
fn shares(base: u16, other: u16) -> Result<[Vec<f32>; 2], String> {
    let name = |number: u16| {
        models::model_name(number.into())
            .ok_or_else(|| format!("there is no model number {} to blend with", number + 1))
    };
    let (base, other) = (name(base)?, name(other)?);
    let shares = Catalog::default().shares(&base, &other);
    shares.ok_or_else(|| format!("{base} and {other} are not of one family and cannot be blended"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::{CpuGenerator, CpuOptions, Generator, Image, LATENT_DIM, Latent};

    fn painter(name: &str) -> Painter {
        let built_in = Catalog {
            folders: Vec::new(),
        };
        let options = CpuOptions::default();
        Painter::Cpu(CpuGenerator::new(&built_in.find(name).unwrap(), options))
    }

    fn painted(painter: &mut Painter) -> Image {
        let latent = Latent {
            z: [0.7; LATENT_DIM],
            mood: [0.2, -0.3],
            truncation: 0.9,
        };
        let mut image = Image::default();
        painter.sample(&latent, &mut image).unwrap();
        image
    }

    #[test]
    fn a_picture_between_two_looks_is_that_of_the_blend_by_its_name() {
        let [one, other] = [0, 1].map(|number| &Catalog::built_in()[number]);
        let (mut mixing, mut blending) = (painter(one), Blending::of(0));
        let alone = painted(&mut mixing);
        let mut desk = Desk {
            blend_with: 1,
            ..Desk::default()
        };
        let silent = |problem: String| panic!("{problem}");
        assert!(!blending.follow(&mut mixing, &desk, silent));
        desk.blend = 0.25;
        assert!(blending.follow(&mut mixing, &desk, silent));
        assert!(!blending.follow(&mut mixing, &desk, silent));
        let blend = format!("{one}:3+{other}:1");
        assert!(painted(&mut mixing) == painted(&mut painter(&blend)));
        assert!(painted(&mut mixing) != alone);

        // Nothing has the last number, which is told once; what was mixed in is taken out.
        desk.blend_with = models::MODELS as u16 - 1;
        let mut told = Vec::new();
        assert!(blending.follow(&mut mixing, &desk, |problem| told.push(problem)));
        assert!(!blending.follow(&mut mixing, &desk, silent));
        assert_eq!(told, ["there is no model number 32 to blend with"]);
        assert!(painted(&mut mixing) == alone);
        desk.blend = f32::NAN;
        assert!(!blending.follow(&mut mixing, &desk, silent));
    }
}
