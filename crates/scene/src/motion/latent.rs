//! A walk through the latent space that any bar can be entered at.

use super::hash::Hash;
use crate::gan::LATENT_DIM;

/// A latent vector of unit length.
pub type Direction = [f32; LATENT_DIM];

/// An endless path through the latent space: one keyframe drawn for every whole position, and
/// spherical interpolation between them. A model that uses only the first numbers of a direction
/// walks evenly as well, for keyframes are nearly perpendicular in any hundred of their numbers.
#[derive(Clone, Copy, Debug)]
pub struct LatentPath {
    seed: u64,
    stream: u64,
}

impl LatentPath {
    /// The path of `seed`; different streams of one seed are unrelated.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self { seed, stream }
    }

    /// The keyframe at a whole position.
    pub fn keyframe(&self, index: i64) -> Direction {
        let mut hash = Hash::new(self.seed, self.stream, index);
        let mut z = [0.0; LATENT_DIM];
        for pair in z.chunks_exact_mut(2) {
            pair.copy_from_slice(&hash.normal_pair());
        }
        normalise(z)
    }

    /// The point at `position`, in keyframes.
    pub fn at(&self, position: f64) -> Direction {
        let index = position.floor();
        let t = (position - index) as f32;
        slerp(
            &self.keyframe(index as i64),
            &self.keyframe(index as i64 + 1),
            t,
        )
    }
}

/// Spherical linear interpolation between unit vectors, `t` from 0 to 1.
pub fn slerp(a: &Direction, b: &Direction, t: f32) -> Direction {
    let cosine = a
        .iter()
        .zip(b)
        .map(|(a, b)| a * b)
        .sum::<f32>()
        .clamp(-1.0, 1.0);
    let angle = cosine.acos();
    let sine = angle.sin();
    // Vectors that nearly coincide (or oppose) have no stable plane between them.
    let (from, to) = if sine < 1e-4 {
        (1.0 - t, t)
    } else {
        (((1.0 - t) * angle).sin() / sine, (t * angle).sin() / sine)
    };
    let mut between = [0.0; LATENT_DIM];
    for ((x, a), b) in between.iter_mut().zip(a).zip(b) {
        *x = from * a + to * b;
    }
    normalise(between)
}

fn normalise(mut z: Direction) -> Direction {
    let length = z.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        z.iter_mut().for_each(|x| *x /= length);
    }
    z
}

/// Bends an even walk so that movement gathers on the beat: `strength` 0 leaves `beats` as it is,
/// 1 makes each beat's way in a burst that starts on the beat and comes to rest before the next.
/// Continuous, increasing, and equal to `beats` on every whole beat.
pub fn gather_on_beat(beats: f64, strength: f64) -> f64 {
    let beat = beats.floor();
    let phase = beats - beat;
    let strength = strength.clamp(0.0, 1.0);
    // A little of the even walk stays, or the picture would freeze between beats.
    let burst = 0.12 * phase + 0.88 * (1.0 - (1.0 - phase).powi(3));
    beat + phase + strength * (burst - phase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: &Direction, b: &Direction) -> f32 {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f32>()
            .sqrt()
    }

    #[test]
    fn scrubbing_back_returns_the_same_latent() {
        let path = LatentPath::new(3, 0);
        let first = path.at(12.34);
        path.at(99.0);
        assert_eq!(path.at(12.34), first);
    }

    #[test]
    fn the_path_is_continuous_and_passes_through_its_keyframes() {
        let path = LatentPath::new(3, 0);
        for i in 0..600 {
            let position = i as f64 / 100.0;
            assert!(distance(&path.at(position), &path.at(position + 0.01)) < 0.03);
        }
        assert!(distance(&path.at(4.0), &path.keyframe(4)) < 1e-5);
    }

    #[test]
    fn every_point_has_unit_length() {
        let path = LatentPath::new(9, 1);
        for i in 0..50 {
            let length = path.at(i as f64 * 0.37).iter().map(|x| x * x).sum::<f32>();
            assert!((length - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn a_model_of_fewer_numbers_walks_evenly_too() {
        let path = LatentPath::new(5, 0);
        for used in [64, 100, 128, LATENT_DIM] {
            let seen = |position: f64| {
                let mut z = path.at(position);
                z[used..].fill(0.0);
                normalise(z)
            };
            // A quarter turn a keyframe, at no place much slower or faster.
            for i in 0..200 {
                let at = f64::from(i) / 10.0;
                let speed =
                    distance(&seen(at), &seen(at + 0.1)) / (0.1 * std::f32::consts::FRAC_PI_2);
                assert!(
                    (0.5..1.6).contains(&speed),
                    "{used} numbers: {speed} at {at}"
                );
            }
        }
    }

    #[test]
    fn different_seeds_and_streams_walk_apart() {
        let here = LatentPath::new(1, 0).at(0.5);
        assert!(distance(&here, &LatentPath::new(2, 0).at(0.5)) > 0.5);
        assert!(distance(&here, &LatentPath::new(1, 1).at(0.5)) > 0.5);
    }

    #[test]
    fn gathering_keeps_whole_beats_and_never_goes_back() {
        for strength in [0.0, 0.5, 1.0] {
            let mut last = -1.0;
            for i in 0..400 {
                let beats = i as f64 / 50.0;
                let gathered = gather_on_beat(beats, strength);
                assert!(gathered > last);
                last = gathered;
                if beats.fract() == 0.0 {
                    assert!((gathered - beats).abs() < 1e-9);
                }
            }
        }
        assert!(
            gather_on_beat(0.25, 1.0) > 0.5,
            "half the way is made in the first quarter"
        );
    }
}
