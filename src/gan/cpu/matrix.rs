//! Matrix products with packed weights: the work of every layer.

use super::lanes::{self, Aligned, LANES, Lanes};
use super::team::Disjoint;

/// Weights of a product `rows x depth` by `depth x columns`, packed into panels of one to three
/// times sixteen columns: the matrix kernel reads them front to back, once for each few rows.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    data: Aligned,
    depth: usize,
    /// Columns, padded to whole lanes with zero weights.
    columns: usize,
    /// Columns of a panel.
    width: usize,
}

impl Packed {
    /// Packs the weights `weight(k, column)` of `depth` inputs and `columns` outputs.
    pub fn new(depth: usize, columns: usize, weight: impl Fn(usize, usize) -> f32) -> Self {
        let padded = lanes::padded(columns);
        let vectors = padded / LANES;
        // The widest panel that divides the columns keeps most sums in flight per load.
        let width = LANES
            * [3, 2]
                .into_iter()
                .find(|&n| vectors.is_multiple_of(n))
                .unwrap_or(1);
        let mut data = Aligned::zeros(depth * padded);
        for (i, value) in data.iter_mut().enumerate() {
            let (panel, rest) = (i / (depth * width), i % (depth * width));
            let column = panel * width + rest % width;
            if column < columns {
                *value = weight(rest / width, column);
            }
        }
        Self {
            data,
            depth,
            columns: padded,
            width,
        }
    }

    /// Inputs.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// How many panels the columns are split into.
    pub fn panels(&self) -> usize {
        self.columns / self.width
    }

    /// `out[row][column] = sum over k of a[row][k] * weight[k][column]`
    /// for the columns of panel `panel`. Rows of `out` are the padded columns apart; nobody else
    /// may touch those columns of `out` meanwhile.
    #[inline(always)]
    pub fn multiply<L: Lanes>(&self, a: &Rows, panel: usize, out: Disjoint) {
        assert_eq!(a.segments * a.length, self.depth);
        let mut row = 0;
        while row < a.rows {
            row += match a.rows - row {
                8.. if L::ROWS >= 8 => self.rows::<L, 8>(a, row, panel, out),
                4.. => self.rows::<L, 4>(a, row, panel, out),
                _ => self.rows::<L, 1>(a, row, panel, out),
            };
        }
    }

    /// `R` rows from `row` on; as many panels' worth of columns at once as registers hold.
    #[inline(always)]
    fn rows<L: Lanes, const R: usize>(
        &self,
        a: &Rows,
        row: usize,
        panel: usize,
        out: Disjoint,
    ) -> usize {
        match self.width / LANES {
            3 if L::PANELS >= 3 => self.tile::<L, R, 3>(a, row, panel, 0, out),
            2 if L::PANELS >= 2 => self.tile::<L, R, 2>(a, row, panel, 0, out),
            vectors => {
                for vector in 0..vectors {
                    self.tile::<L, R, 1>(a, row, panel, vector * LANES, out);
                }
            }
        }
        R
    }

    /// `R` rows by `V` times sixteen columns, from column `skip` of the panel on, summed in
    /// registers. Each sum runs over k in order whatever `R` and `V` are, so that a result does
    /// not depend on how the work was cut.
    #[inline(always)]
    fn tile<L: Lanes, const R: usize, const V: usize>(
        &self,
        a: &Rows,
        row: usize,
        panel: usize,
        skip: usize,
        out: Disjoint,
    ) {
        let a_end = (row + R - 1) * a.stride + (a.segments - 1) * a.jump + a.length;
        assert!(row + R <= a.rows && a_end <= a.from.len());
        assert!(panel < self.panels() && skip + V * LANES <= self.width);
        let weights = &self.data[panel * self.depth * self.width + skip..];
        let mut sums = [[L::splat(0.0); V]; R];
        let mut at = 0;
        for segment in 0..a.segments {
            let from = row * a.stride + segment * a.jump;
            for k in from..from + a.length {
                // SAFETY: `at` stays below depth * width, since segments * length is the depth,
                // and the last of `R` rows' last number was checked above.
                let mut w = [L::splat(0.0); V];
                for (v, w) in w.iter_mut().enumerate() {
                    let from = at + v * LANES;
                    *w = L::load(unsafe { weights.get_unchecked(from..from + LANES) });
                }
                for (r, sums) in sums.iter_mut().enumerate() {
                    let x = L::splat(unsafe { *a.from.get_unchecked(k + r * a.stride) });
                    for (sum, &w) in sums.iter_mut().zip(&w) {
                        *sum = x.mul_add(w, *sum);
                    }
                }
                at += self.width;
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            let start = (row + r) * self.columns + panel * self.width + skip;
            // SAFETY: the caller keeps this panel's columns of these rows to itself.
            let to = unsafe { out.slice(start, V * LANES) };
            for (sum, to) in sums.iter().zip(to.chunks_exact_mut(LANES)) {
                sum.store(to);
            }
        }
    }
}

/// The left side of a product: rows `stride` apart, each made of `segments` runs of `length`
/// numbers that lie `jump` apart. (A row of a 3x3 convolution is three such runs of its map.)
pub(super) struct Rows<'a> {
    pub from: &'a [f32],
    pub rows: usize,
    pub stride: usize,
    pub segments: usize,
    pub length: usize,
    pub jump: usize,
}

impl<'a> Rows<'a> {
    /// Plain rows of `depth` numbers, one after the other.
    pub fn plain(from: &'a [f32], rows: usize, depth: usize) -> Self {
        Self {
            from,
            rows,
            stride: depth,
            segments: 1,
            length: depth,
            jump: 0,
        }
    }
}
