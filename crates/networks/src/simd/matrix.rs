//! Matrix products with packed weights: the work of every layer.

use super::lanes::{self, Aligned, LANES, Lanes};
use std::marker::PhantomData;

/// Weights of a product `rows x depth` by `depth x columns`, packed into panels of one to three
/// times sixteen columns: the matrix kernel reads them front to back, once for each few rows.
/// Several matrices of one shape may lie behind each other.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
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
        Self::stacked(1, depth, columns, |_, k, column| weight(k, column))
    }

    /// Packs the weights `weight(matrix, k, column)` of several matrices.
    pub fn stacked(
        matrices: usize,
        depth: usize,
        columns: usize,
        weight: impl Fn(usize, usize, usize) -> f32,
    ) -> Self {
        let padded = lanes::padded(columns);
        let vectors = padded / LANES;
        // The widest panel that divides the columns keeps most sums in flight per load.
        let fitting = [3, 2].into_iter().find(|&n| vectors.is_multiple_of(n));
        let width = LANES * fitting.unwrap_or(1);
        let mut data = Aligned::zeros(matrices * depth * padded);
        for (i, row) in data.chunks_exact_mut(width).enumerate() {
            let (panel, k) = (i / depth, i % depth);
            let (matrix, first) = (panel * width / padded, panel * width % padded);
            for (column, value) in (first..columns).zip(row) {
                *value = weight(matrix, k, column);
            }
        }
        Self {
            data,
            depth,
            columns: padded,
            width,
        }
    }

    /// How many panels the columns of a matrix are split into.
    pub fn panels(&self) -> usize {
        self.columns / self.width
    }

    /// `out[row][column] = sum over k of a[row][k] * weight[k][column]` for the columns of a panel
    /// of a matrix. Rows of `out` are the padded columns apart.
    ///
    /// # Safety
    /// Meanwhile nobody else may touch those columns of `out`.
    #[inline(always)]
    pub unsafe fn multiply<L: Lanes>(&self, a: &Rows, matrix: usize, panel: usize, out: Disjoint) {
        assert_eq!(a.segments * a.length, self.depth);
        assert!(panel < self.panels());
        let weights = &self.data[(matrix * self.panels() + panel) * self.depth * self.width..];
        let out = out.from(panel * self.width);
        let mut row = 0;
        while row < a.rows {
            // SAFETY: the caller keeps this panel's columns to itself.
            row += unsafe {
                match a.rows - row {
                    8.. if L::ROWS >= 8 => self.rows::<L, 8>(a, row, weights, out),
                    4.. => self.rows::<L, 4>(a, row, weights, out),
                    _ => self.rows::<L, 1>(a, row, weights, out),
                }
            };
        }
    }

    /// `R` rows from `row` on; as many panels' worth of columns at once as registers hold.
    ///
    /// # Safety
    /// As [`Packed::multiply`].
    #[inline(always)]
    unsafe fn rows<L: Lanes, const R: usize>(
        &self,
        a: &Rows,
        row: usize,
        weights: &[f32],
        out: Disjoint,
    ) -> usize {
        // SAFETY: the caller keeps this panel's columns to itself.
        unsafe {
            match self.width / LANES {
                3 if L::PANELS >= 3 => self.tile::<L, R, 3>(a, row, weights, out),
                2 if L::PANELS >= 2 => self.tile::<L, R, 2>(a, row, weights, out),
                vectors => {
                    for vector in 0..vectors {
                        let skip = vector * LANES;
                        self.tile::<L, R, 1>(a, row, &weights[skip..], out.from(skip));
                    }
                }
            }
        }
        R
    }

    /// `R` rows by `V` times sixteen columns, from the first of `weights` on, summed in registers.
    /// Each sum runs over k in order whatever `R` and `V` are, so that a result does not depend on
    /// how the work was cut.
    ///
    /// # Safety
    /// As [`Packed::multiply`].
    #[inline(always)]
    unsafe fn tile<L: Lanes, const R: usize, const V: usize>(
        &self,
        a: &Rows,
        row: usize,
        weights: &[f32],
        out: Disjoint,
    ) {
        let mut starts = [0; R];
        for (r, start) in starts.iter_mut().enumerate() {
            *start = a.start(row + r);
            assert!(*start + (a.segments - 1) * a.jump + a.length <= a.from.len());
        }
        assert!((self.depth - 1) * self.width + V * LANES <= weights.len());
        // The panel after this one, which is read next, comes from further away than this one.
        let ahead = self.depth * self.width;
        let mut sums = [[L::splat(0.0); V]; R];
        let mut at = 0;
        for segment in 0..a.segments {
            let from = segment * a.jump;
            for k in from..from + a.length {
                let mut w = [L::splat(0.0); V];
                for (v, w) in w.iter_mut().enumerate() {
                    let from = at + v * LANES;
                    // SAFETY: segments * length is the depth, so `at` stays where it was checked.
                    let from = unsafe { weights.get_unchecked(from..from + LANES) };
                    *w = L::load(from);
                    L::prefetch(from.as_ptr().wrapping_add(ahead));
                }
                for (sums, start) in sums.iter_mut().zip(starts) {
                    // SAFETY: the last number of each row was checked above.
                    let x = L::splat(unsafe { *a.from.get_unchecked(start + k) });
                    for (sum, &w) in sums.iter_mut().zip(&w) {
                        *sum = x.mul_add(w, *sum);
                    }
                }
                at += self.width;
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            // SAFETY: the caller keeps this panel's columns of these rows to itself.
            let to = unsafe { out.slice((row + r) * self.columns, V * LANES) };
            for (sum, to) in sums.iter().zip(to.chunks_exact_mut(LANES)) {
                sum.store(to);
            }
        }
    }
}

