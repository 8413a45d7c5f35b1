//! What every machine of the target has.

use super::super::lanes::{LANES, Lanes};

/// Plain arrays, which the compiler turns into whatever vectors the target has.
#[derive(Clone, Copy)]
pub struct Portable([f32; LANES]);

impl Portable {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

// SAFETY: no instruction beyond the target's own.
unsafe impl Lanes for Portable {
    const SUMS: usize = 4;
    const ACROSS: usize = 1;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([value; LANES])
    }
    #[inline(always)]
    fn load(from: &[f32]) -> Self {
        let mut lanes = [0.0; LANES];
        lanes.copy_from_slice(&from[..LANES]);
        Self(lanes)
    }
    #[inline(always)]
    fn load_half(from: &[u16]) -> Self {
        // The exponent's bias is 112 more in 32 bits. A product mends that for small numbers, too.
        let scale = f32::from_bits((127 + 112) << 23);
        let mut lanes = [0.0; LANES];
        for (lane, &half) in lanes.iter_mut().zip(&from[..LANES]) {
            let (sign, rest) = (u32::from(half & 0x8000), u32::from(half & 0x7fff));
            *lane = f32::from_bits(rest << 13 | sign << 16) * scale;
        }
        Self(lanes)
    }
    #[inline(always)]
    fn load_fours(from: &[f32], starts: [usize; 4]) -> Self {
        let mut lanes = [0.0; LANES];
        for (four, start) in lanes.chunks_exact_mut(4).zip(starts) {
            four.copy_from_slice(&from[start..][..4]);
        }
        Self(lanes)
    }
    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        to[..LANES].copy_from_slice(&self.0);
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { a } else { b })
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(std::array::from_fn(|i| {
            // Where the target has no such instruction, `f32::mul_add` is a slow call.
            if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
                self.0[i].mul_add(factor.0[i], term.0[i])
            } else {
                self.0[i] * factor.0[i] + term.0[i]
            }
        }))
    }
    #[inline(always)]
    fn sums(of: [Self; LANES]) -> Self {
        Self(of.map(|Self(mut lanes)| {
            for half in [8, 4, 2, 1] {
                for i in 0..half {
                    lanes[i] += lanes[i + half];
                }
            }
            lanes[0]
        }))
    }
    #[inline(always)]
    fn prefetch(_from: *const f32) {
        // There is no portable way to ask; the processor's own prediction has to do.
    }
}
