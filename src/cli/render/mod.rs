//! `synopsia render`: song in, film out.

mod arguments;
mod names;
mod options;
mod seed;
mod stats;

pub use options::Options;
pub(super) use options::{controls, painter};

use super::board::refined;
use super::hear::{Beats, Heard, Hearing, Report};
use super::input::{Input, keep_apart, open_song};
use super::lyrics::Search;
use super::pipeline::{Made, Pipeline, too_early};
use super::progress::Progress;
use super::signals;
use super::terminal::{Failure, print, tell};
use super::words::spell_time;
use crate::emotion::Ear;
use crate::frame::{FilmPipeline, Plan, StageTimes};
use crate::gan::{Catalog, Model};
use crate::media::lyrics::{Song, sung_parts};
use crate::media::song::SongReader;
use crate::output::{Destination, Film, FilmSpec, Fps, Sound};
use crate::render::unwritable;
use crate::show::{Lettering, Libretto};
pub(super) use arguments::Size;
pub(super) use seed::song_seed;
use stats::stats;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Renders a film as `options` say.
pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    let input = open_song(&options.song)?;
    film(options, &input, quiet).map_err(|failure| input.explain(failure))
}

fn film(options: &Options, input: &Input, quiet: bool) -> Result<(), Failure> {
    let say = |sentence: &str| {
        if !quiet {
            tell(&input.say(sentence));
        }
    };
    let song = input.path();
    let (output, codec) = options.output(input.name())?;
    let controls = controls(options.preset.as_ref(), &options.set)?;
    let painter = painter(options.model.as_ref(), options.preset.as_ref());
    let model = Catalog::default().find(&painter)?;
    let ear = options.hearing.ear;
    let hearing = Hearing::of(song, ear, Beats::Whole).map_err(Failure::Failed)?;
    let duration = hearing.duration;
    let wanted = options.wanted(song, duration)?;
    let fps = options.fps;
    let sound = sound(song, fps, &wanted)?;
    let seed = match options.seed {
        Some(seed) => seed,
        None => song_seed(song)?,
    };
    let spec = options.film(&output, codec, wanted.start);
    let search = options.lyrics.find(input)?;
    let hashes = hashes(options, song, search.path(), &spec)?;

    let lane = Arc::new(options.lane.read(input, say)?);
    let board = refined(options.board.read(say)?, &painter, &model)?;
    let board = Arc::new(board);
    let interrupted = interruption();
    let film = Film::create(&spec, Some(sound))?;
    let mut frames = frames(options, &model, say)?;
    let total = pictures(duration, fps, &wanted);
    let started = Instant::now();
    let heard = hear(hearing, &interrupted, quiet)?;
    let shown = controls.words != Lettering::Off;
    let libretto = Arc::new(libretto(&search, &heard, shown, say));
    let pipeline = Pipeline {
        seed,
        controls,
        libretto,
        board,
        lane,
        fps,
        wanted,
        hashes: hashes.is_some(),
        work: StageTimes::default(),
        encoding: AtomicU64::default(),
        interrupted,
        progress: Progress::new(total, quiet),
    };
    let made = pipeline.run(&heard, frames.stages(), film);
    pipeline.progress.finish();
    let made = made?;
    warn(&heard.report, &made, say);
    if let Some(destination) = hashes {
        destination.write((made.hashes.join("\n") + "\n").as_bytes())?;
    }
    if options.stats {
        print(stats(&heard.report, &pipeline, &made, started.elapsed()));
    }
    if let Some(held) = held_back(frames.held()) {
        say(&held);
    }
    let what = description(&made, options.size, seed, ear);
    if pipeline.interrupted.load(Ordering::Relaxed) {
        return Err(Failure::Interrupted(format!(
            "interrupted; the film so far is {what}"
        )));
    }
    say(&what);
    Ok(())
}

