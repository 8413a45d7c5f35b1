//! A mood board: pictures among which the song walks by its mood.

use super::shape::Shape;
use crate::control::Controls;
use crate::emotion::Emotion;
use crate::imagery::{Easel, Imagery, Likeness};
use crate::motion::{Grade, Spot, Toward};
use crate::weights::WeightsFault;
use std::path::Path;
use std::sync::Arc;

/// How far around a picture's mood it is felt, and the least deviation over which a board's moods are spread.
const REACH: f32 = 0.35;
const SPREAD: f32 = 0.45;

/// How far colours move to a picture's palette where the walk is led all the way.
const TINT: f32 = 0.6;

/// Added light at full brightness, in full scales: beyond it the shadows turn to fog.
const BRIGHTNESS: f32 = 0.3;

/// Pictures, each with its mood, its palette, and its place in every built-in look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    pinned: Vec<Pinned>,
}

#[derive(Clone, Debug, PartialEq)]
struct Pinned {
    file: Arc<Path>,
    /// Valence and arousal at which it is met.
    point: [f32; 2],
    palette: [[f32; 3]; 3],
    spots: Arc<[Spot]>,
    picture: Arc<Likeness>,
}

/// A picture as it hangs on a board.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnBoard<'a> {
    /// The picture's file.
    pub file: &'a Path,
    /// Valence and arousal at which it is met.
    pub point: [f32; 2],
    /// Its dark, middle and light tones, sRGB from 0 to 1.
    pub palette: [[f32; 3]; 3],
}

/// What a board makes of a mood.
pub(super) struct Pulled {
    pub toward: Toward,
    palette: [[f32; 3]; 3],
}

impl Board {
    /// Pins one more picture, of this file, of this mood beside usual pictures. It has no place before [`spread`](Self::spread).
    pub fn pin(&mut self, file: &Path, mood: &Emotion, picture: Likeness) {
        self.pinned.push(Pinned {
            file: file.into(),
            point: [mood.valence, mood.arousal],
            palette: picture.palette,
            spots: Arc::default(),
            picture: Arc::new(picture),
        });
    }

    /// Draws their moods apart where they lie close together, so that a song that moves meets more than one, and finds the
    /// place of each in every look, in the mood in which it is met.
    ///
    /// # Errors
    /// When the program's own weights are damaged.
    pub fn spread(&mut self) -> Result<(), WeightsFault> {
        let imagery = Imagery::built_in()?;
        let count = self.pinned.len().max(1) as f32;
        for axis in 0..2 {
            let mean = self.pinned.iter().map(|one| one.point[axis]).sum::<f32>() / count;
            let off = self
                .pinned
                .iter()
                .map(|one| (one.point[axis] - mean).powi(2));
            let deviation = (off.sum::<f32>() / count).sqrt();
            let by = (SPREAD / deviation.max(0.05)).max(1.0);
            for one in &mut self.pinned {
                one.point[axis] = (mean + by * (one.point[axis] - mean)).clamp(-1.0, 1.0);
            }
        }
        for one in &mut self.pinned {
            let place = |look| imagery.encoded(look, &one.picture, one.point);
            one.spots = (0..imagery.looks()).filter_map(place).collect();
        }
        Ok(())
    }

    /// Its pictures.
    pub fn pictures(&self) -> impl Iterator<Item = OnBoard<'_>> {
        self.pinned.iter().map(|one| OnBoard {
            file: &one.file,
            point: one.point,
            palette: one.palette,
        })
    }

    /// Has an easel with a look's painter, by its number in the family, paint ten places for each picture in the mood at which it is
    /// met, and keeps the one that is most like it.
    ///
    /// # Errors
    /// When the program's own weights are damaged.
    pub fn refine(&mut self, look: usize, easel: &mut Easel) -> Result<(), WeightsFault> {
        let imagery = Imagery::built_in()?;
        for one in &mut self.pinned {
            let paint = |z: &Spot| easel.look(z, one.point);
            let refined = imagery.refined(look, &one.picture, one.point, paint);
            let mut spots = one.spots.to_vec();
            if let (Some(spot), Some(z)) = (spots.get_mut(look), refined) {
                *spot = z;
            }
            one.spots = spots.into();
        }
        Ok(())
    }

    /// Whether nothing is pinned.
    pub fn is_empty(&self) -> bool {
        self.pinned.is_empty()
    }

    /// Where a mood is drawn, so much of the way: between the two pictures that are nearest to it. Does not allocate.
    pub(super) fn at(&self, mood: [f32; 2], share: f32) -> Option<Pulled> {
        let [mut first, mut second, mut third] = [(0.0, None), (0.0, None), (0.0, None)];
        for one in &self.pinned {
            let far = (one.point[0] - mood[0]).hypot(one.point[1] - mood[1]);
            // Never nothing, or it would jump where all are far.
            let felt = ((-0.5 * (far / REACH).powi(2)).exp() + 1e-6, Some(one));
            if felt.0 > first.0 {
                (first, second, third) = (felt, first, second);
            } else if felt.0 > second.0 {
                (second, third) = (felt, second);
            } else if felt.0 > third.0 {
                third = felt;
            }
        }
        let now = first.1?;
        let before = second.1.unwrap_or(now);
        // The third is nothing yet when it takes the second's place.
        let [mine, theirs] = [first.0 - third.0, second.0 - third.0];
        let both = mine + theirs;
        let came = if both > 0.0 { mine / both } else { 0.5 };
        let mix = |tone: usize, channel: usize| {
            let [from, to] = [before, now].map(|one| one.palette[tone][channel]);
            from + came * (to - from)
        };
        Some(Pulled {
            toward: Toward {
                before: Arc::clone(&before.spots),
                now: Arc::clone(&now.spots),
                came,
                share,
            },
            palette: std::array::from_fn(|tone| std::array::from_fn(|channel| mix(tone, channel))),
        })
    }
}

