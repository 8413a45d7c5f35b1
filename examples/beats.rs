//! Writes the beats that are heard in songs, for whoever scores them: `cargo run --release --example beats -- OUT
//! SONG...` makes OUT/SONG.csv, a row a beat: its second, its number in the bar (1 is the downbeat) and how certain it
//! is, 0 to 1; and OUT/cpu.csv, a row a song: its seconds, and those that the processor took. Heard as on a stage, or, with
//! `--whole` before OUT, as for a film: with what follows; or, with `--lag SECONDS`, with what follows in that time.

use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use synopsia::beat::{BeatListener, LookAhead, hear_whole};
use synopsia::media::song::SongReader;
use synopsia::signal::{Analyser, AudioFrame};

/// Seconds after a beat at which its number in the bar is known.
const KNOWN_SECONDS: f64 = 0.08;

/// How beats are heard.
#[derive(Clone, Copy)]
enum Heard {
    /// As on a stage.
    Live,
    /// So many seconds behind.
    Lagging(f64),
    /// When the song is over.
    Whole,
}

/// What is heard of a song, and its rate.
fn heard(song: &Path, how: Heard) -> Result<(Vec<AudioFrame>, f64), Box<dyn Error>> {
    let mut song = SongReader::open(song)?;
    let rate = f64::from(song.rate());
    let mut analyser = Analyser::with_layout(rate, song.layout())?;
    let (mut block, mut frames) = (Vec::new(), Vec::new());
    while song.read(&mut block)? > 0 {
        analyser.process_interleaved(&block, |frame| frames.push(*frame));
        block.clear();
    }
    match how {
        Heard::Live => {
            let mut beats = BeatListener::new(rate)?;
            frames.iter_mut().for_each(|frame| beats.hear(frame));
        }
        Heard::Lagging(seconds) => {
            let mut beats = LookAhead::new(rate, seconds)?;
            let mut told = Vec::with_capacity(frames.len());
            for frame in &frames {
                beats.hear(frame, |beat| told.push(beat));
            }
            beats.end(|beat| told.push(beat));
            for (frame, beat) in frames.iter_mut().zip(told) {
                frame.beat = beat;
            }
        }
        Heard::Whole => hear_whole(&mut frames, rate)?,
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

fn write_all(out: &Path, songs: &[OsString], how: Heard) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    let mut times = String::new();
    for song in songs.iter().map(Path::new) {
        let name = song
            .file_stem()
            .ok_or("a song has a name")?
            .to_string_lossy();
        let begun = Instant::now();
        let (frames, rate) = heard(song, how)?;
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

/// What comes before OUT, and the rest.
fn options(arguments: &[OsString]) -> Option<(Heard, &[OsString])> {
    match arguments {
        [first, rest @ ..] if first == "--whole" => Some((Heard::Whole, rest)),
        [first, seconds, rest @ ..] if first == "--lag" => {
            let seconds = seconds.to_str()?.parse().ok()?;
            Some((Heard::Lagging(seconds), rest))
        }
        rest => Some((Heard::Live, rest)),
    }
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let Some((how, [out, songs @ ..])) = options(&arguments) else {
        eprintln!("usage: beats [--whole | --lag SECONDS] OUT SONG...");
        return ExitCode::FAILURE;
    };
    match write_all(Path::new(out), songs, how) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
