//! Where a place is painted to see what it looks like.

use super::bank::USED;
use super::likeness::Likeness;
use crate::emotion::{PictureMood, PictureMoodError};
use crate::gan::{CpuGenerator, CpuOptions, Generator, Image, LATENT_DIM, Latent, Model};
use image::RgbImage;

/// A painter, and an eye that looks at what it paints.
pub struct Easel {
    painter: CpuGenerator,
    eye: PictureMood,
    image: Image,
}

impl Easel {
    /// With the painter of a model, on so many threads.
    ///
    /// # Errors
    /// When the program's own weights are damaged.
    pub fn new(model: &Model, threads: usize) -> Result<Self, PictureMoodError> {
        let options = CpuOptions {
            threads,
            ..CpuOptions::default()
        };
        Ok(Self {
            painter: CpuGenerator::new(model, options),
            eye: PictureMood::built_in()?,
            image: Image::default(),
        })
    }

    /// What is painted at a place in a mood looks like this; nothing where it cannot be painted.
    pub fn look(&mut self, z: &[f32; USED], mood: [f32; 2]) -> Option<Likeness> {
        let picture = self.paint(z, mood)?;
        let (_, features) = self.eye.look(&picture).ok()?;
        Likeness::of(&picture, &features)
    }

    /// What is painted at a place in a mood.
    pub(super) fn paint(&mut self, z: &[f32; USED], mood: [f32; 2]) -> Option<RgbImage> {
        let mut latent = Latent {
            z: [0.0; LATENT_DIM],
            mood,
            truncation: 1.0,
        };
        latent.z[..USED].copy_from_slice(z);
        self.painter.sample(&latent, &mut self.image).ok()?;
        let side = self.image.side() as u32;
        let pixels = self.image.pixels().ok()?.iter();
        let bytes = pixels.map(|x: &f32| (255.0 * x.clamp(0.0, 1.0)).round() as u8);
        RgbImage::from_raw(side, side, bytes.collect())
    }
}
