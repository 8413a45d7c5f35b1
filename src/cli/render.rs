//! `synopsia render`: song in, film out.

use super::controls::SettingParser;
use super::hear::{Hearing, Report};
use super::input::Input;
use super::input::{keep_apart, open_song};
use super::pipeline::{FNV, Made, Pipeline, fnv};
use super::progress::Progress;
use super::terminal::{Failure, print, tell};
use super::words::{parse_time, spell_time};
use super::{endings, signals};
use crate::control::{Control, Controls, Setting, Snapshot, preset_called, presets, read_preset};
use crate::frame::{FilmPipeline, Plan, Work};
use crate::gan::Catalog;
use crate::gpu::Prefer;
use crate::media::song::{FORMATS, SongReader};
use crate::output::{Codec, Destination, Film, FilmSpec, Fps, LONGEST_NAME, Sound, shortened};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Paint a film of a song.
///
/// Synopsia hears the song, estimates its emotion four times a second, and paints pictures that
/// move on its beats. The same song, seed and options give the same film, frame by frame, so a
/// film may be rendered in parts (--frames) and joined.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[arg(help = format!("The song: {FORMATS}; a pipe, or - for standard input"))]
    song: PathBuf,

    /// The film to write [default: the song's name with .mp4, in this folder;
    /// film.png for pictures].
    ///
    /// Its extension chooses how it is encoded: .mp4 H.264, .mov ProRes, .mkv FFV1. With film.png,
    /// frames are film_000000.png and so on, and the sound is film.wav (film_000300.wav for a part
    /// that begins with frame 300).
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Size of the film in pixels.
    #[arg(long, value_name = "WxH", default_value = "1280x720")]
    size: Size,

    /// Frames a second: 30, 29.97, 60000/1001.
    #[arg(long, value_name = "N", default_value = "30")]
    fps: Fps,

    /// What to paint: another seed is another walk through the same model [default: drawn from the
    /// song, so that each song has a film of its own].
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// The look: a preset that `synopsia presets` lists, for example “Rose window”, or a preset's file.
    #[arg(long, value_name = "NAME|FILE", value_parser = look)]
    preset: Option<Controls>,

    /// Where a control stands, beyond the preset: trails=0.6, rotation=45°, palette=ember. May be
    /// given more than once; `synopsia controls` lists them.
    #[arg(long, value_name = "NAME=VALUE", value_parser = SettingParser, hide_possible_values = true)]
    set: Vec<Setting>,

    /// What to paint with: a look that `synopsia models` lists, looks of one family in parts, as
    /// ink+flames or ink:3+flames:1, or a model file.
    #[arg(long, value_name = "LOOK|FILE", default_value = Catalog::default_name())]
    model: String,

    /// Where in the song the film starts: 90, 1:30, 1:02:03.5.
    #[arg(long, value_name = "T", value_parser = parse_time, conflicts_with = "frames")]
    from: Option<f64>,

    /// Where in the song the film ends.
    #[arg(long, value_name = "T", value_parser = parse_time, conflicts_with = "frames")]
    to: Option<f64>,

    /// Only these frames of the whole film, the last one not included: 0..300.
    #[arg(long, value_name = "A..B")]
    frames: Option<FrameRange>,

    /// How to encode: h264 and png need nothing; x264, h265, prores, hap and ffv1 need ffmpeg
    /// [default: by the output's extension].
    #[arg(long, value_name = "C")]
    codec: Option<Codec>,

    /// Replace the output if it exists.
    #[arg(long)]
    force: bool,

    /// Where to paint: auto takes a graphics card if there is one, else the processor. The parts of
    /// one film should be painted by the same.
    #[arg(long, value_name = "WHERE", default_value = "auto", value_parser = painters())]
    painter: Prefer,

    /// Print what each stage cost.
    #[arg(long)]
    stats: bool,

    /// Write a hash of every frame's pixels, one a line, to compare films with.
    #[arg(long, value_name = "FILE")]
    hashes: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    width: usize,
    height: usize,
}

/// How much of a song's file is read at once, bytes: whole words of [`fnv`].
const BLOCK: u64 = 1 << 20;

/// Sides that a film may have, in pixels.
const SIDES: std::ops::RangeInclusive<usize> = 16..=16_384;

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once(['x', 'X', '×']);
        let sides = sides.and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
        match sides {
            Some((width, height)) if SIDES.contains(&width) && SIDES.contains(&height) => {
                Ok(Self { width, height })
            }
            Some(_) => Err(format!(
                "sides may have {} to {} pixels",
                SIDES.start(),
                SIDES.end()
            )),
            None => Err("write it as 1280x720".into()),
        }
    }
}

