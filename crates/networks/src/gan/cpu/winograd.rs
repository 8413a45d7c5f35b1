//! Doubling and 3x3 convolution in one: Winograd's F(4x4, 3x3) on bilinearly doubled maps, and on
//! maps as they are.
//!
//! F(4x4, 3x3) makes a tile of 4x4 outputs from 6x6 inputs with 36 multiplications a channel pair
//! where the sum over nine taps takes 144 (Lavin and Gray 2016, arXiv:1509.09308). Where the 6x6
//! inputs are the doubling of 4x4 pixels of the map before, both steps are linear, so the doubled
//! map is never stored: a tile goes from 4x4 pixels straight to Winograd's 36 positions, 16 times as
//! large ([`DOUBLED`]).

mod kernels;
mod tiles;

pub(super) use kernels::{Kernels, PAIR, PAIRS};
pub(super) use tiles::Reading;

use crate::simd::Lanes;

/// Side of a tile of outputs.
pub(super) const TILE: usize = 4;
/// Side of a transformed tile: Winograd's points 0, infinity, 1, -1, 2 and -2, in this order.
const WIDE: usize = TILE + 2;
/// Products of a tile, each a matrix product over the channels.
pub(super) const POSITIONS: usize = WIDE * WIDE;
/// How much larger a doubled map comes out, whose shares of three and one quarter are taken as three
/// and one in both directions.
pub(super) const DOUBLED: f32 = 16.0;

/// `Aᵀ m A`: sixteen channels of a tile's pixels from its products, position `p` at
/// `from[p * apart..]`.
#[inline(always)]
pub(super) fn output<L: Lanes>(from: &[f32], apart: usize) -> [L; TILE * TILE] {
    let mut half = [[L::splat(0.0); WIDE]; TILE];
    for j in 0..WIDE {
        let mut column = [L::splat(0.0); WIDE];
        for (i, product) in column.iter_mut().enumerate() {
            *product = L::load(&from[(i * WIDE + j) * apart..]);
        }
        for (half, value) in half.iter_mut().zip(inverse_line(column)) {
            half[j] = value;
        }
    }
    let mut tile = [L::splat(0.0); TILE * TILE];
    for (row, half) in tile.chunks_exact_mut(TILE).zip(half) {
        row.copy_from_slice(&inverse_line(half));
    }
    tile
}

/// Six products of a line times Winograd's `Aᵀ`.
#[inline(always)]
fn inverse_line<L: Lanes>([m0, m5, m1, m2, m3, m4]: [L; WIDE]) -> [L; TILE] {
    let (even, odd) = (m1.add(m2), m1.sub(m2));
    let (even_two, odd_two) = (m3.add(m4), m3.sub(m4));
    [
        m0.add(even).add(even_two),
        odd_two.mul_add(L::splat(2.0), odd),
        even_two.mul_add(L::splat(4.0), even),
        odd_two.mul_add(L::splat(8.0), odd).add(m5),
    ]
}
