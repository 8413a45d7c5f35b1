//! `synopsia sonify`: what a picture sounds like, or a stage.

mod stage;

use super::controls::SettingParser;
use super::endings::has_extension;
use super::input::open_song;
use super::mood::open_picture;
use super::presets::preset;
use super::progress::Progress;
use super::terminal::{Failure, tell};
use crate::control::{Preset, Setting};
use crate::emotion::PictureMood;
use crate::gan::Catalog;
use crate::media::film::Wav;
use crate::output::Destination;
use crate::signal::Layout;
use crate::sonify::{Moods, SAMPLE_RATE, Sonifier};
use std::io::{self, Cursor};
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// Turn a picture, or the stage of a song, into sound.
///
/// A picture is read from left to right. What is bright sounds, high above low; what is black is silent. Its hues choose the
/// chords of a key, major where it is pleasant and minor where it is not, and how excited it is the tempo; a network that was
/// trained on music's spectra paints the texture. The same picture and seed give the same sound.
///
/// With --stage, what Synopsia paints for a song is what sounds, as long as the song: of the picture that is on stage at each
/// moment, eight times a second, all columns are read at once, and its mood once a second; the beats are the song's.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The picture: JPEG, PNG, WebP, GIF, TIFF or BMP; a pipe, or - for standard input.
    #[arg(required_unless_present = "stage", conflicts_with = "stage")]
    picture: Option<PathBuf>,

    /// A song, whose stage is to sound instead of a picture.
    #[arg(long, value_name = "SONG")]
    stage: Option<PathBuf>,

    /// The sound to write: .wav, 44.1 kHz, mono, 24 bits.
    #[arg(short, long, value_name = "FILE.wav")]
    output: PathBuf,

    /// How long it takes from the left edge of a picture to the right one, 1 to 600 seconds.
    #[arg(long, default_value = "20", value_parser = seconds, conflicts_with = "stage")]
    seconds: f64,

    /// Chooses the key and what is left to chance, and on a stage what is painted [default: 0; on a stage drawn from the song,
    /// as `render` does].
    #[arg(long)]
    seed: Option<u64>,

    /// The stage's look, as in `render`: a preset, or a preset's file.
    #[arg(long, value_name = "NAME|FILE", value_parser = preset, conflicts_with = "picture")]
    preset: Option<Preset>,

    /// Where a control of the stage stands, as in `render`: trails=0.6. May be given more than once.
    #[arg(long, value_name = "NAME=VALUE", value_parser = SettingParser, hide_possible_values = true, conflicts_with = "picture")]
    set: Vec<Setting>,

    /// What the stage is painted with, as in `render`.
    #[arg(long, value_name = "LOOK|FILE", default_value = Catalog::default_name(), conflicts_with = "picture")]
    model: String,

    /// Replace a file that exists.
    #[arg(long)]
    force: bool,
}

/// How long a sound may be, seconds.
const SECONDS: RangeInclusive<f64> = 1.0..=600.0;

fn seconds(text: &str) -> Result<f64, String> {
    let (least, most) = (SECONDS.start(), SECONDS.end());
    match text.parse() {
        Ok(seconds) if SECONDS.contains(&seconds) => Ok(seconds),
        _ => Err(format!("a sound takes {least} to {most} seconds")),
    }
}

/// Turns the picture or the stage of `options` into sound.
pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    if !has_extension(&options.output, "wav") {
        let name = options.output.display();
        return Err(Failure::Failed(format!(
            "{name} is not written: a sound's name ends in .wav"
        )));
    }
    let destination = Destination::check(&options.output, options.force)?;
    if let Some(song) = &options.stage {
        let input = open_song(song)?;
        let sounded = stage::run(options, &input, destination, quiet);
        return sounded.map_err(|failure| input.explain(failure));
    }
    let Some(path) = &options.picture else {
        return Err(Failure::Failed("there is no picture to sonify".into()));
    };
    let (picture, doubt) = open_picture(path)?;
    if let Some(doubt) = doubt.filter(|_| !quiet) {
        tell(&format!("{}: {doubt}", path.display()));
    }
    let failed = |error: &dyn std::fmt::Display| Failure::Failed(error.to_string());
    let mood = PictureMood::built_in()?.of(&picture)?.among_pictures();
    let sonifier = Sonifier::built_in().map_err(|error| failed(&error))?;
    let progress = Progress::of_seconds(Some(options.seconds), quiet);
    let length = (options.seconds, options.seed.unwrap_or(0));
    let sound = sonifier.sound(&picture, &Moods::from(&mood), length, |part| {
        progress.set((part * options.seconds) as u64);
    });
    progress.finish();
    let sound = sound.map_err(|error| failed(&error))?;
    let file = wav(&sound).map_err(|error| failed(&error))?;
    destination.write(&file)?;
    Ok(())
}

/// Mono samples as a WAV file.
fn wav(sound: &[f32]) -> io::Result<Vec<u8>> {
    let mut file = Vec::new();
    let mut wav = Wav::create(Cursor::new(&mut file), SAMPLE_RATE, &Layout::usual(1))?;
    wav.write(sound)?;
    wav.finish()?;
    Ok(file)
}
