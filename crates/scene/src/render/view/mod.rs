//! Which point of the picture each output pixel shows: kaleidoscope, liquid warp, ripple and camera.
//!
//! Lengths on the screen are in heights of the finished picture, with the origin in its middle;
//! points of the picture are in its own widths, with the origin top left. Beyond its edges the
//! picture goes on mirrored.
//!
//! The way from the screen to the picture has three parts, each sampled as finely as it bends:
//! [`View::folded`] has creases and is worked out for every pixel, [`View::bent`] is smooth and
//! lies on a coarse [`Mesh`], and a ripple depends on the distance from the middle alone, which
//! [`Ripple`] tabulates.

mod mesh;
mod mirror;
mod ripple;

pub use mesh::Mesh;
pub use ripple::Ripple;

use self::mirror::{MIRRORS, mirrors};
use super::wgsl::{Literal, shared};
use crate::motion::MOST_SECTORS;
use crate::show::Scene;

/// One wave of the liquid: wave vector (radians per height), pace against the warp's phase,
/// offset, and amplitude; the amplitudes of one direction add up to 1.
#[derive(Clone, Copy)]
pub struct Wave {
    x: f32,
    y: f32,
    pace: f32,
    offset: f32,
    amplitude: f32,
}

const fn wave(x: f32, y: f32, pace: f32, offset: f32, amplitude: f32) -> Wave {
    Wave {
        x,
        y,
        pace,
        offset,
        amplitude,
    }
}

/// Waves that push to the side and those that push up and down. Their paces have no common
/// measure, so the liquid does not visibly repeat.
pub const WAVES: [[Wave; 3]; 2] = [
    [
        wave(1.7, 5.3, 1.0, 0.0, 0.50),
        wave(-6.1, 4.7, -1.31, 1.9, 0.30),
        wave(7.9, 9.7, 1.73, 4.1, 0.20),
    ],
    [
        wave(5.9, -1.3, -0.89, 0.7, 0.50),
        wave(4.3, 6.7, 1.17, 2.6, 0.30),
        wave(-9.1, 7.3, -1.61, 5.2, 0.20),
    ],
];

/// Length of a ripple's wave, in heights.
pub const RIPPLE_LENGTH: f32 = 0.22;
/// Squared distance from the middle, in heights, within which a ripple's push fades: at the very
/// centre there is no outward.
pub const RIPPLE_CORE: f32 = 1e-3;
/// Pixels that a ripple must move something by to be seen: what an onset leaves lasts much longer.
const RIPPLE_SEEN: f32 = 0.02;

/// How fast the picture turns under the mirrors of a kaleidoscope, against the warp's phase: once
/// in 32 bars.
const TURN_UNDER_MIRRORS: f32 = 0.125;

/// How dark a full vignette makes the corners.
pub const CORNER: f32 = 0.85;

shared! {
/// The mapping from output pixels to the picture, for one scene and one output size.
pub struct View {
        /// Half the output's size, in heights.
        pub half: [f32; 2],
        /// Heights per pixel.
        pub pixel: f32,
        /// Largest displacement by the waves, in heights.
        pub warp: f32,
        /// Turn and scale from screen to picture: (cos, sin) times picture widths per height.
        pub turn: [f32; 2],
        /// The point of the picture in the middle of the screen.
        pub centre: [f32; 2],
        /// Ripple: height and radius, in heights.
        pub ripple: [f32; 2],
        /// Phase of the waves, radians.
        pub phase: f32,
        /// Darkening of the corners, 0 to 1.
        pub vignette: f32,
        /// Mirrors through the middle of the screen, in the order in which they are met: unit normals
        /// on the side that is kept. The ones that are not needed are zero.
        pub mirrors: [[f32; 2]; MIRRORS],
    }
}

impl Literal for Wave {
    /// Wave vector, pace and offset, and apart from them the amplitude.
    fn literal(&self) -> String {
        let numbers = [self.x, self.y, self.pace, self.offset].literal();
        format!("Wave({numbers}, {})", self.amplitude.literal())
    }
}

impl Literal for [[Wave; 3]; 2] {
    fn literal(&self) -> String {
        let direction = |waves: &[Wave; 3]| {
            let waves = waves.each_ref().map(Literal::literal);
            format!("array<Wave, 3>({})", waves.join(", "))
        };
        let directions = self.each_ref().map(direction);
        format!("array<array<Wave, 3>, 2>({})", directions.join(", "))
    }
}

