//! What is painted for a song, as sound.

use super::super::hear::{Beats, Heard, Hearing};
use super::super::input::{Input, keep_apart};
use super::super::progress::Progress;
use super::super::render::{controls, interruption, painter, song_seed};
use super::super::terminal::{Failure, tell};
use super::super::timeline::SongTimeline;
use super::super::words::spell_time;
use super::options::Options;
use crate::emotion::{Ear, Emotion, PictureMood};
use crate::frame::{FilmPipeline, Halt, Plan, Rendered, StageTimes};
use crate::gan::Catalog;
use crate::gpu::Prefer;
use crate::media::film::Wav;
use crate::output::Destination;
use crate::render::Pixels;
use crate::show::Scene;
use crate::signal::{Beat, Layout};
use crate::sonify::{Moment, Moods, SAMPLE_RATE, Sonifier, Sounding, mastered};
use image::{Rgb, RgbImage};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Pictures a second that are looked at.
const PICTURES: u32 = 8;
/// Their size, pixels.
const SIZE: [usize; 2] = [256, 144];

/// Writes what the stage sounds like while the song of `input` plays.
pub(super) fn run(
    options: &Options,
    input: &Input,
    destination: Destination,
    quiet: bool,
) -> Result<(), Failure> {
    let song = input.path();
    keep_apart(song, None, [options.output.as_path()].into_iter())?;
    let controls = controls(options.preset.as_ref(), &options.set)?;
    let painter = painter(options.model.as_ref(), options.preset.as_ref());
    let model = Catalog::default().find(&painter)?;
    let say = |sentence: &str| {
        if !quiet {
            tell(&input.say(sentence));
        }
    };
    let lane = options.lane.read(input, say)?;
    let hearing = Hearing::of(song, Ear::default(), Beats::Whole).map_err(Failure::Failed)?;
    let duration = hearing.duration;
    let seed = match options.seed {
        Some(seed) => seed,
        None => song_seed(song)?,
    };
    let interrupted = interruption();
    let plan = Plan::overlapped_film(Prefer::Auto);
    let mut frames = FilmPipeline::open(plan, &model, SIZE).map_err(Failure::Failed)?;
    let progress = Progress::of_seconds(duration, quiet);
    let heard = hearing.whole(&interrupted, |seconds| progress.set(seconds));
    progress.finish();
    let heard = heard.map_err(Failure::Failed)?.ok_or_else(too_early)?;
    heard
        .report
        .warnings
        .iter()
        .for_each(|warning| say(warning));

    let stage = Stage::of(&heard, quiet)?;
    let mut timeline = SongTimeline::new(seed, &heard, controls);
    timeline.draw(Arc::new(lane));
    let mut pictures = 0..;
    let compose = || Ok(stage.scene(&mut timeline, pictures.next(), &interrupted));
    let listen = |rendered: &Rendered<'_, f64>| stage.sound(rendered, seed);
    let work = StageTimes::default();
    let dt = 1.0 / PICTURES as f32;
    let (sound, painted) = frames.stages().overlap(dt, &work, compose, listen);
    stage.progress.finish();
    painted.map_err(failed)?;
    let (mut sound, seconds) = sound.map_err(failed)??;
    if seconds == 0.0 {
        return Err(too_early());
    }
    sound.seek(SeekFrom::Start(0)).map_err(unwritten)?;
    let path = destination.copy(sound)?;
    let what = format!("{}: {}, seed {seed}", path.display(), spell_time(seconds));
    if interrupted.load(Ordering::Relaxed) {
        return Err(Failure::Interrupted(format!(
            "interrupted; the sound so far is {what}"
        )));
    }
    if !quiet {
        tell(&what);
    }
    Ok(())
}

fn too_early() -> Failure {
    Failure::Interrupted("interrupted before the first picture, so there is no sound".into())
}

fn unwritten(error: io::Error) -> Failure {
    Failure::Failed(format!(
        "the sound cannot be kept while it is made: {error}"
    ))
}

fn failed(halt: Halt<Failure>) -> Failure {
    match halt {
        Halt::Panicked(part) => {
            Failure::Failed(format!("the {part} failed unexpectedly; there is no sound"))
        }
        halt => halt.into(),
    }
}

/// The stage of a song.
struct Stage<'a> {
    heard: &'a Heard,
    eye: PictureMood,
    sonifier: Sonifier,
    progress: Progress,
}

impl<'a> Stage<'a> {
    fn of(heard: &'a Heard, quiet: bool) -> Result<Self, Failure> {
        let sonifier = Sonifier::built_in();
        Ok(Self {
            heard,
            eye: PictureMood::built_in()?,
            sonifier: sonifier.map_err(|error| Failure::Failed(error.to_string()))?,
            progress: Progress::of_seconds(Some(seconds_of(heard)), quiet),
        })
    }

    /// The scene of picture `n`, and its seconds; none where the song is over, or somebody wants no more.
    fn scene(
        &self,
        timeline: &mut SongTimeline<'_>,
        n: Option<u32>,
        interrupted: &AtomicBool,
    ) -> Option<(Scene, f64)> {
        let enough = interrupted.load(Ordering::Relaxed);
        let seconds = f64::from(n.filter(|_| !enough)?) / f64::from(PICTURES);
        let goes_on = timeline.hear_up_to(seconds);
        goes_on.then(|| (timeline.scene(seconds), seconds))
    }

