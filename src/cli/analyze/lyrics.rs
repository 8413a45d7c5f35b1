//! The lines of a song's lyrics, as they are printed and as a table's file has them.

use crate::cli::lyrics::{Found, spell_moment};
use crate::cli::terminal::Failure;
use crate::emotion::CLASS_NAMES;
use crate::media::lyrics::{Line, Lyrics, Song, Timing, Word, sung_parts};
use crate::signal::Structure;
use crate::words::{Language, WordMood, WordReader};
use serde_json::{Value, json};

/// Lyrics with the times that they have in their song.
pub(super) struct Fitted {
    pub(super) lyrics: Lyrics,
    /// What each line feels like.
    moods: Vec<WordMood>,
    /// Where they were found.
    origin: String,
    /// That in a sentence.
    description: String,
}

impl Fitted {
    /// What was found, in the song that was heard.
    ///
    /// # Errors
    /// When the program's own weights are damaged.
    pub(super) fn of(found: &Found, seconds: f64, structure: &Structure) -> Result<Self, Failure> {
        let lyrics = found.fit(&Song {
            seconds: Some(seconds),
            sung: &sung_parts(structure),
        });
        let reader = WordReader::built_in().map_err(|e| Failure::Failed(e.to_string()))?;
        let lines: Vec<&str> = lyrics.lines.iter().map(|line| &*line.text).collect();
        Ok(Self {
            origin: found.origin(),
            description: found.describe(&lyrics),
            moods: reader.moods(&lines),
            lyrics,
        })
    }

    /// Every line with its times and its mood, one a row.
    pub(super) fn spell(&self) -> String {
        let lines = self.lyrics.lines.iter().zip(&self.moods).map(spell);
        let title = format!("{:19}  valence  arousal  mood", "");
        let lines: String = lines.collect();
        format!("\n{}\n{title}\n{lines}", self.description)
    }

    /// The same, for JSON, with the words that have times.
    pub(super) fn json(&self) -> Value {
        let lines: Vec<Value> = self
            .lyrics
            .lines
            .iter()
            .zip(&self.moods)
            .map(line)
            .collect();
        json!({
            "from": self.origin,
            "timing": match self.lyrics.timing {
                Timing::Given => "given",
                Timing::Guessed => "guessed",
            },
            "lines": lines,
        })
    }
}

fn spell((line, mood): (&Line, &WordMood)) -> String {
    let (from, to) = (spell_moment(line.from), spell_moment(line.to));
    let text = line.text.replace('\n', " / ");
    let felt = match strongest(mood) {
        Some(class) => format!("{:+7.2}  {:+7.2}  {class:11}", mood.valence, mood.arousal),
        None => format!("{:29}", ""),
    };
    format!("{from:>8} – {to:<8}  {felt}  {text}\n")
}

/// The class that a line is most; none where it is not understood.
fn strongest(mood: &WordMood) -> Option<&'static str> {
    let classes = mood.classes.iter().zip(CLASS_NAMES);
    let most = classes.max_by(|a, b| a.0.total_cmp(b.0));
    let understood = mood.language != Language::Unknown;
    most.filter(|_| understood).map(|(_, name)| name)
}

fn line((line, mood): (&Line, &WordMood)) -> Value {
    let words: Vec<Value> = line.words.iter().map(word).collect();
    let language = match mood.language {
        Language::English => Some("en"),
        Language::Spanish => Some("es"),
        Language::Unknown => None,
    };
    json!({
        "from": line.from,
        "to": line.to,
        "text": line.text,
        "words": words,
        "language": language,
        "valence": mood.valence,
        "arousal": mood.arousal,
        "classes": mood.classes,
        "confidence": mood.confidence,
    })
}

fn word(word: &Word) -> Value {
    json!({ "from": word.from, "to": word.to, "text": word.text })
}
