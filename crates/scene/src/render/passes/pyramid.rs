//! The image made sound, and at every coarser scale, as [`Source`](crate::render::source::Source)
//! has it on the processor.

use super::moment::Sizes;
use super::pass::{Pass, Read, Step, Work, Write};
use super::resource::{Element, IMAGE, Kind, Resource};
use crate::gpu::shaders::Shader;

/// All levels, the finest first, each row by row.
pub static LEVELS: Resource = Resource {
    name: "levels",
    kind: Kind::Buffer(Element::plain::<[f32; 4]>("vec4f"), |sizes| {
        sides(sizes).map(|side| side * side).sum()
    }),
};

/// The levels' sides.
fn sides(sizes: &Sizes) -> impl Iterator<Item = usize> + use<> {
    std::iter::successors(Some(sizes.image.max(1)), |side| {
        (*side > 1).then_some(side / 2)
    })
}

/// Side of the shader's workgroups.
const GROUP: usize = 8;

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "pyramid",
    shader: Shader::named("pyramid.wgsl"),
    reads: &[Read::Now(&IMAGE)],
    writes: &[Write::To(&LEVELS)],
    work: Work::Steps(|sizes| {
        let mut from = [0, 0];
        let mut offset = 0;
        let level = |side: usize| {
            let groups = side.div_ceil(GROUP) as u32;
            let step = Step {
                numbers: [from[0], from[1], offset, side as u32],
                workgroups: [groups, groups, 1],
            };
            from = [offset, side as u32];
            offset += (side * side) as u32;
            step
        };
        sides(sizes).map(level).collect()
    }),
    ..Pass::NEW
};
