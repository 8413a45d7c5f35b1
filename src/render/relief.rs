//! Light raking over the paint and over the canvas where the paint is thin.

use super::grade::luma;
use super::noise::{noise2, unit};

/// How strongly paint and weave catch the light.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct Relief {
    /// Slope of the paint to shading, to the right and down: the light comes from the upper left.
    pub light: [f32; 2],
    /// Slope of the weave to shading.
    pub weave: f32,
    /// How bright the gloss is.
    pub gloss: f32,
}

/// Shading of a slope of one thickness per hundredth of the picture's width.
const DEPTH: f32 = 0.16;
/// Shading by the weave.
const WEAVE: f32 = 0.05;
/// Brightness of the gloss.
const GLOSS: f32 = 0.30;

impl Relief {
    /// The light on a canvas of `side` pixels at the brush strength `brush`, turned with the
    /// camera by `rotation` so that it stays where the stage has it.
    pub fn new(side: usize, brush: f32, rotation: f32) -> Self {
        // Slopes are measured over two pixels.
        let depth = DEPTH * side as f32 * 0.5 / 100.0 * brush.min(1.0).sqrt();
        let angle = 0.9 + if rotation.is_finite() { rotation } else { 0.0 };
        Self {
            light: [depth * angle.cos(), depth * angle.sin()],
            weave: WEAVE * brush,
            gloss: GLOSS * brush,
        }
    }

    /// The lit colour of one pixel: `slope` and `height` of its paint, `weave` the slope of the
    /// canvas towards the light.
    #[inline(always)]
    pub fn light(&self, colour: [f32; 3], slope: [f32; 2], height: f32, weave: f32) -> [f32; 3] {
        let bare = (1.0 - height).max(0.0);
        let slope = slope[0] * self.light[0] + slope[1] * self.light[1] + weave * self.weave * bare;
        // Bounded, so that the steepest edge neither burns nor blackens.
        let shade = slope / (1.0 + slope.abs());
        let gloss = (shade - 0.25).max(0.0);
        let gloss = gloss * gloss * self.gloss * (0.15 + luma(colour));
        colour.map(|x| x * (1.0 + 0.5 * shade) + gloss)
    }
}

/// The canvas's weave: its slope towards the light, repeated over the picture.
#[derive(Clone, Debug, Default)]
pub struct Weave {
    /// Slopes, `SIDE` rows of `SIDE`, wide enough to be read from any column on.
    slopes: Vec<f32>,
    side: usize,
}

/// Threads across the picture.
const THREADS: f32 = 240.0;

impl Weave {
    /// The weave of a canvas of `side` pixels.
    pub fn new(side: usize) -> Self {
        let pitch = THREADS / side as f32;
        // Threads closer than three pixels would alias: leave them out.
        let strength = ((1.0 / pitch - 2.0) * 0.5).clamp(0.0, 1.0);
        let mut slopes = Vec::with_capacity(side * side);
        for y in 0..side {
            for x in 0..side {
                let (u, v) = (x as f32 * pitch, y as f32 * pitch);
                let uneven = 0.6 * noise2(u * 0.31, v * 0.31, 0xcafe);
                let (across, down) = (u + uneven, v + uneven);
                let over = (across.floor() as i64 + down.floor() as i64) % 2 == 0;
                let phase = if over { across.fract() } else { down.fract() };
                let grain = 0.5 + unit(0xc0ffee, (across as u32) << 16 | down as u32);
                slopes.push((std::f32::consts::TAU * phase).sin() * grain * strength);
            }
        }
        Self { slopes, side }
    }

    /// Slopes of `width` pixels of row `y`, from column `x` on.
    #[inline(always)]
    pub fn row(&self, y: usize, x: usize, width: usize) -> &[f32] {
        &self.slopes[y * self.side + x..][..width]
    }
}
