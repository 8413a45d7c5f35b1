//! AVX-512.

use std::arch::x86_64::*;

use super::super::lanes::{LANES, Lanes};

/// One AVX-512 register.
#[derive(Clone, Copy)]
pub struct Avx512(__m512);

// SAFETY: made only within `Isa::run` on machines with AVX-512F, so every instruction exists;
// loads and stores are within slices of sixteen.
unsafe impl Lanes for Avx512 {
    const SUMS: usize = 18;
    const ACROSS: usize = 3;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        unsafe { Self(_mm512_set1_ps(value)) }
    }
    #[inline(always)]
    fn load(from: &[f32]) -> Self {
        unsafe { Self(_mm512_loadu_ps(from[..LANES].as_ptr())) }
    }
    #[inline(always)]
    fn load_half(from: &[u16]) -> Self {
        unsafe {
            let halves = _mm256_loadu_si256(from[..LANES].as_ptr().cast());
            Self(_mm512_cvtph_ps(halves))
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
            let ab = _mm512_insertf32x4::<1>(_mm512_castps128_ps512(a), b);
            let abc = _mm512_insertf32x4::<2>(ab, c);
            Self(_mm512_insertf32x4::<3>(abc, d))
        }
    }
    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        unsafe { _mm512_storeu_ps(to[..LANES].as_mut_ptr(), self.0) }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        unsafe { Self(_mm512_add_ps(self.0, other.0)) }
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        unsafe { Self(_mm512_sub_ps(self.0, other.0)) }
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        unsafe { Self(_mm512_mul_ps(self.0, other.0)) }
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        unsafe { Self(_mm512_div_ps(self.0, other.0)) }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        unsafe { Self(_mm512_min_ps(self.0, other.0)) }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        unsafe { Self(_mm512_max_ps(self.0, other.0)) }
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        unsafe { Self(_mm512_fmadd_ps(self.0, factor.0, term.0)) }
    }
    #[inline(always)]
    fn sums(of: [Self; LANES]) -> Self {
        unsafe {
            let mut fours = [_mm512_setzero_ps(); 4];
            for (sum, of) in fours.iter_mut().zip(of.as_chunks::<4>().0) {
                let [Self(a), Self(b), Self(c), Self(d)] = *of;
                let ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
                let cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
                let (ab, cd) = (_mm512_castps_pd(ab), _mm512_castps_pd(cd));
                let low = _mm512_castpd_ps(_mm512_unpacklo_pd(ab, cd));
                let high = _mm512_castpd_ps(_mm512_unpackhi_pd(ab, cd));
                *sum = _mm512_add_ps(low, high);
            }
            // Each has a part of the sums of four in each of its quarters.
            let [a, b, c, d] = fours;
            Self(quarters(quarters(a, b), quarters(c, d)))
        }
    }
    #[inline(always)]
    fn prefetch(from: *const f32) {
        unsafe { _mm_prefetch::<_MM_HINT_T1>(from.cast()) }
    }
}

/// The sums of two neighbouring quarters each, those of `a` before those of `b`.
#[inline(always)]
unsafe fn quarters(a: __m512, b: __m512) -> __m512 {
    unsafe {
        let even = _mm512_shuffle_f32x4::<0b10_00_10_00>(a, b);
        _mm512_add_ps(even, _mm512_shuffle_f32x4::<0b11_01_11_01>(a, b))
    }
}