/// A range of frame numbers; the end is open when it is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FrameRange(Range<u64>);

impl FromStr for FrameRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it as 0..300 (or 300.. for all that follow)".to_string();
        let (start, end) = text.split_once("..").ok_or_else(wrong)?;
        let start = start.parse().map_err(|_| wrong())?;
        let end = if end.is_empty() {
            u64::MAX
        } else {
            end.parse().map_err(|_| wrong())?
        };
        if start >= end {
            return Err(format!("{start}..{end} holds no frame"));
        }
        Ok(Self(start..end))
    }
}

/// The look of the preset of this name, or in this file.
fn look(name: &str) -> Result<Controls, String> {
    if let Some(preset) = preset_called(name) {
        return Ok(preset.look);
    }
    let path = Path::new(name);
    if path.extension().is_some() || path.components().count() > 1 {
        return Ok(read_preset(path)?.look);
    }
    let presets = presets();
    let names: Vec<_> = presets.iter().map(|preset| preset.name.as_str()).collect();
    Err(format!(
        "there is no such preset; there are: {}",
        names.join(", ")
    ))
}

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
    let output = match &options.output {
        Some(output) => output.clone(),
        None => default_output(input.name(), options.codec),
    };
    let codec = match options.codec {
        Some(codec) => codec,
        None => Codec::for_path(&output).ok_or_else(|| unknown_extension(&output))?,
    };
    let controls = options.controls()?;
    let model = Catalog::default().find(&options.model)?;
    let hearing = Hearing::of(song).map_err(Failure::Failed)?;
    let wanted = options.wanted(song, hearing.duration)?;
    let fps = options.fps;
    let Size { width, height } = options.size;
    let (from, to) = (
        fps.seconds(wanted.start),
        wanted_end(&wanted).map(|end| fps.seconds(end)),
    );
    let sound = Sound::new(SongReader::open(song)?, from, to)?;
    let seed = match options.seed {
        Some(seed) => seed,
        None => song_seed(song)?,
    };
    let spec = FilmSpec {
        force: options.force,
        first_picture: wanted.start,
        ..FilmSpec::new(&output, width, height, fps, codec)
    };
    let files = spec.files();
    let files = files.iter().chain(&options.hashes).map(PathBuf::as_path);
    keep_apart(song, files)?;
    let hashes = match &options.hashes {
        Some(path) => Some(Destination::check(path, options.force)?),
        None => None,
    };

    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    signals::on_interrupt(move || flag.store(true, Ordering::Relaxed));
    let film = Film::create(&spec, Some(sound))?;

    let plan = Plan::overlapped_film(options.painter);
    let opened = FilmPipeline::open(plan, &model, [width, height]);
    let mut frames = opened.map_err(Failure::Failed)?;
    say(&frames.about().painter);
    if frames.about().on_card {
        say(&frames.about().renderer);
    }

    let total = hearing.duration.map(|seconds| {
        let whole = (seconds * fps.hz()).ceil() as u64;
        whole.min(wanted.end).saturating_sub(wanted.start)
    });
    let pipeline = Pipeline {
        seed,
        controls,
        fps,
        wanted,
        hashes: hashes.is_some(),
        work: Work::default(),
        encoding: AtomicU64::default(),
        interrupted,
        progress: Progress::new(total, quiet),
    };
    let started = Instant::now();
    let made = pipeline.run(&hearing, frames.stages(), film);
    pipeline.progress.finish();
    // A song that could not be heard is the cause of a film that could not be made.
    let report = hearing.finish().map_err(Failure::Failed)?;
    let made = made?;
    // The film reads the song again for its sound, and finds the same faults.
    let sound = made.summary.warnings.iter();
    let sound = sound.filter(|warning| !report.warnings.contains(warning));
    report
        .warnings
        .iter()
        .chain(sound)
        .for_each(|warning| say(warning));
    if let Some(destination) = hashes {
        destination.write((made.hashes.join("\n") + "\n").as_bytes())?;
    }
    if options.stats {
        print(stats(&report, &pipeline, &made, started.elapsed()));
    }
    let what = format!(
        "{}: {} at {width}x{height}, {} frames, seed {seed}",
        made.summary.path.display(),
        spell_time(made.summary.seconds),
        made.summary.pictures
    );
    if pipeline.interrupted.load(Ordering::Relaxed) {
        return Err(Failure::Interrupted(format!(
            "interrupted; the film so far is {what}"
        )));
    }
    say(&what);
    Ok(())
}

