//! Where something draws the walk to: a place in the latent space of each look.

use std::sync::Arc;

use crate::gan::LATENT_DIM;
use crate::imagery::USED;

/// A direction in the latent space of a built-in look, of length 1.
pub type Spot = [f32; USED];

/// A place of every look of the built-in family, in its order, to which a walk is drawn: from one to another, and so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Toward {
    /// Where it was drawn to before.
    pub before: Arc<[Spot]>,
    /// Where it is drawn to now.
    pub now: Arc<[Spot]>,
    /// How far it has come from the one to the other, 0 to 1.
    pub came: f32,
    /// How much of the way from the walk it goes there, 0 to 1.
    pub share: f32,
}

/// A walk, and what draws it aside, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Led {
    /// Where the walk is.
    pub walk: Spot,
    pub by: [Option<Toward>; 2],
}

impl Default for Led {
    fn default() -> Self {
        Self {
            walk: [0.0; USED],
            by: [None, None],
        }
    }
}

impl Led {
    /// Turns a point that lies about the walk as the walk is drawn, where the looks paint by these `shares`: what
    /// dances about the walk dances about the place.
    pub fn lead(&self, z: &mut [f32; LATENT_DIM], shares: &[f32]) {
        let Some(mut walk) = unit(self.walk) else {
            return;
        };
        let Some(used) = z.first_chunk_mut() else {
            return;
        };
        for toward in self.by.iter().flatten() {
            if let Some(place) = toward.place(shares) {
                let ends = [&walk.clone(), &place];
                *used = turned(used, ends, toward.share);
                walk = turned(&walk, ends, toward.share);
            }
        }
    }
}

impl Toward {
    /// Where it draws to now, where the looks paint by these `shares`.
    fn place(&self, shares: &[f32]) -> Option<Spot> {
        let mix = |spots: &[Spot]| {
            let mut sum = [0.0; USED];
            for (spot, share) in spots.iter().zip(shares) {
                sum.iter_mut()
                    .zip(spot)
                    .for_each(|(sum, x)| *sum += share * x);
            }
            unit(sum)
        };
        match [mix(&self.before), mix(&self.now)] {
            [Some(before), Some(now)] => Some(turned(&before, [&before, &now], self.came)),
            [one, other] => one.or(other),
        }
    }
}

/// A point, turned by a share of the turn that takes one direction to another.
fn turned(point: &Spot, [from, to]: [&Spot; 2], share: f32) -> Spot {
    let dot = |a: &Spot, b: &Spot| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let cosine = dot(from, to).clamp(-1.0, 1.0);
    // The direction in the plane of both that is perpendicular to the first.
    let aside = std::array::from_fn(|k| to[k] - cosine * from[k]);
    let Some(aside) = unit(aside) else {
        return *point;
    };
    let (sine, cosine) = (share * cosine.acos()).sin_cos();
    let [along, across] = [dot(point, from), dot(point, &aside)];
    let [to_along, to_across] = [
        (cosine - 1.0) * along - sine * across,
        sine * along + (cosine - 1.0) * across,
    ];
    std::array::from_fn(|k| point[k] + to_along * from[k] + to_across * aside[k])
}

fn unit(x: Spot) -> Option<Spot> {
    let length = x.iter().map(|x| x * x).sum::<f32>().sqrt();
    (length > 1e-4).then(|| x.map(|x| x / length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motion::{LatentPath, slerp};

    fn spot(seed: u64) -> Spot {
        let z = LatentPath::new(seed, 0).keyframe(0);
        unit(*z.first_chunk().expect("longer")).expect("no zeros")
    }

    fn led(z: &[f32; LATENT_DIM], share: f32, came: f32, shares: &[f32]) -> [f32; LATENT_DIM] {
        let walk = *z.first_chunk().expect("longer");
        let spots = |seed: u64| (0..2).map(|look| spot(seed + look)).collect();
        let mut z = *z;
        let (before, now) = (spots(10), spots(20));
        let toward = Toward {
            before,
            now,
            came,
            share,
        };
        let by = [None, Some(toward)];
        Led { walk, by }.lead(&mut z, shares);
        z
    }

    fn alike(a: &[f32], b: &[f32]) -> f32 {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn the_whole_way_leads_to_the_place_of_the_look_that_paints_and_none_nowhere() {
        let z = LatentPath::new(1, 0).at(0.3);
        for (shares, seed) in [([1.0, 0.0], 20), ([0.0, 1.0], 21)] {
            let arrived = led(&z, 1.0, 1.0, &shares);
            assert!(alike(&arrived[..USED], &spot(seed)) > 0.9999);
            assert!(alike(&led(&z, 1.0, 0.0, &shares)[..USED], &spot(seed - 10)) > 0.9999);
            assert_eq!(arrived[USED..], z[USED..]);
            let stayed = led(&z, 0.0, 1.0, &shares);
            assert!(stayed.iter().zip(&z).all(|(a, b)| (a - b).abs() < 1e-6));
            let half = led(&z, 0.5, 1.0, &shares);
            let ways = [&z[..USED], &spot(seed)].map(|end| alike(&half[..USED], end));
            assert!((ways[0] - ways[1]).abs() < 1e-3, "{ways:?}");
        }
        let between = led(&z, 1.0, 1.0, &[0.5, 0.5]);
        let ways = [20, 21].map(|seed| alike(&between[..USED], &spot(seed)));
        assert!(
            (ways[0] - ways[1]).abs() < 1e-3 && ways[0] > 0.5,
            "{ways:?}"
        );
        assert_eq!(
            led(&z, 1.0, 1.0, &[]),
            z,
            "a look without places is not led"
        );
    }

    #[test]
    fn what_dances_about_the_walk_dances_as_far_about_the_place() {
        let walk = LatentPath::new(1, 0).at(0.3);
        let z = slerp(&walk, &LatentPath::new(2, 1).at(0.0), 0.3);
        let spots: Arc<[Spot]> = [spot(20)].into();
        for share in [0.0, 0.4, 1.0] {
            let toward = Toward {
                before: Arc::clone(&spots),
                now: Arc::clone(&spots),
                came: 1.0,
                share,
            };
            let led = Led {
                walk: *walk.first_chunk().expect("longer"),
                by: [Some(toward.clone()), Some(toward)],
            };
            let [mut led_walk, mut led_z] = [walk, z];
            led.lead(&mut led_walk, &[1.0]);
            led.lead(&mut led_z, &[1.0]);
            let apart = [alike(&walk, &z), alike(&led_walk, &led_z)];
            assert!((apart[0] - apart[1]).abs() < 1e-4, "{apart:?}");
        }
    }
}
