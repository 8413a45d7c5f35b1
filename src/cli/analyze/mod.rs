//! `synopsia analyze`: what Synopsia hears in a song, or in each song of a folder.

mod folder;

use super::endings::{has_extension, title};
use super::hear::Hearing;
use super::input::Input;
use super::input::{keep_apart, open_song};
use super::plot;
use super::progress::Progress;
use super::terminal::{Failure, print, tell};
use super::words::{spell_classes, spell_time};
use crate::emotion::{CLASS_NAMES, Emotion};
use crate::media::song::FORMATS;
use crate::output::Destination;
use crate::signal::{AudioFrame, BANDS};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Analyze a song: emotion, beats and bands over time. Or a folder of songs: a row for each.
///
/// Prints a summary; with -o also writes a table, one row for every tenth of a second: time,
/// valence, arousal, confidence, the eight classes, the beat and what the spectrum does. Of a
/// folder the table has one row for every song.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[arg(help = format!("The song: {FORMATS}; a folder of songs; a pipe, or - for standard input"))]
    song: PathBuf,

    /// The table to write: .csv or .json.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// A picture to draw of a song: emotion curves, beats, bands and the path on the circumplex.
    #[arg(long, value_name = "FILE.png")]
    plot: Option<PathBuf>,

    /// Replace files that exist.
    #[arg(long)]
    force: bool,
}

/// Rows of the table a second.
const ROWS_A_SECOND: f64 = 10.0;

/// Everything that was heard in a song.
struct Analysis {
    sample_rate: f64,
    seconds: f64,
    frames: Vec<AudioFrame>,
    emotions: Vec<(f64, Emotion)>,
}

/// A song in three words.
struct Summary {
    seconds: f64,
    /// Mean over the song.
    mood: Emotion,
    /// Beats per minute, median over where they are certain; `None` without a steady beat.
    tempo: Option<f32>,
}

impl Summary {
    fn spell(&self) -> String {
        let mood = &self.mood;
        let tempo = match self.tempo {
            Some(tempo) => format!("{tempo:.0} beats per minute"),
            None => "no steady beat".to_string(),
        };
        format!(
            "length    {}\nvalence   {:+.2}\narousal   {:+.2}\nmood      {}\nbeat      {tempo}\n",
            spell_time(self.seconds),
            mood.valence,
            mood.arousal,
            spell_classes(mood)
        )
    }
}

/// Analyzes a song as `options` say.
pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    // What cannot be written is found out before the work, not after it.
    if options.song.is_dir() {
        return folder::run(options, quiet);
    }
    let input = open_song(&options.song)?;
    song(options, &input, quiet).map_err(|failure| input.explain(failure))
}

fn song(options: &Options, input: &Input, quiet: bool) -> Result<(), Failure> {
    let outputs = [&options.output, &options.plot].into_iter().flatten();
    keep_apart(input.path(), outputs.map(PathBuf::as_path))?;
    let destination = |path: &PathBuf| Destination::check(path, options.force);
    let table = match &options.output {
        Some(path) => Some((Table::for_path(path)?, destination(path)?)),
        None => None,
    };
    let plot = match &options.plot {
        Some(path) if !has_extension(path, "png") => {
            let path = path.display();
            return Err(Failure::Failed(format!("{path} does not end in .png")));
        }
        Some(path) => Some(destination(path)?),
        None => None,
    };
    let (analysis, warnings) = analyze(input.path(), quiet)?;
    if !quiet {
        warnings
            .iter()
            .for_each(|warning| tell(&input.say(warning)));
        print(analysis.summary().spell());
    }
    if let Some((table, destination)) = table {
        let text = match table {
            Table::Csv => analysis.csv(),
            Table::Json => analysis.json(&options.song).to_string() + "\n",
        };
        destination.write(text.as_bytes())?;
    }
    if let Some(destination) = plot {
        let title = title(&options.song);
        destination.write(&analysis.plot(&title.to_string_lossy())?)?;
    }
    Ok(())
}

