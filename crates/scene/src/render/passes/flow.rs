//! The directions in which a painter would lead the brush, as
//! [`Flow`](crate::render::flow::Flow) has them on the processor.

use super::moment::Sizes;
use super::pass::{Pass, Read, Step, Work, Write};
use super::pyramid::LEVELS;
use super::resource::{Element, Kind, Resource};
use super::shared;
use crate::gpu::shaders::Shader;
use crate::render::flow::{FLAT, FLOW_SIDE, NEAR, SWIRL, WIDE, gaussian, swirl};
use crate::render::wgsl::constants;

/// (cos 2φ, sin 2φ) scaled by how sure the direction is.
pub static FIELD: Resource = Resource {
    name: "field",
    kind: Kind::Buffer(Element::plain::<[f32; 2]>("vec2f"), cells),
};
/// Products of differences: across, both, down.
static TENSOR: Resource = Resource {
    name: "tensor",
    kind: Kind::Buffer(Element::plain::<[f32; 4]>("vec4f"), cells),
};
/// The tensor while it is blurred.
static ROWS: Resource = Resource {
    name: "rows",
    kind: Kind::Buffer(Element::plain::<[f32; 4]>("vec4f"), cells),
};
/// The tensor, blurred further.
static FAR: Resource = Resource {
    name: "far",
    kind: Kind::Buffer(Element::plain::<[f32; 4]>("vec4f"), cells),
};
/// Where flat ground leads the brush.
static GROUND: Resource = Resource {
    name: "ground",
    kind: Kind::Table(Element::plain::<[f32; 2]>("vec2f"), |sizes| {
        bytemuck::cast_slice(&swirl(side(sizes))).to_vec()
    }),
};
static NEAR_KERNEL: Resource = Resource {
    name: "near_kernel",
    kind: Kind::Table(Element::plain::<f32>("f32"), |sizes| kernel(sizes, NEAR)),
};
static FAR_KERNEL: Resource = Resource {
    name: "far_kernel",
    kind: Kind::Table(Element::plain::<f32>("f32"), |sizes| kernel(sizes, WIDE)),
};

/// Side of the level that it reads.
fn side(sizes: &Sizes) -> usize {
    let mut side = sizes.image.max(1);
    while side > FLOW_SIDE {
        side /= 2;
    }
    side
}

fn cells(sizes: &Sizes) -> usize {
    side(sizes).pow(2)
}

fn kernel(sizes: &Sizes, sigma: f32) -> Vec<u8> {
    let mut kernel = Vec::new();
    gaussian(sigma * side(sizes) as f32, &mut kernel);
    bytemuck::cast_slice(&kernel).to_vec()
}

/// Side of the shader's workgroups.
const GROUP: usize = 8;
/// What its shader does one after the other.
const STAGES: u32 = 6;

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "flow",
    shader: Shader::named("flow.wgsl"),
    pieces: &[&shared::LEVELS],
    constants: constants![FLOW_SIDE, FLAT, SWIRL],
    reads: &[
        Read::Now(&LEVELS),
        Read::Now(&GROUND),
        Read::Now(&NEAR_KERNEL),
        Read::Now(&FAR_KERNEL),
    ],
    writes: &[
        Write::To(&TENSOR),
        Write::To(&ROWS),
        Write::To(&FAR),
        Write::To(&FIELD),
    ],
    work: Work::Steps(|sizes| {
        let groups = side(sizes).div_ceil(GROUP) as u32;
        let stage = |stage| Step {
            numbers: [stage, 0, 0, 0],
            workgroups: [groups, groups, 1],
        };
        (0..STAGES).map(stage).collect()
    }),
    runs: |moment| moment.framing.brush > 0.0,
    ..Pass::NEW
};
