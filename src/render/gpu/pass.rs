//! What a pass is: one file of Rust that declares it, and one shader.
//!
//! A [`Pass`] says what it reads and writes, the numbers it is told, the constants it has in common
//! with Rust, when it runs, and how much of the past it remembers. From that follow the head of its
//! shader (declarations of everything it names), its pipeline, its place in the memory of films and
//! stills, and its recording. A new one is its file, its shader, and a line in the list of
//! [`passes`](crate::render::passes).

use super::resource::{Kind, Resource};
use super::{Moment, Sizes};
use crate::gpu::GpuContext;
use crate::gpu::pipeline::{Binding, READ, TEXTURE, UNIFORM, WRITE};
use crate::render::picture::FINISHED;
use crate::render::resource_formats::LIGHT;
use crate::render::wgsl::{Constant, Shared};
use crate::render::Pixels;
use crate::show::{Controls, Scene};
