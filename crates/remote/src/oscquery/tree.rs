//! The addresses of a stage, as OSC knows them.

use crate::stage::{Button, ControlInfo, Kind, Stage};
use crate::told::Told;
use rosc::OscType;
use serde_json::{Map, Value, json};

/// What begins all addresses: the first instance.
const PREFIX: &str = "/synopsia/1";

/// The address of what is called so.
fn address_of(id: &str) -> String {
    format!("{PREFIX}/{id}")
}

/// What can be asked of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    FullPath,
    Contents,
    Type,
    Access,
    Value,
    Range,
    Description,
    ClipMode,
}

impl Attribute {
    const ALL: [(&str, Self); 8] = [
        ("FULL_PATH", Self::FullPath),
        ("CONTENTS", Self::Contents),
        ("TYPE", Self::Type),
        ("ACCESS", Self::Access),
        ("VALUE", Self::Value),
        ("RANGE", Self::Range),
        ("DESCRIPTION", Self::Description),
        ("CLIPMODE", Self::ClipMode),
    ];

    pub(super) fn called(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(own, _)| *own == name).map(|(_, it)| it)
    }
}

/// Where a node's value comes from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// Nowhere: it is sent and not kept.
    None,
    /// The control of that place.
    Control(usize),
    /// The two controls of the performer's mood.
    Mood([usize; 2]),
    Heard(fn(&crate::stage::Heard) -> Vec<f32>),
    /// The weight of the class of that place.
    Class(usize),
    Beat,
}

/// What OSC's access to a value is, as the proposal has it.
const ONLY_TOLD: u8 = 1;
const ONLY_TAKEN: u8 = 2;
const BOTH: u8 = 3;

/// An address, for whoever obeys what is sent there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub path: String,
    /// OSC's letters, one for each argument.
    pub types: String,
    /// Whether something can be sent there; else it is only told.
    pub is_taken: bool,
}

/// An address with a value, or one that takes some.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub path: String,
    /// OSC's letters, one for each argument.
    pub types: String,
    access: u8,
    /// For each argument; empty where none has any.
    range: Vec<Value>,
    description: String,
    source: Source,
    /// Names of plain values, where it is names that are sent.
    choices: Vec<(f32, String)>,
}

/// All of them, in the order in which they are told.
pub(super) struct Tree {
    nodes: Vec<Node>,
}

fn between(min: f32, max: f32) -> Value {
    json!({ "MIN": min, "MAX": max })
}

fn one_of(names: impl Iterator<Item = String>) -> Value {
    json!({ "VALS": names.collect::<Vec<_>>() })
}

impl Node {
    fn of_control(at: usize, info: &ControlInfo) -> Self {
        let (types, range) = match info.kind {
            Kind::Switch => ("T", Vec::new()),
            Kind::Choice => {
                let names = info.choices.iter().map(|(_, name)| name.clone());
                ("s", vec![one_of(names)])
            }
            Kind::Whole => (
                "i",
                vec![json!({ "MIN": info.min as i64, "MAX": info.max as i64 })],
            ),
            Kind::Number => ("f", vec![between(info.min, info.max)]),
        };
        let description = match info.kind {
            Kind::Number => format!("{}, {}: {}", info.name, info.in_words, info.hint),
            _ => format!("{}: {}", info.name, info.hint),
        };
        Self {
            path: address_of(&info.id),
            types: types.to_owned(),
            access: BOTH,
            range,
            description,
            source: Source::Control(at),
            choices: info.choices.clone(),
        }
    }

    fn told(id: &str, range: &[Value], description: &str, source: Source) -> Self {
        Self {
            path: address_of(id),
            types: "f".repeat(range.len()),
            access: ONLY_TOLD,
            range: range.to_vec(),
            description: description.to_owned(),
            source,
            choices: Vec::new(),
        }
    }

    fn taken(id: &str, types: &str, range: Vec<Value>, description: &str) -> Self {
        Self {
            types: types.to_owned(),
            access: ONLY_TAKEN,
            range,
            ..Self::told(id, &[], description, Source::None)
        }
    }

    pub(super) fn address(&self) -> Address {
        Address {
            path: self.path.clone(),
            types: self.types.clone(),
            is_taken: self.access & ONLY_TAKEN != 0,
        }
    }

