//! How much paint a picture gets.

use crate::gpu::GpuContext;
use crate::render::{canvas_side, cpu};

/// How much paint a picture gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// What the processor paints: for software adapters.
    Light,
    /// A canvas finer than the output, and one more layer of fine strokes.
    Rich,
}

impl Quality {
    /// What the adapter of `context` can be trusted with.
    pub fn of(context: &GpuContext) -> Self {
        if context.is_software() {
            Self::Light
        } else {
            Self::Rich
        }
    }

    pub(super) fn canvas_side(self, width: usize, height: usize) -> usize {
        match self {
            Self::Light => canvas_side(width, height),
            // A fifth of the paint's memory goes at 4K to what is seen of it: 4096 is enough.
            Self::Rich => (width.max(height) * 5).div_ceil(4).clamp(64, 4096),
        }
    }

    pub(super) fn layers(self) -> usize {
        match self {
            Self::Light => cpu::LAYERS,
            Self::Rich => cpu::LAYERS + 1,
        }
    }
}
