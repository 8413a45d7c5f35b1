//! `synopsia sonify`: what a picture sounds like, or a stage.

mod options;
mod stage;

use super::endings::has_extension;
use super::input::open_song;
use super::mood::open_picture;
use super::progress::Progress;
use super::terminal::{Failure, tell};
use crate::emotion::PictureMood;
use crate::media::film::Wav;
use crate::output::Destination;
use crate::signal::Layout;
use crate::sonify::{Moods, SAMPLE_RATE, Sonifier};
pub use options::Options;
use std::io::{self, Cursor};

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
    if options.lane.is_given() {
        let why = "a drawn mood is a song's: --mood and --no-mood go with --stage";
        return Err(Failure::Failed(why.into()));
    }
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
