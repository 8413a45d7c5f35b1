//! What can be turned, what is on stage at this moment, and what that scene looks like.

// wgpu's types nest deeper than the compiler looks by default for whether they may be shared.
#![recursion_limit = "256"]

pub mod control;
pub mod flashes;
pub mod motion;
pub mod render;
pub mod show;

use synopsia_gpu as gpu;
use synopsia_media as media;
use synopsia_networks::{emotion, folders, gan, imagery, weights, words};
use synopsia_signal as signal;
