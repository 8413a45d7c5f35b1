//! The light of past pictures over the new one.

use super::glow::{self, PAST};
use super::pass::{Pass, Read, Write};
use super::shared;
use crate::gpu::shaders::Shader;
use crate::render::trails::{CELL, STRENGTH};
use crate::render::wgsl::constants;

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "trails",
    shader: Shader::named("trails.wgsl"),
    pieces: &[&shared::COLOUR],
    constants: constants![CELL, STRENGTH],
    reads: &[Read::Picture, Read::Now(&PAST)],
    writes: &[Write::Picture],
    runs: glow::runs,
    ..Pass::NEW
};
