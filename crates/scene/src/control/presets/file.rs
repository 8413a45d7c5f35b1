//! A preset as a file: JSON with its `name` and, by their ids, the `controls` that it sets.
//!
//! Numbers are plain values; a choice is said in its word, as `synopsia render --set` takes it. What a
//! file leaves out stands as by default, and what it says beyond that (a newer version's) is kept when
//! the preset is saved anew.

use super::Preset;
use crate::control::{Control, Controls, Snapshot, Values};
use serde_json::{Map, Value, json};

/// Fields of a file.
const NAME: &str = "name";
const CONTROLS: &str = "controls";

/// The longest name, bytes: with its ending it is a file's name everywhere.
const LONGEST_NAME: usize = 100;

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
        path: None,
        has_position: false,
    })
}

/// The text of a file for a look. `before` is what the file held: what this version does not know of it
/// stays.
pub(super) fn written(name: &str, look: &Controls, before: Option<&str>) -> String {
    let before = before.and_then(|text| serde_json::from_str(text).ok());
    let mut whole: Map<String, Value> = before.unwrap_or_default();
    let mut controls = match whole.remove(CONTROLS) {
        Some(Value::Object(controls)) => controls,
        _ => Map::new(),
    };
    let look = Snapshot::from(*look);
    for control in Control::ALL {
        if !control.is_of_a_look() {
            continue;
        }
        let (row, plain) = (control.row(), control.get(&look));
        let value = match row.values {
            // As it is typed, and not with the digits that a double has more.
            Values::Numbers { .. } => plain
                .to_string()
                .parse::<f64>()
                .map_or(json!(plain), |x| json!(x)),
            _ => json!(control.text(plain)),
        };
        controls.insert(row.id.to_owned(), value);
    }
    whole.insert(NAME.to_owned(), json!(name));
    whole.insert(CONTROLS.to_owned(), Value::Object(controls));
    serde_json::to_string_pretty(&Value::Object(whole)).unwrap_or_default() + "\n"
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

    #[test]
    fn what_is_written_is_read_back_and_what_is_not_known_stays() {
        let mut look = Snapshot::default();
        for (place, control) in Control::ALL.into_iter().enumerate() {
            if control.is_of_a_look() {
                control.set_normalised(&mut look, (place as f32 * 0.37).fract());
            }
        }
        let look = look.controls;
        let before = r#"{"name": "Old", "author": "someone", "controls": {"trails": 0.1, "sparkle": [1, 2]}}"#;
        let text = written("New", &look, Some(before));
        let back = read(&text, "file").unwrap();
        assert_eq!((back.name.as_str(), back.look), ("New", look));
        let whole: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(whole["author"], "someone");
        assert_eq!(whole["controls"]["sparkle"], json!([1, 2]));
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
