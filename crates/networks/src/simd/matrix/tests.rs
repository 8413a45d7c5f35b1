use super::*;
use crate::simd::{Isa, Work, padded};

struct Multiply<'a>(&'a Panel<'a>, &'a Rows<'a>, &'a Sums<'a>);
impl Work for Multiply<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        // SAFETY: nobody else has the sums.
        unsafe { self.0.multiply::<L>(self.1, self.2) };
    }
}

/// Small whole numbers, whose products and sums are exact in any order.
fn numbers(len: usize, seed: usize) -> Vec<f32> {
    let number = |i: usize| ((i * 7919 + seed * 104_729) % 17) as f32 - 8.0;
    (0..len).map(number).collect()
}

/// Row `row` of the left side, as its shape says.
fn row_of(a: &Rows, row: usize) -> Vec<f32> {
    let start = row / a.across * a.jump + row % a.across * a.stride;
    let run = |segment: usize| &a.from[start + segment * a.jump..][..a.length];
    (0..a.segments).flat_map(run).copied().collect()
}

/// Multiplies `a` on every instruction set by panels of every width, into sums and onto them, and
/// compares with plain loops.
#[track_caller]
fn is_multiplied_as_by_hand(a: &Rows) {
    let depth = a.segments * a.length;
    for (width, added) in [16, 32, 48]
        .into_iter()
        .flat_map(|w| [(w, false), (w, true)])
    {
        let (weights, apart) = (numbers(depth * width, 2), width + 5);
        let before = numbers(a.rows * apart + width, 3);
        let mut expected = before.clone();
        for row in 0..a.rows {
            let left = row_of(a, row);
            for column in 0..width {
                let sum = &mut expected[row * apart + column];
                *sum = if added { *sum } else { 0.0 };
                for (k, x) in left.iter().enumerate() {
                    *sum += x * weights[k * width + column];
                }
            }
        }
        for isa in Isa::available() {
            let mut found = before.clone();
            let weights = &weights;
            let to = Disjoint::new(&mut found);
            isa.run(Multiply(
                &Panel { weights, width },
                a,
                &Sums { to, apart, added },
            ));
            assert_eq!(found, expected, "{isa:?}, {} rows by {width}", a.rows);
        }
    }
}

#[test]
fn any_number_of_rows_is_multiplied_as_by_hand() {
    let from = numbers(30 * 21, 1);
    for rows in 0..30 {
        is_multiplied_as_by_hand(&Rows::plain(&from, rows, 21));
    }
}

#[test]
fn rows_of_a_map_with_their_neighbours_are_multiplied_as_by_hand() {
    // Pixels of three channels, 6 a line of 8 with the edges; each with its eight neighbours.
    let from = numbers(8 * 8 * 3, 1);
    is_multiplied_as_by_hand(&Rows {
        from: &from,
        rows: 36,
        stride: 3,
        across: 6,
        segments: 3,
        length: 9,
        jump: 24,
    });
}

#[test]
fn packed_weights_are_multiplied_whatever_their_columns() {
    struct Whole<'a>(&'a Packed, &'a Rows<'a>, usize, &'a mut [f32]);
    impl Work for Whole<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self) {
            let out = Disjoint::new(self.3);
            for panel in 0..self.0.panels() {
                // SAFETY: nobody else has the sums.
                unsafe { self.0.multiply::<L>(self.1, self.2, panel, out) };
            }
        }
    }
    let (rows, depth) = (5, 7);
    let a = numbers(rows * depth, 1);
    let weight = |matrix: usize, k: usize, column: usize| (matrix + 3 * k + column) as f32;
    for columns in [1, 16, 17, 33, 48, 64, 80, 96] {
        let packed = Packed::stacked(2, depth, columns, weight);
        for (isa, matrix) in Isa::available()
            .into_iter()
            .flat_map(|isa| [(isa, 0), (isa, 1)])
        {
            let mut found = vec![f32::NAN; rows * padded(columns)];
            isa.run(Whole(
                &packed,
                &Rows::plain(&a, rows, depth),
                matrix,
                &mut found,
            ));
            for (row, found) in found.chunks_exact(padded(columns)).enumerate() {
                for (column, &found) in found.iter().enumerate() {
                    let product = |k: usize| a[row * depth + k] * weight(matrix, k, column);
                    let expected: f32 = (0..depth).map(product).sum();
                    let expected = if column < columns { expected } else { 0.0 };
                    assert_eq!(found, expected, "{isa:?}, {columns} columns");
                }
            }
        }
    }
}
