//! A picture, read column by column, or as a whole that is on stage for a moment.

use image::RgbImage;
use image::imageops::{FilterType, resize};

/// Octaves, and rows that a picture is read in.
pub const OCTAVES: usize = 8;
/// Columns that a picture is read in, at most.
const FINEST: u32 = 1024;

/// What is seen at a moment, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// Lightness of eight rows, lowest first.
    pub(super) light: [f32; OCTAVES],
    /// Mean red, green and blue.
    pub(super) colour: [f32; 3],
}

impl Moment {
    /// A picture that is all seen at once; black where it has no pixels.
    pub fn of(picture: &RgbImage) -> Self {
        columns(picture, 1).first().copied().unwrap_or_default()
    }

    /// What is seen on the way to `next`, of which `share` (0 to 1) lies behind.
    pub fn toward(&self, next: &Self, share: f32) -> Self {
        let between = |a: f32, b: f32| a + (b - a) * share;
        Self {
            light: std::array::from_fn(|row| between(self.light[row], next.light[row])),
            colour: std::array::from_fn(|c| between(self.colour[c], next.colour[c])),
        }
    }

    /// How much two differ, 0 to 1.
    pub(super) fn contrast(&self, other: &Self) -> f32 {
        let apart = self.light.iter().zip(other.light);
        let apart = apart.map(|(a, b)| (a - b).abs()).sum::<f32>();
        (4.0 * apart / OCTAVES as f32).min(1.0)
    }

    /// Which of so many parts of the circle its hue lies in; a grey lies in the first.
    pub(super) fn hue(&self, parts: usize) -> usize {
        let [red, green, blue] = self.colour;
        let across = 1.732 / 2.0 * (green - blue);
        let along = red - 0.5 * (green + blue);
        if across.hypot(along) < 0.03 {
            return 0;
        }
        let turns = across.atan2(along) / std::f32::consts::TAU;
        ((turns.rem_euclid(1.0) * parts as f32) as usize).min(parts - 1)
    }
}

/// A picture's columns from left to right, at most `wide` of them; none of a picture without pixels.
pub fn columns(picture: &RgbImage, wide: usize) -> Vec<Moment> {
    if picture.width() == 0 || picture.height() == 0 {
        return Vec::new();
    }
    let wide = (wide as u32).clamp(1, FINEST);
    let small = resize(picture, wide, OCTAVES as u32, FilterType::Triangle);
    let column = |x: u32| {
        let pixel = |row: usize| {
            let pixel = small.get_pixel(x, (OCTAVES - 1 - row) as u32);
            pixel.0.map(|c| f32::from(c) / 255.0)
        };
        let mean = |c: usize| (0..OCTAVES).map(|row| pixel(row)[c]).sum::<f32>() / OCTAVES as f32;
        Moment {
            light: std::array::from_fn(|row| {
                let [red, green, blue] = pixel(row);
                0.299 * red + 0.587 * green + 0.114 * blue
            }),
            colour: [0, 1, 2].map(mean),
        }
    };
    (0..wide).map(column).collect()
}
