//! Writes the beats that are heard in songs, for whoever scores them: `cargo run --release --example beats -- OUT
//! SONG...` makes OUT/SONG.csv, a row a beat: its second, its number in the bar (1 is the downbeat) and how certain it
//! is, 0 to 1; and OUT/cpu.csv, a row a song: its seconds, and those that the processor took. Heard as on a stage, or, with
//! `--whole` before OUT, as for a film: with what follows.

use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use synopsia::beat::{BeatListener, hear_whole};
use synopsia::media::song::SongReader;
use synopsia::signal::{Analyser, AudioFrame};

/// Seconds after a beat at which its number in the bar is known.
const KNOWN_SECONDS: f64 = 0.08;

/// What is heard of a song, and its rate.
fn heard(song: &Path, whole: bool) -> Result<(Vec<AudioFrame>, f64), Box<dyn Error>> {
    let mut song = SongReader::open(song)?;
    let rate = f64::from(song.rate());
    let mut analyser = Analyser::with_layout(rate, song.layout())?;
    let mut beats = BeatListener::new(rate)?;
    let (mut block, mut frames) = (Vec::new(), Vec::new());
    while song.read(&mut block)? > 0 {
        analyser.process_interleaved(&block, |frame| {
            let mut frame = *frame;
            if !whole {
                beats.hear(&mut frame);
            }
            frames.push(frame);
        });
        block.clear();
    }
    if whole {
        hear_whole(&mut frames, rate)?;
    }
    Ok((frames, rate))
}

/// A row for each beat that the count passes.
fn rows(frames: &[AudioFrame], rate: f64) -> Result<String, Box<dyn Error>> {
    let mut text = String::from("time,beat_in_bar,confidence\n");
    for (index, pair) in frames.windows(2).enumerate() {
        let [before, after] = [&pair[0], &pair[1]];
        let beat = after.beat.beats.floor();
        if beat > before.beat.beats.floor() {
            let share = (beat - before.beat.beats) / (after.beat.beats - before.beat.beats);
            let hop = (after.position - before.position) as f64;
            let seconds = (before.position as f64 + share * hop) / rate;
            let later = (KNOWN_SECONDS * rate / hop) as usize;
            let known = frames.get(index + 1 + later).unwrap_or(after);
            let (in_bar, certain) = (known.beat.in_bar + 1, after.beat.confidence);
            writeln!(text, "{seconds:.4},{in_bar},{certain:.3}")?;
        }
    }
    Ok(text)
}

fn write_all(out: &Path, songs: &[OsString], whole: bool) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    let mut times = String::new();
    for song in songs.iter().map(Path::new) {
        let name = song
            .file_stem()
            .ok_or("a song has a name")?
            .to_string_lossy();
        let begun = Instant::now();
        let (frames, rate) = heard(song, whole)?;
        let seconds = frames
            .last()
            .map_or(0.0, |frame| frame.position as f64 / rate);
        writeln!(
            times,
            "{name},{seconds:.2},{:.4}",
            begun.elapsed().as_secs_f64()
        )?;
        fs::write(out.join(format!("{name}.csv")), rows(&frames, rate)?)?;
    }
    fs::write(out.join("cpu.csv"), times)?;
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let whole = arguments.first().is_some_and(|first| first == "--whole");
    let [out, songs @ ..] = &arguments[usize::from(whole)..] else {
        eprintln!("usage: beats [--whole] OUT SONG...");
        return ExitCode::FAILURE;
    };
    match write_all(Path::new(out), songs, whole) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
