//! Which point of the picture each output pixel shows: camera, liquid warp and ripple.
//!
//! Lengths on the screen are in heights of the finished picture, with the origin in its middle;
//! points of the picture are in its own widths, with the origin top left. Beyond its edges the
//! picture goes on mirrored.

use crate::show::Scene;

/// One wave of the liquid: wave vector (radians per height), pace against the warp's phase,
/// offset, and amplitude; the amplitudes of one direction add up to 1.
#[derive(Clone, Copy)]
struct Wave {
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
/// measure, so the liquid does not visibly repeat. `shaders/view.wgsl` has the same table.
const WAVES: [[Wave; 3]; 2] = [
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
const RIPPLE_LENGTH: f32 = 0.22;

/// The mapping from output pixels to the picture, for one scene and one output size.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct View {
    /// Heights per pixel, then half the width and half the height in heights.
    pub pixel: f32,
    /// Half the output's size, in heights.
    pub half: [f32; 2],
    /// Largest displacement by the waves, in heights.
    pub warp: f32,
    /// Turn and scale from screen to picture: (cos, sin) times picture widths per height.
    pub turn: [f32; 2],
    /// The point of the picture in the middle of the screen.
    pub centre: [f32; 2],
    /// Phase of the waves, radians.
    pub phase: f32,
    /// Ripple: height and radius, in heights.
    pub ripple: [f32; 2],
    /// Darkening of the corners, 0 to 1.
    pub vignette: f32,
}

impl View {
    /// The view of `scene` at `width` by `height` pixels. What is not finite counts as neutral.
    pub fn of(scene: &Scene, width: usize, height: usize) -> Self {
        let finite = |x: f32, other: f32| if x.is_finite() { x } else { other };
        let (width, height) = (width as f32, height as f32);
        let zoom = finite(scene.camera.zoom, 1.0).clamp(0.05, 50.0);
        let scale = height / width.max(height) / zoom;
        let angle = finite(scene.camera.rotation, 0.0);
        // The shift is seen on the screen: zoom does not change it, the crop does.
        let shift = scene.camera.shift.map(|x| finite(x, 0.0).clamp(-1e3, 1e3));
        let crop = height / width.max(height);
        Self {
            pixel: 1.0 / height,
            half: [0.5 * width / height, 0.5],
            warp: finite(scene.warp.amount, 0.0).clamp(-0.5, 0.5),
            turn: [angle.cos() * scale, angle.sin() * scale],
            centre: [0.5 + shift[0] * crop, 0.5 + shift[1] * crop],
            // Sines of large arguments lose their last digits; every pace has four digits.
            phase: finite(scene.warp.phase, 0.0),
            ripple: [
                finite(scene.warp.ripple, 0.0).clamp(-0.5, 0.5),
                finite(scene.warp.ripple_radius, 0.0).clamp(-1e3, 1e3),
            ],
            vignette: finite(scene.grade.vignette, 0.0).clamp(0.0, 1.0),
        }
    }

    /// The point of the picture under a point of the screen given in pixels, not yet mirrored.
    pub fn at(&self, x: f32, y: f32) -> [f32; 2] {
        let x = x * self.pixel - self.half[0];
        let y = y * self.pixel - self.half[1];
        let mut moved = [x, y];
        if self.warp != 0.0 {
            for (moved, waves) in moved.iter_mut().zip(&WAVES) {
                for wave in waves {
                    let angle = wave.x * x + wave.y * y + wave.pace * self.phase + wave.offset;
                    *moved += self.warp * wave.amplitude * angle.sin();
                }
            }
        }
        let [height, radius] = self.ripple;
        if height != 0.0 {
            let distance = x.hypot(y);
            let behind = (distance - radius) / RIPPLE_LENGTH;
            // Gone a wave and a half from its crest; at the very centre there is no outward.
            let push = height
                * (std::f32::consts::TAU * behind).sin()
                * (-behind * behind).exp()
                * distance
                / (distance * distance + 1e-3).sqrt();
            let outward = push / (distance + 1e-6);
            moved[0] += x * outward;
            moved[1] += y * outward;
        }
        let [cos, sin] = self.turn;
        [
            self.centre[0] + cos * moved[0] - sin * moved[1],
            self.centre[1] + sin * moved[0] + cos * moved[1],
        ]
    }

