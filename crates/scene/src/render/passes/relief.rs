//! Light raking over the paint, then the colour grade.

use super::base::{COLOURS, HEIGHTS, canvas};
use super::pass::{Numbers, Pass, Read, Work, Write};
use super::resource::{COLOUR, Kind, Resource};
use super::shared;
use crate::gpu::shaders::Shader;
use crate::render::grade::OWN_COLOUR;
use crate::render::relief::{GLOSS_BASE, GLOSS_FROM, SHADING, STEEPEST, Weave};
use crate::render::wgsl::constants;

/// The finished canvas.
pub static CANVAS: Resource = Resource {
    name: "canvas",
    kind: Kind::Texture(COLOUR, canvas),
};

/// One tile of the weave; a canvas narrower than a tile shows only its beginning.
static WEAVE: Resource = Resource {
    name: "weave",
    kind: Kind::Pattern(wgpu::TextureFormat::R8Snorm, |sizes| {
        let weave = Weave::new(sizes.canvas);
        let width = weave.tile.min(sizes.canvas);
        let rows = (0..weave.tile).flat_map(|y| weave.row(y, 0, width));
        let texels: Vec<i8> = rows
            .map(|slope| (slope / STEEPEST * 127.0).round() as i8)
            .collect();
        ([width, weave.tile], bytemuck::cast_slice(&texels).to_vec())
    }),
};

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "relief",
    shader: Shader::named("relief.wgsl"),
    pieces: &[&shared::COLOUR],
    constants: constants![GLOSS_BASE, GLOSS_FROM, OWN_COLOUR, SHADING, STEEPEST],
    told: &[
        &Numbers("relief", |moment| moment.framing.relief),
        &Numbers("grading", |moment| moment.framing.grading),
    ],
    reads: &[Read::Now(&COLOURS), Read::Now(&HEIGHTS), Read::Now(&WEAVE)],
    writes: &[Write::To(&CANVAS)],
    work: Work::FillSeen,
    ..Pass::NEW
};
