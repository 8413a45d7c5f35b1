//! What shaders share with each other.

use super::pass::Piece;
use crate::gpu::shaders::Shader;
use crate::motion::LUMA;
use crate::render::noise::{FIRST_MIX, SECOND_MIX};
use crate::render::wgsl::constants;

/// Luma, and the way from light to what screens are sent, and back.
pub static COLOUR: Piece = Piece {
    shader: Shader::named("shared/colour.wgsl"),
    constants: constants![LUMA],
};

/// Random numbers without state.
pub static NOISE: Piece = Piece {
    shader: Shader::named("shared/noise.wgsl"),
    constants: constants![FIRST_MIX, SECOND_MIX],
};

/// The image at every scale; reads the pyramid's `levels`.
pub static LEVELS: Piece = Piece {
    shader: Shader::named("shared/levels.wgsl"),
    constants: &[],
};
