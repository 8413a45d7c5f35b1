//! The canvas through mirrors, warp, ripple, camera and vignette. From here on colours are light.

use super::pass::{Numbers, Pass, Read, Write};
use super::relief::CANVAS;
use super::shared;
use crate::gpu::shaders::Shader;
use crate::render::view::{CORNER, RIPPLE_CORE, RIPPLE_LENGTH, WAVES};
use crate::render::wgsl::constants;

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "view",
    shader: Shader::named("view.wgsl"),
    pieces: &[&shared::COLOUR],
    constants: constants![CORNER, RIPPLE_CORE, RIPPLE_LENGTH, WAVES],
    told: &[&Numbers("view", |moment| moment.framing.view)],
    reads: &[Read::Now(&CANVAS)],
    writes: &[Write::Picture],
    ..Pass::NEW
};
