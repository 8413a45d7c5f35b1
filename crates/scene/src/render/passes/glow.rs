//! Past light: fades, and takes in what the new picture leaves. `render::trails` says how.

use super::moment::{Moment, Sizes};
use super::pass::{Numbers, Pass, Read, Write};
use super::resource::{Kind, Resource};
use super::shared;
use crate::gpu::shaders::Shader;
use crate::render::trails::{CELL, GLOW_FROM, GLOW_FULL, decay, memory_frames};
use crate::render::wgsl::{constants, shared};

/// Light of all pictures in cells, 8 bits: it fades in whole steps.
static LIGHT: Resource = Resource {
    name: "light",
    kind: Kind::Texture(wgpu::TextureFormat::Rgba8Unorm, cells),
};
/// What of it is not the newest picture's own.
pub static PAST: Resource = Resource {
    name: "past",
    kind: Kind::Texture(wgpu::TextureFormat::Rgba8Unorm, cells),
};

fn cells(sizes: &Sizes) -> [usize; 2] {
    sizes.output.map(|pixels| pixels.div_ceil(CELL))
}

shared! {
    /// How light fades.
    pub struct Fading {
        /// What is left of it, of 65536.
        pub decay: u32,
    }
}

/// Whether there are trails.
pub fn runs(moment: &Moment) -> bool {
    decay(moment.scene.trails, moment.dt) > 0
}

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "glow",
    shader: Shader::named("glow.wgsl"),
    pieces: &[&shared::COLOUR],
    constants: constants![CELL, GLOW_FROM, GLOW_FULL],
    told: &[&Numbers("fading", |moment| Fading {
        decay: decay(moment.scene.trails, moment.dt),
    })],
    reads: &[Read::Picture, Read::Past(&LIGHT)],
    writes: &[Write::To(&LIGHT), Write::To(&PAST)],
    runs,
    remembers: |controls, fps| memory_frames(controls.longest_trail(), fps),
    ..Pass::NEW
};
