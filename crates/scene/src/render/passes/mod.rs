//! The list of passes: every step from the generator's image to the finished picture.
//!
//! A pass is one file here and one shader in `shaders/`. The file says what it reads and writes, the
//! numbers it is told, the constants it shares with Rust, when it runs, and how many past pictures it
//! remembers; everything else follows from that. [`GpuRenderer`](super::GpuRenderer) records them in
//! the order of [`ALL`]. The processor's renderer does what most of them do in one go of its own, and
//! asks the rest for what it is to do in their place.

mod base;
mod finish;
mod flashes;
mod flow;
mod glow;
mod grain;
mod moment;
mod pass;
mod plan;
mod pyramid;
mod relief;
mod resource;
mod shader_source;
pub mod shared;
mod strokes;
mod trails;
mod view;
mod words;

pub use flashes::REPORT;
pub use moment::{ALL_LIGHT, Frame, Limits, Moment, Sizes};
pub use pass::{Numbers, Pass, Piece, Read, Step, Told, Work, Write};
pub use resource::{COLOUR, Element, FINISHED, Kind, Resource};
pub use shader_source::{Slot, shader, slots};

use crate::show::Controls;

/// All passes, in the order in which they work.
pub static ALL: &[&Pass] = &[
    &pyramid::PASS,
    &flow::PASS,
    &plan::PASS,
    &base::PASS,
    &strokes::PASS,
    &relief::PASS,
    &view::PASS,
    &glow::PASS,
    &trails::PASS,
    &words::PASS,
    &grain::PASS,
    &finish::PASS,
];

/// What limits flashes in a picture that is finished, in the order in which they work.
pub static LIMITER: &[&Pass] = &[
    &flashes::MEASURE_GIVEN,
    &flashes::DECIDE,
    &flashes::HOLD,
    &flashes::SHOW,
    &flashes::MEASURE_LEFT,
];

/// How many pictures before it a picture depends on under these controls, at so many a second: on
/// these and on none that is older. What feeds on another's past remembers that as well.
pub fn memory_frames(controls: &Controls, fps: f32) -> usize {
    let all = ALL.iter().chain(LIMITER);
    let each = all.map(|pass| (pass.remembers)(controls, fps));
    each.sum()
}