impl View {
    /// The view of `scene` at `width` by `height` pixels. What is not finite counts as neutral.
    pub fn of(scene: &Scene, width: usize, height: usize) -> Self {
        let finite = |x: f32, other: f32| if x.is_finite() { x } else { other };
        let (width, height) = (width as f32, height as f32);
        let zoom = finite(scene.camera.zoom, 1.0).clamp(0.05, 50.0);
        let scale = height / width.max(height) / zoom;
        let angle = finite(scene.camera.rotation, 0.0);
        let phase = finite(scene.warp.phase, 0.0);
        let ripple = finite(scene.warp.ripple, 0.0).clamp(-0.5, 0.5);
        let sectors = scene.camera.symmetry.clamp(1, MOST_SECTORS);
        let under = if sectors > 1 {
            phase * TURN_UNDER_MIRRORS
        } else {
            0.0
        };
        // The shift is seen on the screen: zoom does not change it, the crop does.
        let shift = scene.camera.shift.map(|x| finite(x, 0.0).clamp(-1e3, 1e3));
        let crop = height / width.max(height);
        Self {
            pixel: 1.0 / height,
            half: [0.5 * width / height, 0.5],
            warp: finite(scene.warp.amount, 0.0).clamp(-0.5, 0.5),
            turn: [(angle + under).cos() * scale, (angle + under).sin() * scale],
            centre: [0.5 + shift[0] * crop, 0.5 + shift[1] * crop],
            // Sines of large arguments lose their last digits; every pace has four digits.
            phase,
            ripple: [
                if ripple.abs() < RIPPLE_SEEN / height {
                    0.0
                } else {
                    ripple
                },
                finite(scene.warp.ripple_radius, 0.0).clamp(-1e3, 1e3),
            ],
            vignette: finite(scene.grade.vignette, 0.0).clamp(0.0, 1.0),
            // The mirrors turn with the camera.
            mirrors: mirrors(sectors, -angle),
        }
    }

    /// Whether the screen is folded at all.
    pub fn folds(&self) -> bool {
        self.mirrors[0] != [0.0; 2]
    }

    /// Where a point of the screen lies after the mirrors.
    #[inline(always)]
    pub fn folded(&self, mut point: [f32; 2]) -> [f32; 2] {
        for [x, y] in self.mirrors {
            let behind = (point[0] * x + point[1] * y).min(0.0);
            point = [point[0] - 2.0 * behind * x, point[1] - 2.0 * behind * y];
        }
        point
    }

    /// The point of the picture under a folded point of the screen, without ripple and not yet
    /// mirrored at the picture's edges.
    pub fn bent(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let mut moved = [x, y];
        if self.warp != 0.0 {
            for (moved, waves) in moved.iter_mut().zip(&WAVES) {
                for wave in waves {
                    let angle = wave.x * x + wave.y * y + wave.pace * self.phase + wave.offset;
                    *moved += self.warp * wave.amplitude * angle.sin();
                }
            }
        }
        let [cos, sin] = self.turn;
        [
            self.centre[0] + cos * moved[0] - sin * moved[1],
            self.centre[1] + sin * moved[0] + cos * moved[1],
        ]
    }

    /// How far the ripple pushes a point of the screen outwards, as a share of its `distance` from
    /// the middle.
    fn ripple_at(&self, distance: f32) -> f32 {
        let [height, radius] = self.ripple;
        let behind = (distance - radius) / RIPPLE_LENGTH;
        height * (std::f32::consts::TAU * behind).sin() * (-behind * behind).exp()
            / (distance * distance + RIPPLE_CORE).sqrt()
    }

    /// How much light the vignette leaves at a pixel, 0 to 1.
    #[inline(always)]
    pub fn vignette_at(&self, x: f32, y: f32) -> f32 {
        // 1 in the corners, whatever the aspect.
        let x = (x * self.pixel - self.half[0]) / self.half[0];
        let y = (y * self.pixel - self.half[1]) / self.half[1];
        let square = 0.5 * (x * x + y * y);
        1.0 - CORNER * self.vignette * square * square * (2.0 - square).min(1.0 + square)
    }
}

#[cfg(test)]
mod tests;