impl Pulled {
    /// A grade with the pictures' colours.
    pub fn coloured(&self, grade: Grade) -> Grade {
        let share = self.toward.share;
        let mut palette = grade.palette;
        for (tone, of_board) in palette.iter_mut().zip(self.palette) {
            let pairs = tone.iter_mut().zip(of_board);
            pairs.for_each(|(channel, to)| *channel += share * (to - *channel));
        }
        Grade {
            palette,
            tint: grade.tint + share * (TINT - grade.tint).max(0.0),
            ..grade
        }
    }
}

/// A grade with the colours of pictures, as the form and the performer have it.
pub(super) fn graded(
    grade: Grade,
    shape: &Shape,
    pulled: Option<&Pulled>,
    controls: &Controls,
) -> Grade {
    let grade = match pulled {
        Some(pulled) => pulled.coloured(grade),
        None => grade,
    };
    let grade = shape.graded(grade);
    Grade {
        brightness: grade.brightness + BRIGHTNESS * controls.brightness,
        ..grade.coloured(controls.saturation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A board of pictures of one colour each, at these moods.
    fn board(moods: &[[f32; 2]]) -> Board {
        let pinned = moods.iter().enumerate().map(|(n, mood)| Pinned {
            file: Path::new(&n.to_string()).into(),
            point: *mood,
            palette: [[n as f32 / 8.0; 3]; 3],
            spots: (0..7)
                .map(|_| std::array::from_fn(|k| f32::from(k == n)))
                .collect(),
            picture: Arc::default(),
        });
        Board {
            pinned: pinned.collect(),
        }
    }

    const MOODS: [[f32; 2]; 5] = [
        [0.6, 0.4],
        [-0.5, 0.5],
        [-0.4, -0.6],
        [0.5, -0.5],
        [0.0, 0.1],
    ];

    fn place(board: &Board, mood: [f32; 2]) -> [f32; 5] {
        let toward = board.at(mood, 1.0).expect("a picture").toward;
        let at = |spots: &Arc<[Spot]>, k: usize| spots[0][k];
        std::array::from_fn(|k| {
            at(&toward.before, k) + toward.came * (at(&toward.now, k) - at(&toward.before, k))
        })
    }

    #[test]
    fn each_picture_is_met_at_its_own_mood_and_the_way_between_them_has_no_jump() {
        let board = board(&MOODS);
        for (n, mood) in MOODS.iter().enumerate() {
            assert!(place(&board, *mood)[n] > 0.8, "{:?}", place(&board, *mood));
        }
        let mut last = place(&board, [-1.0, -1.0]);
        for n in 0..4000 {
            let turn = n as f32 / 4000.0 * std::f32::consts::TAU;
            let mood = [-(3.0 * turn).cos(), -(2.0 * turn).cos()];
            let now = place(&board, mood);
            let step = now
                .iter()
                .zip(last)
                .map(|(a, b)| (a - b).abs())
                .sum::<f32>();
            assert!(n == 0 || step < 0.1, "{step} at {mood:?}");
            last = now;
        }
    }

    #[test]
    fn no_picture_pulls_nowhere_and_one_everywhere_to_itself_with_its_colours() {
        assert!(board(&[]).at([0.0; 2], 1.0).is_none());
        let one = board(&MOODS[..1]);
        for mood in [[0.6, 0.4], [-1.0, -1.0]] {
            assert_eq!(place(&one, mood)[0], 1.0);
        }
        let two = board(&MOODS[..2]);
        let pulled = two.at(MOODS[1], 1.0).expect("a picture");
        let grade = pulled.coloured(Grade::default());
        assert!((grade.palette[1][0] - 0.125).abs() < 0.02 && grade.tint == TINT);
        let none = two.at(MOODS[1], 0.0).expect("a picture");
        assert_eq!(none.coloured(Grade::default()), Grade::default());
    }

    #[test]
    fn moods_that_lie_close_together_are_drawn_apart() {
        let mut close = board(&[[0.3, 0.2], [0.32, 0.2], [0.34, 0.2]]);
        close.spread().expect("the program's own weights");
        let [first, .., last] = &close.pinned[..] else {
            panic!("three");
        };
        assert!(last.point[0] - first.point[0] > 0.3);
        assert_eq!(last.point[1], 0.2, "what is all alike stays");
        let mut far = board(&[[-0.9, 0.9], [0.9, -0.9]]);
        far.spread().expect("the program's own weights");
        assert_eq!(far.pinned[0].point, [-0.9, 0.9]);
    }
}
