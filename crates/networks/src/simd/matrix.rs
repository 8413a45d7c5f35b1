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
        let mut packed = Self::zeros(matrices, depth, columns);
        let (width, padded) = (packed.width, packed.columns);
        for (i, row) in packed.data.chunks_exact_mut(width).enumerate() {
            let (panel, k) = (i / depth, i % depth);
            let (matrix, first) = (panel * width / padded, panel * width % padded);
            for (column, value) in (first..columns).zip(row) {
                *value = weight(matrix, k, column);
            }
        }
        packed
    }

    /// Weights that are all zero, to be written panel by panel.
    pub fn zeros(matrices: usize, depth: usize, columns: usize) -> Self {
        let columns = lanes::padded(columns);
        Self {
            data: Aligned::zeros(matrices * depth * columns),
            depth,
            columns,
            width: panel_width(columns),
        }
    }

    /// How many panels the columns of a matrix are split into.
    pub fn panels(&self) -> usize {
        self.columns / self.width
    }

    /// A panel of all matrices, each `[depth, width]`, and how far they are apart.
    pub fn panel_mut(&mut self, panel: usize) -> (&mut [f32], usize) {
        let size = self.depth * self.width;
        let apart = self.panels() * size;
        (&mut self.data[panel * size..], apart)
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
        let first = (matrix * self.panels() + panel) * self.depth * self.width;
        let weights = Panel {
            weights: &self.data[first..],
            width: self.width,
        };
        let out = Sums {
            to: out.from(panel * self.width),
            apart: self.columns,
            added: false,
        };
        // SAFETY: these are the panel's columns.
        unsafe { weights.multiply::<L>(a, &out) };
    }
}

/// Columns of a panel of so many, padded, columns: the widest that divides them keeps most sums in
/// flight for each load.
pub(crate) fn panel_width(columns: usize) -> usize {
    let vectors = columns / LANES;
    let fitting = [3, 2].into_iter().find(|&n| vectors.is_multiple_of(n));
    LANES * fitting.unwrap_or(1)
}

/// The right side of a product: `weights` is `[depth, width]`, a width of one to three times sixteen.
pub(crate) struct Panel<'a> {
    pub weights: &'a [f32],
    pub width: usize,
}

/// Where a product goes: rows that are `apart`, each as wide as the panel.
pub(crate) struct Sums<'a> {
    pub to: Disjoint<'a>,
    pub apart: usize,
    /// Whether the product is added to what is there.
    pub added: bool,
}

