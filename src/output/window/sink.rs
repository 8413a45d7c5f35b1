//! A window as a place that pictures go to.

use super::OutputWindow;
use crate::gpu::GpuContext;
use crate::output::PictureSink;
use crate::render::Picture;
use std::sync::Arc;
use std::time::Instant;

impl PictureSink for Arc<OutputWindow> {
    fn is_watching(&self, _: Instant) -> bool {
        self.is_visible()
    }

    fn show(&mut self, picture: &Arc<Picture>, _: u64) {
        OutputWindow::show(self, Arc::clone(picture));
    }

    fn draw_with(&mut self, card: Option<&Arc<GpuContext>>) {
        self.set_gpu(card.cloned());
    }

    fn trouble(&mut self) -> Option<String> {
        OutputWindow::trouble(self)
    }

    fn is_open(&self) -> bool {
        OutputWindow::is_open(self)
    }
}
