//! The addresses of a stage, as OSC knows them.

use super::node::{Attribute, BOTH, Node, Source, between, one_of};
use crate::stage::{Button, Stage};
use crate::told::Told;
use serde_json::{Map, Value, json};

/// All of them, in the order in which they are told.
pub(super) struct Tree {
    nodes: Vec<Node>,
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
