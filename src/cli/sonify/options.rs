//! What is asked of `synopsia sonify`.

use super::super::controls::SettingParser;
use super::super::lane::LaneOption;
use super::super::presets::preset;
use crate::control::{Preset, Setting};
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
    pub(super) picture: Option<PathBuf>,

    /// A song, whose stage is to sound instead of a picture.
    #[arg(long, value_name = "SONG")]
    pub(super) stage: Option<PathBuf>,

    /// The sound to write: .wav, 44.1 kHz, mono, 24 bits.
    #[arg(short, long, value_name = "FILE.wav")]
    pub(super) output: PathBuf,

    /// How long it takes from the left edge of a picture to the right one, 1 to 600 seconds.
    #[arg(long, default_value = "20", value_parser = seconds, conflicts_with = "stage")]
    pub(super) seconds: f64,

    /// Chooses the key and what is left to chance, and on a stage what is painted [default: 0; on a stage drawn from the song,
    /// as `render` does].
    #[arg(long)]
    pub(super) seed: Option<u64>,

    #[command(flatten)]
    pub(super) lane: LaneOption,

    /// The stage's look, as in `render`: a preset, or a preset's file.
    #[arg(long, value_name = "NAME|FILE", value_parser = preset, conflicts_with = "picture")]
    pub(super) preset: Option<Preset>,

    /// Where a control of the stage stands, as in `render`: trails=0.6. May be given more than once.
    #[arg(long, value_name = "NAME=VALUE", value_parser = SettingParser, hide_possible_values = true, conflicts_with = "picture")]
    pub(super) set: Vec<Setting>,

    /// What the stage is painted with, as in `render`.
    #[arg(long, value_name = "LOOK|FILE", conflicts_with = "picture")]
    pub(super) model: Option<String>,

    /// Replace a file that exists.
    #[arg(long)]
    pub(super) force: bool,
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
