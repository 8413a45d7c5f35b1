//! The lines of a song's lyrics, as they are printed and as a table's file has them.

use crate::cli::lyrics::{Found, spell_moment};
use crate::media::lyrics::{Line, Lyrics, Song, Timing, Word, sung_parts};
use crate::signal::Structure;
use serde_json::{Value, json};

/// Lyrics with the times that they have in their song.
pub(super) struct Fitted {
    pub(super) lyrics: Lyrics,
    /// Where they were found.
    origin: String,
    /// That in a sentence.
    description: String,
}

impl Fitted {
    /// What was found, in the song that was heard.
    pub(super) fn of(found: &Found, seconds: f64, structure: &Structure) -> Self {
        let lyrics = found.fit(&Song {
            seconds: Some(seconds),
            sung: &sung_parts(structure),
        });
        Self {
            origin: found.origin(),
            description: found.describe(&lyrics),
            lyrics,
        }
    }

    /// Every line with its times, one a row.
    pub(super) fn spell(&self) -> String {
        let lines = self.lyrics.lines.iter().map(spell);
        format!("\n{}\n{}", self.description, lines.collect::<String>())
    }

    /// The same, for JSON, with the words that have times.
    pub(super) fn json(&self) -> Value {
        let lines: Vec<Value> = self.lyrics.lines.iter().map(line).collect();
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

fn spell(line: &Line) -> String {
    let (from, to) = (spell_moment(line.from), spell_moment(line.to));
    let text = line.text.replace('\n', " / ");
    format!("{from:>8} – {to:<8}  {text}\n")
}

fn line(line: &Line) -> Value {
    let words: Vec<Value> = line.words.iter().map(word).collect();
    json!({ "from": line.from, "to": line.to, "text": line.text, "words": words })
}

fn word(word: &Word) -> Value {
    json!({ "from": word.from, "to": word.to, "text": word.text })
}
