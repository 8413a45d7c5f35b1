//! Light raking over the paint and over the canvas where the paint is thin.

use super::noise::unit;
use super::wgsl::shared;
use crate::motion::luma;

shared! {
/// How strongly paint and weave catch the light.
pub struct Relief {
    /// Slope of the paint to shading, to the right and down: the light comes from the upper left.
    pub light: [f32; 2],
    /// Slope of the weave to shading.
    pub weave: f32,
    /// How bright the gloss is.
    pub gloss: f32,
}
}

/// Shading of a slope of one thickness per hundredth of the picture's width.
const DEPTH: f32 = 0.24;
/// Shading by the weave.
const WEAVE: f32 = 0.05;
/// Brightness of the gloss.
const GLOSS: f32 = 0.40;
/// Share of the shading that a colour takes.
pub const SHADING: f32 = 0.5;
/// Shading from which on paint is glossy.
pub const GLOSS_FROM: f32 = 0.25;
/// Gloss that black paint has, beside what a colour's own light adds.
pub const GLOSS_BASE: f32 = 0.15;

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
        let gloss = (shade - GLOSS_FROM).max(0.0);
        let gloss = gloss * gloss * self.gloss * (GLOSS_BASE + luma(colour));
        colour.map(|x| x * (1.0 + SHADING * shade) + gloss)
    }
}

/// The steepest slope of the weave.
pub const STEEPEST: f32 = 1.5;

/// The canvas's weave: its slope towards the light. A tile of it repeats over the picture.
#[derive(Clone, Debug)]
pub struct Weave {
    /// Width and height of the tile, in canvas pixels.
    pub tile: usize,
    /// The tile's rows, each repeated over the whole width of the canvas.
    slopes: Vec<f32>,
    side: usize,
}

/// About how many threads lie across the picture.
const THREADS: usize = 240;
/// Threads of a tile.
const TILE: usize = 32;

impl Weave {
    /// The weave of a canvas of `side` pixels.
    pub fn new(side: usize) -> Self {
        let pitch = (side / THREADS).max(1);
        // Threads of less than three pixels would alias: leave them out.
        let strength = ((pitch as f32 - 2.0) * 0.5).clamp(0.0, 1.0);
        let tile = pitch * TILE;
        let mut slopes = Vec::with_capacity(side * tile);
        for y in 0..tile {
            for x in 0..side {
                slopes.push(strength * slope(x % tile, y, pitch));
            }
        }
        Self { tile, slopes, side }
    }

    /// Slopes of `width` pixels of row `y`, from column `x` on; -1.5 to 1.5.
    #[inline(always)]
    pub fn row(&self, y: usize, x: usize, width: usize) -> &[f32] {
        &self.slopes[y % self.tile * self.side + x..][..width]
    }
}

/// Slope of a plain weave: threads pass over and under each other in turn.
fn slope(x: usize, y: usize, pitch: usize) -> f32 {
    let (thread_x, thread_y) = (x / pitch, y / pitch);
    let over = (thread_x + thread_y) % 2 == 0;
    let along = if over { x % pitch } else { y % pitch };
    let phase = (along as f32 + 0.5) / pitch as f32;
    // Threads are spun unevenly.
    let thick = 0.5 + unit(0xc0_ffee, (thread_x << 16 | thread_y) as u32);
    (std::f32::consts::TAU * phase).sin() * thick
}
