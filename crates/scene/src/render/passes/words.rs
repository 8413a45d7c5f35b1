//! What is sung, brought into the picture: over its trails, so that none are left of words, and under its grain.

use super::pass::{Numbers, Pass, Read, Write};
use super::resource::STENCIL;
use super::shared;
use crate::gpu::shaders::Shader;
use crate::render::letters::{CHAR, EDGE, GLOW, INK, SHADE, STRAY, TURN, lay};
use crate::render::wgsl::constants;

/// See the room's words.
pub static PASS: Pass = Pass {
    name: "words",
    shader: Shader::named("words.wgsl"),
    pieces: &[&shared::COLOUR, &shared::NOISE],
    constants: constants![CHAR, EDGE, GLOW, INK, SHADE, STRAY, TURN],
    told: &[&Numbers("letters", |moment| {
        moment.letters.unwrap_or_default()
    })],
    reads: &[Read::Picture, Read::Now(&STENCIL)],
    writes: &[Write::Picture],
    runs: |moment| moment.letters.is_some(),
    on_processor: Some(|scene, stencil, pixels| {
        let size = [pixels.width, pixels.height];
        if let Some(letters) = stencil.set(scene, size) {
            let mut ground = std::mem::take(&mut stencil.ground);
            lay(pixels, stencil.mask(), &letters, &mut ground);
            stencil.ground = ground;
        }
    }),
    ..Pass::NEW
};
