//! Lyrics as their file has them, before anything is known of the song.

use super::Word;
use super::markup::Piece;

/// Lyrics as their file has them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub(super) content: Content,
    /// How long the file says that its song is, seconds.
    pub(super) length: Option<f64>,
    pub(super) warnings: Vec<String>,
}

/// What a sheet holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// Lines with times, in the order of the file.
    Timed(Vec<Draft>),
    /// Paragraphs of lines without.
    Plain(Vec<Vec<String>>),
}

impl Default for Content {
    fn default() -> Self {
        Self::Plain(Vec::new())
    }
}

/// A line with its time. One without text says that nothing is sung from there on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    /// Seconds; may be negative.
    pub(super) from: f64,
    /// Seconds, where the file says it.
    pub(super) to: Option<f64>,
    pub(super) text: String,
    pub(super) words: Vec<Word>,
}

impl Draft {
    /// A line from `from` on whose text comes in these pieces. Where none has a time, it has no words.
    pub(super) fn new(from: f64, to: Option<f64>, pieces: &[Piece]) -> Self {
        let mut text = String::new();
        let mut words: Vec<Word> = Vec::new();
        let mut end = None;
        let timed = pieces.iter().any(|piece| piece.from.is_some());
        for piece in pieces.iter().filter(|_| timed) {
            if let (Some(at), Some(last)) = (piece.from, words.last_mut()) {
                last.to = last.to.min(at);
            }
            end = piece.from.filter(|_| piece.text.trim().is_empty());
            let begin = text.len();
            append(&mut text, &piece.text);
            let own = text[begin..].trim();
            if !own.is_empty() {
                words.push(Word {
                    from: piece.from.unwrap_or(from),
                    to: f64::INFINITY,
                    text: own.to_owned(),
                    end: begin + text[begin..].trim_end().len(),
                });
            }
        }
        if !timed {
            pieces
                .iter()
                .for_each(|piece| append(&mut text, &piece.text));
        }
        text.truncate(text.trim_end().len());
        Self {
            from,
            to: to.or(end),
            text,
            words,
        }
    }

    /// Whether it only ends what comes before.
    pub(super) fn is_end(&self) -> bool {
        self.text.is_empty()
    }

    /// The same, so many seconds later.
    pub(super) fn later(&self, seconds: f64) -> Self {
        let word = |word: &Word| Word {
            from: word.from + seconds,
            to: word.to + seconds,
            ..word.clone()
        };
        Self {
            from: self.from + seconds,
            to: self.to.map(|to| to + seconds),
            text: self.text.clone(),
            words: self.words.iter().map(word).collect(),
        }
    }
}

/// Adds text whose spaces become one each, and its lines' ends one `\n`; none at the beginning.
pub(super) fn append(to: &mut String, text: &str) {
    for c in text.chars() {
        if !c.is_whitespace() {
            to.push(c);
        } else if c == '\n' {
            to.truncate(to.trim_end().len());
            if !to.is_empty() {
                to.push('\n');
            }
        } else if !to.is_empty() && !to.ends_with(char::is_whitespace) {
            to.push(' ');
        }
    }
}

impl Sheet {
    /// Whether it says when its lines are sung.
    pub fn is_timed(&self) -> bool {
        matches!(self.content, Content::Timed(_))
    }

    /// Whether there is not a word in it.
    pub fn is_empty(&self) -> bool {
        match &self.content {
            Content::Timed(lines) => lines.iter().all(Draft::is_end),
            Content::Plain(paragraphs) => paragraphs.is_empty(),
        }
    }

    pub(super) fn warn(&mut self, sentence: String) {
        self.warnings.push(sentence);
    }
}
