//! From pixels to transformed tiles.

use super::super::super::model::Edges;
use super::{TILE, WIDE};
use crate::simd::{LANES, Lanes};

/// Where tiles are read from: a map of `side` x `side` pixels of `channels`. Position `p` of a
/// transformed tile goes to `to[p * apart..]`.
pub(in super::super) struct Reading<'a> {
    pub from: &'a [f32],
    pub side: usize,
    pub channels: usize,
    pub apart: usize,
}

impl Reading<'_> {
    /// Transforms the tile whose outputs start at `corner` of the doubled map.
    #[inline(always)]
    pub fn doubled<L: Lanes>(&self, (y, x): (usize, usize), edges: Edges, to: &mut [f32]) {
        let (y, x) = (y / 2, x / 2);
        // Two pixels of the map make four outputs; the tile reads one more on each side.
        let ends = |at: usize| Ends {
            first: at == 0,
            last: at + 2 == self.side,
            edges,
        };
        let around = |at: usize| {
            let ends = ends(at);
            let before = ends.inside(ends.first, at.saturating_sub(1));
            let after = ends.inside(ends.last, (at + 2).min(self.side - 1));
            [before, Some(at), Some(at + 1), after]
        };
        let line = Doubled {
            vertical: ends(y),
            horizontal: ends(x),
        };
        self.transform::<L, TILE>(around(y), around(x), to, line);
    }

    /// Transforms the tile whose outputs start at `corner`, of a map as it is.
    #[inline(always)]
    pub fn plain<L: Lanes>(&self, (y, x): (usize, usize), to: &mut [f32]) {
        let (mut rows, mut columns) = ([None; WIDE], [None; WIDE]);
        for i in 0..WIDE {
            rows[i] = (y + i).checked_sub(1).filter(|&row| row < self.side);
            columns[i] = (x + i).checked_sub(1).filter(|&column| column < self.side);
        }
        self.transform::<L, WIDE>(rows, columns, to, Plain);
    }

    /// Applies `line` to the columns of the pixels in `rows` and `columns` and then to the rows of
    /// the result. A row or column that is `None` is zero.
    #[inline(always)]
    fn transform<L: Lanes, const N: usize>(
        &self,
        rows: [Option<usize>; N],
        columns: [Option<usize>; N],
        to: &mut [f32],
        line: impl Line<N>,
    ) {
        let mut whole = true;
        for i in 0..N {
            whole &= rows[i].is_some() && columns[i].is_some();
        }
        // Nearly all tiles are whole, and need not ask at every pixel.
        if whole {
            self.transform_part::<L, N, true>(rows, columns, to, line);
        } else {
            self.transform_part::<L, N, false>(rows, columns, to, line);
        }
    }

    /// The same, of a tile that is `WHOLE` where nothing is `None`.
    #[inline(always)]
    fn transform_part<L: Lanes, const N: usize, const WHOLE: bool>(
        &self,
        rows: [Option<usize>; N],
        columns: [Option<usize>; N],
        to: &mut [f32],
        line: impl Line<N>,
    ) {
        let mut starts = [[0; N]; N];
        let mut inside = [[true; N]; N];
        for j in 0..N {
            for i in 0..N {
                let (row, column) = (rows[i], columns[j]);
                let at = row.unwrap_or(0) * self.side + column.unwrap_or(0);
                starts[j][i] = at * self.channels;
                inside[j][i] = row.is_some() && column.is_some();
            }
        }
        for channel in (0..self.channels).step_by(LANES) {
            let mut half = [[L::splat(0.0); N]; WIDE];
            for j in 0..N {
                let mut pixels = [L::splat(0.0); N];
                for (i, pixel) in pixels.iter_mut().enumerate() {
                    if WHOLE || inside[j][i] {
                        *pixel = L::load(&self.from[starts[j][i] + channel..]);
                    }
                }
                for (half, value) in half.iter_mut().zip(&line.down(pixels)) {
                    half[j] = *value;
                }
            }
            for (i, half) in half.into_iter().enumerate() {
                for (j, value) in line.across(half).into_iter().enumerate() {
                    value.store(&mut to[(i * WIDE + j) * self.apart + channel..]);
                }
            }
        }
    }
}

