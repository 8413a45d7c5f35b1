//! The base coat: the image, resampled to the canvas.

use super::moment::Sizes;
use super::pass::{Pass, Read, Work, Write};
use super::pyramid::LEVELS;
use super::resource::{COLOUR, Kind, Resource};
use super::shared;
use crate::gpu::shaders::Shader;

/// Colours of the paint.
pub static COLOURS: Resource = Resource {
    name: "colours",
    kind: Kind::Texture(COLOUR, canvas),
};
/// How high the paint stands, 0 to 1.
pub static HEIGHTS: Resource = Resource {
    name: "heights",
    kind: Kind::Texture(wgpu::TextureFormat::R16Float, canvas),
};

/// Size of what has the canvas's pixels.
pub fn canvas(sizes: &Sizes) -> [usize; 2] {
    [sizes.canvas; 2]
}

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "base",
    shader: Shader::named("base.wgsl"),
    pieces: &[&shared::LEVELS],
    reads: &[Read::Now(&LEVELS)],
    writes: &[Write::To(&COLOURS), Write::To(&HEIGHTS)],
    work: Work::FillSeen,
    ..Pass::NEW
};
