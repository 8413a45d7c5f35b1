//! What Rust and the shaders both know, written once, in Rust.
//!
//! A [`shared!`] struct declares itself to WGSL, and does not compile where the two would lay it out
//! differently. A constant that both need is a Rust constant, and a [`Literal`] in WGSL.

/// A value as WGSL writes it.
pub trait Literal: Sync {
    /// The expression.
    fn literal(&self) -> String;
}

impl Literal for f32 {
    fn literal(&self) -> String {
        format!("{self:?}")
    }
}

impl Literal for u32 {
    fn literal(&self) -> String {
        format!("{self}u")
    }
}

impl Literal for usize {
    fn literal(&self) -> String {
        format!("{self}u")
    }
}

impl<const N: usize> Literal for [f32; N] {
    /// A vector.
    fn literal(&self) -> String {
        let numbers: Vec<String> = self.iter().map(Literal::literal).collect();
        format!("vec{N}f({})", numbers.join(", "))
    }
}

impl<const N: usize> Literal for [u32; N] {
    /// A vector.
    fn literal(&self) -> String {
        let numbers: Vec<String> = self.iter().map(Literal::literal).collect();
        format!("vec{N}u({})", numbers.join(", "))
    }
}

impl<const N: usize> Literal for [usize; N] {
    /// A vector.
    fn literal(&self) -> String {
        let numbers: Vec<String> = self.iter().map(Literal::literal).collect();
        format!("vec{N}u({})", numbers.join(", "))
    }
}

/// A constant for a shader: what it is called, and what it is.
pub type Constant = (&'static str, &'static dyn Literal);

/// Rust constants by their own names, as a list of [`Constant`]s.
macro_rules! constants {
    ($($name:ident),* $(,)?) => {
        &[$((stringify!($name), &$name as &dyn $crate::render::wgsl::Literal)),*]
    };
}
pub(crate) use constants;

/// A type that a shared struct can have: how WGSL calls and places it.
pub trait Member {
    /// Bytes that it takes, and that its place is a multiple of.
    const SIZE: usize;
    /// See [`Member::SIZE`].
    const ALIGN: usize;
    /// WGSL's name.
    fn name() -> String;
}

macro_rules! members {
    ($($type:ty, $size:literal, $align:literal, $name:literal;)*) => {$(
        impl Member for $type {
            const SIZE: usize = $size;
            const ALIGN: usize = $align;
            fn name() -> String {
                $name.to_owned()
            }
        }
    )*};
}

members! {
    f32, 4, 4, "f32";
    u32, 4, 4, "u32";
    [f32; 2], 8, 8, "vec2f";
    [u32; 2], 8, 8, "vec2u";
    [f32; 3], 12, 16, "vec3f";
    [f32; 4], 16, 16, "vec4f";
    [u32; 4], 16, 16, "vec4u";
}

impl<const N: usize> Member for [[f32; 4]; N] {
    const SIZE: usize = 16 * N;
    const ALIGN: usize = 16;
    fn name() -> String {
        format!("array<vec4f, {N}>")
    }
}

/// Two by two, for in a uniform an array's elements take sixteen bytes each.
impl<const N: usize> Member for [[f32; 2]; N] {
    const SIZE: usize = 8 * N;
    const ALIGN: usize = 16;
    fn name() -> String {
        assert!(N.is_multiple_of(2), "pairs of vec2f");
        format!("array<vec4f, {}>", N / 2)
    }
}

/// A struct that shaders know, too.
pub trait Shared: bytemuck::Pod {
    /// What it is called.
    const NAME: &'static str;
    /// Its declaration in WGSL.
    fn declaration() -> String;
}

/// Declares a struct to Rust and, through [`Shared`], to WGSL.
macro_rules! shared {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident { $($(#[$note:meta])* pub $field:ident: $type:ty,)* }
    ) => {
        $(#[$attribute])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
        pub struct $name { $($(#[$note])* pub $field: $type,)* }

        impl $crate::render::wgsl::Shared for $name {
            const NAME: &'static str = stringify!($name);
            fn declaration() -> String {
                let fields: &[(&str, String)] = &[$((
                    stringify!($field),
                    <$type as $crate::render::wgsl::Member>::name(),
                )),*];
                let fields = fields.iter().map(|(name, kind)| format!("    {name}: {kind},\n"));
                format!("struct {} {{\n{}}}\n", Self::NAME, fields.collect::<String>())
            }
        }

        const _: () = {
            use $crate::render::wgsl::Member;
            let (mut end, mut widest) = (0, 1);
            $(
                let place = <$type as Member>::ALIGN;
                assert!(
                    usize::next_multiple_of(end, place) == std::mem::offset_of!($name, $field),
                    concat!("WGSL has another place for ", stringify!($field)),
                );
                end = std::mem::offset_of!($name, $field) + <$type as Member>::SIZE;
                widest = if place > widest { place } else { widest };
            )*
            assert!(
                usize::next_multiple_of(end, widest) == size_of::<$name>(),
                "WGSL has another size for it",
            );
        };
    };
}
pub(crate) use shared;
