//! Pictures drawn by the processor into memory that the window system reads.

use std::num::NonZeroU32;
use std::sync::Arc;

use softbuffer::{Context, SoftBufferError, Surface};
use winit::window::Window;

use super::presenter::{DrawnBy, Outcome, Presenter};
use super::scale::Scaler;
use crate::render::{Picture, Pixels};

/// Draws a window with the processor.
pub(super) struct Processor {
    window: Arc<Window>,
    surface: Surface<Arc<Window>, Arc<Window>>,
    scaler: Scaler,
}

impl Processor {
    /// # Errors
    /// When the window system takes no pictures from memory, in words.
    pub(super) fn new(window: &Arc<Window>) -> Result<Self, String> {
        let open = || -> Result<_, SoftBufferError> {
            let context = Context::new(Arc::clone(window))?;
            Surface::new(&context, Arc::clone(window))
        };
        Ok(Self {
            window: Arc::clone(window),
            surface: open().map_err(|error| error.to_string())?,
            scaler: Scaler::default(),
        })
    }

    fn draw(&mut self, picture: Option<&Pixels>, size: [u32; 2]) -> Result<(), SoftBufferError> {
        let [width, height] = size.map(|side| NonZeroU32::new(side).unwrap_or(NonZeroU32::MIN));
        self.surface.resize(width, height)?;
        let mut buffer = self.surface.buffer_mut()?;
        self.scaler.fill(&mut buffer, size, picture);
        self.window.pre_present_notify();
        buffer.present()
    }
}

impl Presenter for Processor {
    fn present(
        &mut self,
        picture: Option<&Picture>,
        _fresh: bool,
        size: [u32; 2],
    ) -> Result<Outcome, String> {
        let pixels = picture.map(Picture::pixels).transpose();
        let pixels = pixels.map_err(|error| error.to_string())?;
        self.draw(pixels, size)
            .map(|()| Outcome::Shown)
            .map_err(|error| error.to_string())
    }

    fn drawn_by(&self) -> DrawnBy {
        DrawnBy::Processor
    }
}
