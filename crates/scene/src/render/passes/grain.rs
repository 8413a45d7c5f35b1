//! Film grain: silver that lies where light fell, anew for each picture of a projector.
//!
//! It is strongest in the middle tones, leaves black and white alone, has little colour, and grains
//! keep their size on any screen. It depends on the place in the song and on nothing else, so films
//! that are made twice are equal, and a slow computer has the same grain as a fast one.

use super::moment::Moment;
use super::pass::{Numbers, Pass, Read, Write};
use super::shared;
use crate::gpu::shaders::Shader;
use crate::motion::luma;
use crate::render::Pixels;
use crate::render::noise::hash;
use crate::render::wgsl::{constants, shared};
use crate::show::Scene;

/// Grains from top to bottom; where there are fewer pixels, each has its own.
const GRAINS: f32 = 720.0;
/// How far grain moves a middle grey at most, at full strength.
const DEPTH: f32 = 0.17;
/// How much of that colours may have apart from each other.
const TINGE: f32 = 0.35;

shared! {
    /// The grain of one picture.
    pub struct Grain {
        /// Its strength, 0 to 1.
        pub amount: f32,
        /// Which picture of a projector's it is.
        pub tick: u32,
        /// Grains in a pixel's width, up to 1.
        pub pitch: f32,
    }
}

impl Grain {
    fn of(scene: &Scene, height: usize) -> Self {
        let amount = scene.controls.grain;
        Self {
            amount: if amount.is_finite() {
                amount.clamp(0.0, 1.0)
            } else {
                0.0
            },
            tick: scene.tick,
            pitch: (GRAINS / height.max(1) as f32).min(1.0),
        }
    }

    /// Four random numbers of a grain, each -½ to ½.
    fn single(&self, x: u32, y: u32) -> [f32; 4] {
        let bits = hash(x ^ hash(y ^ hash(self.tick)));
        bits.to_le_bytes().map(|byte| f32::from(byte) / 255.0 - 0.5)
    }

    /// The same in the middle of a pixel, between grains.
    fn at(&self, x: usize, y: usize) -> [f32; 4] {
        if self.pitch >= 1.0 {
            return self.single(x as u32, y as u32);
        }
        let [x, y] = [x, y].map(|at| (at as f32 + 0.5) * self.pitch);
        let (left, top) = (x as u32, y as u32);
        let (across, down) = (x - left as f32, y - top as f32);
        let corners = [[0, 0], [1, 0], [0, 1], [1, 1]];
        let [a, b, c, d] = corners.map(|[right, below]| self.single(left + right, top + below));
        std::array::from_fn(|k| {
            let upper = a[k] + across * (b[k] - a[k]);
            let lower = c[k] + across * (d[k] - c[k]);
            upper + down * (lower - upper)
        })
    }

    /// A colour with its grain.
    fn over(&self, colour: [f32; 3], [a, b, c, d]: [f32; 4]) -> [f32; 3] {
        let y = luma(colour);
        let depth = self.amount * DEPTH * 4.0 * y * (1.0 - y);
        let tinge = [c, -0.5 * (c + d), d];
        [0, 1, 2].map(|k| colour[k] + depth * (a + b + TINGE * tinge[k]))
    }

    /// Lays it over pixels.
    fn lay(&self, pixels: &mut Pixels) {
        let width = pixels.width;
        for (i, pixel) in pixels.rgba.chunks_exact_mut(4).enumerate() {
            let grain = self.at(i % width, i / width);
            let colour = [0, 1, 2].map(|k| f32::from(pixel[k]) / 255.0);
            for (byte, value) in pixel.iter_mut().zip(self.over(colour, grain)) {
                *byte = (value * 255.0 + 0.5) as u8;
            }
        }
    }
}

fn told(moment: &Moment) -> Grain {
    Grain::of(moment.scene, moment.sizes.output[1])
}

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "grain",
    shader: Shader::named("grain.wgsl"),
    pieces: &[&shared::COLOUR, &shared::NOISE],
    constants: constants![DEPTH, TINGE],
    told: &[&Numbers("grain", told)],
    reads: &[Read::Picture],
    writes: &[Write::Picture],
    runs: |moment| told(moment).amount > 0.0,
    on_processor: Some(|scene, _, pixels| {
        let grain = Grain::of(scene, pixels.height);
        if grain.amount > 0.0 {
            grain.lay(pixels);
        }
    }),
    ..Pass::NEW
};
