//! Where words lead the walk: to places that show what they tell of.

use super::course::{Course, Held, Pace};
use super::sentiment::Felt;
use crate::imagery::Imagery;
use crate::media::lyrics::Line;
use crate::motion::{Spot, Toward};
use std::sync::Arc;

/// Two seconds to a place, and four back to the walk. It sets out at once, for nothing of the way is made before.
const PACE: Pace = Pace {
    turn: 2.0,
    at_once: 0.0,
    fade: 4.0,
};

/// The places of a song's lines: of each look one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Scenery(Course<Arc<[Spot]>>);

impl Scenery {
    /// Looks for the places of lines, which come in the order of their beginnings and feel like `felt`. Those that are sung
    /// together are looked for together.
    pub fn new(lines: &[Line], felt: &[Felt]) -> Self {
        let Ok(imagery) = Imagery::built_in() else {
            return Self::default();
        };
        let mut course: Vec<Held<Arc<[Spot]>>> = Vec::new();
        let mut rest = felt;
        for together in lines.chunk_by(|a, b| a.from == b.from) {
            let (felt, after) = rest.split_at(together.len());
            rest = after;
            let text: Vec<&str> = together.iter().map(|line| &*line.text).collect();
            let Some(evoked) = imagery.evoked(&text.join(" ")) else {
                continue;
            };
            let nearest = |look| imagery.nearest(look, &evoked, felt[0].weighed());
            let places = (0..imagery.looks()).filter_map(nearest);
            course.push(Held {
                from: together[0].from,
                to: together.iter().fold(0.0, |to, line| line.to.max(to)),
                weight: 1.0,
                what: places.map(|place| place.z).collect(),
            });
        }
        Self(Course(course))
    }

    /// Where the words lead at `seconds` of the song, so much of the way at most. Does not allocate.
    pub fn at(&self, seconds: f64, most: f32) -> Option<Toward> {
        let now = self.0.at(seconds, PACE)?;
        let ((before, left), (held, came)) = (now.before, now.held);
        // Both ends are come to softly; the beginning is not, or it would not be seen.
        let share = 1.0 - (1.0 - (left + came)).powi(2);
        (most * share > 0.0).then(|| Toward {
            before: Arc::clone(before),
            now: Arc::clone(held),
            came: came / (left + came),
            share: most * share,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imagery::USED;
    use crate::media::lyrics::{Sheet, Song};
    use crate::motion::Led;

    const SONG: &str = "[00:10]the river runs down to the sea\n[00:14]fire in the night\n\
                        [00:18]\n[00:40]♪\n[00:44]the river runs down to the sea";

    fn scenery() -> Scenery {
        let lyrics = Sheet::of_text(SONG).fit(&Song::default());
        let felt = Felt {
            point: [0.0; 2],
            certainty: 1.0,
        };
        Scenery::new(&lyrics.lines, &vec![felt; lyrics.lines.len()])
    }

    fn at(seconds: f64) -> Option<Toward> {
        scenery().at(seconds, 0.8)
    }

    #[test]
    fn a_line_leads_from_its_first_picture_on_and_lets_go_when_nothing_follows() {
        let frame = 1.0 / 60.0;
        assert_eq!(at(9.99), None);
        let first = at(10.0 + frame).expect("it sets out");
        assert!((0.01..0.1).contains(&first.share), "{first:?}");
        let arrived = at(13.0).expect("it is there");
        assert!((arrived.share - 0.8).abs() < 1e-6 && arrived.came == 1.0);
        let (turning, other) = (at(14.5).expect("on the way"), at(17.0).expect("there"));
        assert!(turning.share > 0.78, "from place to place: {turning:?}");
        assert_eq!(turning.before, arrived.now);
        assert_eq!(turning.now, other.now);
        assert_ne!(arrived.now, other.now);
        assert!(at(20.0).expect("it fades").share < 0.7);
        assert_eq!(at(22.1), None);
        assert_eq!(at(42.0), None, "nothing is evoked");
        assert_eq!(at(47.0).expect("it comes back").now, arrived.now);
    }

    #[test]
    fn the_way_has_no_jump() {
        let scenery = scenery();
        let led = |n: u32| {
            let seconds = 8.0 + f64::from(n) / 100.0;
            let walk: Spot = std::array::from_fn(|k| if k == 0 { 1.0 } else { 0.0 });
            let mut z = [0.0; crate::gan::LATENT_DIM];
            z[..USED].copy_from_slice(&walk);
            let by = [None, scenery.at(seconds, 1.0)];
            Led { walk, by }.lead(&mut z, &[1.0]);
            z
        };
        for n in 0..4600 {
            let pair = led(n).into_iter().zip(led(n + 1));
            let step = pair.map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
            assert!(step < 0.04, "{step} at {n}");
        }
    }
}
