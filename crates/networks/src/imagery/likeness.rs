//! What a picture is compared with places by.

use crate::emotion::lab;
use image::RgbImage;
use image::imageops::{FilterType, resize};

/// Numbers that an image network tells of a picture, and those of them in which places differ.
pub(super) const FEATURES: usize = 1280;
pub(super) const EYE: usize = 48;

/// Fields of a picture whose mean colours count, across and down.
const FIELDS: [u32; 2] = [4, 2];
/// How many those are.
pub(super) const COLOURS: usize = 8;

/// Shares of a picture whose mean colours are its palette: the darkest and the lightest, and what lies between.
const SHADOWS: f32 = 0.25;
const LIGHTS: f32 = 0.2;

/// What an image network sees in a picture, and its colours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Likeness {
    pub(super) features: Vec<f32>,
    /// CIE Lab of each field, row by row.
    pub(super) colours: [[f32; 3]; COLOURS],
    /// Its dark, middle and light tones, sRGB from 0 to 1.
    pub palette: [[f32; 3]; 3],
}

impl Likeness {
    /// Of a picture of any size, in sRGB, in which the eye of [`PictureMood::look`](crate::emotion::PictureMood::look) sees these
    /// features; none where they are fewer than it tells.
    pub fn of(picture: &RgbImage, features: &[f32]) -> Option<Self> {
        let [across, down] = FIELDS;
        let fields = resize(picture, across, down, FilterType::Triangle);
        let mut colours = [[0.0; 3]; COLOURS];
        for (colour, pixel) in colours.iter_mut().zip(fields.pixels()) {
            *colour = lab(pixel.0.map(|channel| f32::from(channel) / 255.0));
        }
        Some(Self {
            features: features.get(..FEATURES)?.to_vec(),
            colours,
            palette: palette(picture),
        })
    }

    /// What the bank's eye makes of the features: a direction.
    pub(super) fn seen(&self, matrix: &[f32], offset: &[f32]) -> [f32; EYE] {
        let rows = matrix.chunks_exact(FEATURES).zip(offset);
        let mut seen = [0.0; EYE];
        for (seen, (row, offset)) in seen.iter_mut().zip(rows) {
            let products = row.iter().zip(&self.features).map(|(a, b)| a * b);
            *seen = offset + products.sum::<f32>();
        }
        let length = seen.iter().map(|x| x * x).sum::<f32>().sqrt();
        seen.map(|x| x / length.max(f32::MIN_POSITIVE))
    }
}

/// The mean colours of a picture's shadows, middle tones and lights.
fn palette(picture: &RgbImage) -> [[f32; 3]; 3] {
    let small = resize(picture, 64, 64, FilterType::Triangle);
    let colours = small
        .pixels()
        .map(|pixel| pixel.0.map(|x| f32::from(x) / 255.0));
    let mut colours: Vec<_> = colours.map(|colour| (lab(colour)[0], colour)).collect();
    colours.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: f32| (share * colours.len() as f32) as usize;
    let [dark, light] = [at(SHADOWS), at(1.0 - LIGHTS)];
    [0..dark, dark..light, light..colours.len()].map(|range| {
        let part = &colours[range];
        let mut mean = [0.0; 3];
        for (_, colour) in part {
            mean.iter_mut().zip(colour).for_each(|(mean, x)| *mean += x);
        }
        mean.map(|x| x / part.len().max(1) as f32)
    })
}
