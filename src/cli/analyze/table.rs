//! A song as a table: a row for every tenth of a second.

use super::analysis::Analysis;
use super::lyrics::Fitted;
use crate::cli::endings::has_extension;
use crate::cli::plot::{self, BeatMark};
use crate::cli::terminal::Failure;
use crate::emotion::{CLASS_NAMES, Emotion};
use crate::signal::{AudioFrame, BANDS, Break, BuildUp, Drop, Section};
use serde_json::{Value, json};
use std::path::Path;

/// Rows of the table a second.
const ROWS_A_SECOND: f64 = 10.0;

/// How the table is written.
#[derive(Clone, Copy)]
pub(in crate::cli) enum Table {
    Csv,
    Json,
}

impl Table {
    pub(in crate::cli) fn for_path(path: &Path) -> Result<Self, Failure> {
        if has_extension(path, "csv") {
            Ok(Self::Csv)
        } else if has_extension(path, "json") {
            Ok(Self::Json)
        } else {
            let path = path.display();
            Err(Failure::Failed(format!(
                "{path} does not end in .csv or .json"
            )))
        }
    }

    /// The table of a song, as its file holds it.
    pub(super) fn text(self, analysis: &Analysis, song: &Path) -> String {
        match self {
            Self::Csv => analysis.csv(),
            Self::Json => analysis.json(song).to_string() + "\n",
        }
    }
}

/// One row: what had been heard by `seconds`.
struct Row {
    seconds: f64,
    estimate: Emotion,
    frame: AudioFrame,
    /// Largest onset strength since the last row.
    onset: f32,
}

impl Analysis {
    fn seconds_of(&self, frame: &AudioFrame) -> f64 {
        frame.position as f64 / self.sample_rate
    }

    fn rows(&self) -> Vec<Row> {
        let (mut frames, mut estimates) = (self.frames.iter(), self.estimates.iter());
        // Before the first hop ends, what it holds is the best that is known.
        let mut frame = self.frames.first().copied().unwrap_or_default();
        let mut estimate = Emotion::neutral();
        let mut next_frame = frames.next();
        let mut next_estimate = estimates.next();
        let count = (self.seconds * ROWS_A_SECOND).floor() as usize + 1;
        (0..count)
            .map(|i| {
                let seconds = i as f64 / ROWS_A_SECOND;
                let mut onset = 0.0f32;
                while let Some(next) = next_frame.filter(|f| self.seconds_of(f) <= seconds) {
                    frame = *next;
                    onset = onset.max(frame.onset);
                    next_frame = frames.next();
                }
                while let Some((_, next)) = next_estimate.filter(|(at, _)| *at <= seconds) {
                    estimate = *next;
                    next_estimate = estimates.next();
                }
                Row {
                    seconds,
                    estimate,
                    frame,
                    onset,
                }
            })
            .collect()
    }

    fn csv(&self) -> String {
        let mut text = String::from("time,valence,arousal,confidence,");
        text += &CLASS_NAMES.join(",");
        text += ",beat,beat_in_bar,tempo,beat_confidence,loudness,onset,centroid,flatness,harmonic";
        (1..=BANDS).for_each(|band| text += &format!(",band{band}"));
        text += ",section,build_up,estimated_valence,estimated_arousal\n";
        for row in self.rows() {
            let Row {
                seconds,
                estimate,
                frame: f,
                onset,
            } = row;
            let e = estimate.among_music();
            text += &format!(
                "{seconds:.1},{:.4},{:.4},{:.4}",
                e.valence, e.arousal, e.confidence
            );
            e.classes.iter().for_each(|w| text += &format!(",{w:.4}"));
            let (beat, bar) = (f.beat.beats, f.beat.in_bar + 1);
            text += &format!(
                ",{beat:.3},{bar},{:.2},{:.3}",
                f.beat.tempo, f.beat.confidence
            );
            text += &format!(",{:.2},{onset:.4},{:.1}", f.loudness, f.centroid);
            text += &format!(",{:.4},{:.4}", f.flatness, f.harmonic);
            f.bands
                .iter()
                .for_each(|band| text += &format!(",{band:.4}"));
            let place = self.structure.at(seconds);
            text += &format!(",{},{:.3}", place.name, place.build);
            text += &format!(",{:.4},{:.4}\n", estimate.valence, estimate.arousal);
        }
        text
    }

    fn sections(&self) -> Vec<Value> {
        let section = |section: &Section| {
            json!({
                "name": section.name.to_string(),
                "begin": section.begin.seconds,
                "end": section.end.seconds,
                "begin_beat": section.begin.beats,
                "end_beat": section.end.beats,
                "bars": section.bars,
                "occurrence": section.occurrence,
                "energy": section.energy,
            })
        };
        self.structure.sections.iter().map(section).collect()
    }

    fn build_ups(&self) -> Vec<Value> {
        let build_up = |b: &BuildUp| {
            let (begin, end) = (b.begin.seconds, b.end.seconds);
            json!({ "begin": begin, "end": end, "strength": b.strength })
        };
        self.structure.build_ups.iter().map(build_up).collect()
    }

    fn drops(&self) -> Vec<Value> {
        let drop = |d: &Drop| json!({ "time": d.at.seconds, "strength": d.strength });
        self.structure.drops.iter().map(drop).collect()
    }

    fn breaks(&self) -> Vec<Value> {
        let passage = |b: &Break| json!({ "begin": b.begin.seconds, "end": b.end.seconds });
        self.structure.breaks.iter().map(passage).collect()
    }

    fn json(&self, song: &Path) -> Value {
        let rows: Vec<Value> = (self.rows().iter())
            .map(|row| {
                let Row {
                    seconds,
                    estimate,
                    frame: f,
                    onset,
                } = row;
                let e = estimate.among_music();
                json!({
                    "time": seconds,
                    "valence": e.valence,
                    "arousal": e.arousal,
                    "confidence": e.confidence,
                    "classes": e.classes,
                    "beat": f.beat.beats,
                    "beat_in_bar": f.beat.in_bar + 1,
                    "tempo": f.beat.tempo,
                    "beat_confidence": f.beat.confidence,
                    "loudness": f.loudness,
                    "onset": onset,
                    "centroid": f.centroid,
                    "flatness": f.flatness,
                    "harmonic": f.harmonic,
                    "chroma": f.chroma,
                    "bands": f.bands,
                    "estimated_valence": estimate.valence,
                    "estimated_arousal": estimate.arousal,
                })
            })
            .collect();
        let heard = plot::beats(&self.frames, self.sample_rate);
        let beat = |beat: &BeatMark| {
            json!({
                "time": beat.seconds,
                "beat_in_bar": beat.in_bar + 1,
                "confidence": beat.confidence,
            })
        };
        let beats: Vec<Value> = heard.iter().map(beat).collect();
        json!({
            "song": song.to_string_lossy(),
            "ear": self.ear.id(),
            "seconds": self.seconds,
            "class_names": CLASS_NAMES,
            "beats": beats,
            "downbeats": self.downbeats(),
            "sections": self.sections(),
            "build_ups": self.build_ups(),
            "drops": self.drops(),
            "breaks": self.breaks(),
            "lyrics": self.lyrics.as_ref().map(Fitted::json),
            "rows": rows,
        })
    }
}
