//! Which language a line is in, by its words and their letters.

use super::spelling;
use crate::dense::File;
use crate::weights::WeightsFault;

/// English, Spanish, others.
const LANGUAGES: usize = 3;

/// Most buckets that letters and words fall into.
const MOST_BUCKETS: usize = 1 << 18;

/// Of which length the runs of letters are that count, beside the whole word.
const RUNS: [usize; 2] = [2, 3];

/// Words with letters beyond are all one: in another script.
const LAST_LATIN: char = '\u{24f}';

/// How much a neighbouring line says of a line, by how far it is away, and how much the mean of all of them does: songs
/// seldom change their language.
const NEIGHBOURS: [f32; 2] = [0.5, 0.25];
const SONG: f32 = 2.0;

/// How likely a language must be to be told.
const TOLD: f32 = 0.5;

/// A language that is read, or one that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Spanish,
    /// None of them, or no words at all.
    Unknown,
}

/// What each run of letters and each word speaks for.
pub(super) struct Languages {
    buckets: usize,
    rows: &'static [u8],
    /// What a step of the bytes is worth.
    step: f32,
    bias: [f32; LANGUAGES],
}

/// How much a line speaks for each language.
pub(super) type Evidence = [f32; LANGUAGES];

impl Languages {
    /// Reads it from a file of weights.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'static>) -> Result<Self, WeightsFault> {
        let buckets = file.header.number("letters", MOST_BUCKETS)?;
        let bias = file.read("language.bias", &[LANGUAGES])?;
        Ok(Self {
            buckets,
            rows: file.bytes("language.table", &[buckets, LANGUAGES])?,
            step: file.read("language.step", &[1])?[0],
            bias: std::array::from_fn(|language| bias[language]),
        })
    }

    #[cfg(test)]
    pub fn bias(&self) -> Evidence {
        self.bias
    }

    /// What a line's words say; `!` and `?` say nothing.
    pub fn evidence(&self, words: &[String]) -> Evidence {
        let mut sum = [0.0; LANGUAGES];
        for word in words
            .iter()
            .filter(|word| !["!", "?"].contains(&word.as_str()))
        {
            let parts = parts_of(word);
            for part in &parts {
                let row = spelling::hash(part) as usize % self.buckets * LANGUAGES;
                for (sum, byte) in sum.iter_mut().zip(&self.rows[row..]) {
                    *sum += self.step * f32::from(byte.cast_signed()) / parts.len() as f32;
                }
            }
        }
        sum
    }

    /// The language of each line of a song, by what all of them say, and how likely it is.
    pub fn told(&self, lines: &[Evidence]) -> Vec<(Language, f32)> {
        let count = lines.len().max(1) as f32;
        let song: Evidence = std::array::from_fn(|language| {
            let sum: f32 = lines.iter().map(|line| line[language]).sum();
            self.bias[language] + SONG * sum / count
        });
        let told = |k: usize| {
            let mut logits = song;
            let mut add = |line: Option<&Evidence>, weight: f32| {
                for (logit, said) in logits.iter_mut().zip(line.into_iter().flatten()) {
                    *logit += weight * said;
                }
            };
            add(lines.get(k), 1.0);
            for (away, weight) in (1..).zip(NEIGHBOURS) {
                add(k.checked_sub(away).and_then(|k| lines.get(k)), weight);
                add(lines.get(k + away), weight);
            }
            likeliest(logits)
        };
        (0..lines.len()).map(told).collect()
    }
}

fn likeliest(logits: [f32; LANGUAGES]) -> (Language, f32) {
    let most = logits.iter().fold(f32::MIN, |a, &b| a.max(b));
    let likely = logits.map(|logit| (logit - most).exp());
    let total: f32 = likely.iter().sum();
    match likely.map(|likely| likely / total) {
        [english, ..] if english > TOLD => (Language::English, english),
        [_, spanish, _] if spanish > TOLD => (Language::Spanish, spanish),
        [english, spanish, _] => (Language::Unknown, 1.0 - english - spanish),
    }
}

/// Whether a line is written in another script than Latin, for the most part: whatever its neighbours are, it is not read.
pub(super) fn is_in_another_script(words: &[String]) -> bool {
    let beyond = words.iter().filter(|word| has_other_letters(word));
    2 * beyond.count() > words.len()
}

fn has_other_letters(word: &str) -> bool {
    let mut letters = word.chars();
    letters.any(|letter| letter > LAST_LATIN && letter.is_alphabetic())
}

/// What of a word speaks for a language: its runs of letters, and the whole.
fn parts_of(word: &str) -> Vec<String> {
    if has_other_letters(word) {
        return vec!["*".to_owned()];
    }
    let runs = RUNS.iter().flat_map(|length| spelling::runs(word, *length));
    runs.chain([format!("={word}")]).collect()
}
