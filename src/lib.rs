//! Synopsia listens to music, says what it feels, and paints it.
//!
//! The crate is a house of floors: each knows those below it and nothing above
//! (`docs/design.md` draws it). From the ground up:
//!
//! * [`signal`]: what is heard right now;
//! * [`weights`]: what the files of networks say and hold;
//! * [`media`]: sound, film and pictures as files hold them;
//! * [`emotion`]: what it feels like;
//! * [`words`]: what is sung, and what that feels like;
//! * [`imagery`]: what words have one see, and where painters show it;
//! * [`compose`]: what music a picture asks for;
//! * [`sonify`]: what a picture sounds like;
//! * [`lights`]: lamps that follow the picture;
//! * [`gpu`]: the graphics device, shared by those who paint and those who render;
//! * [`gan`] and [`motion`]: what can be painted, and how it moves;
//! * [`control`]: what can be turned;
//! * [`show`]: what is on stage at this moment;
//! * [`render`]: what that scene looks like;
//! * [`frame`]: how a scene becomes a picture;
//! * [`output`]: where the picture goes;
//! * [`remote`]: how a phone, and whoever speaks OSC, find and play it;
//! * [`live`]: how it runs while the music plays;
//! * [`plugin`] and [`cli`]: how a host or a person reaches it.

// wgpu's types nest deeper than the compiler looks by default for whether they may be shared.
#![recursion_limit = "256"]

mod at_exit;
pub mod cli;
mod faults;
pub mod frame;
pub mod live;
pub mod output;
pub mod plugin;
mod worker;

pub use synopsia_gpu as gpu;
pub use synopsia_lights as lights;
pub use synopsia_media as media;
pub use synopsia_networks::{beat, compose, emotion, gan, imagery, sonify, weights, words};
pub use synopsia_remote as remote;
pub use synopsia_scene::{control, flashes, motion, render, show};
pub use synopsia_signal as signal;

use synopsia_networks::folders;
