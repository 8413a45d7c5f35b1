//! What passes are told of the picture that is being made.

use crate::render::frame_plan::Framing;
use crate::render::letters::Letters;
use crate::render::wgsl::shared;
use crate::show::Scene;

/// Sides, all in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The output's, across and down.
    pub output: [usize; 2],
    /// The canvas's, were the whole picture painted.
    pub canvas: usize,
    /// The generator's image's.
    pub image: usize,
    /// Layers of strokes.
    pub layers: usize,
}

/// A picture that is being made.
pub struct Moment<'a> {
    /// What it shows.
    pub scene: &'a Scene,
    /// How it is framed, lit and graded.
    pub framing: &'a Framing,
    /// The words in it.
    pub letters: Option<Letters>,
    /// Seconds since the one before.
    pub dt: f32,
    /// Sides of everything.
    pub sizes: Sizes,
    /// What the limiter of flashes is told.
    pub limits: Limits,
}

/// All of a picture's light.
pub const ALL_LIGHT: u32 = 256;

shared! {
    /// How a picture is limited.
    pub struct Limits {
        /// Microseconds since the one before.
        pub micros: u32,
        /// How much of its light is let through, of [`ALL_LIGHT`].
        pub light: u32,
        /// Whether it is limited at all.
        pub limited: u32,
        /// Whether nothing was measured before it: the first of all.
        pub first: u32,
        /// Whether nothing of its size was seen before it.
        pub fresh: u32,
        /// Nothing.
        pub spare: u32,
    }
}

shared! {
    /// What every shader knows.
    pub struct Frame {
        /// The output's width and height, pixels.
        pub output: [u32; 2],
        /// The canvas's side.
        pub canvas: u32,
        /// The image's side.
        pub image: u32,
    }
}

impl Frame {
    /// What shaders are told of these sides.
    pub fn of(sizes: &Sizes) -> Self {
        Self {
            output: sizes.output.map(|side| side as u32),
            canvas: sizes.canvas as u32,
            image: sizes.image as u32,
        }
    }
}
