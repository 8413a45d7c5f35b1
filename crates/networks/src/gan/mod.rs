//! What can be painted.
//!
//! A [`Model`] file holds a generator's weights; [`Catalog`] knows where models are found. Two
//! samplers of one trait paint from them: [`GpuGenerator`], WGSL compute on a graphics card, and
//! [`CpuGenerator`], vectorised code; [`open`] chooses. Both are checked against PyTorch's pictures.

mod catalog;
mod cpu;
mod gpu;
mod image;
mod model;
mod painter;

pub use catalog::{Catalog, FamilyLook, Listed, Version};
pub use cpu::{CpuGenerator, CpuOptions, Isa};
pub use gpu::{GpuGenerator, GpuOptions, PassTime, Storage, Tiling};
pub use image::Image;
pub use model::{Blend, Fault, Model, ModelError, ModelInfo};
pub use painter::{Painter, open};

/// Length of a latent vector: as many numbers as any model uses. A model of fewer takes the first.
pub const LATENT_DIM: usize = 512;

/// What a generator is asked to paint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latent {
    /// A point of the latent space; the generator scales what it uses of it to the length that
    /// latents have on average.
    pub z: [f32; LATENT_DIM],
    /// Valence and arousal, each in -1 to 1.
    pub mood: [f32; 2],
    /// Truncation: 0 paints the mood's mean picture, 1 the whole variety.
    pub truncation: f32,
}

/// Paints pictures from latent points.
pub trait Generator: Send {
    /// Width and height of the pictures, in pixels.
    fn side(&self) -> usize;

    /// Paints `latent` into `image` (resized to fit). What a graphics card paints stays there; it may
    /// still be at it, and whatever is given to the same card afterwards sees it done.
    ///
    /// # Errors
    /// When a graphics device is lost; the CPU never fails.
    fn sample(&mut self, latent: &Latent, image: &mut Image)
    -> Result<(), crate::gan::SampleError>;
}

/// Why a picture could not be painted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the graphics device was lost while painting: {0}")]
pub struct SampleError(pub String);
