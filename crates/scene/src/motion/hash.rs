//! Random numbers by address: the same (seed, stream, index) gives the same number, whatever was
//! asked before.

/// A counter-based generator (SplitMix64 over a mixed address).
#[derive(Clone, Copy, Debug)]
pub struct Hash {
    state: u64,
}

impl Hash {
    /// The numbers at one address. `stream` keeps uses of one seed apart.
    pub fn new(seed: u64, stream: u64, index: i64) -> Self {
        let mut hash = Self { state: seed };
        for word in [stream, index as u64] {
            hash.state = hash.next_u64() ^ word.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        }
        hash
    }

    fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A pair of independent standard normal numbers (Box–Muller).
    pub fn normal_pair(&mut self) -> [f32; 2] {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * self.uniform()).sin_cos();
        [(radius * cos) as f32, (radius * sin) as f32]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_numbers_have_unit_variance_and_neighbours_are_independent() {
        let rows: Vec<[f32; 2]> = (0..4000)
            .map(|i| Hash::new(7, 1, i).normal_pair())
            .collect();
        let mean = rows.iter().map(|r| r[0]).sum::<f32>() / 4000.0;
        let variance = rows.iter().map(|r| (r[0] - mean).powi(2)).sum::<f32>() / 4000.0;
        let lag = rows.windows(2).map(|w| w[0][0] * w[1][0]).sum::<f32>() / 4000.0;
        assert!(mean.abs() < 0.06 && (variance - 1.0).abs() < 0.08 && lag.abs() < 0.06);
    }

    #[test]
    fn seeds_streams_and_indices_are_kept_apart() {
        let number = |seed, stream, index| Hash::new(seed, stream, index).uniform();
        assert_eq!(number(1, 2, 3), number(1, 2, 3));
        assert_ne!(number(1, 2, 3), number(2, 2, 3));
        assert_ne!(number(1, 2, 3), number(1, 3, 3));
        assert_ne!(number(1, 2, 3), number(1, 2, -3));
    }
}
