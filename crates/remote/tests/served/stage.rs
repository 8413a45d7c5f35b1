//! A made-up stage: controls as Synopsia has them, a mood that wanders, and a memory of all that was done.

use parking_lot::Mutex;
use std::time::Instant;
use synopsia_remote::{Amount, Button, ControlInfo, Heard, Kind, PresetInfo, Stage, Wish, Worded};

/// What was done to it beside its controls.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Held([f32; 2]),
    LetGo,
    Pressed(Button),
    Loaded(String),
}

pub struct MadeUp {
    begin: Instant,
    controls: Vec<ControlInfo>,
    values: Mutex<Vec<f32>>,
    deeds: Mutex<Vec<Deed>>,
    source_before: Mutex<Option<f32>>,
}

/// The controls, a line each: id, name, group, kind, range and where it stands, unit.
const CONTROLS: &str = "\
emotion-blend|Emotion blend|Emotion|number|0 1 0.5|%
emotion-source|Emotion source|Emotion|Heard,Manual,Blend|0 2 0|
valence|Valence|Emotion|number|-1 1 0|
arousal|Arousal|Emotion|number|-1 1 0|
emotion-hold|Hold emotion|Emotion|switch|0 1 0|
mood-strength|Mood strength|Emotion|number|0 1 1|%
model|Model|Model|Looks,Paintings,Ink,Flames|0 3 0|
latent-speed|Latent speed|Motion|number|0.25 16 2|bars
beat-strength|Beat strength|Motion|number|0 1 0.85|%
onset-push|Onset push|Motion|number|0 1 0.5|%
loop|Loop|Motion|whole|0 32 0|bars
palette|Palette|Picture|Mood,As painted,Ember,Ocean,Aurora,Neon,Dusk|0 6 0|
saturation|Saturation|Picture|number|0 2 1|%
trails|Trails|Picture|number|0 1 0.35|%
brush|Brush|Picture|number|0 1 0.6|%
zoom|Zoom|Picture|number|0.5 4 1|x
rotation|Rotation|Picture|number|-180 180 0|deg
symmetry|Symmetry|Picture|whole|1 12 1|sectors
words|Words|Words|Off,Brushed,Burned,Plain|0 3 0|
blackout|Blackout|Stage|switch|0 1 0|
freeze|Freeze|Stage|switch|0 1 0|
flash|Flash|Stage|number|0 1 1|%
panic|Panic|Stage|switch|0 1 0|
stage-fade|Fade|Stage|number|0 4 0|s";

/// Those that stand on the first page.
const FAVOURITES: [&str; 7] = [
    "mood-strength",
    "trails",
    "brush",
    "flash",
    "zoom",
    "palette",
    "saturation",
];

const PRESETS: [&str; 14] = [
    "Still water",
    "Watercolour",
    "Rose window",
    "Club",
    "Ink in milk",
    "Northern light",
    "Ember",
    "Cathedral",
    "Storm",
    "Paper theatre",
    "Velvet",
    "Kaleidoscope at noon, slowly turning",
    "Überlicht",
    "Mono",
];

/// Valence and arousal of the eight classes.
const CLASSES: [(&str, [f32; 2]); 8] = [
    ("amusement", [0.55, 0.2]),
    ("contentment", [0.7, -0.55]),
    ("awe", [0.4, 0.75]),
    ("excitement", [0.7, 0.6]),
    ("anger", [-0.5, 0.7]),
    ("disgust", [-0.65, 0.35]),
    ("fear", [-0.2, 0.75]),
    ("sadness", [-0.75, -0.45]),
];

fn control(line: &str) -> (ControlInfo, f32) {
    let cells: Vec<&str> = line.split('|').collect();
    let numbers: Vec<f32> = cells[4].split(' ').map(|n| n.parse().unwrap()).collect();
    let (kind, choices) = match cells[3] {
        "number" => (Kind::Number, Vec::new()),
        "whole" => (Kind::Whole, Vec::new()),
        "switch" => (Kind::Switch, Vec::new()),
        names => {
            let names = names.split(',').enumerate();
            let choices = names.map(|(at, name)| (at as f32, name.to_owned()));
            (Kind::Choice, choices.collect())
        }
    };
    let info = ControlInfo {
        id: cells[0].to_owned(),
        name: cells[1].to_owned(),
        group: cells[2].to_owned(),
        hint: format!("What {} does.", cells[1].to_lowercase()),
        in_words: format!("{} to {} {}", numbers[0], numbers[1], cells[5]),
        kind,
        min: numbers[0],
        max: numbers[1],
        default: numbers[2],
        choices,
        is_favourite: FAVOURITES.contains(&cells[0]),
    };
    (info, numbers[2])
}

impl Default for MadeUp {
    fn default() -> Self {
        let (controls, values) = CONTROLS.lines().map(control).unzip();
        Self {
            begin: Instant::now(),
            controls,
            values: Mutex::new(values),
            deeds: Mutex::default(),
            source_before: Mutex::default(),
        }
    }
}

