//! What a pass is: a file that declares it, and a shader.

use super::moment::{Moment, Sizes};
use super::resource::Resource;
use crate::gpu::shaders::Shader;
use crate::render::Pixels;
use crate::render::letters::Stencil;
use crate::render::wgsl::{Constant, Shared};
use crate::show::{Controls, Scene};

/// One step from the generator's image to the finished picture. What it names is declared in the
/// head of its shader, under the same names.
pub struct Pass {
    /// What it is called where somebody looks at the card.
    pub name: &'static str,
    /// WGSL: `fragment` where it draws (and `vertex`, where it draws strips), else `main`.
    pub shader: Shader,
    /// What it shares with other shaders.
    pub pieces: &'static [&'static Piece],
    /// What it shares with Rust.
    pub constants: &'static [Constant],
    /// The numbers that it is told for each picture.
    pub told: &'static [&'static dyn Told],
    /// What it reads.
    pub reads: &'static [Read],
    /// What it writes.
    pub writes: &'static [Write],
    /// How it works.
    pub work: Work,
    /// Whether it has anything to do in a picture.
    pub runs: fn(&Moment) -> bool,
    /// How many pictures before it a picture depends on through this pass, at so many a second:
    /// films are warmed up for as long, and a scene that stands still is a still after as many.
    pub remembers: fn(&Controls, f32) -> usize,
    /// What the processor does in its place, with a picture of which only what such passes do is
    /// missing; nothing where the processor's renderer does it in a way of its own.
    pub on_processor: Option<fn(&Scene, &mut Stencil, &mut Pixels)>,
}

impl Pass {
    /// A pass that does nothing yet, to begin a declaration with.
    pub const NEW: Self = Self {
        name: "",
        shader: Shader {
            file: "",
            built_in: "",
        },
        pieces: &[],
        constants: &[],
        told: &[],
        reads: &[],
        writes: &[],
        work: Work::Fill,
        runs: |_| true,
        remembers: |_, _| 0,
        on_processor: None,
    };
}

/// WGSL that several shaders begin with.
pub struct Piece {
    /// The text.
    pub shader: Shader,
    /// What it shares with Rust.
    pub constants: &'static [Constant],
}

/// What a pass reads.
#[derive(Clone, Copy)]
pub enum Read {
    /// A resource as it is now.
    Now(&'static Resource),
    /// A texture as the picture before left it; shaders call it `past_` and its name.
    Past(&'static Resource),
    /// The picture so far, `picture`: linear light.
    Picture,
}

/// What a pass writes.
#[derive(Clone, Copy)]
pub enum Write {
    /// A resource, anew.
    To(&'static Resource),
    /// A texture, over what is there, by the written colour's alpha.
    Over(&'static Resource),
    /// The picture so far: whoever reads it next reads this.
    Picture,
    /// The finished picture: sRGB-encoded, 8 bits.
    Finished,
}

/// How a pass works.
pub enum Work {
    /// For every pixel of what it writes.
    Fill,
    /// For every pixel of the canvas that is seen.
    FillSeen,
    /// Strips of four corners where they lie on the canvas that is seen; so many.
    Strips(fn(&Sizes) -> usize),
    /// Computes in steps, each of which sees what those before it wrote; its shader knows their
    /// numbers as `step`.
    Steps(fn(&Sizes) -> Vec<Step>),
}

/// A step of a computation.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What it is told.
    pub numbers: [u32; 4],
    /// Workgroups across, down and deep.
    pub workgroups: [u32; 3],
}

/// Numbers that a pass is told for each picture.
pub trait Told: Sync {
    /// What the shader calls them.
    fn name(&self) -> &'static str;
    /// The struct that they are.
    fn kind(&self) -> &'static str;
    /// How that is declared.
    fn declaration(&self) -> String;
    /// The numbers, as bytes.
    fn put(&self, moment: &Moment, bytes: &mut Vec<u8>);
}

/// A struct that a pass is told, under a name.
pub struct Numbers<T>(pub &'static str, pub fn(&Moment) -> T);

impl<T: Shared> Told for Numbers<T> {
    fn name(&self) -> &'static str {
        self.0
    }

    fn kind(&self) -> &'static str {
        T::NAME
    }

    fn declaration(&self) -> String {
        T::declaration()
    }

    fn put(&self, moment: &Moment, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(bytemuck::bytes_of(&(self.1)(moment)));
    }
}