/// Hears the song to its end: a film knows what is to come.
fn hear(hearing: Hearing, interrupted: &AtomicBool, quiet: bool) -> Result<Heard, Failure> {
    let progress = Progress::of_seconds(hearing.duration, quiet);
    let heard = hearing.whole(interrupted, |seconds| progress.set(seconds));
    progress.finish();
    heard.map_err(Failure::Failed)?.ok_or_else(too_early)
}

/// What is set when someone interrupts.
pub(super) fn interruption() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    signals::on_interrupt(move || flag.store(true, Ordering::Relaxed));
    interrupted
}

/// What makes the film's pictures; says who paints them.
fn frames(options: &Options, model: &Model, say: impl Fn(&str)) -> Result<FilmPipeline, Failure> {
    let Size { width, height } = options.size;
    let plan = Plan::overlapped_film(options.painter);
    let opened = FilmPipeline::open(plan, model, [width, height]);
    let frames = opened.map_err(Failure::Failed)?;
    say(&frames.about().painter);
    if frames.about().on_card {
        say(&frames.about().renderer);
    }
    Ok(frames)
}

/// How many of the wanted frames a song of `duration` seconds has.
fn pictures(duration: Option<f64>, fps: Fps, wanted: &Range<u64>) -> Option<u64> {
    duration.map(|seconds| {
        let whole = (seconds * fps.hz()).ceil() as u64;
        whole.min(wanted.end).saturating_sub(wanted.start)
    })
}

/// The song's sound for the wanted frames.
fn sound(song: &Path, fps: Fps, wanted: &Range<u64>) -> Result<Sound, Failure> {
    // An open end is the song's.
    let end = (wanted.end != u64::MAX).then(|| fps.seconds(wanted.end));
    let from = fps.seconds(wanted.start);
    Ok(Sound::new(SongReader::open(song)?, from, end)?)
}

/// What is sung in the song; says where that was found, and what is wrong with it.
fn libretto(search: &Search, song: &Heard, shown: bool, say: impl Fn(&str)) -> Libretto {
    let (libretto, said) = search.libretto(&Song {
        seconds: Some(song.report.samples as f64 / f64::from(song.sample_rate)),
        sung: &sung_parts(&song.structure),
    });
    said.iter().for_each(|sentence| say(sentence));
    let unwritable = shown.then(|| unwritable(&libretto)).flatten();
    unwritable.iter().for_each(|sentence| say(sentence));
    libretto
}

/// Where hashes go, if they are asked for. No file that is written may be the song, or its lyrics.
fn hashes(
    options: &Options,
    song: &Path,
    lyrics: Option<&Path>,
    spec: &FilmSpec,
) -> Result<Option<Destination>, Failure> {
    let files = spec.files();
    let files = files.iter().chain(&options.hashes).map(PathBuf::as_path);
    keep_apart(song, lyrics, files)?;
    Ok(match &options.hashes {
        Some(path) => Some(Destination::check(path, options.force)?),
        None => None,
    })
}

/// Says what was wrong with the song, each thing once: the film reads it again for its sound, and
/// finds the same faults.
fn warn(report: &Report, made: &Made, say: impl Fn(&str)) {
    let sound = made.summary.warnings.iter();
    let sound = sound.filter(|warning| !report.warnings.contains(warning));
    report
        .warnings
        .iter()
        .chain(sound)
        .for_each(|warning| say(warning));
}

/// How many pictures were held back, if any.
fn held_back(held: u64) -> Option<String> {
    let pictures = match held {
        0 => return None,
        1 => "1 picture was".to_owned(),
        more => format!("{more} pictures were"),
    };
    Some(format!("{pictures} held back by the flash limiter"))
}

/// What was made, in a line.
fn description(made: &Made, Size { width, height }: Size, seed: u64, ear: Ear) -> String {
    format!(
        "{}: {} at {width}x{height}, {} frames, seed {seed}, ear {ear}",
        made.summary.path.display(),
        spell_time(made.summary.seconds),
        made.summary.pictures
    )
}
