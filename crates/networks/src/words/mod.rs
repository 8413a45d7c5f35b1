//! The mood of words, as they are sung: valence, arousal and classes of each line, in its context.
//!
//! `spelling` makes words of text, `vocabulary` vectors of words, `network` reads a line, and `language` says whether it
//! is one that is read at all: of others nothing is told. `context` has each line hear its neighbours. `models/words.md`
//! says how far all that can be trusted.

mod context;
mod language;
mod mood;
mod network;
pub(crate) mod spelling;
mod vocabulary;

pub use language::Language;
pub use mood::WordMood;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::dense::File;
use crate::weights::{Papers, WORDS, WeightsFault};
use language::Languages;
use network::{Network, Read};
use vocabulary::Vocabulary;

/// The weights that come with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../models/words.safetensors");

/// What the file of these weights says of them.
///
/// # Errors
/// When the file that was built in is damaged, which a test rules out.
pub fn papers() -> Result<Papers, WeightsFault> {
    Papers::of(&WORDS, BUILT_IN)
}

/// Reads words.
pub struct WordReader {
    vocabulary: Vocabulary,
    network: Network,
    languages: Languages,
}

impl WordReader {
    /// The one that comes with Synopsia, read once.
    ///
    /// # Errors
    /// When the network that was built in is damaged, which a test rules out.
    pub fn built_in() -> Result<&'static Self, WeightsFault> {
        static READER: OnceLock<Result<WordReader, WeightsFault>> = OnceLock::new();
        let reader = READER.get_or_init(|| WordReader::new(BUILT_IN));
        reader.as_ref().map_err(Clone::clone)
    }

    fn new(bytes: &'static [u8]) -> Result<Self, WeightsFault> {
        let file = File::new(&WORDS, bytes)?;
        Ok(Self {
            vocabulary: Vocabulary::read(&file)?,
            network: Network::read(&file)?,
            languages: Languages::read(&file)?,
        })
    }

    /// The mood of each line of a song, in their order; some milliseconds for a hundred lines.
    pub fn moods<Line: AsRef<str>>(&self, lines: &[Line]) -> Vec<WordMood> {
        let words: Vec<_> = lines
            .iter()
            .map(|line| spelling::words_of(line.as_ref()))
            .collect();
        let evidence: Vec<_> = words
            .iter()
            .map(|line| self.languages.evidence(line))
            .collect();
        let languages = self.languages.told(&evidence);
        // Songs repeat themselves.
        let mut read = HashMap::new();
        let mut own = Vec::with_capacity(words.len());
        for (words, (language, likely)) in words.iter().zip(languages) {
            let unread = words.is_empty() || language::is_in_another_script(words);
            if unread || language == Language::Unknown {
                own.push(WordMood::silent(Language::Unknown));
                continue;
            }
            let told = read.entry(words).or_insert_with(|| self.read(words));
            own.push(match told {
                Some(told) => mood(told, language, likely * self.known(words)),
                None => WordMood::silent(Language::Unknown),
            });
        }
        context::blend(&own)
    }

    /// The share of a line's words that are in the list.
    fn known(&self, words: &[String]) -> f32 {
        let known = words
            .iter()
            .filter(|word| self.vocabulary.knows(&spelling::plain(word)));
        known.count() as f32 / words.len().max(1) as f32
    }

    fn read(&self, words: &[String]) -> Option<Read> {
        let words: Vec<_> = words.iter().map(|word| spelling::plain(word)).collect();
        self.network.read_line(&self.vocabulary, &words)
    }
}

/// The mood of a line by itself, which is so well `understood`.
fn mood(read: &Read, language: Language, understood: f32) -> WordMood {
    let felt: f32 = read.classes.iter().sum();
    WordMood {
        valence: read.valence.clamp(-1.0, 1.0),
        arousal: read.arousal.clamp(-1.0, 1.0),
        classes: read
            .classes
            .map(|class| class / felt.max(f32::MIN_POSITIVE)),
        confidence: (felt * understood).clamp(0.0, 1.0),
        language,
    }
}

#[cfg(test)]
mod tests;
