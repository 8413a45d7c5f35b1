//! Where a picture lies in the latent spaces, learned from what the painter painted there.
//!
//! Of each look a matrix leads to a direction from what an image network sees in the picture, from the colours of its fields,
//! and from the mood in which it is to be painted. `training/imagery/encoder.py` is its definition.

use super::bank::{USED, unit};
use super::likeness::{COLOURS, FEATURES, Likeness};
use crate::dense::File;
use crate::weights::WeightsFault;

/// Most directions of what is seen that a file may go by.
const MOST_DIRECTIONS: usize = 256;

/// Numbers of a picture beside what is seen: its fields' colours, valence and arousal.
const BESIDE: usize = 3 * COLOURS + 2;

/// What a squared distance of colours weighs beside a likeness of 1, in CIE Lab whose lightness goes to 1.
const COLOUR: f32 = 0.8;

/// Leads from pictures to directions.
pub(super) struct Encoder {
    /// From features to directions in which painted places differ, a row each.
    eye: Vec<f32>,
    looks: Vec<Look>,
}

struct Look {
    /// Roots of the features that are usual there.
    mean: Vec<f32>,
    /// CIE Lab of the fields that is usual there.
    colours: Vec<f32>,
    /// A row for each number of a direction.
    rows: Vec<f32>,
}

/// A matrix whose rows are bytes with a step each.
fn rows(
    file: &File<'static>,
    name: &str,
    [count, width]: [usize; 2],
) -> Result<Vec<f32>, WeightsFault> {
    let steps = file.read(&format!("{name}.steps"), &[count])?;
    let bytes = file.bytes(name, &[count, width])?.chunks_exact(width);
    let rows = bytes.zip(steps);
    let scaled = rows.flat_map(|(row, step)| row.iter().map(move |byte| (step, *byte)));
    Ok(scaled
        .map(|(step, byte)| step * f32::from(byte.cast_signed()))
        .collect())
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Encoder {
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'static>, looks: &[&str]) -> Result<Self, WeightsFault> {
        let directions = file.header.number("directions", MOST_DIRECTIONS)?;
        let look = |name: &&str| {
            Ok(Look {
                mean: file.read(&format!("encoder.{name}.mean"), &[FEATURES])?,
                colours: file.read(&format!("encoder.{name}.colours"), &[3 * COLOURS])?,
                rows: rows(
                    file,
                    &format!("encoder.{name}"),
                    [USED, directions + BESIDE],
                )?,
            })
        };
        Ok(Self {
            eye: rows(file, "encoder.eye", [directions, FEATURES])?,
            looks: looks.iter().map(look).collect::<Result<_, _>>()?,
        })
    }

    /// The direction of a look in which the painter would paint the like of a picture in a mood.
    pub fn place(&self, look: usize, picture: &Likeness, mood: [f32; 2]) -> Option<[f32; USED]> {
        let look = self.looks.get(look)?;
        let beside = look.beside(picture);
        let mut told: Vec<_> = self
            .eye
            .chunks_exact(FEATURES)
            .map(|row| dot(row, &beside))
            .collect();
        let length = dot(&told, &told).sqrt().max(f32::MIN_POSITIVE);
        told.iter_mut().for_each(|x| *x /= length);
        let colours = picture.colours.as_flattened().iter().zip(&look.colours);
        told.extend(colours.map(|(colour, usual)| colour - usual));
        told.extend(mood);
        let mut z = [0.0; USED];
        for (z, row) in z.iter_mut().zip(look.rows.chunks_exact(told.len())) {
            *z = dot(row, &told);
        }
        Some(unit(z))
    }

    /// How like two pictures are beside what is usual in a look: about -1 to 1.
    pub fn alike(&self, look: usize, one: &Likeness, other: &Likeness) -> Option<f32> {
        let look = self.looks.get(look)?;
        let [a, b] = [one, other].map(|picture| look.beside(picture));
        let seen = dot(&a, &b) / (dot(&a, &a) * dot(&b, &b)).sqrt().max(f32::MIN_POSITIVE);
        let [a, b] = [one, other].map(|picture| picture.colours.as_flattened());
        let far = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>() / COLOURS as f32;
        Some(seen - COLOUR * far)
    }
}

impl Look {
    /// Roots of a picture's features beside those that are usual: features are counts, most of them small.
    fn beside(&self, picture: &Likeness) -> Vec<f32> {
        let pairs = picture.features.iter().zip(&self.mean);
        pairs.map(|(x, mean)| x.max(0.0).sqrt() - mean).collect()
    }
}
