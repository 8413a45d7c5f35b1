//! The look that is mixed into the one that paints.

use super::models;
use super::news::Told;
use super::source::{self, Source};
use super::wanted::Wanted;
use crate::gan::Painter;

/// Has a painter paint what lies between two looks of one family, as the knobs say. Nothing is loaded
/// for that: both looks are in the network that paints.
#[derive(Default)]
pub(super) struct Blending {
    /// What was last wanted to be mixed in.
    other: Option<Other>,
    /// What is mixed in now, and how much.
    now: Option<(u16, f32)>,
    /// The shares by which the family's looks paint then.
    mixed: Vec<f32>,
}

/// A look that is to be mixed in.
struct Other {
    number: u16,
    /// Its shares in the family of both, or why it has none.
    shares: Result<Vec<f32>, String>,
    /// When that was found, in [looks into the folders](models::looks).
    looked: u64,
}

impl Blending {
    /// For a painter that paints its model's look alone.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Sees that `painter` mixes into `source` what is wanted; whether that changes its pictures. What
    /// cannot be mixed is told once and left out, until it can.
    pub(super) fn follow(
        &mut self,
        source: &Source,
        painter: &mut Painter,
        wanted: &Wanted,
        told: &mut Told,
    ) -> bool {
        let number = wanted.blend_with;
        let amount =
            (wanted.blend > 0.0 && Some(number) != source.number).then(|| wanted.blend.min(1.0));
        if amount.is_some() {
            self.find(source, number, told);
        }
        let other = self.other.as_ref().filter(|_| amount.is_some());
        let other = other.and_then(|other| other.shares.as_deref().ok());
        let now = other.and(amount).map(|amount| (number, amount));
        if now == self.now {
            return false;
        }
        self.now = now;
        let own = source.look.as_ref().map_or(&[][..], |look| &look.shares);
        match (now, other) {
            (Some((_, amount)), Some(other)) => {
                let pairs = own.iter().zip(other);
                self.mixed.clear();
                self.mixed.extend(pairs.map(|(a, b)| a + amount * (b - a)));
                painter.choose(&self.mixed);
            }
            _ => painter.choose(own),
        }
        true
    }

    /// How much of each look of the built-in family is painted where `source` is of it.
    pub(super) fn built_in_shares<'a>(&'a self, source: &'a Source) -> Option<&'a [f32]> {
        let own = source.model.built_in_shares()?;
        Some(self.now.map_or(own, |_| &self.mixed))
    }

    /// Finds the look with this number, unless it is known, or was not there when the folders were
    /// last looked into.
    fn find(&mut self, source: &Source, number: u16, told: &mut Told) {
        let looked = models::looks();
        let known = self.other.as_ref().filter(|other| other.number == number);
        if known.is_some_and(|known| known.shares.is_ok() || known.looked == looked) {
            return;
        }
        let shares = shares(source, number);
        let known = known.and_then(|known| known.shares.as_ref().err());
        if let Err(problem) = &shares
            && known != Some(problem)
        {
            told.problem(problem.clone());
        }
        self.other = Some(Other {
            number,
            shares,
            looked,
        });
    }
}

/// The shares of the look with this number in the family that `source` is of.
fn shares(source: &Source, number: u16) -> Result<Vec<f32>, String> {
    let name = source::named(number)
        .ok_or_else(|| format!("there is no model number {} to blend with", number + 1))?;
    let other = source::look(number);
    match (&source.look, other) {
        (Some(own), Some(other)) if own.is_kin(&other) => Ok(other.shares),
        _ => {
            let own = source.number.and_then(source::named);
            let own = own.as_ref().unwrap_or(&source.model.info.name);
            Err(format!(
                "{own} and {name} are not of one family and cannot be blended"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::{Catalog, CpuGenerator, CpuOptions, Generator, Image, LATENT_DIM, Latent};

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
        let (mut mixing, mut blending) = (painter(one), Blending::default());
        let source = Source::load(0).unwrap();
        let alone = painted(&mut mixing);
        let mut told = Told::default();
        let mut wanted = Wanted {
            model: 0,
            blend_with: 1,
            blend: 0.0,
            size: None,
            blackout: false,
            fade: 0.0,
            still: false,
            memory: 0,
        };
        assert!(!blending.follow(&source, &mut mixing, &wanted, &mut told));
        wanted.blend = 0.25;
        assert!(blending.follow(&source, &mut mixing, &wanted, &mut told));
        assert!(!blending.follow(&source, &mut mixing, &wanted, &mut told));
        let blend = format!("{one}:3+{other}:1");
        assert!(painted(&mut mixing) == painted(&mut painter(&blend)));
        assert!(painted(&mut mixing) != alone);
        assert_eq!(told.take().problems, Vec::<String>::new());

        // Nothing has the last number, which is told once; what was mixed in is taken out.
        wanted.blend_with = models::MODELS as u16 - 1;
        assert!(blending.follow(&source, &mut mixing, &wanted, &mut told));
        assert!(!blending.follow(&source, &mut mixing, &wanted, &mut told));
        models::refresh_names();
        assert!(!blending.follow(&source, &mut mixing, &wanted, &mut told));
        let said = told.take().problems;
        assert_eq!(said, ["there is no model number 32 to blend with"]);
        assert!(painted(&mut mixing) == alone);
        wanted.blend = f32::NAN;
        assert!(!blending.follow(&source, &mut mixing, &wanted, &mut told));
    }
}
