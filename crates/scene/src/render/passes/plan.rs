//! Which strokes a picture is painted with, as [`Planner`](crate::render::stroke::Planner) plans
//! them on the processor.

use super::flow::FIELD;
use super::moment::Sizes;
use super::pass::{Numbers, Pass, Read, Step, Work, Write};
use super::pyramid::LEVELS;
use super::resource::{Element, Kind, Resource};
use super::shared;
use crate::gpu::shaders::Shader;
use crate::render::stroke::{
    BOLD, BRUSH_STREAM, BRUSHES, COLOUR_STREAM, DAB, DETAIL, DIP, DIPS, Grid, LAYERS,
    LEAST_OPACITY, LIGHT_STREAM, MOST_BEND, OPACITY_STREAM, SIZE_STREAM, SIZES, SURE, Stroke,
    THICKNESS, THICKNESS_STREAM, cover,
};
use crate::render::wgsl::{constants, shared};

/// One for each place, in the order in which they are painted.
pub static STROKES: Resource = Resource {
    name: "strokes",
    kind: Kind::Buffer(Element::of::<Stroke>(), count),
};

/// Where strokes stand.
static PLACES: Resource = Resource {
    name: "places",
    kind: Kind::Table(Element::of::<Place>(), places),
};

shared! {
    /// A place for a stroke, with what its layer says of it.
    pub struct Place {
        /// In picture widths.
        pub place: [f32; 2],
        /// What its random numbers are drawn from.
        pub seed: u32,
        /// Strokes of its layer across the picture.
        pub across: u32,
        /// In grid pitches.
        pub half_length: f32,
        /// In grid pitches.
        pub half_width: f32,
        /// How much of the picture's detail it must add to be painted in full.
        pub detail: f32,
        /// Mean opacity where it adds none.
        pub least: f32,
        /// Of its paint.
        pub thickness: f32,
        /// The first of its layer's brushes.
        pub brush: u32,
    }
}

shared! {
    /// The brush in hand.
    pub struct Brush {
        /// What is seen: left, top, right, bottom, in picture widths.
        pub seen: [f32; 4],
        /// Its strength, 0 to 1.
        pub strength: f32,
        /// Share of their opacity that strokes have.
        pub cover: f32,
        /// How many places there are.
        pub places: u32,
        /// Nothing.
        pub spare: u32,
    }
}

fn grids(sizes: &Sizes) -> impl Iterator<Item = Grid> {
    (0..sizes.layers.min(LAYERS.len())).map(Grid::new)
}

/// How many places there are.
pub fn count(sizes: &Sizes) -> usize {
    // One cell beyond each edge.
    let cells = |layer: &crate::render::stroke::Layer| (layer.across + 2).pow(2);
    LAYERS[..sizes.layers.min(LAYERS.len())]
        .iter()
        .map(cells)
        .sum()
}

fn places(sizes: &Sizes) -> Vec<u8> {
    let place = |grid: &Grid, i: usize| Place {
        place: grid.places[i],
        seed: grid.seeds[i],
        across: grid.layer.across as u32,
        half_length: grid.layer.half_length,
        half_width: grid.layer.half_width,
        detail: grid.layer.detail,
        least: grid.layer.least,
        thickness: grid.layer.thickness,
        brush: (grid.index * BRUSHES) as u32,
    };
    let all: Vec<Place> = grids(sizes)
        .flat_map(|grid| (0..grid.places.len()).map(move |i| place(&grid, i)))
        .collect();
    bytemuck::cast_slice(&all).to_vec()
}

/// Invocations of the shader's workgroups.
const GROUP: usize = 64;

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "plan",
    shader: Shader::named("plan.wgsl"),
    pieces: &[&shared::LEVELS, &shared::NOISE],
    constants: constants![
        BOLD,
        BRUSHES,
        DAB,
        DETAIL,
        DIP,
        DIPS,
        LEAST_OPACITY,
        MOST_BEND,
        SIZES,
        SURE,
        THICKNESS,
        BRUSH_STREAM,
        COLOUR_STREAM,
        LIGHT_STREAM,
        OPACITY_STREAM,
        SIZE_STREAM,
        THICKNESS_STREAM,
    ],
    told: &[&Numbers("brush", |moment| Brush {
        seen: moment.framing.seen(),
        strength: moment.framing.brush,
        cover: cover(moment.framing.brush),
        places: count(&moment.sizes) as u32,
        spare: 0,
    })],
    reads: &[Read::Now(&PLACES), Read::Now(&LEVELS), Read::Now(&FIELD)],
    writes: &[Write::To(&STROKES)],
    work: Work::Steps(|sizes| {
        vec![Step {
            numbers: [0; 4],
            workgroups: [count(sizes).div_ceil(GROUP) as u32, 1, 1],
        }]
    }),
    runs: |moment| moment.framing.brush > 0.0,
    ..Pass::NEW
};