impl Options {
    /// Where the controls stand.
    fn controls(&self) -> Result<Controls, Failure> {
        let mut all = Snapshot::from(self.preset.unwrap_or_default());
        for setting in &self.set {
            let id = setting.control.row().id;
            let instead = match setting.control {
                Control::Model => "choose the model with --model",
                Control::BlendWith | Control::BlendAmount => {
                    "blend looks with --model, as ink:3+flames:1"
                }
                Control::Blackout | Control::Freeze | Control::Bypass => "that is for playing live",
                _ => {
                    setting.apply(&mut all);
                    continue;
                }
            };
            let sentence = format!("{id} cannot be set for a film: {instead}");
            return Err(Failure::Failed(sentence));
        }
        Ok(all.look())
    }

    /// The frames of the whole film that are wanted.
    fn wanted(&self, song: &Path, duration: Option<f64>) -> Result<Range<u64>, Failure> {
        let failed = |sentence: String| Err(Failure::Failed(sentence));
        let song = song.display();
        if let Some(FrameRange(range)) = &self.frames {
            let start = range.start;
            if duration.is_some_and(|d| self.fps.seconds(start) >= d) {
                return failed(format!("{song} ends before frame {start}"));
            }
            return Ok(range.clone());
        }
        let frame = |seconds: f64| (seconds * self.fps.hz()).round() as u64;
        let from = self.from.unwrap_or(0.0);
        if let Some(to) = self.to {
            let (begin, end) = (spell_moment(from), spell_moment(to));
            if to <= from {
                return failed(format!("--to {end} is not after --from {begin}"));
            }
            if frame(to) <= frame(from) {
                let fps = self.fps;
                return failed(format!(
                    "{begin} to {end} is too short for a frame at {fps} frames a second"
                ));
            }
        }
        if let Some(duration) = duration.filter(|d| from >= *d) {
            let (from, end) = (spell_moment(from), spell_time(duration));
            return failed(format!("{song} ends at {end}, before --from {from}"));
        }
        Ok(frame(from)..self.to.map_or(u64::MAX, frame))
    }
}

/// A moment that was asked for, to the millisecond.
fn spell_moment(seconds: f64) -> String {
    if seconds.fract() == 0.0 {
        return spell_time(seconds);
    }
    let exact = format!("{seconds:.3}");
    match exact.trim_end_matches('0').trim_end_matches('.') {
        "0" => "less than 0.001 s".to_owned(),
        short => format!("{short} s"),
    }
}

/// The last frame that is wanted, plus one; none when it is the song's.
fn wanted_end(wanted: &Range<u64>) -> Option<u64> {
    (wanted.end != u64::MAX).then_some(wanted.end)
}

/// A seed of a song's own: a hash of its file, short enough to be typed. Of the whole file, for
/// songs of one album may begin with the same megabyte of cover.
fn song_seed(song: &Path) -> Result<u64, Failure> {
    let unreadable =
        |e: std::io::Error| Failure::Failed(format!("{} cannot be read: {e}", song.display()));
    let mut file = File::open(song).map_err(unreadable)?;
    let (mut hash, mut block) = (FNV, Vec::new());
    loop {
        block.clear();
        let read = file.by_ref().take(BLOCK).read_to_end(&mut block);
        if read.map_err(unreadable)? == 0 {
            return Ok(hash % 100_000);
        }
        hash = fnv(hash, &block);
    }
}

/// The song's name with the codec's usual extension, in the present folder; `film` for a song
/// without a name. Numbered pictures come with a WAV of their name, which must not be the song's.
fn default_output(song: Option<&Path>, codec: Option<Codec>) -> PathBuf {
    let codec = codec.unwrap_or(Codec::H264);
    let extension = codec.extensions()[0];
    let title = match song {
        Some(song) if codec != Codec::Png => endings::title(song),
        _ => OsStr::new("film"),
    };
    let mut name = shortened(title, LONGEST_NAME - extension.len() - 1);
    name.push(".");
    name.push(extension);
    name.into()
}

