//! What the words feel like as they are sung, and how far that is from what the music does.

use crate::emotion::Emotion;
use crate::media::lyrics::Line;
use crate::words::WordReader;

/// How far words have come when they begin: the first picture of a line shows it.
pub(super) const AT_ONCE: f64 = 0.12;

/// Seconds in which a line's mood takes the place of the one before, at most half of its own time.
const TURN: f64 = 0.6;

/// Seconds in which a line's mood fades when nothing is sung after it.
const FADE: f64 = 3.0;

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
    /// How far the words contradict the music: 0 where both feel alike, or nothing is certain, 1 where one is glad and the
    /// other sad, or one calm and the other wild.
    pub fn disagreement(&self, music: &Emotion) -> f32 {
        let [valence, arousal] = self.point;
        let distance = (valence - music.valence).hypot(arousal - music.arousal);
        self.certainty * (0.5 * distance).min(1.0)
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

/// The moods of a song's lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sentiment {
    /// In the order of their beginnings.
    lines: Vec<Told>,
}

/// What is told of a line.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    from: f64,
    to: f64,
    felt: Felt,
}

impl Told {
    /// How much it is meant at `seconds`.
    fn meant(&self, seconds: f64) -> f32 {
        let gone = ((seconds - self.to) / FADE).clamp(0.0, 1.0);
        self.felt.certainty * (1.0 - gone as f32)
    }
}

impl Sentiment {
    /// Reads lines, which come in the order of their beginnings. Of those that are sung together, the one that is
    /// understood best counts: the others are its translations.
    pub(super) fn new(lines: &[Line]) -> Self {
        let Ok(reader) = WordReader::built_in() else {
            return Self::default();
        };
        let texts: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
        let told = lines
            .iter()
            .zip(reader.moods(&texts))
            .map(|(line, mood)| Told {
                from: line.from,
                to: line.to,
                felt: Felt {
                    point: mood.among_words(),
                    certainty: mood.certainty(),
                },
            });
        let mut kept: Vec<Told> = Vec::with_capacity(lines.len());
        for line in told {
            match kept.last_mut() {
                Some(last) if last.from == line.from => {
                    if line.felt.certainty > last.felt.certainty {
                        *last = line;
                    }
                }
                _ => kept.push(line),
            }
        }
        Self { lines: kept }
    }

    /// What is felt at `seconds` of the song. Does not allocate.
    pub(super) fn at(&self, seconds: f64) -> Option<Felt> {
        let begun = self.lines.partition_point(|line| line.from <= seconds);
        let line = self.lines.get(begun.checked_sub(1)?)?;
        let turn = TURN.min(0.5 * (line.to - line.from)).max(1e-3);
        let came = AT_ONCE + (1.0 - AT_ONCE) * (seconds - line.from) / turn;
        let came = came.clamp(0.0, 1.0) as f32;
        let mine = came * line.meant(seconds);
        let before = begun.checked_sub(2).map(|at| &self.lines[at]);
        let theirs = before.map_or(0.0, |before| (1.0 - came) * before.meant(seconds));
        let certainty = mine + theirs;
        if certainty < LEAST {
            return None;
        }
        let other = before.unwrap_or(line).felt.point;
        let point =
            [0, 1].map(|axis| (mine * line.felt.point[axis] + theirs * other[axis]) / certainty);
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
        Sentiment::new(&Sheet::of_text(text).fit(&Song::default()).lines)
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
