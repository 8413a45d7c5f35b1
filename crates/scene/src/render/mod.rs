//! What a scene looks like at the output's size.
//!
//! A renderer takes the generator's small square picture and a [`Scene`] and makes the finished
//! [`Picture`]: upscaling, brush strokes along the picture's own flow, warp, trails and colour.
//! There are two of one trait: vectorised code on the CPU, WGSL passes on a graphics card.

mod brush;
mod choice;
pub mod cpu;
mod flow;
mod frame_plan;
pub mod gpu;
mod grade;
mod letters;
mod limiter;
mod noise;
pub mod passes;
mod picture;
mod relief;
mod source;
mod stroke;
pub mod trails;
mod view;
mod wgsl;

pub use choice::open;
pub use cpu::CpuRenderer;
pub use gpu::{GpuRenderer, Quality};
pub use letters::unwritable;
pub use limiter::Limiter;
pub use passes::memory_frames;
pub use picture::{Picture, Pixels};

use crate::gan::Image;
use crate::gpu::GpuContext;
use crate::show::Scene;

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

impl RenderError {
    /// What a card's own words mean: that it is gone for everybody, or that it refused one picture. The
    /// card is asked, for one that is gone fails at its work before it says that it is.
    fn of_card(gpu: &GpuContext, [width, height]: [usize; 2], why: String) -> Self {
        match gpu.confirm() {
            Err(why) => Self::Lost(why),
            Ok(()) => Self::Refused { width, height, why },
        }
    }
}

/// Why a picture could not be rendered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RenderError {
    /// The device is gone; pictures come again from a new one, or from the processor.
    #[error("the graphics device was lost while rendering: {0}")]
    Lost(String),
    /// The card has no room, or cannot do what was asked; it goes on for everybody else.
    #[error("the graphics card cannot make pictures of {width}x{height}: {why}")]
    Refused {
        width: usize,
        height: usize,
        why: String,
    },
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