impl Panel<'_> {
    /// `out[row][column] = sum over k of a[row][k] * weights[k][column]`.
    ///
    /// # Safety
    /// Meanwhile nobody else may touch those columns of `out`.
    #[inline(always)]
    pub unsafe fn multiply<L: Lanes>(&self, a: &Rows, out: &Sums) {
        if a.rows == 0 {
            return;
        }
        // All that the tiles read and write lies before what is checked here.
        assert!(a.end() <= a.from.len());
        assert!(a.depth() * self.width <= self.weights.len());
        assert!((a.rows - 1) * out.apart + self.width <= out.to.len);
        // SAFETY: the caller keeps these columns to itself.
        unsafe {
            match self.width / LANES {
                3 if L::ACROSS >= 3 => self.columns::<L, 3>(a, 0, out),
                2 if L::ACROSS >= 2 => self.columns::<L, 2>(a, 0, out),
                vectors => {
                    for vector in 0..vectors {
                        self.columns::<L, 1>(a, vector * LANES, out);
                    }
                }
            }
        }
    }

    /// `V` times sixteen columns from `first` on; as many rows at once as registers hold.
    ///
    /// # Safety
    /// As [`Panel::multiply`], which has checked the sizes.
    #[inline(always)]
    unsafe fn columns<L: Lanes, const V: usize>(&self, a: &Rows, first: usize, out: &Sums) {
        let mut at = Place::default();
        while at.row < a.rows {
            // SAFETY: the caller keeps these columns to itself.
            unsafe {
                match a.rows - at.row {
                    16.. if L::SUMS >= 16 * V => self.tile::<L, 16, V>(a, &mut at, first, out),
                    8.. if L::SUMS >= 8 * V => self.tile::<L, 8, V>(a, &mut at, first, out),
                    6.. if L::SUMS >= 6 * V => self.tile::<L, 6, V>(a, &mut at, first, out),
                    4.. => self.tile::<L, 4, V>(a, &mut at, first, out),
                    _ => self.tile::<L, 1, V>(a, &mut at, first, out),
                }
            }
        }
    }

    /// The next `R` rows by `V` times sixteen columns, from column `first` on, summed in registers.
    /// Each sum runs over k in order whatever `R` and `V` are, so that a result does not depend on
    /// how the work was cut.
    ///
    /// # Safety
    /// As [`Panel::columns`].
    #[inline(always)]
    unsafe fn tile<L: Lanes, const R: usize, const V: usize>(
        &self,
        a: &Rows,
        at: &mut Place,
        first: usize,
        out: &Sums,
    ) {
        let row = at.row;
        // Pointers, since from indices the addresses would be computed anew at each step.
        let mut from = [a.from.as_ptr(); R];
        for from in &mut from {
            *from = from.wrapping_add(at.next(a));
        }
        let weights = self.weights[first..].as_ptr();
        // The panel after this one, which is read next, comes from further away than this one.
        let next = weights.wrapping_add(a.depth() * self.width);
        let mut sums = [[L::splat(0.0); V]; R];
        // SAFETY: the sizes were checked, and the caller keeps these columns to itself.
        unsafe {
            let to = |r: usize, v: usize| {
                let to = out.to.start.add((row + r) * out.apart + first + v * LANES);
                std::slice::from_raw_parts_mut(to, LANES)
            };
            if out.added {
                for (r, sums) in sums.iter_mut().enumerate() {
                    for (v, sum) in sums.iter_mut().enumerate() {
                        *sum = L::load(to(r, v));
                    }
                }
            }
            let mut at = 0;
            for segment in 0..a.segments {
                let first = segment * a.jump;
                for k in first..first + a.length {
                    let mut w = [L::splat(0.0); V];
                    for (v, w) in w.iter_mut().enumerate() {
                        let at = at + v * LANES;
                        *w = L::load(std::slice::from_raw_parts(weights.add(at), LANES));
                        L::prefetch(next.wrapping_add(at));
                    }
                    for (sums, from) in sums.iter_mut().zip(from) {
                        let x = L::splat(*from.add(k));
                        for (sum, &w) in sums.iter_mut().zip(&w) {
                            *sum = x.mul_add(w, *sum);
                        }
                    }
                    at += self.width;
                }
            }
            for (r, sums) in sums.iter().enumerate() {
                for (v, sum) in sums.iter().enumerate() {
                    sum.store(to(r, v));
                }
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

    /// Numbers of a row.
    #[inline(always)]
    fn depth(&self) -> usize {
        self.segments * self.length
    }

    /// The end of what is read, rounded up to whole lines of rows.
    #[inline(always)]
    fn end(&self) -> usize {
        let (across, lines) = (self.across.min(self.rows), self.rows.div_ceil(self.across));
        let last = (lines - 1) * self.jump + (across - 1) * self.stride;
        last + (self.segments - 1) * self.jump + self.length
    }
}

/// A row on the left side of a product.
#[derive(Default)]
struct Place {
    row: usize,
    line: usize,
    column: usize,
}

impl Place {
    /// Where this row starts; goes on to the next.
    #[inline(always)]
    fn next(&mut self, a: &Rows) -> usize {
        let start = self.line * a.jump + self.column * a.stride;
        self.row += 1;
        self.column += 1;
        if self.column == a.across {
            (self.line, self.column) = (self.line + 1, 0);
        }
        start
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

#[cfg(test)]
mod tests;
