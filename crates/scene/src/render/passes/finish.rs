//! The last pass: light becomes what screens and films are sent.

use super::pass::{Pass, Read, Write};
use super::shared;
use crate::gpu::shaders::Shader;

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "finish",
    shader: Shader::named("finish.wgsl"),
    pieces: &[&shared::COLOUR],
    reads: &[Read::Picture],
    writes: &[Write::Finished],
    ..Pass::NEW
};