    /// What it stands at; none where nothing is known.
    pub(super) fn value(&self, told: &Told) -> Option<Vec<OscType>> {
        let plain = |at: usize| told.values.get(at).copied();
        let heard = told.heard.as_ref();
        match self.source {
            Source::None => None,
            Source::Control(at) => Some(vec![self.argument(plain(at)?)]),
            Source::Mood([valence, arousal]) => Some(
                [plain(valence)?, plain(arousal)?]
                    .map(OscType::Float)
                    .to_vec(),
            ),
            Source::Heard(of) => Some(of(heard?).into_iter().map(OscType::Float).collect()),
            Source::Class(at) => Some(vec![OscType::Float(*heard?.classes.get(at)?)]),
            Source::Beat => {
                let [bar, beat, _] = heard?.beat?;
                Some([beat, bar].map(|n| OscType::Int(n as i32)).to_vec())
            }
        }
    }

    fn argument(&self, plain: f32) -> OscType {
        match self.types.as_str() {
            "T" => OscType::Bool(plain >= 0.5),
            "i" => OscType::Int(plain.round() as i32),
            "s" => {
                let apart = |(own, _): &&(f32, String)| (own - plain).abs();
                let mut named = self.choices.iter();
                let first = named.next();
                let nearest = named.fold(first, |best, other| match best {
                    Some(best) if apart(&best) <= apart(&other) => Some(best),
                    _ => Some(other),
                });
                OscType::String(nearest.map(|(_, name)| name.clone()).unwrap_or_default())
            }
            _ => OscType::Float(plain),
        }
    }

    /// The value of an attribute; none where it has none.
    fn attribute(&self, attribute: Attribute, told: &Told) -> Option<Value> {
        match attribute {
            Attribute::FullPath => Some(json!(self.path)),
            Attribute::Contents => None,
            Attribute::Type => Some(json!(self.types)),
            Attribute::Access => Some(json!(self.access)),
            Attribute::Description => Some(json!(self.description)),
            Attribute::Range => (!self.range.is_empty()).then(|| json!(self.range)),
            // What is out of range is held within it.
            Attribute::ClipMode => {
                let is_held = self.access == BOTH && !self.range.is_empty() && self.types != "s";
                is_held.then(|| self.range.iter().map(|_| json!("both")).collect())
            }
            Attribute::Value => {
                let written = |argument: OscType| match argument {
                    // Told with the digits of a single, not with those of a double that is near it.
                    OscType::Float(x) => number(x),
                    OscType::Int(n) => json!(n),
                    OscType::Bool(on) => json!(on),
                    OscType::String(text) => json!(text),
                    _ => Value::Null,
                };
                let values = self.value(told)?.into_iter();
                Some(values.map(written).collect())
            }
        }
    }
}

fn number(value: f32) -> Value {
    let shortest = value.to_string().parse::<f64>();
    shortest.map_or(Value::Null, |number| json!(number))
}

impl Tree {
    pub(super) fn of(stage: &dyn Stage) -> Self {
        let controls = stage.controls();
        let of_controls = controls.iter().enumerate();
        let mut nodes: Vec<_> = of_controls
            .map(|(at, info)| Node::of_control(at, info))
            .collect();
        let place = |id: &str| controls.iter().position(|info| info.id == id);
        if let (Some(valence), Some(arousal)) = (place("valence"), place("arousal")) {
            let mood = "Your own mood as one point, for pads: valence and arousal.";
            let range = [between(-1.0, 1.0), between(-1.0, 1.0)];
            nodes.push(Node {
                access: BOTH,
                ..Node::told("mood", &range, mood, Source::Mood([valence, arousal]))
            });
        }
        let names = stage.presets().into_iter().map(|preset| preset.name);
        let presets = vec![one_of(names)];
        nodes.push(Node::taken("preset", "s", presets, "Loads a preset."));
        nodes.extend(Button::ALL.map(|button| {
            let info = button.info();
            Node::taken(info.id, "I", Vec::new(), info.hint)
        }));
        nodes.extend(told_of_music());
        nodes.push(Node {
            types: "ii".to_owned(),
            ..Node::told(
                "beat",
                &[],
                "Which of the bar, and the bar's number, from 1 on.",
                Source::Beat,
            )
        });
        for (at, (name, _)) in stage.classes().into_iter().enumerate() {
            let description = format!("How much {name} is heard.");
            let id = format!("class/{name}");
            nodes.push(Node::told(
                &id,
                &[between(0.0, 1.0)],
                &description,
                Source::Class(at),
            ));
        }
        Self { nodes }
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Whether there is a node, or something below it, at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        path == "/"
            || self
                .nodes
                .iter()
                .any(|node| below(&node.path, path).is_some())
    }

