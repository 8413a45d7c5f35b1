//! How a song is built: its sections and which of them are alike, build-ups, drops and breaks.
//!
//! Frames are gathered into `cells`, one a beat or so, and put on a `scale` on which a passage's
//! own variety is 1. `novelty` is where what follows differs from what was before; `echoes`
//! average it over all that returns, and `boundaries` are where it is worth most, with lengths that
//! music has. `recurrence` clusters the sections by their sound and the course of their harmony.
//! `energy` looks for what gathers and what breaks loose. `whole` does all of it for a song that
//! has been heard to its end.

mod boundaries;
mod cells;
mod echoes;
mod energy;
mod form;
mod live;
mod memory;
mod novelty;
mod pulse;
mod recurrence;
mod scale;
mod whole;

pub use form::{Break, BuildUp, Drop, FormPoint, Mark, Section, SectionName};
pub use live::LiveStructure;
pub use whole::{Structure, StructureAnalyser};

#[cfg(test)]
mod tests;
