//! What music, pictures and words feel like, and what can be painted: the networks, and what they run on.

// wgpu's types nest deeper than the compiler looks by default for whether they may be shared.
#![recursion_limit = "256"]

pub mod beat;
mod chance;
pub mod compose;
mod dense;
pub mod emotion;
pub mod folders;
pub mod gan;
pub mod imagery;
mod simd;
pub mod sonify;
pub mod weights;
pub mod words;

use synopsia_gpu as gpu;
