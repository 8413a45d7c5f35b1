//! An instance as a stage that phones play.

use super::super::control_source::ControlSource;
use super::super::keys::BeatWish;
use super::super::shared::Shared;
use super::super::status::{HeardNow, TempoSource};
use crate::control::{Control, Row, Setting, Snapshot, Values, preset_called, presets};
use crate::emotion::{CLASS_NAMES, CLASS_POINTS};
use crate::remote::{Amount, Button, ControlInfo, Heard, Kind, PresetInfo, Stage, Wish, Worded};
use crate::signal::FormPoint;
use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;
use std::sync::{Arc, Weak};

/// What it is called in lists.
pub(super) const NAME: &str = "Synopsia";

/// Moves that may wait to be made; they are made as they come.
const MOVES: usize = 4096;

/// The controls that a phone has on its first page.
const FAVOURITES: [Control; 9] = [
    Control::MoodStrength,
    Control::Model,
    Control::BeatStrength,
    Control::Palette,
    Control::Saturation,
    Control::Trails,
    Control::Brush,
    Control::Zoom,
    Control::Flash,
];

/// From this on the performer's own mood counts.
pub(super) const MANUAL: f32 = 1.0;

/// How far a build-up has got, for it to be told, and for how many seconds a drop is.
const BUILT: f32 = 0.4;
const DROPPED: f32 = 4.0;

/// An instance as phones play it.
pub(super) struct Played {
    shared: Arc<Shared>,
    moves: Sender<Setting>,
    /// Held for as long as it is played.
    _here: Arc<()>,
    /// Where the emotion's source stood before the pad was held.
    before: Mutex<Option<f32>>,
    /// The section that was heard last.
    section: Mutex<String>,
}

/// What phones move, as a source of controls, and whether anybody is there to move them.
struct Moves(Receiver<Setting>, Weak<()>);

impl ControlSource for Moves {
    fn moves(&mut self, _: &Snapshot) -> Vec<Setting> {
        self.0.try_iter().collect()
    }

    fn is_open(&self) -> bool {
        self.1.strong_count() > 0
    }
}

impl Played {
    pub(super) fn new(shared: &Arc<Shared>) -> Arc<Self> {
        let (moves, moved) = bounded(MOVES);
        let here = Arc::default();
        shared.add_source(Moves(moved, Arc::downgrade(&here)));
        Arc::new(Self {
            shared: Arc::clone(shared),
            moves,
            _here: here,
            before: Mutex::default(),
            section: Mutex::default(),
        })
    }

    fn set(&self, settings: impl IntoIterator<Item = Setting>) {
        for setting in settings {
            // What finds no room is made good by the next move of the same hand.
            let _ = self.moves.try_send(setting);
        }
        // Not with the next picture, which may be long in coming.
        self.shared.serve_sources();
    }

    fn source(&self) -> f32 {
        Control::EmotionSource.get(&(self.shared.snapshot)())
    }

    /// Where in its form the song is, in words. The painting thread is not waited for.
    fn section(&self) -> String {
        let mut section = self.section.lock();
        if let Some(hearing) = self.shared.hearing.try_lock() {
            let form = hearing.as_ref().map(|it| it.timeline.form(it.heard()));
            *section = form.as_ref().map(in_words).unwrap_or_default();
        }
        section.clone()
    }
}

/// Where in its form a song is: `section B, build-up`.
fn in_words(form: &FormPoint) -> String {
    let dropped = form.since_drop.is_some_and(|ago| ago < DROPPED);
    let what = match (form.breathes, dropped, form.build > BUILT) {
        (true, ..) => ", break",
        (_, true, _) => ", drop",
        (_, _, true) => ", build-up",
        _ => "",
    };
    format!("section {}{what}", form.name)
}

/// The share of a control's range up to where it means something.
fn share(row: &Row, plain: f32) -> f32 {
    (row.values.normalised(plain) / row.values.normalised(end(row))).clamp(0.0, 1.0)
}

/// Where a fader ends: of names the last one, for hosts are promised room for more.
fn end(row: &Row) -> f32 {
    let last = row.choices().last().map(|(plain, _)| *plain);
    last.unwrap_or_else(|| row.end())
}

fn plain(row: &Row, amount: Amount) -> f32 {
    match amount {
        Amount::Plain(plain) => plain,
        Amount::Share(share) => {
            let end = row.values.normalised(end(row));
            row.values.plain(share.clamp(0.0, 1.0) * end)
        }
    }
}

fn info(control: Control) -> ControlInfo {
    let row = control.row();
    let choices = row.choices();
    let kind = match row.values {
        Values::Switch => Kind::Switch,
        Values::Numbers { .. } => Kind::Number,
        Values::Whole { .. } | Values::Named { .. } if choices.is_empty() => Kind::Whole,
        Values::Whole { .. } | Values::Named { .. } => Kind::Choice,
    };
    ControlInfo {
        id: row.id.to_owned(),
        name: row.name.to_owned(),
        group: row.group.name().to_owned(),
        hint: row.hint.to_owned(),
        in_words: row.range_in_words(),
        kind,
        min: row.values.range()[0],
        max: end(row),
        default: control.usual(),
        choices,
        is_favourite: FAVOURITES.contains(&control),
    }
}

