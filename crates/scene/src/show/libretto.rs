//! What is sung, made ready for the stage: which words are seen at a moment, and how far they have come.

use std::sync::Arc;

use super::scenery::Scenery;
use super::sentiment::{AT_ONCE, Felt, Sentiment};
use crate::control::WordsShown;
use crate::media::lyrics::{Line, Lyrics};
use crate::motion::Toward;

/// Seconds in which words come, and go; no word takes more than a quarter of its time for either.
const RISE: f64 = 0.5;
const FALL: f64 = 0.6;
const SHARE: f64 = 0.25;

/// No more characters stand on a stage at once.
const MOST: usize = 300;

/// So many passages back one may still be sung over which others have begun.
const OVERLAPPING: usize = 8;

/// Lyrics, made ready for the stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Libretto {
    /// In the order of their beginnings, no two of which are the same.
    passages: Vec<Passage>,
    sentiment: Sentiment,
    scenery: Scenery,
}

/// What begins together.
#[derive(Clone, Debug, PartialEq)]
struct Passage {
    from: f64,
    to: f64,
    text: Arc<str>,
    /// Its words in time.
    words: Vec<Mark>,
    /// Whether the times of words are the file's.
    timed: bool,
}

/// A word of a passage.
#[derive(Clone, Debug, PartialEq)]
struct Mark {
    from: f64,
    to: f64,
    text: Arc<str>,
    /// Where it ends in the passage's text, bytes.
    end: usize,
}

/// The words that are seen at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Sung {
    /// What stands there; rows are broken by `\n`.
    pub text: Arc<str>,
    /// Which passage, or word, it is of all.
    pub number: u32,
    /// How far it has come, 0 to 1.
    pub rise: f32,
    /// How far it has gone again, 0 to 1.
    pub fall: f32,
    /// The share of its bytes that has been sung, 0 to 1; 1 where that is not to be seen.
    pub through: f32,
    /// How much the music moves it, 0 to 1.
    pub energy: f32,
}

impl Libretto {
    /// For these lyrics.
    pub fn new(lyrics: &Lyrics) -> Self {
        let together = lyrics.lines.chunk_by(|a, b| a.from == b.from);
        let felt = Felt::of(&lyrics.lines);
        Self {
            passages: together.map(Passage::new).collect(),
            sentiment: Sentiment::new(&lyrics.lines, &felt),
            scenery: Scenery::new(&lyrics.lines, &felt),
        }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.passages.is_empty()
    }

    /// Everything that may stand on stage, once each.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.passages.iter().map(|passage| &*passage.text)
    }

    /// What the words feel like at `seconds` of the song, where they are understood; a function of these and of nothing else.
    pub fn felt(&self, seconds: f64) -> Option<Felt> {
        self.sentiment.at(seconds)
    }

    /// Where the words lead the walk at `seconds` of the song, so much of the way at `most`; a function of these and of nothing
    /// else.
    pub fn toward(&self, seconds: f64, most: f32) -> Option<Toward> {
        self.scenery.at(seconds, most)
    }

    /// What is seen at `seconds` of the song; a function of these and of nothing else. Does not
    /// allocate.
    pub fn at(&self, seconds: f64, shown: WordsShown) -> Option<Sung> {
        let begun = self
            .passages
            .partition_point(|passage| passage.from <= seconds);
        let mut last = (0..begun).rev().take(OVERLAPPING);
        let index = last.find(|&index| seconds < self.passages[index].to)?;
        let passage = &self.passages[index];
        match shown {
            WordsShown::Single => passage.word(seconds, index),
            _ => {
                let through = if shown == WordsShown::Karaoke {
                    passage.through(seconds)
                } else {
                    1.0
                };
                let sung = Sung::new(&passage.text, passage.from..passage.to, seconds);
                Some(Sung {
                    number: index as u32,
                    through,
                    ..sung
                })
            }
        }
    }
}

impl Sung {
    fn new(text: &Arc<str>, time: std::ops::Range<f64>, seconds: f64) -> Self {
        let length = time.end - time.start;
        let share = |most: f64| most.min(SHARE * length).max(1e-3);
        let rise = AT_ONCE + (1.0 - AT_ONCE) * (seconds - time.start) / share(RISE);
        let fall = 1.0 - (time.end - seconds) / share(FALL);
        Self {
            text: Arc::clone(text),
            number: 0,
            rise: rise.clamp(0.0, 1.0) as f32,
            fall: fall.clamp(0.0, 1.0) as f32,
            through: 1.0,
            energy: 0.0,
        }
    }
}

impl Passage {
    fn new(lines: &[Line]) -> Self {
        let mut text = String::new();
        let mut words = Vec::new();
        let mut timed = false;
        let to = lines.iter().fold(0.0f64, |to, line| to.max(line.to));
        for line in lines {
            if !text.is_empty() {
                text.push('\n');
            }
            let begin = text.len();
            text.push_str(&line.text);
            timed |= !line.words.is_empty();
            let given = line.words.iter().map(|word| Mark {
                from: word.from,
                to: word.to,
                text: word.text.as_str().into(),
                end: begin + word.end,
            });
            words.extend(given);
            if line.words.is_empty() {
                words.extend(guessed(line, begin));
            }
        }
        words.sort_by(|a: &Mark, b| a.from.total_cmp(&b.from));
        if let Some((end, _)) = text.char_indices().nth(MOST) {
            text.truncate(end);
            text.push('…');
        }
        Self {
            from: lines.first().map_or(0.0, |line| line.from),
            to,
            text: text.into(),
            words,
            timed,
        }
    }

