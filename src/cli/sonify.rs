//! `synopsia sonify`: what a picture sounds like.

use super::endings::has_extension;
use super::mood::open_picture;
use super::progress::Progress;
use super::terminal::{Failure, tell};
use crate::emotion::PictureMood;
use crate::output::Destination;
use crate::sonify::{SAMPLE_RATE, Sonifier};
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

    /// The sound to write: .wav, 44.1 kHz, mono, 16 bits.
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
    let sound = sonifier.sound(&picture, &mood, length, |part| {
        progress.set((part * options.seconds) as u64);
    });
    progress.finish();
    let sound = sound.map_err(|error| failed(&error))?;
    destination.write(&wav(&sound))?;
    Ok(())
}

/// Bytes of a RIFF header that come before the samples.
const HEADER: u32 = 44;

/// Mono samples as a WAV file of 16 bits.
fn wav(sound: &[f32]) -> Vec<u8> {
    let bytes = 2 * sound.len() as u32;
    let mut file = Vec::with_capacity((HEADER + bytes) as usize);
    file.extend(b"RIFF");
    file.extend((HEADER - 8 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    file.extend([1u16, 1].iter().flat_map(|x| x.to_le_bytes()));
    file.extend(
        [SAMPLE_RATE, 2 * SAMPLE_RATE]
            .iter()
            .flat_map(|x| x.to_le_bytes()),
    );
    file.extend([2u16, 16].iter().flat_map(|x| x.to_le_bytes()));
    file.extend(b"data");
    file.extend(bytes.to_le_bytes());
    let sample = |x: &f32| ((x.clamp(-1.0, 1.0) * 32767.0).round() as i16).to_le_bytes();
    file.extend(sound.iter().flat_map(sample));
    file
}