impl MadeUp {
    pub fn place(&self, id: &str) -> usize {
        let found = self.controls.iter().position(|info| info.id == id);
        found.expect("a control")
    }

    pub fn value(&self, id: &str) -> f32 {
        self.values.lock()[self.place(id)]
    }

    pub fn put(&self, id: &str, plain: f32) {
        let place = self.place(id);
        self.values.lock()[place] = plain;
    }

    pub fn deeds(&self) -> Vec<Deed> {
        self.deeds.lock().clone()
    }

    fn did(&self, deed: Deed) {
        let mut deeds = self.deeds.lock();
        // A pad that is dragged for an hour is not remembered point by point.
        if let (Some(Deed::Held(_)), Deed::Held(_)) = (deeds.last(), &deed) {
            deeds.pop();
        }
        deeds.push(deed);
    }
}

impl Stage for MadeUp {
    fn name(&self) -> String {
        "Synopsia on a made-up stage".to_owned()
    }

    fn controls(&self) -> Vec<ControlInfo> {
        self.controls.clone()
    }

    fn values(&self) -> Vec<f32> {
        self.values.lock().clone()
    }

    fn worded(&self, control: usize, plain: f32) -> Worded {
        let info = &self.controls[control];
        let named = info.choices.iter().find(|(own, _)| *own == plain);
        let unit = info.in_words.rsplit(' ').next().unwrap_or_default();
        let text = match (named, unit) {
            (Some((_, name)), _) => name.clone(),
            (None, "%") => format!("{:.0} %", plain * 100.0),
            (None, unit) => format!("{plain:.2} {unit}").trim_end().to_owned(),
        };
        Worded {
            share: (plain - info.min) / (info.max - info.min),
            text,
        }
    }

    fn presets(&self) -> Vec<PresetInfo> {
        let preset = |(n, name): (usize, &str)| PresetInfo {
            name: name.to_owned(),
            tags: vec![if n % 3 == 0 { "calm" } else { "wild" }.to_owned()],
        };
        PRESETS.into_iter().enumerate().map(preset).collect()
    }

    fn classes(&self) -> Vec<(String, [f32; 2])> {
        let classes = CLASSES.into_iter();
        classes.map(|(name, at)| (name.to_owned(), at)).collect()
    }

    fn heard(&self) -> Option<Heard> {
        let seconds = self.begin.elapsed().as_secs_f32();
        let heard = [(seconds * 0.31).sin() * 0.7, (seconds * 0.23).cos() * 0.6];
        let own = ["valence", "arousal"].map(|id| self.value(id));
        let shown = if self.value("emotion-source") >= 0.5 {
            own
        } else {
            heard
        };
        let near = |at: [f32; 2]| (-4.0 * (at[0] - heard[0]).hypot(at[1] - heard[1])).exp();
        let weights = CLASSES.map(|(_, at)| near(at));
        let sum: f32 = weights.iter().sum();
        let beats = f64::from(seconds) * 124.0 / 60.0;
        Some(Heard {
            heard,
            shown,
            certainty: 0.7,
            classes: weights.map(|weight| weight / sum).to_vec(),
            tempo: 124.0,
            tempo_from: "heard".to_owned(),
            beat: Some([beats as i64 / 4 + 1, beats as i64 % 4 + 1, 4]),
            onset: 0.0,
            loudness: -14.0,
            bands: vec![0.5; 8],
            section: ["verse", "chorus"][(seconds / 20.0) as usize % 2].to_owned(),
            flashes_held: false,
            problem: String::new(),
        })
    }

    fn wish(&self, wishes: &[Wish]) -> Result<(), String> {
        for wish in wishes {
            match wish {
                Wish::Set(at, amount) => {
                    let info = &self.controls[*at];
                    let plain = match amount {
                        Amount::Share(share) => info.min + share * (info.max - info.min),
                        Amount::Plain(plain) => *plain,
                    };
                    self.values.lock()[*at] = plain.clamp(info.min, info.max);
                }
                Wish::Press(button) => self.did(Deed::Pressed(*button)),
                Wish::Preset(name) if PRESETS.contains(&name.as_str()) => {
                    self.did(Deed::Loaded(name.clone()));
                }
                Wish::Preset(name) => return Err(format!("there is no preset “{name}”")),
            }
        }
        Ok(())
    }

    fn hold_mood(&self, point: [f32; 2]) {
        let before = self.value("emotion-source");
        self.source_before.lock().get_or_insert(before);
        if before < 0.5 {
            self.put("emotion-source", 1.0);
        }
        self.put("valence", point[0]);
        self.put("arousal", point[1]);
        self.did(Deed::Held(point));
    }

    fn let_go(&self) {
        if let Some(before) = self.source_before.lock().take() {
            self.put("emotion-source", before);
        }
        self.did(Deed::LetGo);
    }
}