fn analyze(song: &Path, quiet: bool) -> Result<(Analysis, Vec<String>), Failure> {
    let hearing = Hearing::of(song).map_err(Failure::Failed)?;
    let sample_rate = f64::from(hearing.sample_rate);
    let progress = Progress::of_seconds(hearing.duration, quiet);
    let (mut frames, mut emotions) = (Vec::new(), Vec::new());
    while let Ok(Some(block)) = hearing.next() {
        frames.extend(block.frames);
        emotions.extend(
            block
                .emotions
                .iter()
                .map(|(at, e)| (*at as f64 / sample_rate, *e)),
        );
        progress.set(block.end / u64::from(hearing.sample_rate));
    }
    progress.finish();
    let report = hearing.finish().map_err(Failure::Failed)?;
    let seconds = report.samples as f64 / sample_rate;
    Ok((
        Analysis {
            sample_rate,
            seconds,
            frames,
            emotions,
        },
        report.warnings,
    ))
}

/// How the table is written.
#[derive(Clone, Copy)]
enum Table {
    Csv,
    Json,
}

impl Table {
    fn for_path(path: &Path) -> Result<Self, Failure> {
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
}

/// One row: what had been heard by `seconds`.
struct Row {
    seconds: f64,
    emotion: Emotion,
    frame: AudioFrame,
    /// Largest onset strength since the last row.
    onset: f32,
}

impl Analysis {
    fn seconds_of(&self, frame: &AudioFrame) -> f64 {
        frame.position as f64 / self.sample_rate
    }

    fn rows(&self) -> Vec<Row> {
        let (mut frames, mut emotions) = (self.frames.iter(), self.emotions.iter());
        // Before the first hop ends, what it holds is the best that is known.
        let mut frame = self.frames.first().copied().unwrap_or_default();
        let mut emotion = Emotion::neutral();
        let mut next_frame = frames.next();
        let mut next_emotion = emotions.next();
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
                while let Some((_, next)) = next_emotion.filter(|(at, _)| *at <= seconds) {
                    emotion = *next;
                    next_emotion = emotions.next();
                }
                Row {
                    seconds,
                    emotion,
                    frame,
                    onset,
                }
            })
            .collect()
    }

    /// The plot as the bytes of a PNG file.
    fn plot(&self, title: &str) -> Result<Vec<u8>, plot::PlotError> {
        let (emotions, frames) = (&self.emotions, &self.frames);
        let picture = plot::draw(title, self.seconds, emotions, frames, self.sample_rate)?;
        plot::encode(&picture)
    }

    fn summary(&self) -> Summary {
        let count = self.emotions.len().max(1) as f32;
        let mean =
            |of: fn(&Emotion) -> f32| self.emotions.iter().map(|(_, e)| of(e)).sum::<f32>() / count;
        let mut tempos: Vec<f32> = (self.frames.iter())
            .filter(|f| f.beat.confidence > 0.3 && f.beat.tempo > 0.0)
            .map(|f| f.beat.tempo)
            .collect();
        tempos.sort_by(f32::total_cmp);
        Summary {
            seconds: self.seconds,
            mood: Emotion::at(
                mean(|e| e.valence),
                mean(|e| e.arousal),
                mean(|e| e.confidence),
            ),
            tempo: tempos.get(tempos.len() / 2).copied(),
        }
    }

    fn csv(&self) -> String {
        let mut text = String::from("time,valence,arousal,confidence,");
        text += &CLASS_NAMES.join(",");
        text += ",beat,beat_in_bar,tempo,beat_confidence,loudness,onset,centroid,flatness,harmonic";
        (1..=BANDS).for_each(|band| text += &format!(",band{band}"));
        text += "\n";
        for row in self.rows() {
            let Row {
                seconds,
                emotion: e,
                frame: f,
                onset,
            } = row;
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
            text += "\n";
        }
        text
    }

    fn json(&self, song: &Path) -> Value {
        let rows: Vec<Value> = (self.rows().iter())
            .map(|row| {
                let Row {
                    seconds,
                    emotion: e,
                    frame: f,
                    onset,
                } = row;
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
                })
            })
            .collect();
        let beats: Vec<Value> = plot::beats(&self.frames, self.sample_rate)
            .iter()
            .map(|beat| json!({ "time": beat.seconds, "beat_in_bar": beat.in_bar + 1 }))
            .collect();
        json!({
            "song": song.to_string_lossy(),
            "seconds": self.seconds,
            "class_names": CLASS_NAMES,
            "beats": beats,
            "rows": rows,
        })
    }
}