    /// How much light the vignette leaves at a pixel, 0 to 1.
    #[inline(always)]
    pub fn vignette_at(&self, x: f32, y: f32) -> f32 {
        // 1 in the corners, whatever the aspect.
        let x = (x * self.pixel - self.half[0]) / self.half[0];
        let y = (y * self.pixel - self.half[1]) / self.half[1];
        let square = 0.5 * (x * x + y * y);
        1.0 - 0.85 * self.vignette * square * square * (2.0 - square).min(1.0 + square)
    }
}

/// Folds a coordinate into `[0, 1]`, mirrored at every whole number.
pub fn mirror(x: f32) -> f32 {
    let x = x - 2.0 * (x * 0.5).floor();
    x.min(2.0 - x)
}

/// The part of `[0, 1]` that mirroring makes of `low..high`.
pub fn mirrored_range(low: f32, high: f32) -> [f32; 2] {
    let first = low.floor();
    if high - first >= 2.0 {
        return [0.0, 1.0];
    }
    let (a, b) = (mirror(low), mirror(high));
    let (mut from, mut to) = (a.min(b), a.max(b));
    if high > first + 1.0 {
        // The range crosses a fold: it reaches the edge that the fold stands for.
        if (first as i64) % 2 == 0 {
            to = 1.0
        } else {
            from = 0.0
        }
    }
    [from, to]
}

/// Where output pixels lie in the picture, on a coarse mesh that is interpolated.
#[derive(Clone, Debug, Default)]
pub struct Mesh {
    /// Nodes across.
    pub columns: usize,
    /// Across and down, a row of nodes after the other.
    pub nodes: Vec<[f32; 2]>,
}

impl Mesh {
    /// Pixels between two nodes. The shortest wave of the warp is over 0.5 heights long, so at
    /// 1080p the straight line between nodes errs by less than a fiftieth of a pixel. A ripple is
    /// shorter ([`RIPPLE_LENGTH`]) and is bent in visible straight pieces when it is strong; the
    /// vectorised output pass relies on this pitch.
    pub const PITCH: usize = 8;

    /// Lays the mesh over `width` by `height` pixels.
    pub fn lay(&mut self, view: &View, width: usize, height: usize) {
        self.columns = width.div_ceil(Self::PITCH) + 1;
        let rows = height.div_ceil(Self::PITCH) + 1;
        self.nodes.clear();
        for row in 0..rows {
            let y = (row * Self::PITCH) as f32;
            self.nodes
                .extend((0..self.columns).map(|column| view.at((column * Self::PITCH) as f32, y)));
        }
    }

    /// The part of the picture that is seen: left, top, right, bottom in picture widths.
    pub fn window(&self) -> [f32; 4] {
        let mut low = [f32::INFINITY; 2];
        let mut high = [f32::NEG_INFINITY; 2];
        for node in &self.nodes {
            for k in 0..2 {
                low[k] = low[k].min(node[k]);
                high[k] = high[k].max(node[k]);
            }
        }
        let [left, right] = mirrored_range(low[0], high[0]);
        let [top, bottom] = mirrored_range(low[1], high[1]);
        [left, top, right, bottom]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirroring_turns_back_at_the_edges() {
        for (x, folded) in [
            (0.25, 0.25),
            (-0.25, 0.25),
            (1.25, 0.75),
            (2.25, 0.25),
            (-3.0, 1.0),
        ] {
            assert_eq!(mirror(x), folded);
        }
    }

    #[test]
    fn a_mirrored_range_holds_every_mirrored_point() {
        for i in -40..40 {
            for length in [0.0, 0.1, 0.7, 1.0, 1.3, 2.5] {
                let low = i as f32 * 0.13;
                let high = low + length;
                let [from, to] = mirrored_range(low, high);
                for step in 0..=100 {
                    let x = mirror(low + (high - low) * step as f32 / 100.0);
                    assert!(from - 1e-5 <= x && x <= to + 1e-5, "{low}..{high}: {x}");
                }
            }
        }
    }
}