    /// The sound of what is `rendered`, as a file that nobody else sees, and its seconds: none where there was no picture.
    fn sound(&self, rendered: &Rendered<'_, f64>, seed: u64) -> Result<(File, f64), Failure> {
        let file = tempfile::tempfile().map_err(unwritten)?;
        let mut growing = Growing {
            sounding: self.sonifier.begin(seed),
            wav: Recorded::to(file.try_clone().map_err(unwritten)?)?,
            beats: BeatsOf::new(self.heard),
            seen: None,
            moods: Moods::from(&Emotion::default()),
        };
        let mut looked = Ok(());
        rendered.each(|picture, &seconds| {
            let pixels = picture.pixels().map_err(Failure::from);
            looked = pixels.and_then(|pixels| growing.see(&rgb(pixels), seconds, &self.eye));
            self.progress.set(seconds as u64);
            looked.is_ok()
        });
        looked?;
        Ok((file, growing.finish(seconds_of(self.heard))?))
    }
}

/// The sound of a stage so far.
struct Growing<'a> {
    sounding: Sounding<'a>,
    wav: Recorded,
    beats: BeatsOf<'a>,
    /// What was seen last, and when.
    seen: Option<(Moment, f64)>,
    moods: Moods,
}

impl Growing<'_> {
    /// Takes the picture that is on stage at `seconds`, and sounds up to there.
    fn see(&mut self, picture: &RgbImage, seconds: f64, eye: &PictureMood) -> Result<(), Failure> {
        let now = Moment::of(picture);
        let (before, began) = self.seen.replace((now, seconds)).unwrap_or((now, seconds));
        let passed = |at: f64| ((at - began) / (seconds - began)) as f32;
        self.grow(seconds, |at| before.toward(&now, passed(at)))?;
        // A look at its mood costs as much as some pictures.
        if seconds.fract() == 0.0 {
            self.moods = Moods::from(&eye.of(picture)?.among_pictures());
        }
        Ok(())
    }

    fn grow(&mut self, until: f64, moment: impl Fn(f64) -> Moment) -> Result<(), Failure> {
        loop {
            let at = self.sounding.moments() as f64 * Sounding::STEP;
            if at >= until {
                return Ok(());
            }
            let beat = self.beats.at(at);
            let wav = &mut self.wav;
            let added = (self.sounding).add(&moment(at), &self.moods, beat, |more| wav.add(more));
            added.map_err(|error| Failure::Failed(error.to_string()))?;
        }
    }

    /// Ends with the song, or where the pictures ended before; gives the seconds.
    fn finish(mut self, song: f64) -> Result<f64, Failure> {
        let Some((last, began)) = self.seen else {
            return Ok(0.0);
        };
        let end = song.min(began + 1.0 / f64::from(PICTURES));
        self.grow(end, |_| last)?;
        self.wav.all = (end * f64::from(SAMPLE_RATE)).round() as u64;
        let wav = &mut self.wav;
        let rest = self.sounding.finish(|more| wav.add(more));
        rest.map_err(|error| Failure::Failed(error.to_string()))?;
        self.wav.finish()?;
        Ok(end)
    }
}

fn seconds_of(heard: &Heard) -> f64 {
    heard.report.samples as f64 / f64::from(heard.sample_rate)
}

fn rgb(pixels: &Pixels) -> RgbImage {
    let [width, height] = [pixels.width as u32, pixels.height as u32];
    let mut rgba = pixels.rgba.as_chunks::<4>().0.iter();
    RgbImage::from_fn(width, height, |_, _| {
        let [red, green, blue, _] = rgba.next().copied().unwrap_or_default();
        Rgb([red, green, blue])
    })
}

/// The beats of a song, asked for in the order of time.
struct BeatsOf<'a> {
    heard: &'a Heard,
    next: usize,
}

impl<'a> BeatsOf<'a> {
    fn new(heard: &'a Heard) -> Self {
        Self { heard, next: 0 }
    }

    /// The last beat that was heard by then.
    fn at(&mut self, seconds: f64) -> Option<&'a Beat> {
        let position = (seconds * f64::from(self.heard.sample_rate)) as u64;
        let later = self.heard.frames[self.next..].iter();
        self.next += later.take_while(|it| it.position <= position).count();
        let frame = self.heard.frames.get(self.next.checked_sub(1)?)?;
        Some(&frame.beat)
    }
}

/// A sound that is being written.
struct Recorded {
    wav: Wav<File>,
    written: u64,
    /// How long it is, samples, once that is known.
    all: u64,
    failed: Option<io::Error>,
    more: Vec<f32>,
}

impl Recorded {
    fn to(file: File) -> Result<Self, Failure> {
        let wav = Wav::create(file, SAMPLE_RATE, &Layout::usual(1)).map_err(unwritten)?;
        Ok(Self {
            wav,
            written: 0,
            all: u64::MAX,
            failed: None,
            more: Vec::new(),
        })
    }

    /// Adds samples; what fails is told at the end.
    fn add(&mut self, samples: &[f32]) {
        let left = usize::try_from(self.all - self.written).unwrap_or(usize::MAX);
        let samples = &samples[..samples.len().min(left)];
        let numbered = (self.written..).zip(samples);
        self.more.clear();
        self.more
            .extend(numbered.map(|(at, &x)| mastered(x, at, self.all)));
        self.written += samples.len() as u64;
        if self.failed.is_none() {
            self.failed = self.wav.write(&self.more).err();
        }
    }

    fn finish(self) -> Result<(), Failure> {
        let finished = self.failed.map_or(Ok(()), Err);
        let finished = finished.and_then(|()| self.wav.finish());
        finished.map(|_| ()).map_err(unwritten)
    }
}
