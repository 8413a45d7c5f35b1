//! Which knob moves what: a file that people keep and share.

use super::message::{Knob, Message};
use crate::control::Control;
use crate::output::Destination;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::ErrorKind;
use std::path::Path;

/// The version of the file that is written.
const VERSION: u32 = 1;

/// Files of more bytes are none.
const LARGEST: u64 = 1 << 20;

/// How a knob's values are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum How {
    /// Where it stands; of a switch: each press turns it over.
    #[default]
    Absolute,
    /// The same in two messages, of which the second, from the controller 32 above, has the finer half.
    Fine,
    /// Steps of an endless encoder: 1 up, 127 down.
    TwosComplement,
    /// Steps of one: 65 up, 63 down.
    Offset,
    /// Steps of one: 1 up, 65 down.
    SignMagnitude,
    /// Of a switch: on for as long as it is held.
    Hold,
}

/// How a knob takes over a control that stands elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Takeover {
    /// When it comes past where the control stands.
    #[default]
    PickUp,
    /// At once, in smaller or larger steps, so that both reach the ends together.
    Scaled,
    /// At once, with a jump.
    Jump,
}

/// What a button does that is no control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Action {
    Tap,
    Untap,
    Double,
    Halve,
    Earlier,
    Later,
    Seed,
    Still,
}

/// What is moved.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    Control(Control),
    Action(Action),
    /// A preset of that name.
    Preset(String),
}

/// A knob, and what it moves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Binding {
    pub knob: Knob,
    /// 1 to 16; none for any.
    pub channel: Option<u8>,
    pub target: Target,
    pub how: How,
}

impl Binding {
    /// Whether a message is of its knob.
    pub fn hears(&self, message: &Message) -> bool {
        let finer = match (self.how, self.knob) {
            (How::Fine, Knob::Controller(number)) => {
                Some(Knob::Controller(number.saturating_add(32)))
            }
            _ => None,
        };
        let is_its = message.knob == self.knob || Some(message.knob) == finer;
        is_its
            && self
                .channel
                .is_none_or(|channel| channel == message.channel)
    }
}

/// Which knob moves what.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct MidiMap {
    pub bindings: Vec<Binding>,
    pub takeover: Takeover,
    /// Lines that this version does not understand, as they are.
    kept: Vec<Value>,
}

/// A line of the file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    controller: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wheel: Option<Wheel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    #[serde(default, skip_serializing_if = "is_usual")]
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Wheel {
    Bend,
    Pressure,
}

fn is_usual(how: &How) -> bool {
    *how == How::default()
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Sheet {
    version: u32,
    #[serde(default)]
    takeover: Takeover,
    #[serde(default)]
    lines: Vec<Value>,
}

impl MidiMap {
    /// Reads a file, and says what of it is not understood, a sentence each; one that is not there is empty.
    ///
    /// # Errors
    /// When it is no map, in a sentence.
    pub fn open(path: &Path) -> Result<(Self, Vec<String>), String> {
        let name = path.display();
        let unreadable = |error: std::io::Error| format!("{name} could not be read: {error}");
        match path.metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Default::default()),
            Err(error) => return Err(unreadable(error)),
            Ok(about) if !about.is_file() || about.len() > LARGEST => {
                return Err(format!("{name} is no MIDI map"));
            }
            Ok(_) => {}
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let (map, said) =
            Self::read(&text).map_err(|why| format!("{name} is no MIDI map: {why}"))?;
        Ok((
            map,
            said.into_iter()
                .map(|said| format!("{name}: {said}"))
                .collect(),
        ))
    }

    pub(super) fn read(text: &str) -> Result<(Self, Vec<String>), String> {
        let sheet: Sheet = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut said = Vec::new();
        if sheet.version > VERSION {
            said.push(
                "it is of a newer version: what this one does not know is kept as it is".to_owned(),
            );
        }
        let mut map = Self {
            takeover: sheet.takeover,
            ..Self::default()
        };
        for value in sheet.lines {
            match binding_of(&value) {
                Ok(binding) => map.bindings.push(binding),
                Err(why) => {
                    said.push(why);
                    map.kept.push(value);
                }
            }
        }
        Ok((map, said))
    }

    /// Writes it, in the place of what was there.
    ///
    /// # Errors
    /// In a sentence; what was there is as it was then.
    pub fn save(&self, path: &Path) -> Result<(), String> {
        let lines = self.bindings.iter().map(|binding| {
            let line = serde_json::to_value(line_of(binding));
            line.map_err(|error| error.to_string())
        });
        let lines: Result<Vec<Value>, String> = lines.collect();
        let sheet = Sheet {
            version: VERSION,
            takeover: self.takeover,
            lines: [lines?, self.kept.clone()].concat(),
        };
        let text = serde_json::to_string_pretty(&sheet).map_err(|error| error.to_string())?;
        let cannot = |error: String| format!("the MIDI map cannot be kept: {error}");
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| cannot(error.to_string()))?;
        }
        let destination =
            Destination::check(path, true).map_err(|error| cannot(error.to_string()))?;
        let written = destination.write((text + "\n").as_bytes());
        written.map(drop).map_err(|error| cannot(error.to_string()))
    }

    /// Has a knob move something, and nothing else.
    pub fn bind(&mut self, binding: Binding) {
        self.bindings
            .retain(|other| other.knob != binding.knob || other.channel != binding.channel);
        self.bindings.push(binding);
    }
}

