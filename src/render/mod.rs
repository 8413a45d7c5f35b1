//! What a scene looks like at the output's size.
//!
//! A renderer takes the generator's small square picture and a [`Scene`] and makes the finished
//! [`Picture`]: upscaling, brush strokes along the picture's own flow, warp, trails and colour.
//! There are two of one trait: vectorised code on the CPU, WGSL passes on a graphics card.

mod brush;
pub mod cpu;
mod flow;
pub mod gpu;
mod grade;
mod noise;
mod relief;
mod sketch;
mod source;
mod stroke;
pub mod trails;
mod view;

pub use cpu::CpuRenderer;
pub use gpu::{GpuRenderer, Quality};

use crate::gan::Image;
use crate::show::Scene;

/// A finished picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// RGBA, sRGB-encoded, rows from the top; `width * height * 4` bytes, alpha 255.
    pub rgba: Vec<u8>,
}

impl Picture {
    /// Makes it `size` pixels across and down; what it showed is lost.
    fn resize(&mut self, size: [usize; 2]) {
        [self.width, self.height] = size;
        self.rgba.resize(size[0] * size[1] * 4, 255);
    }
}

/// Makes finished pictures of one size.
pub trait Renderer: Send {
    /// Renders `scene`, for which the generator painted `image`, into `picture` (resized to fit).
    /// `dt` is the time since the previous picture in seconds, which trails need.
    ///
    /// # Errors
    /// When a graphics device is lost; the CPU never fails.
    fn render(
        &mut self,
        scene: &Scene,
        image: &Image,
        dt: f32,
        picture: &mut Picture,
    ) -> Result<(), RenderError>;

    /// Forgets past pictures (their trails).
    fn reset(&mut self);
}

/// Why a picture could not be rendered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RenderError {
    /// The device is gone; pictures come again from a new one, or from the processor.
    #[error("the graphics device was lost while rendering: {0}")]
    Lost(String),
    /// The processor has no such limit.
    #[error("the graphics card renders at most {most} pixels a side, not {width}x{height}")]
    TooLarge {
        width: usize,
        height: usize,
        most: usize,
    },
}

/// Side of the canvas for an output of `width` by `height` pixels: strokes are soft, so it need
/// not have the output's every pixel.
fn canvas_side(width: usize, height: usize) -> usize {
    (width.max(height) * 3).div_ceil(4).clamp(64, 4096)
}