fn unknown_extension(output: &Path) -> Failure {
    let output = output.display();
    Failure::Failed(format!(
        "{output} does not say how to encode it; name it .mp4, .mov, .mkv or .png, or give --codec"
    ))
}

/// Reads who is to paint.
fn painters() -> impl TypedValueParser<Value = Prefer> {
    PossibleValuesParser::new(["auto", "cpu", "gpu"]).map(|name| match name.as_str() {
        "cpu" => Prefer::Cpu,
        "gpu" => Prefer::Gpu,
        _ => Prefer::Auto,
    })
}

/// What each stage cost, as a table.
fn stats(report: &Report, pipeline: &Pipeline, made: &Made, wall: Duration) -> String {
    let nanos = |total: &AtomicU64| Duration::from_nanos(total.load(Ordering::Relaxed));
    let stages = [
        ("analysis", report.analysis),
        ("emotion", report.emotion),
        ("painting", nanos(&pipeline.work.painting)),
        ("passes", nanos(&pipeline.work.rendering)),
        ("encoding", nanos(&pipeline.encoding)),
    ];
    let total: f64 = stages.iter().map(|(_, time)| time.as_secs_f64()).sum();
    let frames = made.summary.pictures.max(1) as f64;
    let mut table = format!(
        "{:<10} {:>9} {:>11} {:>7}\n",
        "stage", "seconds", "ms a frame", "share"
    );
    for (name, time) in stages {
        let seconds = time.as_secs_f64();
        let (each, share) = (1e3 * seconds / frames, 100.0 * seconds / total.max(1e-9));
        table += &format!("{name:<10} {seconds:>9.2} {each:>11.2} {share:>6.1}%\n");
    }
    let (wall, film) = (wall.as_secs_f64(), made.summary.seconds);
    let (times, rate) = (wall / film.max(1e-9), frames / wall.max(1e-9));
    table
        + &format!(
            "{wall:.1} s for {film:.1} s of film: {times:.2} times its length, {rate:.1} frames/s\n"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A command line of this command alone.
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn parts_that_hold_no_frame_are_refused_for_what_is_wrong_with_them() {
        let wanted = |args: &str| {
            let line = format!("render song {args}");
            let line = <Line as clap::Parser>::parse_from(line.split(' '));
            let wanted = line.options.wanted(Path::new("song"), Some(4.0));
            wanted.map_err(|failure| format!("{failure:?}"))
        };
        let refused = |args: &str, words: &str| {
            let said = wanted(args).unwrap_err();
            assert!(said.contains(words), "{args}: {said}");
        };
        refused("--fps 0.1 --to 1", "too short for a frame");
        refused("--from 1.2 --to 1.21", "1.2 s to 1.21 s is too short");
        refused(
            "--from 1.4 --to 1.2",
            "--to 1.2 s is not after --from 1.4 s",
        );
        refused("--to 0", "--to 0:00 is not after --from 0:00");
        refused("--to 1e-300", "0:00 to less than 0.001 s is too short");
        refused("--from 1e300", "before --from 10000 hours and more");
        refused("--from 9", "ends at 0:04, before --from 0:09");
        assert_eq!(wanted("--fps 0.1 --to 6"), Ok(0..1));
        assert_eq!(wanted("--from 1 --to 2"), Ok(30..60));
    }

    #[test]
    fn two_songs_that_begin_alike_have_seeds_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let seed = |name: &str, start: usize, end: &[u8]| {
            let song = folder.path().join(name);
            std::fs::write(&song, [&vec![7; start], end].concat()).unwrap();
            song_seed(&song).unwrap()
        };
        let megabytes = 3 << 20;
        assert_ne!(seed("a", megabytes, b"one"), seed("b", megabytes, b"two"));
        assert_eq!(seed("a", megabytes, b"one"), seed("c", megabytes, b"one"));
    }

    #[test]
    fn sizes_and_frame_ranges_are_read_as_people_write_them() {
        assert_eq!(
            "1280x720".parse(),
            Ok(Size {
                width: 1280,
                height: 720
            })
        );
        assert_eq!("300..600".parse(), Ok(FrameRange(300..600)));
        assert_eq!("300..".parse(), Ok(FrameRange(300..u64::MAX)));
        for text in ["", "720", "0x0", "1280x", "99999x10", "-1x5"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
        for text in ["", "5", "5..5", "6..5", "a..b", "-1..3"] {
            assert!(text.parse::<FrameRange>().is_err(), "{text}");
        }
    }
}
