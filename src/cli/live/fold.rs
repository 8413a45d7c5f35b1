//! Many inputs of a device in the two channels of a recording.

/// Frames that are handed on at once.
pub const BLOCK: usize = 512;

/// The most channels that are heard: what the analysis takes.
pub const MOST: usize = 64;

/// An input that has never been louder than this mean square (-60 dBFS) is not in use: what it hums is
/// heard, and makes no other softer.
const UNUSED: f32 = 1e-6;

/// Folds inputs into stereo as an interface pairs them: those with odd numbers on the left, even ones
/// on the right, all equally loud. As many as are in use on the fuller side share its level, so that
/// together they are no louder than one can be.
pub struct Fold {
    /// Whether each input has been in use yet.
    used: [bool; MOST],
    /// What all are multiplied with, at the end of the last block.
    gain: f32,
    sides: [Vec<f32>; 2],
}

impl Fold {
    pub fn new() -> Self {
        Self {
            used: [false; MOST],
            gain: 1.0,
            sides: [vec![0.0; BLOCK], vec![0.0; BLOCK]],
        }
    }

    /// Left and right of a block of at most [`BLOCK`] samples of each of `inputs`, as long as the block.
    /// One or two inputs are as they are. Does not allocate.
    pub fn fold<'a>(&'a mut self, inputs: &[&'a [f32]]) -> [&'a [f32]; 2] {
        match inputs {
            [] => return [&[]; 2],
            [one] => return [one; 2],
            [left, right] => return [left, right],
            _ => {}
        }
        let before = self.gain;
        let first = !self.used.contains(&true);
        for (used, input) in self.used.iter_mut().zip(inputs) {
            *used |= is_used(input);
        }
        let side = |side: usize| self.used.iter().skip(side).step_by(2).filter(|used| **used);
        self.gain = 1.0 / side(0).count().max(side(1).count()).max(1) as f32;
        // What comes in during the music has the others fade; nothing fades before it.
        let from = if first { self.gain } else { before };
        let length = inputs[0].len();
        let step = (self.gain - from) / length.max(1) as f32;
        for (side, folded) in self.sides.iter_mut().enumerate() {
            for (n, folded) in folded[..length].iter_mut().enumerate() {
                let samples = || inputs.iter().skip(side).step_by(2).map(|input| input[n]);
                // While it fades, too.
                let most = samples().fold(1.0, |most: f32, sample| most.max(sample.abs()));
                let gain = from + step * (n + 1) as f32;
                *folded = (gain * samples().sum::<f32>()).clamp(-most, most);
            }
        }
        [&self.sides[0][..length], &self.sides[1][..length]]
    }
}

/// Whether there is more in a block of an input than its noise. A constant is none.
fn is_used(input: &[f32]) -> bool {
    let count = input.len().max(1) as f32;
    let mean = input.iter().sum::<f32>() / count;
    let power = input.iter().map(|sample| (sample - mean).powi(2));
    power.sum::<f32>() > UNUSED * count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is recorded of a tone of each loudness (amplitude and first sample of 4096), input by input.
    fn recorded(inputs: &[(f32, usize)]) -> [Vec<f32>; 2] {
        let inputs: Vec<Vec<f32>> = inputs.iter().map(|&input| tone(input)).collect();
        let (mut fold, mut sides) = (Fold::new(), [vec![], vec![]]);
        for at in (0..4096).step_by(BLOCK) {
            let block: Vec<&[f32]> = inputs.iter().map(|input| &input[at..at + BLOCK]).collect();
            for (side, folded) in sides.iter_mut().zip(fold.fold(&block)) {
                side.extend_from_slice(folded);
            }
        }
        sides
    }

    fn tone((amplitude, from): (f32, usize)) -> Vec<f32> {
        let sample = |n: usize| {
            if n < from {
                0.0
            } else {
                amplitude * (0.05 * n as f32).cos()
            }
        };
        (0..4096).map(sample).collect()
    }

    #[test]
    fn every_input_is_recorded_on_its_side() {
        for (count, playing) in [(4, 2), (4, 3), (8, 7), (6, 4), (3, 2)] {
            let mut inputs = vec![(0.0, 0); count];
            inputs[playing] = (0.8, 0);
            let sides = recorded(&inputs);
            assert_eq!(sides[playing % 2], tone((0.8, 0)), "{playing} of {count}");
            assert_eq!(
                sides[1 - playing % 2],
                tone((0.0, 0)),
                "{playing} of {count}"
            );
        }
    }

    #[test]
    fn inputs_in_use_share_the_level_and_unused_ones_cost_none() {
        // Noise of a preamplifier.
        let unused = (1e-3, 0);
        let sides = recorded(&[(0.5, 0), (0.25, 0), (0.25, 0), (0.0, 0), unused, (0.0, 0)]);
        let near = |side: &[f32], amplitude: f32| {
            let tone = tone((amplitude, 0));
            side.iter().zip(tone).all(|(a, b)| (a - b).abs() < 1e-3)
        };
        assert!(near(&sides[0], 0.375) && near(&sides[1], 0.125));
    }

    #[test]
    fn a_constant_is_not_in_use_and_who_pauses_still_is() {
        let (playing, constant, silence) = (tone((0.4, 0)), [0.1; BLOCK], [0.0; BLOCK]);
        let playing = &playing[..BLOCK];
        let mut fold = Fold::new();
        let mut left = |third: &[f32]| fold.fold(&[playing, &silence, third])[0].to_vec();
        let with_constant = left(&constant);
        assert!((0..BLOCK).all(|n| with_constant[n] == playing[n] + 0.1));
        left(playing);
        let paused = left(&silence);
        assert!((0..BLOCK).all(|n| paused[n] == 0.5 * playing[n]));
    }

    #[test]
    fn two_inputs_are_recorded_as_they_are() {
        let sides = recorded(&[(0.9, 0), (0.3, 2000)]);
        assert_eq!(sides, [tone((0.9, 0)), tone((0.3, 2000))]);
    }

    #[test]
    fn nothing_is_louder_than_an_input_can_be_and_nothing_jumps() {
        // The third begins at its loudest, in the middle of a block.
        let [left, _] = recorded(&[(1.0, 0), (1.0, 0), (1.0, 1382), (0.0, 0), (1.0, 0)]);
        assert!(left.iter().all(|sample| sample.abs() <= 1.0));
        // Soft ones add up to what they were, a third as loud.
        let [left, _] = recorded(&[(0.1, 0), (0.0, 0), (0.1, 1382), (0.0, 0)]);
        let jump = |samples: &[f32]| {
            samples
                .windows(2)
                .map(|w| (w[1] - w[0]).abs())
                .fold(0.0, f32::max)
        };
        assert!(jump(&left[..1381]) < 0.006 && jump(&left[1383..]) < 0.011);
        assert!((left[4000] - tone((0.1, 0))[4000]).abs() < 1e-6);
    }
}
