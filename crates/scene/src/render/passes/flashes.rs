//! The limiter of flashes on a card: [`flashes`](crate::flashes) does the same on the processor, in the same whole
//! numbers.
//!
//! It works on a finished picture and puts another in its place. What is decided stays on the card.

use super::moment::Sizes;
use super::pass::{Numbers, Pass, Piece, Read, Step, Told, Work, Write};
use super::resource::{Element, Kind, Resource};
use crate::flashes::grid::{CELLS, LUMINANCE, MEASURED, PLACES, code_light};
use crate::flashes::limits::{
    CALM, CHANGE, DARK, FIELD, LONG, MANY, MEMORY, MOST, OPENING, QUARTER, SECOND, SLACK, SLOWNESS,
    WHOLE, WIDE_SECOND,
};
use crate::flashes::{Cell, WINDOW_PLACES, WINDOWS_ACROSS};
use crate::gpu::shaders::Shader;
use crate::render::wgsl::constants;
use crate::show::Controls;

/// The light of each code.
static LIGHTS: Resource = Resource {
    name: "lights",
    kind: Kind::Table(Element::plain::<u32>("u32"), |_| {
        bytemuck::cast_slice(&code_light()).to_vec()
    }),
};

/// What was measured of the picture that is given.
static GIVEN: Resource = measured("given");

/// What was measured of the one that was shown last.
static LEFT: Resource = measured("left");

const fn measured(name: &'static str) -> Resource {
    Resource {
        name,
        kind: Kind::Buffer(Element::plain::<[u32; 2]>("vec2u"), |_| PLACES),
    }
}

/// Both, added up in each row.
static ROWS: Resource = Resource {
    name: "rows",
    kind: Kind::Buffer(Element::plain::<[u32; 4]>("vec4u"), |_| CELLS[1]),
};

/// What is known of each cell.
static CELLS_KNOWN: Resource = Resource {
    name: "cells",
    kind: Kind::Buffer(
        Element {
            name: "Cell",
            declaration: Some(|| CELL.to_owned()),
            size: size_of::<Cell>(),
        },
        |_| PLACES,
    ),
};

/// [`Cell`] in WGSL.
const CELL: &str = "\
struct Tracker {
    toward: u32,
    low: u32,
    high: u32,
    ages: array<u32, 6>,
}
struct Cell {
    shown: array<Tracker, 2>,
    wanted: array<Tracker, 2>,
    busy: array<u32, 2>,
    held: u32,
    calm: u32,
    opening: u32,
    flashing: u32,
}
";

/// How many cells of each field are active.
static WINDOWS: Resource = numbers("windows", |_| WINDOW_PLACES);

/// How much of each cell is followed, before and after that is spread.
static SHARES: Resource = numbers("shares", |_| PLACES);
static FOLLOWED: Resource = numbers("followed", |_| PLACES);

const fn numbers(name: &'static str, count: fn(&Sizes) -> usize) -> Resource {
    Resource {
        name,
        kind: Kind::Buffer(Element::plain::<u32>("u32"), count),
    }
}

/// What is seen, 16 bits a channel.
static SEEN: Resource = Resource {
    name: "seen",
    kind: Kind::Buffer(Element::plain::<[u32; 2]>("vec2u"), |sizes| {
        sizes.output[0] * sizes.output[1]
    }),
};

/// Pictures that were held back before this one, and whether this one is.
pub static REPORT: Resource = Resource {
    name: "report",
    kind: Kind::Buffer(Element::plain::<u32>("atomic<u32>"), |_| 2),
};

const LIMITS: &dyn Told = &Numbers("limits", |moment| moment.limits);

/// Measures in cells what `code_at` gives.
static MEASURING: Piece = Piece {
    shader: Shader::named("shared/flash_measure.wgsl"),
    constants: constants![CELLS, LUMINANCE, MEASURED],
};

const EACH_CELL: Work = Work::Steps(|_| {
    vec![Step {
        numbers: [0; 4],
        workgroups: [CELLS[0] as u32, CELLS[1] as u32, 1],
    }]
});

/// Measures the picture that is given.
pub static MEASURE_GIVEN: Pass = Pass {
    name: "flash_given",
    shader: Shader::named("flash_given.wgsl"),
    pieces: &[&MEASURING],
    told: &[LIMITS],
    reads: &[Read::Picture, Read::Now(&LIGHTS)],
    writes: &[Write::To(&GIVEN)],
    work: EACH_CELL,
    ..Pass::NEW
};

/// Measures the picture that is shown.
pub static MEASURE_LEFT: Pass = Pass {
    name: "flash_left",
    shader: Shader::named("flash_left.wgsl"),
    pieces: &[&MEASURING],
    reads: &[Read::Now(&SEEN), Read::Now(&LIGHTS)],
    writes: &[Write::To(&LEFT)],
    work: EACH_CELL,
    ..Pass::NEW
};

/// Invocations of the shader's workgroups.
const GROUP: usize = 64;

/// Decides how much of each cell is followed.
pub static DECIDE: Pass = Pass {
    name: "flash_decide",
    shader: Shader::named("flash_decide.wgsl"),
    constants: constants![
        CALM,
        CELLS,
        CHANGE,
        DARK,
        FIELD,
        LONG,
        MANY,
        MOST,
        OPENING,
        PLACES,
        QUARTER,
        SECOND,
        SLACK,
        SLOWNESS,
        WHOLE,
        WIDE_SECOND,
        WINDOW_PLACES,
        WINDOWS_ACROSS,
    ],
    told: &[LIMITS],
    reads: &[Read::Now(&GIVEN), Read::Now(&LEFT)],
    writes: &[
        Write::To(&ROWS),
        Write::To(&CELLS_KNOWN),
        Write::To(&WINDOWS),
        Write::To(&SHARES),
        Write::To(&FOLLOWED),
        Write::To(&REPORT),
    ],
    work: Work::Steps(|_| {
        let of = |step, places: usize| Step {
            numbers: [step, 0, 0, 0],
            workgroups: [places.div_ceil(GROUP) as u32, 1, 1],
        };
        vec![
            of(0, CELLS[1]),
            of(1, PLACES),
            of(2, WINDOW_PLACES),
            of(3, PLACES),
            of(4, PLACES),
        ]
    }),
    remembers: |controls: &Controls, fps| match controls.flash_limiter {
        true => (MEMORY * fps).clamp(0.0, 1e4).ceil() as usize,
        false => 0,
    },
    ..Pass::NEW
};

/// Side of the shader's workgroups.
const SIDE: usize = 8;

/// Follows the picture as far as was decided.
pub static HOLD: Pass = Pass {
    name: "flash_hold",
    shader: Shader::named("flash_hold.wgsl"),
    constants: constants![CELLS, WHOLE],
    told: &[LIMITS],
    reads: &[Read::Picture, Read::Now(&FOLLOWED)],
    writes: &[Write::To(&SEEN)],
    work: Work::Steps(|sizes| {
        let [across, down] = sizes.output.map(|side| side.div_ceil(SIDE) as u32);
        vec![Step {
            numbers: [0; 4],
            workgroups: [across, down, 1],
        }]
    }),
    ..Pass::NEW
};

/// Puts what is seen in the picture's place.
pub static SHOW: Pass = Pass {
    name: "flash_show",
    shader: Shader::named("flash_show.wgsl"),
    reads: &[Read::Now(&SEEN)],
    writes: &[Write::Finished],
    ..Pass::NEW
};
