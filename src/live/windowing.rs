//! An instance's output window.

use super::instance::Live;
use super::shared::Window;
use crate::frame;
use crate::output::window::{OutputWindow, WindowOptions};
use std::sync::Arc;
use std::time::Instant;

impl Live {
    /// Opens the output window, or brings the open one to the monitor named `on`. In the window:
    /// space freezes, B blacks out, N draws a new seed, S keeps a still, T taps the beat, Backspace lets it be heard.
    ///
    /// # Errors
    /// When there is no display or its system gives no window, in a sentence.
    pub fn open_window(&self, on: Option<String>) -> Result<(), String> {
        if let Some(window) = self.window().filter(|window| window.is_open()) {
            if on.is_some() {
                window.set_fullscreen(on);
            }
            return Ok(());
        }
        let options = WindowOptions {
            fullscreen_on: on,
            ..WindowOptions::default()
        };
        let card = frame::shared().ok().filter(|gpu| !gpu.is_software());
        // It may take a while, so the painting thread is not kept waiting.
        let handle = Arc::new(OutputWindow::open(options, card).map_err(|e| e.to_string())?);
        if let Some(shown) = self.shown() {
            OutputWindow::show(&handle, Arc::clone(&shown.picture));
        }
        self.shared.listen_to_keys(&handle);
        let sink = self.shared.sinks.add(Arc::clone(&handle));
        let old = self.shared.window.lock().replace(Window { handle, sink });
        if let Some(old) = old {
            self.shared.sinks.remove(old.sink);
        }
        self.start_painting(&mut self.threads.lock());
        Ok(())
    }

    /// Closes the output window.
    pub fn close_window(&self) {
        let window = self.shared.window.lock().take();
        if let Some(window) = window {
            window.handle.close();
            self.shared.sinks.remove(window.sink);
        }
    }

    pub(super) fn window(&self) -> Option<Arc<OutputWindow>> {
        let window = self.shared.window.lock();
        window.as_ref().map(|window| Arc::clone(&window.handle))
    }

    /// Whether the output window is open.
    pub fn window_is_open(&self) -> bool {
        self.window().is_some_and(|it| it.is_open())
    }

    /// Whether the output window fills a monitor.
    pub fn window_is_fullscreen(&self) -> bool {
        self.window().is_some_and(|it| it.is_fullscreen())
    }

    /// When the output window last presented a picture.
    pub fn presented(&self) -> Option<Instant> {
        self.window()?.presented().last
    }
}