    /// What is at a path, with all that is below it.
    pub(super) fn json(&self, path: &str, told: &Told) -> Value {
        let own = self.nodes.iter().find(|node| node.path == path);
        let mut object = Map::new();
        for (name, attribute) in Attribute::ALL {
            let value = match own {
                Some(node) if attribute != Attribute::Contents => node.attribute(attribute, told),
                _ => self.attribute(path, attribute, told),
            };
            object.extend(value.map(|value| (name.to_owned(), value)));
        }
        Value::Object(object)
    }

    /// The value of an attribute of what is at a path; none where that has none.
    pub(super) fn attribute(&self, path: &str, attribute: Attribute, told: &Told) -> Option<Value> {
        let own = self.nodes.iter().find(|node| node.path == path);
        if let (Some(own), true) = (own, attribute != Attribute::Contents) {
            return own.attribute(attribute, told);
        }
        match attribute {
            Attribute::FullPath => Some(json!(path)),
            // A container has no value.
            Attribute::Access => Some(json!(0)),
            Attribute::Contents => {
                let contents = self.contents(path, told);
                (!contents.is_empty()).then_some(Value::Object(contents))
            }
            _ => None,
        }
    }

    fn contents(&self, path: &str, told: &Told) -> Map<String, Value> {
        let mut contents = Map::new();
        for node in &self.nodes {
            let Some(rest) = below(&node.path, path).filter(|rest| !rest.is_empty()) else {
                continue;
            };
            let name = rest.split('/').next().unwrap_or_default();
            if !contents.contains_key(name) {
                let child = format!("{}/{name}", path.trim_end_matches('/'));
                contents.insert(name.to_owned(), self.json(&child, told));
            }
        }
        contents
    }
}

/// What follows a path in an address at or below it.
fn below<'a>(address: &'a str, path: &str) -> Option<&'a str> {
    let rest = address.strip_prefix(path.trim_end_matches('/'))?;
    match rest.strip_prefix('/') {
        Some(rest) => Some(rest),
        None => rest.is_empty().then_some(rest),
    }
}

/// What is told of the music and of the picture.
fn told_of_music() -> [Node; 9] {
    let signed = || between(-1.0, 1.0);
    let share = || between(0.0, 1.0);
    let one = |id: &str, range: Value, description: &str, of| {
        Node::told(id, &[range], description, Source::Heard(of))
    };
    [
        one(
            "heard/valence",
            signed(),
            "The mood that is heard, unpleasant to pleasant.",
            |it| vec![it.heard[0]],
        ),
        one(
            "heard/arousal",
            signed(),
            "The mood that is heard, calm to excited.",
            |it| vec![it.heard[1]],
        ),
        one("heard/certainty", share(), "How sure the ear is.", |it| {
            vec![it.certainty]
        }),
        one(
            "shown/valence",
            signed(),
            "The mood that is seen, unpleasant to pleasant.",
            |it| vec![it.shown[0]],
        ),
        one(
            "shown/arousal",
            signed(),
            "The mood that is seen, calm to excited.",
            |it| vec![it.shown[1]],
        ),
        one("tempo", between(0.0, 300.0), "Beats a minute.", |it| {
            vec![it.tempo]
        }),
        one("loudness", between(-70.0, 5.0), "LUFS, momentary.", |it| {
            vec![it.loudness]
        }),
        one(
            "onset",
            between(0.0, 2.0),
            "The strength of an onset just now.",
            |it| vec![it.onset],
        ),
        Node::told(
            "bands",
            &std::array::from_fn::<_, BANDS, _>(|_| share()),
            "The levels of the bands, lowest first.",
            Source::Heard(|it| it.bands.clone()),
        ),
    ]
}

/// Bands that are told.
const BANDS: usize = 8;
