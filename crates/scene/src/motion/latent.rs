//! A walk through the latent space that any bar can be entered at.

use super::hash::Hash;
use crate::gan::LATENT_DIM;

/// A latent vector of unit length.
pub type Direction = [f32; LATENT_DIM];

/// An endless path through the latent space: one keyframe drawn for every whole position, and
/// spherical interpolation between them. A model that uses only the first numbers of a direction
/// walks evenly as well, for keyframes are nearly perpendicular in any hundred of their numbers.
///
/// Its keyframes may be drawn from a cast of few places, which it then comes back to
/// ([`LatentPath::among`]), and it may close after some bars ([`LatentPath::after`]).
#[derive(Clone, Copy, Debug)]
pub struct LatentPath {
    seed: u64,
    stream: u64,
    /// How many places it knows; 0 for always new ones.
    places: u8,
}

/// The most places of a cast.
pub const MOST_PLACES: u8 = 16;

/// The stream that says in which order a path visits its places.
const TOUR_STREAM: u64 = 0x7003;

/// The least legs of a closed path: two would go back the same way.
const LEAST_LEGS: u8 = 3;

impl LatentPath {
    /// The path of `seed`; different streams of one seed are unrelated.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self {
            seed,
            stream,
            places: 0,
        }
    }

    /// The same path through the first `places` of its keyframes alone, up to [`MOST_PLACES`]; 0 for
    /// all there are. First they come in their order; then it goes round and round, visits each
    /// place once a round, in a new order each time, and none twice in a row.
    pub fn among(self, places: u8) -> Self {
        Self {
            places: places.min(MOST_PLACES),
            ..self
        }
    }

    /// The keyframe at a whole position.
    pub fn keyframe(&self, index: i64) -> Direction {
        self.drawn(self.place(index))
    }

    /// Which of the places is at a whole position.
    fn place(&self, index: i64) -> i64 {
        let places = i64::from(self.places);
        match places {
            0 => index,
            1 | 2 => index.rem_euclid(places),
            _ => {
                let [round, at] = [index.div_euclid(places), index.rem_euclid(places)];
                let mut order = self.order(round);
                let before = self.order(round - 1);
                // A swap of the first two leaves the last one where it is, so that each round needs to
                // know of one other only.
                if before[places as usize - 1] == order[0] {
                    order.swap(0, 1);
                }
                order[at as usize].into()
            }
        }
    }

    /// An order of the places for each round (Fisher and Yates); in the first one, and in a count-in,
    /// it is theirs.
    fn order(&self, round: i64) -> [u8; MOST_PLACES as usize] {
        let mut order = std::array::from_fn(|place| place as u8);
        if round > 0 {
            let mut hash = Hash::new(self.seed, self.stream ^ TOUR_STREAM, round);
            for last in (1..usize::from(self.places)).rev() {
                order.swap(last, (hash.uniform() * (last + 1) as f64) as usize);
            }
        }
        order
    }

    /// The keyframe of a place.
    fn drawn(&self, place: i64) -> Direction {
        let mut hash = Hash::new(self.seed, self.stream, place);
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
            &self.keyframe((index + 1.0) as i64),
            t,
        )
    }

    /// The point after `bars`, at so many bars a keyframe; on a path that closes after `round` bars,
    /// if it does.
    pub fn after(&self, bars: f64, bars_per_keyframe: f64, round: Option<f64>) -> Direction {
        match round {
            None => self.at(bars / bars_per_keyframe),
            Some(round) => self.closed(bars / round, round / bars_per_keyframe),
        }
    }

    /// The point at a share of the way, 0 to 1, on a closed path about as long as that between
    /// `ways` keyframes: from one of its own keyframes to the next, and from the last to the first. A
    /// path for which there is less way than legs is drawn together around its middle, so that short
    /// loops are no faster than long ones.
    fn closed(&self, share: f64, ways: f64) -> Direction {
        let legs = ways.round().max(LEAST_LEGS.into());
        let position = share * legs;
        let leg = position.floor();
        let corner = |leg: f64| self.drawn(leg.rem_euclid(legs) as i64);
        let [mut from, mut to] = [corner(leg), corner(leg + 1.0)];
        let reach = ways / f64::from(LEAST_LEGS);
        if reach < 1.0 {
            let mut middle = [0.0; LATENT_DIM];
            for place in 0..LEAST_LEGS {
                let corner = self.drawn(place.into());
                middle.iter_mut().zip(corner).for_each(|(m, c)| *m += c);
            }
            let middle = normalise(middle);
            [from, to] = [from, to].map(|corner| slerp(&middle, &corner, reach as f32));
        }
        slerp(&from, &to, (position - leg) as f32)
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

/// Bends an even walk so that movement gathers on the beat: of a beat of which the share `phase` has
/// passed, how much of its way is gone. `strength` 0 leaves it even, 1 makes all of it in a burst that starts on the
/// beat and comes to rest before the next. Continuous and increasing, from 0 to 1.
pub fn gather_on_beat(phase: f64, strength: f64) -> f64 {
    let strength = strength.clamp(0.0, 1.0);
    // A little of the even walk stays, or the picture would freeze between beats.
    let burst = 0.12 * phase + 0.88 * (1.0 - (1.0 - phase).powi(3));
    phase + strength * (burst - phase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

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
    fn a_cast_of_places_comes_back_in_ever_new_orders_and_never_stands_still() {
        for places in [2, 3, 5, 8, MOST_PLACES] {
            let path = LatentPath::new(7, 0).among(places);
            let count = usize::from(places);
            let visited: Vec<i64> = (-64..640).map(|index| path.place(index)).collect();
            assert!(visited.windows(2).all(|pair| pair[0] != pair[1]));
            // Nowhere does it stay away from a place for longer than two rounds.
            for window in visited.windows(2 * count - 1) {
                assert!((0..i64::from(places)).all(|place| window.contains(&place)));
            }
            let orders = (1..9).map(|round| path.order(round));
            assert!(orders.collect::<HashSet<_>>().len() > 1, "{places}");
            assert_eq!(
                visited[64..64 + count],
                Vec::from_iter(0..i64::from(places))
            );
            assert_eq!(path.at(0.5), LatentPath::new(7, 0).at(0.5));
            let again = (1..640).find(|at| path.place(*at) == 0).unwrap();
            assert_eq!(path.at(again as f64), path.at(0.0));
        }
    }

    #[test]
    fn a_closed_path_has_no_seam_and_is_as_fast_as_an_open_one() {
        let path = LatentPath::new(3, 0);
        for ways in [0.25, 1.0, 2.0, 2.6, 3.5, 4.0, 8.0, 64.0] {
            let steps = (ways * 200.0) as usize;
            let at = |i: usize| path.closed(i as f64 / steps as f64, ways);
            assert_eq!(at(steps), at(0), "{ways}");
            let step = |i| distance(&at(i), &at(i + 1));
            // A keyframe is a quarter turn.
            let even = ways * std::f64::consts::FRAC_PI_2 / steps as f64;
            let even = even as f32;
            for i in 0..steps {
                assert!(
                    (0.6..1.4).contains(&(step(i) / even)),
                    "{ways}: {}",
                    step(i) / even
                );
            }
        }
    }

    #[test]
    fn gathering_keeps_whole_beats_and_never_goes_back() {
        for strength in [0.0, 0.5, 1.0] {
            let way =
                Vec::from_iter((0..=50).map(|i| gather_on_beat(f64::from(i) / 50.0, strength)));
            assert!(way.windows(2).all(|two| two[1] > two[0]));
            assert!(way[0].abs() < 1e-9 && (way[50] - 1.0).abs() < 1e-9);
        }
        assert!(
            gather_on_beat(0.25, 1.0) > 0.5,
            "half the way is made in the first quarter"
        );
    }
}
