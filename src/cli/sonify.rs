//! `synopsia sonify`: what a picture sounds like.

use super::endings::has_extension;
use super::mood::open_picture;
use super::progress::Progress;
use super::terminal::{Failure, tell};
use crate::emotion::PictureMood;
use crate::media::film::Wav;
use crate::output::Destination;
use crate::signal::Layout;
use crate::sonify::{Moods, SAMPLE_RATE, Sonifier};
use std::io::{self, Cursor};
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// Turn a picture into sound, reading it from left to right.
///
/// What is bright sounds, high above low. The picture's hues choose the chords of a key, major where it is pleasant and minor
/// where it is not, and how excited it is the tempo; a network that was trained on music's spectra paints the texture. The
/// same picture and seed give the same sound.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The picture: JPEG, PNG, WebP, GIF, TIFF or BMP; a pipe, or - for standard input.
    picture: PathBuf,

    /// The sound to write: .wav, 44.1 kHz, mono, 24 bits.
    #[arg(short, long, value_name = "FILE.wav")]
    output: PathBuf,

    /// How long it takes from the left edge to the right one, 1 to 600 seconds.
    #[arg(long, default_value = "20", value_parser = seconds)]
    seconds: f64,

    /// Chooses the key and what is left to chance.
    #[arg(long, default_value_t = 0)]
    seed: u64,

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

/// Turns the picture of `options` into sound.
pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    if !has_extension(&options.output, "wav") {
        let name = options.output.display();
        return Err(Failure::Failed(format!(
            "{name} is not written: a sound's name ends in .wav"
        )));
    }
    let destination = Destination::check(&options.output, options.force)?;
    let (picture, doubt) = open_picture(&options.picture)?;
    if let Some(doubt) = doubt.filter(|_| !quiet) {
        tell(&format!("{}: {doubt}", options.picture.display()));
    }
    let failed = |error: &dyn std::fmt::Display| Failure::Failed(error.to_string());
    let mood = PictureMood::built_in()?.of(&picture)?.among_pictures();
    let sonifier = Sonifier::built_in().map_err(|error| failed(&error))?;
    let progress = Progress::of_seconds(Some(options.seconds), quiet);
    let length = (options.seconds, options.seed);
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
