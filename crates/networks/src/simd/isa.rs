//! The instruction sets that the machine may have, and sixteen numbers in the registers of each.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;
#[cfg(test)]
mod tests;

use super::lanes::Work;

/// An instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    /// x86-64 with AVX-512F.
    Avx512,
    /// x86-64 with AVX2, FMA and F16C.
    Avx2,
    /// What every machine of the target has: NEON on ARM, SSE2 on x86-64.
    Portable,
}

impl Isa {
    /// The sets that this machine has, fastest first.
    pub fn available() -> Vec<Self> {
        let mut sets = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                sets.push(Self::Avx512);
            }
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if avx2 && is_x86_feature_detected!("f16c") {
                sets.push(Self::Avx2);
            }
        }
        sets.push(Self::Portable);
        sets
    }

    /// The fastest set that this machine has.
    pub fn best() -> Self {
        Self::available().first().copied().unwrap_or(Self::Portable)
    }

    /// Runs `work` on this set. A set is made only by [`Isa::available`], or checked against it.
    #[inline]
    pub(crate) fn run(self, work: impl Work) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                #[target_feature(enable = "avx512f")]
                fn run(work: impl Work) {
                    work.run::<avx512::Avx512>();
                }
                // SAFETY: samplers take only sets that were detected.
                unsafe { run(work) }
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                #[target_feature(enable = "avx2,fma,f16c")]
                fn run(work: impl Work) {
                    work.run::<avx2::Avx2>();
                }
                // SAFETY: as above.
                unsafe { run(work) }
            }
            _ => work.run::<portable::Portable>(),
        }
    }
}
