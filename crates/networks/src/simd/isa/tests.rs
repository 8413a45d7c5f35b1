use super::*;
use crate::simd::{LANES, Lanes};
use half::f16;

/// Widens the halves, and sums each sixteen of what comes out.
struct WidenAndSum<'a> {
    halves: &'a [u16],
    widened: &'a mut [f32],
    sums: &'a mut [f32],
}

impl Work for WidenAndSum<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        let halves = self.halves.chunks_exact(LANES);
        for (halves, widened) in halves.zip(self.widened.chunks_exact_mut(LANES)) {
            L::load_half(halves).store(widened);
        }
        let squares = self.widened.chunks_exact(LANES * LANES);
        for (square, sums) in squares.zip(self.sums.chunks_exact_mut(LANES)) {
            let mut lanes = [L::splat(0.0); LANES];
            for (lanes, row) in lanes.iter_mut().zip(square.chunks_exact(LANES)) {
                *lanes = L::load(row);
            }
            L::sums(lanes).store(sums);
        }
    }
}

#[test]
fn every_finite_half_is_widened_to_itself_and_each_row_summed() {
    let halves: Vec<u16> = (0..=u16::MAX)
        .filter(|&bits| f16::from_bits(bits).is_finite())
        .collect();
    assert_eq!(halves.len() % (LANES * LANES), 0);
    for isa in Isa::available() {
        let (mut widened, mut sums) = (vec![0.0; halves.len()], vec![0.0; halves.len() / LANES]);
        isa.run(WidenAndSum {
            halves: &halves,
            widened: &mut widened,
            sums: &mut sums,
        });
        for (&half, &wide) in halves.iter().zip(&widened) {
            assert_eq!(wide.to_bits(), f16::from_bits(half).to_f32().to_bits());
        }
        for (row, &sum) in widened.chunks_exact(LANES).zip(&sums) {
            let exact: f64 = row.iter().map(|&value| f64::from(value)).sum();
            let off = (f64::from(sum) - exact).abs();
            assert!(off <= 1e-6 * exact.abs(), "{isa:?}: {sum} for {exact}");
        }
    }
}

#[test]
fn four_runs_are_loaded_from_where_each_starts() {
    struct LoadFours<'a>(&'a [f32], [usize; 4], &'a mut [f32]);
    impl Work for LoadFours<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self) {
            L::load_fours(self.0, self.1).store(self.2);
        }
    }
    let from: Vec<f32> = (0..20).map(|i| i as f32).collect();
    for isa in Isa::available() {
        let mut to = [0.0; LANES];
        isa.run(LoadFours(&from, [16, 0, 3, 3], &mut to));
        let expected = [16, 17, 18, 19, 0, 1, 2, 3, 3, 4, 5, 6, 3, 4, 5, 6];
        assert_eq!(to, expected.map(|i: u8| f32::from(i)), "{isa:?}");
    }
}
