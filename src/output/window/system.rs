//! Windows as the system has them: how one is asked for, and whether it can be seen.

use winit::dpi::LogicalSize;
use winit::window::{Window, WindowAttributes};

/// Smallest and largest logical sides of a window that can be asked for.
pub(super) const SIDES: [u32; 2] = [64, 16384];

/// What every window of ours has.
pub(super) fn attributes(title: &str) -> WindowAttributes {
    let attributes = Window::default_attributes().with_title(title);
    named(attributes.with_min_inner_size(LogicalSize::new(SIDES[0], SIDES[0])))
}

/// Whether the system shows it at all, as far as it tells.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn can_be_seen(window: &Window) -> bool {
    use winit::raw_window_handle::{HasWindowHandle, RawWindowHandle};
    let handle = window.window_handle().map(|handle| handle.as_raw());
    let x11 = match handle {
        Ok(RawWindowHandle::Xlib(handle)) => u32::try_from(handle.window).ok(),
        Ok(RawWindowHandle::Xcb(handle)) => Some(handle.window.get()),
        _ => None,
    };
    x11.is_none_or(super::sight::can_be_seen)
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) fn can_be_seen(window: &Window) -> bool {
    window.is_visible() != Some(false)
}

/// The name by which window managers know the program, for rules and icons.
#[cfg(all(unix, not(target_os = "macos")))]
fn named(attributes: WindowAttributes) -> WindowAttributes {
    use winit::platform::x11::WindowAttributesExtX11;
    attributes.with_name("synopsia", "synopsia")
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn named(attributes: WindowAttributes) -> WindowAttributes {
    attributes
}
