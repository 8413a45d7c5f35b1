//! Where the panels of a plot lie.

use super::canvas::Area;

/// Size of the picture, pixels.
pub(super) const WIDTH: u32 = 1920;
pub(super) const HEIGHT: u32 = 1200;

/// Left and right end of every panel over time.
pub(super) const TIME_LEFT: f32 = 132.0;
pub(super) const TIME_WIDTH: f32 = 1184.0;
/// Tops and heights of those panels.
pub(super) const FORM: Area = panel(172.0, 38.0);
pub(super) const FEELING: Area = panel(262.0, 184.0);
pub(super) const CLASS_FLOW: Area = panel(498.0, 176.0);
pub(super) const PULSE: Area = panel(726.0, 106.0);
pub(super) const SPECTRUM: Area = panel(884.0, 128.0);
pub(super) const LEVEL: Area = panel(1064.0, 76.0);
/// The circumplex, and the shares of the classes below it.
pub(super) const PLANE: Area = Area {
    left: 1384.0,
    top: FORM.top,
    width: 480.0,
    height: 502.0,
};
pub(super) const SHARES: Area = Area {
    top: PULSE.top,
    height: LEVEL.top + LEVEL.height - PULSE.top,
    ..PLANE
};

const fn panel(top: f32, height: f32) -> Area {
    Area {
        left: TIME_LEFT,
        top,
        width: TIME_WIDTH,
        height,
    }
}