fn heard(now: &HeardNow) -> Heard {
    let point = |mood: &crate::emotion::Emotion| [mood.valence, mood.arousal];
    let (tempo, from) = match now.tempo {
        TempoSource::None => (0.0, ""),
        TempoSource::Host => (now.time.tempo, "host"),
        TempoSource::Heard => (now.time.tempo, "heard"),
        TempoSource::Tapped => (now.time.tempo, "tapped"),
        TempoSource::MidiClock => (now.time.tempo, "MIDI clock"),
        TempoSource::Link(_) => (now.time.tempo, "Link"),
    };
    let a_bar = now.time.beats_per_bar.max(1.0).round() as i64;
    let beat = now.time.beats.floor() as i64;
    Heard {
        heard: point(&now.heard),
        shown: point(&now.shown),
        certainty: now.heard.confidence,
        classes: now.heard.classes.to_vec(),
        tempo: tempo as f32,
        tempo_from: from.to_owned(),
        beat: (tempo > 0.0).then(|| {
            [
                beat.div_euclid(a_bar) + 1,
                beat.rem_euclid(a_bar) + 1,
                a_bar,
            ]
        }),
        onset: now.frame.onset,
        loudness: now.frame.loudness,
        bands: now.frame.bands.to_vec(),
        ..Heard::default()
    }
}

impl Stage for Played {
    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn controls(&self) -> Vec<ControlInfo> {
        Control::ALL.into_iter().map(info).collect()
    }

    fn values(&self) -> Vec<f32> {
        let all = (self.shared.snapshot)();
        let controls = Control::ALL.into_iter();
        controls.map(|control| control.get(&all)).collect()
    }

    fn worded(&self, control: usize, plain: f32) -> Worded {
        let row = Control::ALL[control].row();
        Worded {
            share: share(row, plain),
            text: row.written(plain),
        }
    }

    fn presets(&self) -> Vec<PresetInfo> {
        let presets = presets();
        let preset = |preset: &crate::control::Preset| PresetInfo {
            name: preset.name.clone(),
            tags: preset.tags.clone(),
        };
        presets.iter().map(preset).collect()
    }

    fn classes(&self) -> Vec<(String, [f32; 2])> {
        let names = CLASS_NAMES.into_iter().map(str::to_owned);
        names.zip(CLASS_POINTS).collect()
    }

    fn heard(&self) -> Option<Heard> {
        let status = self.shared.status.read();
        let now = heard(&status.now?);
        Some(Heard {
            section: self.section(),
            flashes_held: status.flashes_held,
            problem: status.problem.unwrap_or_default(),
            ..now
        })
    }

    fn wish(&self, wishes: &[Wish]) -> Result<(), String> {
        for wish in wishes {
            match wish {
                Wish::Set(at, amount) => {
                    let control = Control::ALL[*at];
                    let plain = plain(control.row(), *amount);
                    self.set([Setting { control, plain }]);
                }
                Wish::Press(button) => match button {
                    Button::Tap => self.shared.beat(BeatWish::Tap),
                    Button::Untap => self.shared.beat(BeatWish::Release),
                    Button::Double => self.shared.beat(BeatWish::Double),
                    Button::Halve => self.shared.beat(BeatWish::Halve),
                    Button::Earlier => self.shared.beat(BeatWish::Earlier),
                    Button::Later => self.shared.beat(BeatWish::Later),
                    Button::NewSeed => self.shared.new_seed(),
                    Button::Still => self.shared.keep_still(),
                },
                Wish::Preset(name) => {
                    let preset = preset_called(name);
                    let preset = preset.ok_or_else(|| format!("there is no preset “{name}”"))?;
                    self.set(preset.settings());
                }
            }
        }
        Ok(())
    }

    fn hold_mood(&self, point: [f32; 2]) {
        let source = self.source();
        let mut settings = Vec::new();
        let mut before = self.before.lock();
        if before.is_none() && source < MANUAL {
            *before = Some(source);
            settings.push((Control::EmotionSource, MANUAL));
        }
        settings.extend([(Control::Valence, point[0]), (Control::Arousal, point[1])]);
        let settings = settings.into_iter();
        self.set(settings.map(|(control, plain)| Setting { control, plain }));
    }

    fn let_go(&self) {
        let before = self.before.lock().take();
        // Whoever has chosen another source meanwhile has the last word.
        if let Some(plain) = before.filter(|_| self.source() == MANUAL) {
            let control = Control::EmotionSource;
            self.set([Setting { control, plain }]);
        }
    }

    fn report(&self, sentence: String) {
        self.shared.status.report(sentence);
    }
}
