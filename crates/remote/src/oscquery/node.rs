//! An address of a stage, as OSC knows it.

use crate::stage::{ControlInfo, Kind};
use crate::told::Told;
use rosc::OscType;
use serde_json::{Value, json};

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
    pub(super) const ALL: [(&str, Self); 8] = [
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
pub(super) enum Source {
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
pub(super) const BOTH: u8 = 3;

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
    pub access: u8,
    /// For each argument; empty where none has any.
    pub range: Vec<Value>,
    pub description: String,
    pub source: Source,
    /// Names of plain values, where it is names that are sent.
    pub choices: Vec<(f32, String)>,
}

pub(super) fn between(min: f32, max: f32) -> Value {
    json!({ "MIN": min, "MAX": max })
}

pub(super) fn one_of(names: impl Iterator<Item = String>) -> Value {
    json!({ "VALS": names.collect::<Vec<_>>() })
}

impl Node {
    pub(super) fn of_control(at: usize, info: &ControlInfo) -> Self {
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

    pub(super) fn told(id: &str, range: &[Value], description: &str, source: Source) -> Self {
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

    pub(super) fn taken(id: &str, types: &str, range: Vec<Value>, description: &str) -> Self {
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
    pub(super) fn attribute(&self, attribute: Attribute, told: &Told) -> Option<Value> {
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
