//! Paints one picture of a mood, without any music:
//! `cargo run --example paint -- VALENCE AROUSAL SEED PICTURE.png`, valence and arousal from -1 to 1.

use std::error::Error;
use std::process::ExitCode;

use synopsia::frame::{Pipeline, Plan, Wanted};
use synopsia::show::{Controls, EmotionSource, Show, Steering};
use synopsia::signal::SongTime;

const SIZE: [usize; 2] = [1280, 720];

fn paint(valence: f32, arousal: f32, seed: u64, path: &str) -> Result<(), Box<dyn Error>> {
    // A show answers with a scene for any moment of a song. This one has heard nothing, so what it
    // shows is the seed's first picture, in the mood that a performer has chosen.
    let controls = Controls {
        steering: Steering {
            source: EmotionSource::Manual,
            manual: [valence, arousal],
            ..Steering::default()
        },
        ..Controls::default()
    };
    let mut show = Show::new(seed, 48_000.0);
    show.steer(&controls.steering);
    let beginning = SongTime {
        seconds: 0.0,
        song: 0.0,
        beats: 0.0,
        beats_per_bar: 4.0,
        tempo: 90.0,
    };
    let scene = show.scene(beginning, &controls);

    // A pipeline turns scenes into pictures: on a graphics card where there is one.
    let mut pipeline = Pipeline::new(Plan::film());
    let wanted = Wanted {
        model: 0,
        blend_with: 0,
        blend: 0.0,
        size: Some(SIZE),
        fade: 0.0,
        blackout: false,
        still: false,
        memory: 0,
    };
    let picture = pipeline.picture(&scene, &wanted, 0.0)?;
    let pixels = picture.pixels()?;
    let (width, height) = (pixels.width as u32, pixels.height as u32);
    image::save_buffer(path, &pixels.rgba, width, height, image::ColorType::Rgba8)?;

    let mood = show.mood(beginning, &controls);
    let strongest = synopsia::emotion::CLASS_NAMES[mood.strongest()];
    let share = 100.0 * mood.classes[mood.strongest()];
    println!(
        "{path}: {share:.0} % {strongest}. {}",
        pipeline.about().painter
    );
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let painted = match &arguments[..] {
        [valence, arousal, seed, path] => match (valence.parse(), arousal.parse(), seed.parse()) {
            (Ok(valence), Ok(arousal), Ok(seed)) => paint(valence, arousal, seed, path),
            _ => {
                Err("valence and arousal are numbers from -1 to 1, a seed is a whole number".into())
            }
        },
        _ => Err("usage: paint VALENCE AROUSAL SEED PICTURE.png".into()),
    };
    match painted {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
