//! The exponential, without a branch.

/// `e` to `x`, within 2e-7 of it relatively; `x` is held to ±87. Inlined into a loop it is done for as many numbers at
/// once as registers hold, which a call to the system's is not.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    /// Added, it leaves of a number its nearest integer, in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    /// The logarithm of 2, in a part of few bits, whose multiples are exact, and what is left of it.
    const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
    let x = x.clamp(-87.0, 87.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let rest = x - whole * LN_2.0 - whole * LN_2.1;
    // Minimax within ±ln(2)/2 (the coefficients of Cephes' `expf`).
    let coefficients = [
        1.398_199_9e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        1.666_666_5e-1,
        0.5,
    ];
    let series = coefficients
        .into_iter()
        .fold(1.987_569_1e-4, |sum, next| sum * rest + next);
    let power = f32::from_bits(rounded.to_bits().wrapping_add(127) << 23);
    (series * rest * rest + rest + 1.0) * power
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn it_is_the_exponential_and_knows_no_number_where_there_is_none() {
        for n in -86_999..87_000 {
            let x = n as f32 * 1e-3;
            let exact = f64::from(x).exp();
            let error = (f64::from(exp(x)) / exact - 1.0).abs();
            assert!(error < 2e-7, "e^{x} is off by {error}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(f32::INFINITY), exp(87.0));
        assert_eq!(exp(f32::NEG_INFINITY), exp(-87.0));
        assert!(exp(f32::NAN).is_nan());
    }
}
