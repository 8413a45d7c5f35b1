//! What the words feel like as they are sung, and how far that is from what the music does.

use super::course::{Course, Held, Pace};
use crate::emotion::Emotion;
use crate::media::lyrics::Line;
use crate::words::{WordMood, WordReader};

/// How far words have come when they begin: the first picture of a line shows it.
pub(super) const AT_ONCE: f64 = 0.12;

/// A line's mood takes the place of the one before, and fades when nothing is sung after it.
const PACE: Pace = Pace {
    turn: 0.6,
    at_once: AT_ONCE,
    fade: 3.0,
};

/// Below this certainty nothing is said.
const LEAST: f32 = 1e-3;

/// What words feel like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Felt {
    /// Valence and arousal beside usual words, each -1 to 1.
    pub point: [f32; 2],
    /// How much that is to be trusted, and is still meant: 0 to 1.
    pub certainty: f32,
}

impl Felt {
    /// What each of a song's lines feels like, as far as it is understood.
    pub(super) fn of(lines: &[Line]) -> Vec<Self> {
        let texts: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
        let reader = WordReader::built_in().ok();
        let moods = reader.map_or_else(Vec::new, |reader| reader.moods(&texts));
        moods.iter().map(Self::from).collect()
    }

    /// How far the words contradict the music: 0 where both feel alike, or nothing is certain, 1 where one is glad and the
    /// other sad, or one calm and the other wild.
    pub fn disagreement(&self, music: &Emotion) -> f32 {
        let [valence, arousal] = self.point;
        let distance = (valence - music.valence).hypot(arousal - music.arousal);
        self.certainty * (0.5 * distance).min(1.0)
    }

    /// Its point, drawn to the usual one as far as nothing is certain.
    pub fn weighed(&self) -> [f32; 2] {
        self.point.map(|x| self.certainty * x)
    }

    /// A point as far on the way to theirs as `share` says and they are certain.
    pub(super) fn draw(&self, [valence, arousal]: [f32; 2], share: f32) -> [f32; 2] {
        let share = share * self.certainty;
        let [to_valence, to_arousal] = self.point;
        [
            valence + share * (to_valence - valence),
            arousal + share * (to_arousal - arousal),
        ]
    }
}

impl From<&WordMood> for Felt {
    fn from(mood: &WordMood) -> Self {
        Self {
            point: mood.among_words(),
            certainty: mood.certainty(),
        }
    }
}

/// The moods of a song's lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sentiment(Course<[f32; 2]>);

impl Sentiment {
    /// For lines, which come in the order of their beginnings, that feel like `felt`. Of those that are sung together, the one
    /// that is understood best counts: the others are its translations.
    pub(super) fn new(lines: &[Line], felt: &[Felt]) -> Self {
        let mut kept: Vec<Held<[f32; 2]>> = Vec::with_capacity(lines.len());
        for (line, felt) in lines.iter().zip(felt) {
            let line = Held {
                from: line.from,
                to: line.to,
                weight: felt.certainty,
                what: felt.point,
            };
            match kept.last_mut() {
                Some(last) if last.from == line.from => {
                    if line.weight > last.weight {
                        *last = line;
                    }
                }
                _ => kept.push(line),
            }
        }
        Self(Course(kept))
    }

    /// What is felt at `seconds` of the song. Does not allocate.
    pub(super) fn at(&self, seconds: f64) -> Option<Felt> {
        let now = self.0.at(seconds, PACE)?;
        let ((other, theirs), (own, mine)) = (now.before, now.held);
        let certainty = mine + theirs;
        if certainty < LEAST {
            return None;
        }
        let point = [0, 1].map(|axis| (mine * own[axis] + theirs * other[axis]) / certainty);
        Some(Felt { point, certainty })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::lyrics::{Sheet, Song};

    const SONG: &str = "[00:10]I am so happy, we dance and laugh in the sun\n\
                        [00:14]my heart is broken and I cry alone\n\
                        [00:18]\n\
                        [00:40]一つの歌を歌おう";

    fn sentiment(text: &str) -> Sentiment {
        let lines = Sheet::of_text(text).fit(&Song::default()).lines;
        Sentiment::new(&lines, &Felt::of(&lines))
    }

    #[test]
    fn a_line_is_felt_from_its_first_picture_on_and_fades_when_nothing_follows() {
        let sentiment = sentiment(SONG);
        let at = |seconds| sentiment.at(seconds);
        assert_eq!(at(9.99), None);
        let begins = at(10.0).expect("the first picture of a line feels it");
        assert!(
            begins.certainty > 0.05 && begins.point[0] > 0.5,
            "{begins:?}"
        );
        let (glad, sad) = (at(12.0).unwrap(), at(16.0).unwrap());
        assert!(
            glad.point[0] > 0.5 && sad.point[0] < -0.5,
            "{glad:?} {sad:?}"
        );
        let [held, fading] = [17.9, 19.5].map(|seconds| at(seconds).unwrap().certainty);
        assert!(fading < 0.6 * held, "{held} {fading}");
        assert_eq!(at(21.5), None, "nothing is sung");
        assert_eq!(at(41.0), None, "nothing is understood");
    }

    #[test]
    fn a_mood_never_jumps_further_than_a_line_does_at_once() {
        let sentiment = sentiment(SONG);
        let weighed = |seconds: f64| {
            let felt = sentiment.at(seconds);
            felt.map_or([0.0; 2], |felt| felt.point.map(|x| x * felt.certainty))
        };
        for n in 0..12_000 {
            let [before, after] = [n, n + 1].map(|n| weighed(8.0 + f64::from(n) / 1e3));
            let step = (after[0] - before[0]).hypot(after[1] - before[1]);
            assert!(step < 0.35, "{step} at {n} ms");
        }
    }

    #[test]
    fn words_disagree_with_music_that_feels_otherwise_as_far_as_they_are_certain() {
        let felt = |certainty| Felt {
            point: [-0.8, -0.2],
            certainty,
        };
        let apart = |certainty, valence| {
            let music = Emotion::at(valence, -0.2, 1.0);
            felt(certainty).disagreement(&music)
        };
        assert_eq!(apart(1.0, -0.8), 0.0);
        assert!((apart(1.0, 0.8) - 0.8).abs() < 1e-6);
        assert!((apart(0.5, 0.8) - 0.4).abs() < 1e-6);
        assert_eq!(apart(0.0, 0.8), 0.0);
    }
}
