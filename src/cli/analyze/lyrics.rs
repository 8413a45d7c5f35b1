//! The lines of a song's lyrics, as they are printed and as a table's file has them.

use crate::cli::lyrics::{Found, spell_moment};
use crate::cli::terminal::Failure;
use crate::emotion::{CLASS_NAMES, Emotion};
use crate::media::lyrics::{Line, Lyrics, Song, Timing, Word, sung_parts};
use crate::show::Felt;
use crate::signal::Structure;
use crate::words::{Language, WordMood, WordReader};
use serde_json::{Value, json};

/// Lyrics with the times that they have in their song.
pub(super) struct Fitted {
    pub(super) lyrics: Lyrics,
    /// What each line feels like.
    moods: Vec<WordMood>,
    /// How far each contradicts the music under it, 0 to 1; none where it is not understood.
    apart: Vec<Option<f32>>,
    /// Where they were found.
    origin: String,
    /// That in a sentence.
    description: String,
}

impl Fitted {
    /// What was found, in the song that was heard: its length in seconds, its structure, and its moods among music at their
    /// moments.
    ///
    /// # Errors
    /// When the program's own weights are damaged.
    pub(super) fn of(
        found: &Found,
        seconds: f64,
        structure: &Structure,
        music: &[(f64, Emotion)],
    ) -> Result<Self, Failure> {
        let lyrics = found.fit(&Song {
            seconds: Some(seconds),
            sung: &sung_parts(structure),
        });
        let reader = WordReader::built_in().map_err(|e| Failure::Failed(e.to_string()))?;
        let lines: Vec<&str> = lyrics.lines.iter().map(|line| &*line.text).collect();
        let moods = reader.moods(&lines);
        let pairs = lyrics.lines.iter().zip(&moods);
        let apart = pairs.map(|(line, mood)| {
            let music = mean_between(music, line.from, line.to)?;
            is_understood(mood).then(|| felt(mood).disagreement(&music))
        });
        Ok(Self {
            apart: apart.collect(),
            origin: found.origin(),
            description: found.describe(&lyrics),
            moods,
            lyrics,
        })
    }

    /// Every line with its times and its mood, one a row.
    pub(super) fn spell(&self) -> String {
        let lines = self.rows().map(spell);
        let title = format!("{:19}  valence  arousal  apart  mood", "");
        let lines: String = lines.collect();
        format!("\n{}\n{title}\n{lines}", self.description)
    }

    /// The same, for JSON, with the words that have times.
    pub(super) fn json(&self) -> Value {
        let lines: Vec<Value> = self.rows().map(line).collect();
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

/// What is told of a line: its mood, and how far that contradicts the music.
type Row<'a> = (&'a Line, &'a WordMood, Option<f32>);

impl Fitted {
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let told = self.moods.iter().zip(&self.apart);
        let rows = self.lyrics.lines.iter().zip(told);
        rows.map(|(line, (mood, apart))| (line, mood, *apart))
    }
}

/// What music feels like between two moments, seconds; none where nothing is heard then.
fn mean_between(moods: &[(f64, Emotion)], from: f64, to: f64) -> Option<Emotion> {
    let felt = moods.iter().filter(|(at, _)| (from..to).contains(at));
    let (count, sum) = felt.fold((0.0, [0.0; 2]), |(count, [v, a]), (_, e)| {
        (count + 1.0, [v + e.valence, a + e.arousal])
    });
    let [valence, arousal] = sum.map(|sum| sum / count);
    (count > 0.0).then(|| Emotion::at(valence, arousal, 1.0))
}

/// What a show makes of a mood.
fn felt(mood: &WordMood) -> Felt {
    Felt {
        point: mood.among_words(),
        certainty: mood.certainty(),
    }
}

fn is_understood(mood: &WordMood) -> bool {
    mood.language != Language::Unknown
}

fn spell((line, mood, apart): Row<'_>) -> String {
    let (from, to) = (spell_moment(line.from), spell_moment(line.to));
    let text = line.text.replace('\n', " / ");
    let felt = match strongest(mood) {
        Some(class) => {
            let [valence, arousal] = mood.among_words();
            let apart = apart.map_or_else(String::new, |apart| format!("{apart:.2}"));
            format!("{valence:+7.2}  {arousal:+7.2}  {apart:>5}  {class:11}")
        }
        None => format!("{:36}", ""),
    };
    format!("{from:>8} – {to:<8}  {felt}  {text}\n")
}

/// The class that a line is most; none where it is not understood.
fn strongest(mood: &WordMood) -> Option<&'static str> {
    let classes = mood.classes.iter().zip(CLASS_NAMES);
    let most = classes.max_by(|a, b| a.0.total_cmp(b.0));
    most.filter(|_| is_understood(mood)).map(|(_, name)| name)
}

fn line((line, mood, apart): Row<'_>) -> Value {
    let point = is_understood(mood).then(|| mood.among_words());
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
        "valence": point.map(|[valence, _]| valence),
        "arousal": point.map(|[_, arousal]| arousal),
        "estimated_valence": mood.valence,
        "estimated_arousal": mood.arousal,
        "disagreement": apart,
        "classes": mood.classes,
        "confidence": mood.confidence,
    })
}

fn word(word: &Word) -> Value {
    json!({ "from": word.from, "to": word.to, "text": word.text })
}
