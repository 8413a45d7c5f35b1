//! Sixteen numbers at once, on whatever registers the machine has.
//!
//! Every kernel is written once over [`Lanes`]; [`Isa::run`](super::Isa::run) compiles it for each instruction set
//! and runs the one that the machine was found to have. A generic kernel must be `inline(always)`
//! down to its last instruction, or the compiler emits it for the plain machine.

use std::marker::PhantomData;

/// Numbers in one [`Lanes`].
pub(crate) const LANES: usize = 16;

/// One cache line of numbers: buffers made of it never split a load across two lines.
#[derive(Clone, Copy, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
struct Line([f32; LANES]);

/// A buffer of numbers that starts on a cache line: of f32, or of the bits of 16-bit floats.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aligned<T = f32>(Vec<Line>, PhantomData<T>);

impl<T> Aligned<T> {
    /// At least `len` zeros.
    pub fn zeros(len: usize) -> Self {
        let lines = (len * size_of::<T>()).div_ceil(size_of::<Line>());
        Self(vec![Line::default(); lines], PhantomData)
    }
}

impl<T: bytemuck::Pod> std::ops::Deref for Aligned<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        bytemuck::cast_slice(&self.0)
    }
}

impl<T: bytemuck::Pod> std::ops::DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        bytemuck::cast_slice_mut(&mut self.0)
    }
}

/// `channels` rounded up to whole [`Lanes`].
pub(crate) fn padded(channels: usize) -> usize {
    channels.next_multiple_of(LANES)
}

/// Sixteen f32.
///
/// # Safety
/// An implementation may use instructions that not every machine has: its methods may be called
/// only within [`Isa::run`](super::Isa::run), which hands out a type only where its instructions exist.
pub(crate) unsafe trait Lanes: Copy {
    /// Sums that the matrix kernel makes at once: as many as registers hold beside the numbers that
    /// they are made of.
    const SUMS: usize;
    /// How many of them are of one row at most.
    const ACROSS: usize;

    fn splat(value: f32) -> Self;
    /// The first sixteen of `from`.
    fn load(from: &[f32]) -> Self;
    /// The first sixteen of `from`, the bits of finite 16-bit floats.
    fn load_half(from: &[u16]) -> Self;
    /// Four runs of four numbers of `from`, by where each starts.
    fn load_fours(from: &[f32], starts: [usize; 4]) -> Self;
    /// Into the first sixteen of `to`.
    fn store(self, to: &mut [f32]);
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    fn min(self, other: Self) -> Self;
    fn max(self, other: Self) -> Self;
    /// `self * factor + term`.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// The sum of each of sixteen.
    fn sums(of: [Self; LANES]) -> Self;
    /// Asks for the cache line at `from`, which may lie anywhere, to be fetched.
    fn prefetch(from: *const f32);
}

/// Something to do on lanes.
pub(crate) trait Work {
    /// Implementations are `inline(always)`.
    fn run<L: Lanes>(self);
}
