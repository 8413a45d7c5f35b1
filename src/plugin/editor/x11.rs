//! The editor's window as its X server knows it.

use nice_plug_egui::baseview::WindowContext;
use winit::raw_window_handle::{HasWindowHandle, RawWindowHandle};

/// The X11 number of the editor's own window.
pub fn window_id(window: &WindowContext) -> Option<u32> {
    match window.window_handle().ok()?.as_raw() {
        RawWindowHandle::Xlib(handle) => u32::try_from(handle.window).ok(),
        RawWindowHandle::Xcb(handle) => Some(handle.window.get()),
        _ => None,
    }
}
