//! A preset as a file: JSON with its `name`, its `tags` and, by their ids, the `controls` that it sets.
//!
//! Numbers are plain values; a choice is said in its word, as `synopsia render --set` takes it. What a
//! file leaves out stands as by default, and what it says beyond that (a newer version's) is kept when
//! the preset is saved anew. Who paints stands among the controls; where it is left out, so is the painter.

use super::draft::Draft;
use super::painter::PresetPainter;
use super::preset::Preset;
use crate::control::{Control, Snapshot, Values};
use serde_json::{Map, Value, json};

/// Fields of a file.
const NAME: &str = "name";
const TAGS: &str = "tags";
const CONTROLS: &str = "controls";
/// The version of what this describes; a file without one is of the first.
const VERSION: &str = "version";
const PRESENT: u64 = 1;

/// The longest name, bytes: with its ending it is a file's name everywhere.
const LONGEST_NAME: usize = 100;

/// The most tags, and the longest, bytes.
const MOST_TAGS: usize = 16;
const LONGEST_TAG: usize = 32;

/// Reads a file's text; `stem` is its name where it says none.
///
/// # Errors
/// In words that go behind the file's name.
pub(super) fn read(text: &str, stem: &str) -> Result<Preset, String> {
    let whole: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| format!("is not a preset: {error}"))?;
    let name = match whole.get(NAME) {
        None => stem,
        Some(Value::String(name)) => name,
        Some(other) => return Err(format!("has {other} for a name")),
    };
    check_name(name)?;
    let controls = match whole.get(CONTROLS) {
        Some(Value::Object(controls)) => controls,
        Some(_) => return Err("has controls that are no list of values".to_owned()),
        None => return Err("is not a preset: it sets no controls".to_owned()),
    };
    let mut look = Snapshot::default();
    for (id, value) in controls {
        // What is not known is a newer version's, and of the performer's own no preset says anything.
        let Some(control) = Control::by_id(id).filter(|control| control.is_of_a_look()) else {
            continue;
        };
        let plain = match value {
            Value::Number(number) => number.as_f64().map(|number| number as f32),
            Value::String(text) => {
                let read = control.row().value_of(text);
                Some(read.map_err(|words| format!("cannot be used: {words}"))?)
            }
            _ => None,
        };
        let plain = plain.ok_or_else(|| format!("sets {id} to {value}, which is no value"))?;
        control.set(&mut look, plain);
    }
    Ok(Preset {
        name: name.to_owned(),
        look: look.controls,
        painter: painter(controls)?,
        tags: tags(&whole)?,
        path: None,
        has_position: false,
        is_newer: whole.get(VERSION).is_some_and(is_newer),
        picture: &[],
    })
}

fn is_newer(version: &Value) -> bool {
    version.as_u64().is_none_or(|version| version > PRESENT)
}

/// Who paints, where that is said.
fn painter(controls: &Map<String, Value>) -> Result<Option<PresetPainter>, String> {
    let said = |control: Control| {
        let id = control.row().id;
        controls.get(id).map(|value| (id, value))
    };
    let name = |control| match said(control) {
        None => Ok(None),
        Some((_, Value::String(name))) => Ok(Some(name.clone())),
        Some((id, other)) => Err(format!("sets {id} to {other}, which is no model's name")),
    };
    let amount = match said(Control::BlendAmount) {
        None => 0.0,
        Some((id, value)) => value
            .as_f64()
            .ok_or_else(|| format!("sets {id} to {value}, which is no value"))?,
    };
    let amount = (amount as f32).clamp(0.0, 1.0);
    let with = name(Control::BlendWith)?.filter(|_| amount > 0.0);
    let with = with.map(|name| (name, amount));
    Ok(name(Control::Model)?.map(|model| PresetPainter { model, with }))
}

fn tags(whole: &Map<String, Value>) -> Result<Vec<String>, String> {
    let Some(tags) = whole.get(TAGS) else {
        return Ok(Vec::new());
    };
    let tags = serde_json::from_value::<Vec<String>>(tags.clone());
    let tags = tags.map_err(|_| "has tags that are no list of words".to_owned())?;
    let tags: Vec<String> = tags.iter().map(|tag| tag.trim().to_lowercase()).collect();
    check_tags(&tags)?;
    Ok(tags)
}