/// The left side of a product: rows `stride` apart, `across` of them in a line, lines `jump` apart;
/// each made of `segments` runs of `length` numbers that lie `jump` apart too. (A row of a 3x3
/// convolution is a pixel with its neighbours: three such runs, in three lines of the map.)
pub(crate) struct Rows<'a> {
    pub from: &'a [f32],
    pub rows: usize,
    pub stride: usize,
    pub across: usize,
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
            across: rows,
            segments: 1,
            length: depth,
            jump: 0,
        }
    }

    /// Where row `row` starts.
    #[inline(always)]
    fn start(&self, row: usize) -> usize {
        row / self.across * self.jump + row % self.across * self.stride
    }
}

/// A buffer whose pieces are written by several threads at once, each its own.
#[derive(Clone, Copy)]
pub(crate) struct Disjoint<'a> {
    start: *mut f32,
    len: usize,
    buffer: PhantomData<&'a mut [f32]>,
}

// SAFETY: see `Disjoint::slice`.
unsafe impl Send for Disjoint<'_> {}
unsafe impl Sync for Disjoint<'_> {}

impl<'a> Disjoint<'a> {
    pub fn new(buffer: &'a mut [f32]) -> Self {
        Self {
            start: buffer.as_mut_ptr(),
            len: buffer.len(),
            buffer: PhantomData,
        }
    }

    /// The buffer from `start` on.
    #[inline(always)]
    pub fn from(self, start: usize) -> Self {
        assert!(start <= self.len);
        Self {
            // SAFETY: within the buffer.
            start: unsafe { self.start.add(start) },
            len: self.len - start,
            buffer: PhantomData,
        }
    }

    /// The `len` numbers from `start` on.
    ///
    /// # Safety
    /// While the slice lives, nobody else may hold one that overlaps it.
    #[allow(clippy::mut_from_ref, reason = "the caller keeps slices apart")]
    #[inline(always)]
    pub unsafe fn slice(&self, start: usize, len: usize) -> &'a mut [f32] {
        assert!(start + len <= self.len);
        // SAFETY: within the buffer that `new` borrowed for `'a`.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(start), len) }
    }
}
