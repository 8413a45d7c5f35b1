//! Where words lead the walk: to places that show what they tell of.

use super::course::{Course, Held, Pace};
use super::sentiment::Felt;
use crate::imagery::{Evoked, Imagery, Place};
use crate::media::lyrics::Line;
use crate::motion::{Spot, Toward};
use std::ops::Range;
use std::sync::Arc;

/// Two seconds to a place, and four back to the walk. It sets out at once, for nothing of the way is made before.
const PACE: Pace = Pace {
    turn: 2.0,
    at_once: 0.0,
    fade: 4.0,
};

/// What lines have one see that are sung together.
pub struct Sight {
    /// Which of the lines.
    pub lines: Range<usize>,
    evoked: Evoked,
    /// The mood in which its place is looked for.
    mood: [f32; 2],
}

impl Sight {
    /// Of a song's lines, which come in the order of their beginnings and feel like `felt`; of those that evoke nothing there is
    /// none.
    pub fn of(imagery: &Imagery, lines: &[Line], felt: &[Felt]) -> Vec<Self> {
        let mut sights = Vec::new();
        let mut begin = 0;
        for together in lines.chunk_by(|a, b| a.from == b.from) {
            let range = begin..begin + together.len();
            begin = range.end;
            let text: Vec<&str> = together.iter().map(|line| &*line.text).collect();
            // Of translations the one that is understood best tells the mood, as it does of the music's.
            let felt = felt[range.clone()].iter();
            let felt = felt.max_by(|a, b| a.certainty.total_cmp(&b.certainty));
            if let (Some(evoked), Some(felt)) = (imagery.evoked(&text.join(" ")), felt) {
                sights.push(Self {
                    lines: range,
                    evoked,
                    mood: felt.weighed(),
                });
            }
        }
        sights
    }

    /// Its place in a look, by the look's number in the family.
    pub fn place(&self, imagery: &Imagery, look: usize) -> Option<Place> {
        imagery.nearest(look, &self.evoked, self.mood)
    }
}

/// The places of a song's lines: of each look one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Scenery(Course<Arc<[Spot]>>);

impl Scenery {
    /// Looks for the places of lines, as [`Sight::of`] does.
    pub fn new(lines: &[Line], felt: &[Felt]) -> Self {
        let Ok(imagery) = Imagery::built_in() else {
            return Self::default();
        };
        let held = |sight: Sight| {
            let together = &lines[sight.lines.clone()];
            let places = (0..imagery.looks()).filter_map(|look| sight.place(imagery, look));
            Held {
                from: together[0].from,
                to: together.iter().fold(0.0, |to, line| line.to.max(to)),
                weight: 1.0,
                what: places.map(|place| place.z).collect(),
            }
        };
        let sights = Sight::of(imagery, lines, felt).into_iter();
        Self(Course(sights.map(held).collect()))
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