/// The text of a file for a preset. `before` is what the file held: what this version does not know of it
/// stays.
pub(super) fn written(draft: &Draft, before: Option<&str>) -> String {
    let before = before.and_then(|text| serde_json::from_str(text).ok());
    let mut whole: Map<String, Value> = before.unwrap_or_default();
    let mut controls = match whole.remove(CONTROLS) {
        Some(Value::Object(controls)) => controls,
        _ => Map::new(),
    };
    let look = Snapshot::from(draft.look);
    for control in Control::ALL {
        if !control.is_of_a_look() {
            continue;
        }
        let (row, plain) = (control.row(), control.get(&look));
        let value = match row.values {
            Values::Numbers { .. } => number(plain),
            _ => json!(control.text(plain)),
        };
        controls.insert(row.id.to_owned(), value);
    }
    if let Some(painter) = &draft.painter {
        let mut set = |control: Control, value| controls.insert(control.row().id.to_owned(), value);
        set(Control::Model, json!(painter.model));
        let amount = painter.with.as_ref().map_or(0.0, |(_, amount)| *amount);
        set(Control::BlendAmount, number(amount));
        if let Some((with, _)) = &painter.with {
            set(Control::BlendWith, json!(with));
        }
    }
    whole.insert(NAME.to_owned(), json!(draft.name));
    if !draft.tags.is_empty() {
        whole.insert(TAGS.to_owned(), json!(draft.tags));
    }
    if !whole.get(VERSION).is_some_and(is_newer) {
        whole.insert(VERSION.to_owned(), json!(PRESENT));
    }
    whole.insert(CONTROLS.to_owned(), Value::Object(controls));
    text(whole)
}

/// The text of a file with another name or other tags.
pub(super) fn changed(before: &str, name: Option<&str>, tags: Option<&[String]>) -> String {
    let before = before.trim_start_matches('\u{feff}');
    let mut whole: Map<String, Value> = serde_json::from_str(before).unwrap_or_default();
    if let Some(name) = name {
        whole.insert(NAME.to_owned(), json!(name));
    }
    if let Some(tags) = tags {
        whole.insert(TAGS.to_owned(), json!(tags));
    }
    text(whole)
}

/// A number as it is typed, and not with the digits that a double has more.
fn number(plain: f32) -> Value {
    plain
        .to_string()
        .parse::<f64>()
        .map_or(json!(plain), |x| json!(x))
}

fn text(whole: Map<String, Value>) -> String {
    serde_json::to_string_pretty(&Value::Object(whole)).unwrap_or_default() + "\n"
}

/// Whether a preset may have these tags.
///
/// # Errors
/// In words that go behind a file's name.
pub(super) fn check_tags(tags: &[String]) -> Result<(), String> {
    if tags.len() > MOST_TAGS {
        return Err(format!(
            "has {} tags, and {MOST_TAGS} are the most",
            tags.len()
        ));
    }
    let is_one = |tag: &&String| {
        let fits = (1..=LONGEST_TAG).contains(&tag.len());
        fits && !tag.chars().any(|c| c.is_control() || c == ',')
    };
    match tags.iter().find(|tag| !is_one(tag)) {
        Some(tag) => Err(format!("has {tag:?} for a tag")),
        None => Ok(()),
    }
}

