//! AVX2 with FMA and F16C.

use std::arch::x86_64::*;

use super::super::lanes::{LANES, Lanes};

/// Two AVX registers.
#[derive(Clone, Copy)]
pub struct Avx2(__m256, __m256);

// SAFETY: made only within `Isa::run` on machines with AVX2, FMA and F16C, so every instruction
// exists; loads and stores are within slices of sixteen.
unsafe impl Lanes for Avx2 {
    const SUMS: usize = 6;
    const ACROSS: usize = 1;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        unsafe { Self(_mm256_set1_ps(value), _mm256_set1_ps(value)) }
    }
    #[inline(always)]
    fn load(from: &[f32]) -> Self {
        let from = from[..LANES].as_ptr();
        unsafe { Self(_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))) }
    }
    #[inline(always)]
    fn load_half(from: &[u16]) -> Self {
        unsafe {
            let from = from[..LANES].as_ptr().cast::<__m128i>();
            Self(
                _mm256_cvtph_ps(_mm_loadu_si128(from)),
                _mm256_cvtph_ps(_mm_loadu_si128(from.add(1))),
            )
        }
    }
    #[inline(always)]
    fn load_fours(from: &[f32], starts: [usize; 4]) -> Self {
        unsafe {
            let mut fours = [_mm_setzero_ps(); 4];
            for (four, start) in fours.iter_mut().zip(starts) {
                *four = _mm_loadu_ps(from[start..][..4].as_ptr());
            }
            let [a, b, c, d] = fours;
            Self(_mm256_set_m128(b, a), _mm256_set_m128(d, c))
        }
    }
    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        let to = to[..LANES].as_mut_ptr();
        unsafe {
            _mm256_storeu_ps(to, self.0);
            _mm256_storeu_ps(to.add(8), self.1);
        }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        unsafe {
            Self(
                _mm256_add_ps(self.0, other.0),
                _mm256_add_ps(self.1, other.1),
            )
        }
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        unsafe {
            Self(
                _mm256_sub_ps(self.0, other.0),
                _mm256_sub_ps(self.1, other.1),
            )
        }
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        unsafe {
            Self(
                _mm256_mul_ps(self.0, other.0),
                _mm256_mul_ps(self.1, other.1),
            )
        }
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        unsafe {
            Self(
                _mm256_div_ps(self.0, other.0),
                _mm256_div_ps(self.1, other.1),
            )
        }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        unsafe {
            Self(
                _mm256_min_ps(self.0, other.0),
                _mm256_min_ps(self.1, other.1),
            )
        }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        unsafe {
            Self(
                _mm256_max_ps(self.0, other.0),
                _mm256_max_ps(self.1, other.1),
            )
        }
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        unsafe {
            Self(
                _mm256_fmadd_ps(self.0, factor.0, term.0),
                _mm256_fmadd_ps(self.1, factor.1, term.1),
            )
        }
    }
    #[inline(always)]
    fn sums(of: [Self; LANES]) -> Self {
        unsafe {
            let mut fours = [_mm256_setzero_ps(); 4];
            for (sum, of) in fours.iter_mut().zip(of.as_chunks::<4>().0) {
                let [a, b, c, d] = *of;
                *sum = _mm256_hadd_ps(
                    _mm256_hadd_ps(_mm256_add_ps(a.0, a.1), _mm256_add_ps(b.0, b.1)),
                    _mm256_hadd_ps(_mm256_add_ps(c.0, c.1), _mm256_add_ps(d.0, d.1)),
                );
            }
            // Each has a part of the sums of four in each of its halves.
            let [a, b, c, d] = fours;
            Self(halves(a, b), halves(c, d))
        }
    }
    #[inline(always)]
    fn prefetch(from: *const f32) {
        unsafe { _mm_prefetch::<_MM_HINT_T1>(from.cast()) }
    }
}

/// The sums of the two halves, those of `a` before those of `b`.
#[inline(always)]
unsafe fn halves(a: __m256, b: __m256) -> __m256 {
    unsafe {
        let low = _mm256_permute2f128_ps::<0x20>(a, b);
        _mm256_add_ps(low, _mm256_permute2f128_ps::<0x31>(a, b))
    }
}
