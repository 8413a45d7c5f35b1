//! The brush strokes.

use super::base::{COLOURS, HEIGHTS};
use super::moment::Sizes;
use super::pass::{Pass, Read, Work, Write};
use super::plan::{STROKES, count};
use super::resource::{Element, Kind, Resource};
use crate::gpu::shaders::Shader;
use crate::render::brush::{Stamp, stamps};
use crate::render::wgsl::shared;

shared! {
    /// Where a stamp begins in the table of all, and its size.
    pub struct MarkPlace {
        /// Its first texel.
        pub offset: u32,
        /// Steps along the stroke.
        pub columns: u32,
        /// Steps across it.
        pub rows: u32,
        /// Nothing.
        pub spare: u32,
    }
}

static MARKS: Resource = Resource {
    name: "stamps",
    kind: Kind::Table(Element::of::<MarkPlace>(), |sizes| {
        let mut offset = 0;
        let place = |stamp: Stamp| {
            let place = MarkPlace {
                offset,
                columns: stamp.columns as u32,
                rows: stamp.rows as u32,
                spare: 0,
            };
            offset += stamp.texels.len() as u32;
            place
        };
        let places: Vec<MarkPlace> = all(sizes).into_iter().map(place).collect();
        bytemuck::cast_slice(&places).to_vec()
    }),
};
/// Paint (low 16 bits) and height of all stamps.
static TEXELS: Resource = Resource {
    name: "texels",
    kind: Kind::Table(Element::plain::<u32>("u32"), |sizes| {
        let texels: Vec<u32> = all(sizes)
            .into_iter()
            .flat_map(|stamp| stamp.texels)
            .collect();
        bytemuck::cast_slice(&texels).to_vec()
    }),
};

fn all(sizes: &Sizes) -> Vec<Stamp> {
    stamps(sizes.canvas, sizes.layers)
}

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "strokes",
    shader: Shader::named("strokes.wgsl"),
    reads: &[Read::Now(&STROKES), Read::Now(&MARKS), Read::Now(&TEXELS)],
    writes: &[Write::Over(&COLOURS), Write::Over(&HEIGHTS)],
    work: Work::Strips(count),
    runs: |moment| moment.framing.brush > 0.0,
    ..Pass::NEW
};
