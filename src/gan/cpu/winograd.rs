//! Upsampling and 3x3 convolution in one: Winograd's F(4x4, 3x3) on bilinearly upsampled maps.
//!
//! F(4x4, 3x3) makes a tile of 4x4 outputs from 6x6 inputs with 36 multiplications a channel pair
//! where the sum over nine taps takes 144 (Lavin and Gray 2016, arXiv:1509.09308). The 6x6 inputs
//! are here the upsampling of 4x4 pixels of the map before, and both steps are linear, so the
//! upsampled map is never stored: a tile goes from 4x4 pixels straight to Winograd's 36 positions.

use crate::simd::{LANES, Lanes};

/// Side of a tile of outputs.
pub(super) const TILE: usize = 4;
/// Side of a transformed tile.
const WIDE: usize = TILE + 2;
/// Products of a tile, each a matrix product over the channels.
pub(super) const POSITIONS: usize = WIDE * WIDE;

/// The transformed kernel: `G k Gᵀ`, over 16 because [`line`] upsamples to four times the value
/// in each direction.
pub(super) fn weights(kernel: [f32; 9]) -> [f32; POSITIONS] {
    const G: [[f64; 3]; WIDE] = [
        [1.0 / 4.0, 0.0, 0.0],
        [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
        [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
        [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
        [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
        [0.0, 0.0, 1.0],
    ];
    std::array::from_fn(|position| {
        let (row, column) = (G[position / WIDE], G[position % WIDE]);
        let mut sum = 0.0;
        for (y, row) in row.iter().enumerate() {
            for (x, column) in column.iter().enumerate() {
                sum += row * column * f64::from(kernel[3 * y + x]);
            }
        }
        (sum / 16.0) as f32
    })
}

/// Transforms sixteen-channel pixels of one tile. `from` is a map of `side` x `side` pixels of
/// `channels`; `corner` is the tile's first pixel in it. Position `p` goes to `to[p * apart..]`.
#[inline(always)]
pub(super) fn input<L: Lanes>(
    from: &[f32],
    side: usize,
    channels: usize,
    (y, x): (usize, usize),
    to: &mut [f32],
    apart: usize,
) {
    // Two pixels of the map make four outputs; the tile reads one more on each side, and at the
    // picture's edge repeats the last.
    let rows = [y.saturating_sub(1), y, y + 1, (y + 2).min(side - 1)];
    let columns = [x.saturating_sub(1), x, x + 1, (x + 2).min(side - 1)];
    let vertical = Edges {
        first: y == 0,
        last: y + 2 == side,
    };
    let horizontal = Edges {
        first: x == 0,
        last: x + 2 == side,
    };
    for channel in (0..channels).step_by(LANES) {
        let mut half = [[L::splat(0.0); TILE]; WIDE];
        for (j, column) in columns.into_iter().enumerate() {
            let mut pixels = [L::splat(0.0); TILE];
            for (pixel, row) in pixels.iter_mut().zip(rows) {
                *pixel = L::load(&from[(row * side + column) * channels + channel..]);
            }
            for (half, value) in half.iter_mut().zip(line(pixels, vertical)) {
                half[j] = value;
            }
        }
        for (i, half) in half.into_iter().enumerate() {
            for (j, value) in line(half, horizontal).into_iter().enumerate() {
                value.store(&mut to[(i * WIDE + j) * apart + channel..]);
            }
        }
    }
}

/// Whether a tile touches the picture's edges in one direction. The convolution sees zeros beyond
/// them, while the upsampling repeats the last pixel.
#[derive(Clone, Copy)]
struct Edges {
    first: bool,
    last: bool,
}

/// Four pixels of a line, upsampled to six (four times as large), then times Winograd's `Bᵀ`.
#[inline(always)]
fn line<L: Lanes>([a, b, c, d]: [L; TILE], edges: Edges) -> [L; WIDE] {
    let (zero, three) = (L::splat(0.0), L::splat(3.0));
    let u0 = if edges.first {
        zero
    } else {
        a.mul_add(three, b)
    };
    let u1 = b.mul_add(three, a);
    let u2 = b.mul_add(three, c);
    let u3 = c.mul_add(three, b);
    let u4 = c.mul_add(three, d);
    let u5 = if edges.last {
        zero
    } else {
        d.mul_add(three, c)
    };

    let (two, minus_two) = (L::splat(2.0), L::splat(-2.0));
    let (four, minus_four, minus_five) = (L::splat(4.0), L::splat(-4.0), L::splat(-5.0));
    let even = u2.mul_add(minus_four, u4);
    let odd = u1.mul_add(minus_four, u3);
    let even_two = u4.sub(u2);
    let odd_two = u3.sub(u1);
    [
        u2.mul_add(minus_five, u0.mul_add(four, u4)),
        even.add(odd),
        even.sub(odd),
        odd_two.mul_add(two, even_two),
        odd_two.mul_add(minus_two, even_two),
        u3.mul_add(minus_five, u1.mul_add(four, u5)),
    ]
}

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
fn inverse_line<L: Lanes>([m0, m1, m2, m3, m4, m5]: [L; WIDE]) -> [L; TILE] {
    let (even, odd) = (m1.add(m2), m1.sub(m2));
    let (even_two, odd_two) = (m3.add(m4), m3.sub(m4));
    [
        m0.add(even).add(even_two),
        odd_two.mul_add(L::splat(2.0), odd),
        even_two.mul_add(L::splat(4.0), even),
        odd_two.mul_add(L::splat(8.0), odd).add(m5),
    ]
}
