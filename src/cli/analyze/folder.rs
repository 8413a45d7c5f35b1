//! Every song of a folder: a row each, as they are heard.

use super::Options;
use super::analysis::{Summary, analyze};
use super::table::Table;
use crate::cli::endings::is_song;
use crate::cli::terminal::{Failure, in_one_line, print, tell};
use crate::cli::words::spell_time;
use crate::emotion::CLASS_NAMES;
use crate::output::Destination;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Analyzes the folder that `options` name. A song that cannot be read costs a sentence and its
/// row, not the others.
pub(super) fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    let folder = &options.song;
    let failed = |sentence: String| Err(Failure::Failed(sentence));
    if options.plot.is_some() {
        let folder = folder.display();
        return failed(format!("--plot draws one song, and {folder} is a folder"));
    }
    if options.lyrics.lyrics.is_some() {
        let folder = folder.display();
        return failed(format!("--lyrics are one song's, and {folder} is a folder"));
    }
    let table = match &options.output {
        Some(path) => Some((
            Table::for_path(path)?,
            Destination::check(path, options.force)?,
        )),
        None => None,
    };
    let songs = songs(folder)?;
    if songs.is_empty() {
        return failed(format!("there are no songs in {}", folder.display()));
    }
    let width = (songs.iter())
        .map(|song| in_one_line(&name(song)).chars().count())
        .max();
    let width = width.unwrap_or(0);
    if !quiet {
        print(format!(
            "{:width$}  length  valence  arousal  confidence  mood         tempo\n",
            "song"
        ));
    }
    let (mut rows, mut unread) = (Vec::new(), 0);
    for song in &songs {
        match analyze(song, options.hearing.ear, options.beats(), quiet) {
            Ok((analysis, warnings)) => {
                let summary = analysis.summary();
                if !quiet {
                    warnings.iter().for_each(|warning| tell(warning));
                    print(line(song, width, &summary));
                }
                rows.push((song, summary));
            }
            Err(Failure::Failed(sentence)) => {
                tell(&sentence);
                unread += 1;
            }
            Err(stopped) => return Err(stopped),
        }
    }
    if let Some((table, destination)) = table.filter(|_| !rows.is_empty()) {
        let text = match table {
            Table::Csv => csv(&rows),
            Table::Json => json(&rows).to_string() + "\n",
        };
        destination.write(text.as_bytes())?;
    }
    match unread {
        0 => Ok(()),
        1 => failed("one song could not be read".to_string()),
        _ => failed(format!("{unread} songs could not be read")),
    }
}

/// The songs of a folder, by name. Other files are passed over: covers, lists, notes.
pub(in crate::cli) fn songs(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable =
        |e: std::io::Error| Failure::Failed(format!("{} cannot be read: {e}", folder.display()));
    let mut songs = Vec::new();
    for entry in folder.read_dir().map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if is_song(&path) {
            songs.push(path);
        }
    }
    songs.sort();
    Ok(songs)
}

fn name(song: &Path) -> String {
    let name = song.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn line(song: &Path, width: usize, summary: &Summary) -> String {
    let mood = summary.mood();
    let tempo = summary.tempo.map_or("-".into(), |t| format!("{t:.0} BPM"));
    format!(
        "{:width$}  {:>6}  {:>+7.2}  {:>+7.2}  {:>10.2}  {:11}  {tempo}\n",
        in_one_line(&name(song)),
        spell_time(summary.seconds),
        mood.valence,
        mood.arousal,
        mood.confidence,
        CLASS_NAMES[mood.strongest()],
    )
}

fn csv(rows: &[(&PathBuf, Summary)]) -> String {
    let mut text = String::from("song,seconds,valence,arousal,confidence,");
    text += &CLASS_NAMES.join(",");
    text += ",tempo,ear,estimated_valence,estimated_arousal\n";
    for (song, summary) in rows {
        let mood = summary.mood();
        text += &format!("\"{}\"", name(song).replace('"', "\"\""));
        text += &format!(
            ",{:.3},{:.4},{:.4},{:.4}",
            summary.seconds, mood.valence, mood.arousal, mood.confidence
        );
        mood.classes
            .iter()
            .for_each(|w| text += &format!(",{w:.4}"));
        text += &summary.tempo.map_or(",".into(), |t| format!(",{t:.2}"));
        let estimate = &summary.estimate;
        text += &format!(
            ",{},{:.4},{:.4}\n",
            summary.ear, estimate.valence, estimate.arousal
        );
    }
    text
}

fn json(rows: &[(&PathBuf, Summary)]) -> Value {
    let rows: Vec<Value> = (rows.iter())
        .map(|(song, summary)| {
            let mood = summary.mood();
            json!({
                "song": name(song),
                "seconds": summary.seconds,
                "valence": mood.valence,
                "arousal": mood.arousal,
                "confidence": mood.confidence,
                "classes": mood.classes,
                "tempo": summary.tempo,
                "ear": summary.ear.id(),
                "estimated_valence": summary.estimate.valence,
                "estimated_arousal": summary.estimate.arousal,
            })
        })
        .collect();
    json!({ "class_names": CLASS_NAMES, "songs": rows })
}
