//! What is on stage in a golden scene, as its file says it.

use image::RgbImage;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;
use synopsia::control::{Controls, model_index, preset_called};
use synopsia::emotion::Emotion;
use synopsia::frame::{Pipeline, Plan, Wanted};
use synopsia::gpu::Prefer;
use synopsia::show::{Cue, Show};
use synopsia::signal::{AudioFrame, FormPoint, Level, SongTime, Transport};

const SAMPLE_RATE: f64 = 48_000.0;
/// Hops a second of the music that is made up.
const HOPS: f64 = 80.0;
/// Pictures a second.
const FPS: f64 = 30.0;

/// A `scene.json`. What it does not say is as here by default; what is not known here is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Description {
    /// What the picture shows and why it is kept, for whoever blesses it.
    about: String,
    /// A look, or a blend of looks such as `ink:3+flames:1`.
    model: String,
    /// Where the controls stand: at the preset of this name, and then as `controls` says.
    preset: Option<String>,
    controls: serde_json::Map<String, Value>,
    blackout: bool,
    seed: u64,
    /// Valence and arousal of the music, -1 to 1, as the network judges them.
    emotion: [f32; 2],
    /// Loudness of the music in LUFS.
    loudness: f32,
    /// What every beat brings: the strength of its onset, 0 to 2, and its bass as a multiple of the
    /// usual, 0 to 8.
    onset: f32,
    bass: f32,
    /// Beats a minute, in bars of four.
    tempo: f64,
    /// The moment that is seen, seconds.
    at: f64,
    /// How many pictures are painted up to that moment: trails need more than one.
    pictures: u32,
    size: [usize; 2],
}

impl Default for Description {
    fn default() -> Self {
        Self {
            about: String::new(),
            model: "ink".into(),
            preset: None,
            controls: serde_json::Map::new(),
            blackout: false,
            seed: 7,
            emotion: [0.25, 0.1],
            loudness: -14.0,
            onset: 0.0,
            bass: 1.0,
            tempo: 120.0,
            at: 3.0,
            pictures: 1,
            size: [160, 90],
        }
    }
}

impl Description {
    /// Reads a `scene.json`.
    ///
    /// # Errors
    /// When it cannot be read, or says something that there is not, in a sentence.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let description: Self = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        description.controls()?;
        description.model()?;
        if description.about.is_empty() || description.pictures == 0 {
            return Err("say what it is about, and of one picture at least".into());
        }
        Ok(description)
    }

    /// The picture.
    pub fn paint(&self) -> RgbImage {
        let mut pipeline = Pipeline::new(Plan {
            prefer: Prefer::Cpu,
            ..Plan::film()
        });
        let controls = self.controls().expect("checked when it was read");
        let wanted = Wanted {
            model: self.model().expect("checked when it was read"),
            blend_with: 0,
            blend: 0.0,
            size: Some(self.size),
            blackout: self.blackout,
            fade: 0.0,
            still: false,
            memory: self.pictures as usize,
        };
        let mut show = Show::new(self.seed, SAMPLE_RATE);
        show.feel(Emotion::at(self.emotion[0], self.emotion[1], 1.0));
        show.steer(&controls.steering);
        let mut hop = 1;
        let mut picture = None;
        for back in (0..self.pictures).rev() {
            let at = (self.at - f64::from(back) / FPS).max(0.0);
            while f64::from(hop) / HOPS <= at {
                let frame = self.frame(hop);
                show.hear(&frame);
                let end = f64::from(hop) / HOPS;
                show.follow(self.time(end), &FormPoint::default(), &self.cue(frame));
                hop += 1;
            }
            let scene = show.scene(self.time(at), &controls);
            let made = pipeline.picture(&scene, &wanted, (1.0 / FPS) as f32);
            picture = Some(made.expect("a picture"));
        }
        let picture = picture.expect("one picture at least");
        let pixels = picture.pixels().expect("the processor loses nothing");
        RgbImage::from_fn(pixels.width as u32, pixels.height as u32, |x, y| {
            let at = 4 * (y as usize * pixels.width + x as usize);
            image::Rgb([0, 1, 2].map(|channel| pixels.rgba[at + channel]))
        })
    }

    /// Where the controls stand.
    fn controls(&self) -> Result<Controls, String> {
        let look = match &self.preset {
            None => Controls::default(),
            Some(name) => {
                let preset = preset_called(name);
                preset.ok_or(format!("no preset is called {name}"))?.look
            }
        };
        let mut all = serde_json::to_value(look).map_err(|error| error.to_string())?;
        lay_over(&mut all, &self.controls)?;
        serde_json::from_value(all).map_err(|error| format!("controls: {error}"))
    }

    fn model(&self) -> Result<u16, String> {
        let number = model_index(&self.model).and_then(|number| number.try_into().ok());
        number.ok_or_else(|| format!("no model is called {}", self.model))
    }

    fn beats(&self, seconds: f64) -> f64 {
        seconds * self.tempo / 60.0
    }

    fn time(&self, seconds: f64) -> SongTime {
        SongTime {
            seconds,
            song: seconds,
            beats: self.beats(seconds),
            beats_per_bar: 4.0,
            tempo: self.tempo,
        }
    }

    /// A hop as a host's song brings it, which leads the beat.
    fn cue(&self, frame: AudioFrame) -> Cue {
        Cue {
            frame,
            transport: Some(Transport {
                beats: self.beats(frame.position as f64 / SAMPLE_RATE),
                tempo: self.tempo,
                beats_per_bar: 4.0,
            }),
            ..Cue::default()
        }
    }

    /// What is heard in a hop.
    fn frame(&self, hop: u32) -> AudioFrame {
        let end = f64::from(hop) / HOPS;
        let begins = self.beats(end).floor() > self.beats(f64::from(hop - 1) / HOPS).floor();
        AudioFrame {
            position: (end * SAMPLE_RATE).round() as u64,
            loudness: self.loudness,
            onset: if begins { self.onset } else { 0.0 },
            bass: Level {
                level: 0.8,
                ratio: if begins { self.bass } else { 1.0 },
            },
            ..AudioFrame::default()
        }
    }
}

/// Sets what `over` says in `under`.
fn lay_over(under: &mut Value, over: &serde_json::Map<String, Value>) -> Result<(), String> {
    for (name, value) in over {
        let place = under.get_mut(name);
        let place = place.ok_or_else(|| format!("no control is called {name}"))?;
        match value {
            Value::Object(inner) => lay_over(place, inner)?,
            _ => *place = value.clone(),
        }
    }
    Ok(())
}

#[test]
fn a_scene_that_says_what_there_is_not_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scene.json");
    let refused = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Description::read(&path).err()
    };
    assert_eq!(refused(r#"{"about": "as it comes"}"#), None);
    for (text, why) in [
        (r#"{"about": "x", "tempi": 3}"#, "tempi"),
        (r#"{"about": "x", "model": "crayon"}"#, "crayon"),
        (r#"{"about": "x", "preset": "Cellar"}"#, "Cellar"),
        (r#"{"about": "x", "controls": {"trials": 1}}"#, "trials"),
        (r#"{"about": "x", "controls": {"palette": "mud"}}"#, "mud"),
        (r#"{"about": "x", "pictures": 0}"#, "one picture"),
        ("{}", "about"),
    ] {
        let problem = refused(text).expect("it is refused");
        assert!(problem.contains(why), "{text}: {problem}");
    }
}
