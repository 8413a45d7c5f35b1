//! The lines of a song's lyrics, as they are printed and as a table's file has them.

use crate::cli::lyrics::{Found, spell_moment};
use crate::cli::terminal::Failure;
use crate::emotion::{CLASS_NAMES, Emotion};
use crate::gan::Catalog;
use crate::imagery::{Imagery, Place};
use crate::media::lyrics::{Line, Lyrics, Song, Timing, Word, sung_parts};
use crate::show::{Felt, Sight};
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
    /// The place to which each leads in the look that is asked for; none where it evokes nothing.
    places: Vec<Option<Place>>,
    /// What that look is called.
    look: &'static str,
    /// Where they were found.
    origin: String,
    /// That in a sentence.
    description: String,
}

impl Fitted {
    /// What was found, in the song that was heard: its length in seconds, its structure, and its moods among music at their
    /// moments. `look` is the number of a built-in one, in which places are looked for.
    ///
    /// # Errors
    /// When the program's own weights are damaged.
    pub(super) fn of(
        found: &Found,
        seconds: f64,
        structure: &Structure,
        music: &[(f64, Emotion)],
        look: usize,
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
            is_understood(mood).then(|| Felt::from(mood).disagreement(&music))
        });
        let apart = apart.collect();
        let imagery = Imagery::built_in().map_err(|e| Failure::Failed(e.to_string()))?;
        let felt: Vec<Felt> = moods.iter().map(Felt::from).collect();
        let mut places = vec![None; lines.len()];
        for sight in Sight::of(imagery, &lyrics.lines, &felt) {
            places[sight.lines.clone()].fill(sight.place(imagery, look));
        }
        Ok(Self {
            places,
            look: &Catalog::built_in()[look],
            apart,
            origin: found.origin(),
            description: found.describe(&lyrics),
            moods,
            lyrics,
        })
    }

    /// Every line with its times and its mood, one a row.
    pub(super) fn spell(&self) -> String {
        let lines = self.rows().map(spell);
        let seen = format!("seen in {}", self.look);
        let title = format!("{:19}  valence  arousal  apart  mood         {seen}", "");
        let lines: String = lines.collect();
        format!("\n{}\n{title}\n{lines}", self.description)
    }

    /// The same, for JSON, with the words that have times.
    pub(super) fn json(&self) -> Value {
        let lines: Vec<Value> = self.rows().map(line).collect();
        json!({
            "look": self.look,
            "from": self.origin,
            "timing": match self.lyrics.timing {
                Timing::Given => "given",
                Timing::Guessed => "guessed",
            },
            "lines": lines,
        })
    }
}

/// What is told of a line: its mood, how far that contradicts the music, and the place to which it leads.
type Row<'a> = (&'a Line, &'a WordMood, Option<f32>, Option<&'a Place>);

impl Fitted {
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let lines = self.lyrics.lines.iter().enumerate();
        lines.map(|(k, line)| (line, &self.moods[k], self.apart[k], self.places[k].as_ref()))
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

fn is_understood(mood: &WordMood) -> bool {
    mood.language != Language::Unknown
}

fn spell((line, mood, apart, place): Row<'_>) -> String {
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
    let seen = place.map_or("", |place| place.seen);
    format!("{from:>8} – {to:<8}  {felt}  {seen:34}  {text}\n")
}

/// The class that a line is most; none where it is not understood.
fn strongest(mood: &WordMood) -> Option<&'static str> {
    let classes = mood.classes.iter().zip(CLASS_NAMES);
    let most = classes.max_by(|a, b| a.0.total_cmp(b.0));
    most.filter(|_| is_understood(mood)).map(|(_, name)| name)
}

fn line((line, mood, apart, place): Row<'_>) -> Value {
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
        "place": place.map(|place| json!({
            "number": place.number,
            "seen": place.seen,
            "similarity": place.similarity,
            "valence": place.mood[0],
            "arousal": place.mood[1],
        })),
        "classes": mood.classes,
        "confidence": mood.confidence,
    })
}

fn word(word: &Word) -> Value {
    json!({ "from": word.from, "to": word.to, "text": word.text })
}
