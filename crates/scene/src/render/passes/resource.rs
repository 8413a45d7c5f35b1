//! What passes read and write: textures, buffers and tables, each declared once by name.

use super::moment::Sizes;
use crate::render::wgsl::Shared;

/// How colours are kept between passes: 16-bit floats, sRGB-encoded while they are paint, which is
/// how the painter mixes it, and linear from the view on, where they are light.
pub const COLOUR: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;

/// What a finished picture is: sRGB-encoded.
pub const FINISHED: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// Something that passes read or write.
pub struct Resource {
    /// What shaders call it: a WGSL identifier, the same for nothing else.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
}

/// What a resource is.
pub enum Kind {
    /// A texture that passes draw: its format, its pixels across and down.
    Texture(wgpu::TextureFormat, fn(&Sizes) -> [usize; 2]),
    /// A texture that is filled once: its format, its size and texels.
    Pattern(wgpu::TextureFormat, fn(&Sizes) -> ([usize; 2], Vec<u8>)),
    /// A buffer that passes compute: so many elements.
    Buffer(Element, fn(&Sizes) -> usize),
    /// A buffer that is filled once.
    Table(Element, fn(&Sizes) -> Vec<u8>),
    /// The generator's image: four 32-bit floats a pixel, sRGB-encoded, 0 to 1.
    Image,
    /// The mask of the words that are seen (`Mask::texels`).
    Stencil,
}

/// What a buffer is an array of.
pub struct Element {
    /// WGSL's name of it.
    pub name: &'static str,
    /// How it is declared, where WGSL does not know it.
    pub declaration: Option<fn() -> String>,
    /// Bytes of it.
    pub size: usize,
}

impl Element {
    /// One of WGSL's own types.
    pub const fn plain<T>(name: &'static str) -> Self {
        Self {
            name,
            declaration: None,
            size: size_of::<T>(),
        }
    }

    /// A struct that Rust and WGSL share.
    pub const fn of<T: Shared>() -> Self {
        Self {
            name: T::NAME,
            declaration: Some(T::declaration),
            size: size_of::<T>(),
        }
    }
}

/// The generator's image.
pub static IMAGE: Resource = Resource {
    name: "image",
    kind: Kind::Image,
};

/// The mask of the words that are seen.
pub static STENCIL: Resource = Resource {
    name: "stencil",
    kind: Kind::Stencil,
};

impl Resource {
    /// A buffer's elements; none for a texture.
    pub fn element(&self) -> Option<&Element> {
        static PIXEL: Element = Element::plain::<[f32; 4]>("vec4f");
        static PAIR: Element = Element::plain::<[u32; 2]>("vec2u");
        match &self.kind {
            Kind::Buffer(element, _) | Kind::Table(element, _) => Some(element),
            Kind::Image => Some(&PIXEL),
            Kind::Stencil => Some(&PAIR),
            Kind::Texture(..) | Kind::Pattern(..) => None,
        }
    }
}