/// Whether a preset may be called so.
///
/// # Errors
/// In words that go behind a file's name.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let barred = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    if name.trim().is_empty() {
        Err("has an empty name".to_owned())
    } else if name.trim() != name || name.starts_with('.') {
        Err(format!(
            "has a name with a space at an end or a dot at the start: “{name}”"
        ))
    } else if name.len() > LONGEST_NAME {
        Err(format!(
            "has a name of {} bytes, and {LONGEST_NAME} are the most",
            name.len()
        ))
    } else if let Some(c) = name.chars().find(|c| barred(*c)) {
        Err(format!(
            "has a name with {c:?} in it, which is no letter of a file's name"
        ))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Controls;

    #[test]
    fn what_is_written_is_read_back_and_what_is_not_known_stays() {
        let mut look = Snapshot::default();
        for (place, control) in Control::ALL.into_iter().enumerate() {
            if control.is_of_a_look() {
                control.set_normalised(&mut look, (place as f32 * 0.37).fract());
            }
        }
        let draft = Draft {
            name: "New",
            look: look.controls,
            painter: Some(PresetPainter {
                model: "a model of somebody's".to_owned(),
                with: Some(("another".to_owned(), 0.3)),
            }),
            tags: vec!["wild".to_owned(), "two words".to_owned()],
            picture: None,
        };
        let before = r#"{"name": "Old", "author": "someone", "version": 1, "controls": {"trails": 0.1, "sparkle": [1, 2]}}"#;
        let text = written(&draft, Some(before));
        let back = read(&text, "file").unwrap();
        assert_eq!((back.name.as_str(), back.look), ("New", draft.look));
        assert_eq!((&back.painter, &back.tags), (&draft.painter, &draft.tags));
        let whole: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(whole["author"], "someone");
        assert_eq!(whole["controls"]["sparkle"], json!([1, 2]));
        // Without tags of its own a draft leaves those that there are.
        let untagged = Draft {
            tags: Vec::new(),
            ..draft
        };
        assert_eq!(
            read(&written(&untagged, Some(&text)), "").unwrap().tags,
            back.tags
        );
    }

    #[test]
    fn a_file_of_a_newer_version_is_understood_as_far_as_it_is_and_stays_one() {
        let newer = r#"{"version": 2, "orbits": 3, "controls": {"trails": 0.5}}"#;
        let preset = read(newer, "Dusk").unwrap();
        assert!(preset.is_newer && preset.look.trails == 0.5);
        let said = preset.complaint().unwrap();
        assert!(said.contains("Dusk") && said.contains("newer"), "{said}");
        let draft = Draft {
            name: "Dusk",
            look: preset.look,
            painter: None,
            tags: Vec::new(),
            picture: None,
        };
        let whole: Value = serde_json::from_str(&written(&draft, Some(newer))).unwrap();
        assert_eq!(
            (&whole["version"], &whole["orbits"]),
            (&json!(2), &json!(3))
        );
        let present: Value = serde_json::from_str(&written(&draft, None)).unwrap();
        assert!(!read(&present.to_string(), "").unwrap().is_newer);
    }

    #[test]
    fn what_a_file_leaves_out_is_as_by_default_and_what_is_too_much_is_clamped() {
        let preset = read(r#"{"controls": {"trails": 7, "blackout": 1}}"#, "Dusk").unwrap();
        assert_eq!(preset.name, "Dusk");
        let usual = Controls::default();
        let expected = Controls {
            trails: 1.0,
            ..usual
        };
        assert_eq!(preset.look, expected);
    }

    #[test]
    fn broken_files_are_refused_in_words() {
        for (text, words) in [
            ("", "is not a preset"),
            ("[]", "is not a preset"),
            ("{}", "sets no controls"),
            (r#"{"controls": 3}"#, "no list"),
            (r#"{"name": 3, "controls": {}}"#, "for a name"),
            (r#"{"name": "", "controls": {}}"#, "empty"),
            (r#"{"name": "a/b", "controls": {}}"#, "'/'"),
            (r#"{"controls": {"trails": "much"}}"#, "much"),
            (r#"{"controls": {"trails": null}}"#, "null"),
            (r#"{"tags": "wild", "controls": {}}"#, "no list of words"),
            (r#"{"tags": [""], "controls": {}}"#, "for a tag"),
            (r#"{"controls": {"model": 3}}"#, "no model's name"),
            (r#"{"controls": {"blend": "all"}}"#, "no value"),
            (
                r#"{"controls": {"palette": "none of these"}}"#,
                "none of these",
            ),
        ] {
            let said = read(text, "file").unwrap_err();
            assert!(said.contains(words), "{text}: {said}");
        }
        assert!(read(r#"{"controls": {}}"#, &"x".repeat(101)).is_err());
    }
}