    /// The word that is sung at `seconds`, until the next one is.
    fn word(&self, seconds: f64, index: usize) -> Option<Sung> {
        let begun = self.words.partition_point(|word| word.from <= seconds);
        let word = self.words.get(begun.checked_sub(1)?)?;
        let to = self.words.get(begun).map_or(self.to, |next| next.from);
        Some(Sung {
            number: (index as u32) << 8 | begun as u32 & 0xff,
            ..Sung::new(&word.text, word.from..to, seconds)
        })
    }

    /// The share of the text that has been sung by `seconds`.
    fn through(&self, seconds: f64) -> f32 {
        if !self.timed {
            return 1.0;
        }
        let begun = self.words.partition_point(|word| word.from <= seconds);
        let Some(last) = begun.checked_sub(1) else {
            return 0.0;
        };
        let before = last
            .checked_sub(1)
            .map_or(0, |before| self.words[before].end);
        let word = &self.words[last];
        let part = (seconds - word.from) / (word.to - word.from).max(1e-3);
        let bytes = before as f64 + part.clamp(0.0, 1.0) * (word.end as f64 - before as f64);
        (bytes / self.text.len().max(1) as f64).clamp(0.0, 1.0) as f32
    }
}

/// The words of a line whose times nobody knows, spread over it by their lengths.
fn guessed(line: &Line, begin: usize) -> Vec<Mark> {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let all: usize = words.iter().map(|word| word.chars().count() + 1).sum();
    let place = |at: usize| line.from + (line.to - line.from) * at as f64 / all.max(1) as f64;
    let (mut at, mut end) = (0, 0);
    let mark = |word: &str| {
        let from = at;
        at += word.chars().count() + 1;
        end += line.text[end..].find(word).unwrap_or(0) + word.len();
        Mark {
            from: place(from),
            to: place(at),
            text: word.into(),
            end: begin + end,
        }
    };
    words.into_iter().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::lyrics::{Sheet, Song};

    fn libretto(text: &str) -> Libretto {
        Libretto::new(&Sheet::of_text(text).fit(&Song::default()))
    }

    fn text_at(libretto: &Libretto, seconds: f64, shown: WordsShown) -> Option<String> {
        libretto
            .at(seconds, shown)
            .map(|sung| sung.text.to_string())
    }

    #[test]
    fn a_line_is_seen_from_its_first_picture_to_its_last_and_at_no_other_time() {
        let libretto = libretto("[00:10]One\n[00:14]Two\n[00:18]\n[00:20]Three");
        let fps = 60.0;
        for n in 0..(30.0 * fps) as u32 {
            let seconds = f64::from(n) / fps;
            let expected = match seconds {
                10.0..14.0 => Some("One"),
                14.0..18.0 => Some("Two"),
                20.0..23.0 => Some("Three"),
                _ => None,
            };
            let sung = libretto.at(seconds, WordsShown::Lines);
            assert_eq!(sung.as_ref().map(|sung| &*sung.text), expected, "{seconds}");
            assert!(
                sung.is_none_or(|sung| sung.rise > 0.1 && sung.fall < 1.0),
                "{seconds}"
            );
        }
    }

    #[test]
    fn what_begins_together_stands_together_and_what_overlaps_comes_back() {
        let together = libretto("[00:10]Sous le ciel\n[00:10]Under the sky");
        let both = Some("Sous le ciel\nUnder the sky".to_owned());
        assert_eq!(text_at(&together, 11.0, WordsShown::Lines), both);
        let over = libretto("00:01.0 --> 00:09.0\nlong\n\n00:02.0 --> 00:03.0\nshort");
        let at = |seconds| text_at(&over, seconds, WordsShown::Lines).unwrap();
        assert_eq!([at(1.5), at(2.5), at(5.0)], ["long", "short", "long"]);
    }

    #[test]
    fn single_words_come_at_their_times_or_by_their_lengths() {
        let timed = libretto("[00:10]<00:10>When <00:11.5>the <00:12>truth<00:13>");
        let at = |seconds| text_at(&timed, seconds, WordsShown::Single);
        let said = [at(10.1), at(11.6), at(12.9), at(13.1)];
        let expected = ["When", "the", "truth"].map(|word| Some(word.to_owned()));
        assert_eq!(said[..3], expected);
        assert_eq!(said[3], None);
        let guessed = libretto("[00:10]a longlonglong b\n[00:18]");
        let at = |seconds| text_at(&guessed, seconds, WordsShown::Single).unwrap();
        assert_eq!([at(10.5), at(12.0), at(17.5)], ["a", "longlonglong", "b"]);
    }

    #[test]
    fn what_has_been_sung_grows_with_the_words_and_without_their_times_is_all() {
        let timed = libretto("[00:10]<00:10>When <00:11>the <00:12>truth<00:13>\n[00:20]All");
        let through = |seconds| timed.at(seconds, WordsShown::Karaoke).unwrap().through;
        let steps: Vec<f32> = (0..30)
            .map(|i| through(10.0 + 0.1 * f64::from(i)))
            .collect();
        assert!(
            steps.is_sorted() && steps[0] == 0.0 && steps[29] > 0.95,
            "{steps:?}"
        );
        assert!((through(11.0) - 4.0 / 14.0).abs() < 1e-6);
        assert_eq!(through(20.5), 1.0);
        assert_eq!(timed.at(10.5, WordsShown::Lines).unwrap().through, 1.0);
    }

    #[test]
    fn a_wall_of_text_is_cut_before_it_covers_the_stage() {
        let wall = libretto(&format!("[00:10]{}", "é".repeat(5000)));
        let sung = wall.at(11.0, WordsShown::Lines).unwrap();
        assert_eq!(sung.text.chars().count(), MOST + 1);
        assert!(sung.text.ends_with('…'));
    }
}
