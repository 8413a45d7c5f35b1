//! A film's sound.

use crate::live::rings::StereoChunk;

/// Channels of a film's sound.
pub(super) const CHANNELS: usize = 2;

/// Appends what passed, interleaved. What is not a number is silence.
pub(super) fn interleave(passed: &StereoChunk, out: &mut Vec<f32>) {
    let samples = passed.samples[..passed.len].as_flattened().iter();
    out.extend(samples.map(|x| if x.is_finite() { *x } else { 0.0 }));
}
