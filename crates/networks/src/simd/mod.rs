//! Arithmetic on whole registers, for the networks that run on the processor.
//!
//! [`Lanes`] are sixteen numbers on whatever registers the machine has; [`Packed`] weights make
//! matrix products of them, which all layers of the networks come down to.

mod exp;
mod isa;
mod lanes;
mod matrix;

pub(crate) use exp::exp;
pub use isa::Isa;
pub(crate) use lanes::{Aligned, LANES, Lanes, Work, padded};
pub(crate) use matrix::{Disjoint, Packed, Panel, Rows, Sums, panel_width};