/// What is done to each line of `N` pixels of a tile. (A trait, since a closure cannot be told to
/// be inlined, and what is not inlined is made for the plain machine.)
trait Line<const N: usize>: Copy {
    fn down<L: Lanes>(self, pixels: [L; N]) -> [L; WIDE];
    fn across<L: Lanes>(self, pixels: [L; N]) -> [L; WIDE];
}

/// Doubling, then Winograd's `Bᵀ`.
#[derive(Clone, Copy)]
struct Doubled {
    vertical: Ends,
    horizontal: Ends,
}

impl Line<TILE> for Doubled {
    #[inline(always)]
    fn down<L: Lanes>(self, pixels: [L; TILE]) -> [L; WIDE] {
        winograd_line(doubled(pixels, self.vertical))
    }
    #[inline(always)]
    fn across<L: Lanes>(self, pixels: [L; TILE]) -> [L; WIDE] {
        winograd_line(doubled(pixels, self.horizontal))
    }
}

/// Winograd's `Bᵀ`.
#[derive(Clone, Copy)]
struct Plain;

impl Line<WIDE> for Plain {
    #[inline(always)]
    fn down<L: Lanes>(self, pixels: [L; WIDE]) -> [L; WIDE] {
        winograd_line(pixels)
    }
    #[inline(always)]
    fn across<L: Lanes>(self, pixels: [L; WIDE]) -> [L; WIDE] {
        winograd_line(pixels)
    }
}

/// Whether a tile touches the picture's edges in one direction, and what is beyond them.
#[derive(Clone, Copy)]
struct Ends {
    first: bool,
    last: bool,
    edges: Edges,
}

impl Ends {
    /// The pixel that stands for one beyond the edge, where `beyond`; `pixel` itself elsewhere.
    #[inline(always)]
    fn inside(self, beyond: bool, pixel: usize) -> Option<usize> {
        (!beyond || self.edges == Edges::Repeat).then_some(pixel)
    }

    /// Whether the convolution sees a zero where `beyond`.
    #[inline(always)]
    fn hides(self, beyond: bool) -> bool {
        beyond && self.edges == Edges::Repeat
    }
}

/// Four pixels of a line, doubled to six, four times as large.
#[inline(always)]
fn doubled<L: Lanes>([a, b, c, d]: [L; TILE], ends: Ends) -> [L; WIDE] {
    let (zero, three) = (L::splat(0.0), L::splat(3.0));
    [
        if ends.hides(ends.first) {
            zero
        } else {
            a.mul_add(three, b)
        },
        b.mul_add(three, a),
        b.mul_add(three, c),
        c.mul_add(three, b),
        c.mul_add(three, d),
        if ends.hides(ends.last) {
            zero
        } else {
            d.mul_add(three, c)
        },
    ]
}

/// Six pixels of a line times Winograd's `Bᵀ`.
#[inline(always)]
fn winograd_line<L: Lanes>([u0, u1, u2, u3, u4, u5]: [L; WIDE]) -> [L; WIDE] {
    let (two, minus_two) = (L::splat(2.0), L::splat(-2.0));
    let (four, minus_four, minus_five) = (L::splat(4.0), L::splat(-4.0), L::splat(-5.0));
    let even = u2.mul_add(minus_four, u4);
    let odd = u1.mul_add(minus_four, u3);
    let even_two = u4.sub(u2);
    let odd_two = u3.sub(u1);
    [
        u2.mul_add(minus_five, u0.mul_add(four, u4)),
        u3.mul_add(minus_five, u1.mul_add(four, u5)),
        even.add(odd),
        even.sub(odd),
        odd_two.mul_add(two, even_two),
        odd_two.mul_add(minus_two, even_two),
    ]
}