fn binding_of(value: &Value) -> Result<Binding, String> {
    let refused = |why: &str| format!("{value} {why}");
    let line: Line =
        serde_json::from_value(value.clone()).map_err(|_| refused("is not understood"))?;
    let knobs = [
        line.controller.map(Knob::Controller),
        line.note.map(Knob::Note),
        line.program.map(Knob::Program),
        line.wheel.map(|wheel| match wheel {
            Wheel::Bend => Knob::Bend,
            Wheel::Pressure => Knob::Pressure,
        }),
    ];
    let mut knobs = knobs.into_iter().flatten();
    let (Some(knob), None) = (knobs.next(), knobs.next()) else {
        return Err(refused("is of no knob, or of several"));
    };
    let number = line.controller.or(line.note).or(line.program).unwrap_or(0);
    if number > 127
        || line
            .channel
            .is_some_and(|channel| !(1..=16).contains(&channel))
    {
        return Err(refused("has a number that MIDI does not have"));
    }
    let target = match (line.control, line.action, line.preset) {
        (Some(id), None, None) => {
            let control = Control::by_id(&id);
            Target::Control(control.ok_or_else(|| refused("moves a control that is not there"))?)
        }
        (None, Some(action), None) => Target::Action(action),
        (None, None, Some(name)) => Target::Preset(name),
        _ => return Err(refused("moves nothing, or several things")),
    };
    Ok(Binding {
        knob,
        channel: line.channel,
        target,
        how: line.how,
    })
}

fn line_of(binding: &Binding) -> Line {
    let mut line = Line {
        channel: binding.channel,
        how: binding.how,
        ..Line::default()
    };
    match binding.knob {
        Knob::Controller(number) => line.controller = Some(number),
        Knob::Note(number) => line.note = Some(number),
        Knob::Program(number) => line.program = Some(number),
        Knob::Bend => line.wheel = Some(Wheel::Bend),
        Knob::Pressure => line.wheel = Some(Wheel::Pressure),
    }
    match &binding.target {
        Target::Control(control) => line.control = Some(control.row().id.to_owned()),
        Target::Action(action) => line.action = Some(*action),
        Target::Preset(name) => line.preset = Some(name.clone()),
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knob(number: u8, target: Target) -> Binding {
        Binding {
            knob: Knob::Controller(number),
            channel: None,
            target,
            how: How::Absolute,
        }
    }

    #[test]
    fn a_map_is_read_back_as_it_was_written_with_what_it_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("maps/mine.json");
        assert_eq!(
            MidiMap::open(&path),
            Ok(Default::default()),
            "not there yet"
        );
        let text = r#"{"version": 2, "takeover": "scaled", "lines": [
            {"controller": 21, "channel": 3, "control": "trails", "how": "fine"},
            {"note": 36, "control": "blackout", "how": "hold"}, {"wheel": "bend", "control": "rotation"},
            {"note": 37, "action": "tap"}, {"program": 4, "preset": "Ink"},
            {"controller": 22, "control": "of-tomorrow"}, {"knob": "of tomorrow"}, 7,
            {"controller": 200, "control": "trails"}, {"controller": 1, "note": 2, "control": "trails"}]}"#;
        let (map, said) = MidiMap::read(text).unwrap();
        assert_eq!(
            (map.bindings.len(), map.kept.len(), said.len()),
            (5, 5, 6),
            "{said:?}"
        );
        map.save(&path).unwrap();
        let (again, _) = MidiMap::open(&path).unwrap();
        assert_eq!(again, map);
    }

    #[test]
    fn a_file_that_is_no_map_is_told_in_a_sentence_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.json");
        for text in ["", "[]", "{\"lines\": 3}", "no JSON"] {
            std::fs::write(&path, text).unwrap();
            let said = MidiMap::open(&path).unwrap_err();
            assert!(said.contains("is no MIDI map"), "{said}");
        }
        assert!(MidiMap::open(folder.path()).is_err());
        let map = MidiMap::default();
        assert!(map.save(&path.join("within a file")).is_err());
    }

    #[test]
    fn a_knob_moves_one_thing_and_a_thing_may_have_several() {
        let mut map = MidiMap::default();
        map.bind(knob(1, Target::Control(Control::Trails)));
        map.bind(knob(2, Target::Control(Control::Trails)));
        map.bind(knob(1, Target::Control(Control::Brush)));
        let moved: Vec<_> = map.bindings.iter().map(|it| it.target.clone()).collect();
        assert_eq!(
            moved,
            [Control::Trails, Control::Brush].map(Target::Control)
        );
    }
}
