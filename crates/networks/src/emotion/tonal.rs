//! Which keys the music fits, in numbers that stay the same when it is transposed.

use candle_core::Tensor;

/// Pitch classes, the first band's first.
pub(super) const PITCHES: usize = 12;

/// Numbers that [`Tonal::features`] gives.
pub(super) const FEATURES: usize = 2 + 2 * PITCHES + PITCHES / 2;

/// What is heard of keys and intervals, after Krumhansl (1990).
pub(super) struct Tonal {
    /// How often each pitch class sounds in the twelve major and the twelve minor keys, each key
    /// with mean 0 and deviation 1.
    profiles: Vec<[f32; PITCHES]>,
    /// The first band, a semitone from the next, and how many octaves are looked at.
    first: usize,
    octaves: usize,
    /// Of the choice among the keys.
    sharpness: f32,
}

impl Tonal {
    /// `profiles` are `[2 * PITCHES, PITCHES]`.
    pub fn new(
        profiles: &Tensor,
        first: usize,
        octaves: usize,
        sharpness: f32,
    ) -> candle_core::Result<Self> {
        let values: Vec<f32> = profiles.flatten_all()?.to_vec1()?;
        let (profiles, _) = values.as_chunks();
        Ok(Self {
            profiles: profiles.to_vec(),
            first,
            octaves,
            sharpness,
        })
    }

    /// How far each pitch class stands out among its neighbours, from a row of logarithms of the
    /// bands' energies; the root of an amplitude, summed over the octaves.
    pub fn chroma(&self, bands: &[f32]) -> [f32; PITCHES] {
        let last = self.first + PITCHES * self.octaves;
        let loudness = |band: usize| (0.25 * bands[band]).exp();
        let mut chroma = [0.0; PITCHES];
        let (mut below, mut here) = (loudness(self.first - 1), loudness(self.first));
        for band in self.first..last {
            let above = loudness(band + 1);
            let peak = here - 0.5 * (below + above);
            chroma[(band - self.first) % PITCHES] += peak.max(0.0);
            (below, here) = (here, above);
        }
        chroma
    }

    /// From a window's mean chroma: how well the best major and the best minor key fit; the chroma
    /// from the tonic on, over the major and over the minor keys, each as likely as it fits; how
    /// often intervals of one to six semitones sound, by the unison.
    pub fn features(&self, chroma: &[f32; PITCHES]) -> [f32; FEATURES] {
        let sum: f32 = chroma.iter().sum();
        let share = chroma.map(|x| x / (sum + 1e-3));
        let centred = chroma.map(|x| x - sum / PITCHES as f32);
        let variance = centred.iter().map(|x| x * x).sum::<f32>() / PITCHES as f32;
        let scale = 1.0 / (PITCHES as f32 * (variance + 1e-8).sqrt());

        let mut features = [0.0; FEATURES];
        let (best, rest) = features.split_at_mut(2);
        let (from_tonic, intervals) = rest.split_at_mut(2 * PITCHES);
        let modes = self.profiles.chunks_exact(PITCHES);
        for ((best, from_tonic), keys) in
            (best.iter_mut().zip(from_tonic.chunks_exact_mut(PITCHES))).zip(modes)
        {
            let fit: [f32; PITCHES] = std::array::from_fn(|tonic| {
                let products = keys[tonic].iter().zip(&centred).map(|(p, c)| p * c);
                scale * products.sum::<f32>()
            });
            *best = fit.iter().copied().fold(f32::MIN, f32::max);
            let weights = fit.map(|fit| (self.sharpness * (fit - *best)).exp());
            let all: f32 = weights.iter().sum();
            for (tonic, weight) in weights.iter().enumerate() {
                for (degree, x) in from_tonic.iter_mut().enumerate() {
                    *x += weight / all * share[(tonic + degree) % PITCHES];
                }
            }
        }
        let together = |step: usize| -> f32 {
            (0..PITCHES)
                .map(|pitch| share[pitch] * share[(pitch + step) % PITCHES])
                .sum()
        };
        let unison = together(0) + 1e-6;
        for (step, interval) in (1..).zip(intervals) {
            *interval = together(step) / unison;
        }
        features
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One octave of bands from 1 on, and keys of a few notes.
    fn tonal() -> Tonal {
        let mut profiles = [[0.0; PITCHES]; 2 * PITCHES];
        for (key, profile) in profiles.iter_mut().enumerate() {
            let third = if key < PITCHES { 4 } else { 3 };
            for degree in [0, third, 7] {
                profile[(key + degree) % PITCHES] = 1.0;
            }
        }
        Tonal {
            profiles: profiles.to_vec(),
            first: 1,
            octaves: 1,
            sharpness: 30.0,
        }
    }

    #[test]
    fn a_transposed_window_has_the_same_features_and_its_mode_fits_best() {
        for (third, mode) in [(4, 0), (3, 1)] {
            let of = |tonic: usize| {
                let mut chroma = [0.05; PITCHES];
                for (degree, much) in [(0, 1.0), (third, 0.6), (7, 0.8)] {
                    chroma[(tonic + degree) % PITCHES] = much;
                }
                tonal().features(&chroma)
            };
            let first = of(0);
            assert!(first[mode] > first[1 - mode]);
            for tonic in 1..PITCHES {
                for (a, b) in of(tonic).iter().zip(&first) {
                    assert!((a - b).abs() < 1e-5, "{a} instead of {b}");
                }
            }
        }
    }

    #[test]
    fn a_lone_band_is_a_pitch_and_flat_bands_are_none() {
        let mut bands = [-20.0; PITCHES + 2];
        assert_eq!(tonal().chroma(&bands), [0.0; PITCHES]);
        assert!(
            tonal()
                .features(&[0.0; PITCHES])
                .iter()
                .all(|x| x.is_finite())
        );
        bands[1 + 9] = 0.0;
        let chroma = tonal().chroma(&bands);
        assert!(chroma[9] > 0.9, "{chroma:?}");
        assert!(
            (0..PITCHES).all(|i| i == 9 || chroma[i] == 0.0),
            "{chroma:?}"
        );
    }
}
