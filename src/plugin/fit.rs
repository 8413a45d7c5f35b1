//! Makes what an older or newer version has saved fit for this one, before it is loaded.

use super::params::SynopsiaParams;
use super::project::{BLEND_WITH, MODEL, MORPH_TO, NOTES, OTHER_PARAMETERS};
use crate::control::{Control, model_index, preset_number};
use nice_plug::params::internals::ParamPtr;
use nice_plug::plugin::ParamValue;
use nice_plug::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The parameters that this version knows, to check saved values with.
fn known() -> &'static BTreeMap<String, ParamPtr> {
    static KNOWN: LazyLock<BTreeMap<String, ParamPtr>> = LazyLock::new(|| {
        // The pointers lead into a box that is never dropped.
        let params: &'static SynopsiaParams = Box::leak(Box::default());
        let map = params.param_map().into_iter();
        map.map(|(id, param, _)| (id, param)).collect()
    });
    &KNOWN
}

/// Makes a saved state fit for this version, before it is loaded.
pub fn filter(state: &mut PluginState) {
    let mut notes = Vec::new();
    if version(&state.version) > version(env!("CARGO_PKG_VERSION")) {
        notes.push(format!(
            "this project was saved by Synopsia {}, a newer version: what this one does not know \
             is kept as it is",
            state.version
        ));
    }
    restore_other_parameters(state);
    set_others_aside(state);
    let mut clamped = Vec::new();
    state.params.retain(|id, value| match fit(id, value) {
        Fit::As(fitting) => {
            *value = fitting;
            true
        }
        Fit::Clamped(fitting) => {
            *value = fitting;
            clamped.push(id.clone());
            true
        }
        Fit::Not => {
            clamped.push(id.clone());
            false
        }
    });
    if !clamped.is_empty() {
        notes.push(format!(
            "this project held values out of range, which were brought back into it: {}",
            clamped.join(", ")
        ));
    }
    for (field, instead) in [
        (MODEL, "another one paints"),
        (BLEND_WITH, "nothing is blended in"),
    ] {
        let name = state.fields.get(field);
        let Some(name) = name.and_then(|text| serde_json::from_str::<String>(text).ok()) else {
            continue;
        };
        let number = model_index(&name);
        if number.is_none() {
            notes.push(format!(
                "the model “{name}” of this project is not in the model folder; {instead}"
            ));
            if field == BLEND_WITH {
                let amount = Control::BlendAmount.row().id.to_owned();
                state.params.insert(amount, ParamValue::F32(0.0));
            }
        }
        let number = ParamValue::I32(number.unwrap_or(0) as i32);
        state.params.insert(field.to_owned(), number);
    }
    fit_goal(state, &mut notes);
    if let (false, Ok(text)) = (notes.is_empty(), serde_json::to_string(&notes)) {
        state.fields.insert(NOTES.to_owned(), text);
    } else {
        state.fields.remove(NOTES);
    }
}

/// Has what is morphed to be the preset of the name that was saved: its number may be another one by now.
fn fit_goal(state: &mut PluginState, notes: &mut Vec<String>) {
    let id = Control::MorphTo.row().id;
    let name = state.fields.get(MORPH_TO);
    let name = name.and_then(|text| serde_json::from_str::<String>(text).ok());
    // Where no name was saved the number was nobody's, and stays that.
    let Some(name) = name else {
        return;
    };
    let number = preset_number(&name);
    if number.is_none() {
        notes.push(format!(
            "the preset “{name}”, to which this project morphs, is not among the presets; it morphs to nothing"
        ));
    }
    let number = ParamValue::I32(number.unwrap_or(0).into());
    if state.params.contains_key(id) {
        state.params.insert(id.to_owned(), number);
    }
}

/// Major, minor, patch; 0 where there is none.
fn version(text: &str) -> [u64; 3] {
    let mut parts = text
        .split(['.', '-', '+'])
        .map(|part| part.parse().unwrap_or(0));
    [0; 3].map(|_: u64| parts.next().unwrap_or(0))
}

/// Takes back the parameters that an older version has set aside.
fn restore_other_parameters(state: &mut PluginState) {
    let Some(text) = state.fields.get(OTHER_PARAMETERS) else {
        return;
    };
    let Ok(others) = serde_json::from_str::<BTreeMap<String, ParamValue>>(text) else {
        return;
    };
    for (id, value) in others {
        state.params.entry(id).or_insert(value);
    }
    state.fields.remove(OTHER_PARAMETERS);
}

/// Sets the parameters aside that this version does not know.
fn set_others_aside(state: &mut PluginState) {
    let params = std::mem::take(&mut state.params);
    let (ours, others): (BTreeMap<_, _>, BTreeMap<_, _>) = params
        .into_iter()
        .partition(|(id, _)| known().contains_key(id));
    state.params = ours;
    if let (false, Ok(text)) = (others.is_empty(), serde_json::to_string(&others)) {
        state.fields.insert(OTHER_PARAMETERS.to_owned(), text);
    }
}

/// What becomes of a saved value.
enum Fit {
    As(ParamValue),
    Clamped(ParamValue),
    Not,
}

fn fit(id: &str, value: &ParamValue) -> Fit {
    let Some(param) = known().get(id) else {
        return Fit::Not;
    };
    // SAFETY: the parameters of `known` are never dropped.
    let clamped = |plain: f32| unsafe {
        param.preview_plain(param.preview_normalized(plain).clamp(0.0, 1.0))
    };
    let near = |a: f32, b: f32| (a - b).abs() <= 1e-3 * a.abs().max(1.0);
    match (param, value) {
        (ParamPtr::FloatParam(_), ParamValue::F32(plain)) if plain.is_finite() => {
            let inside = clamped(*plain);
            if near(inside, *plain) {
                Fit::As(value.clone())
            } else {
                Fit::Clamped(ParamValue::F32(inside))
            }
        }
        (ParamPtr::IntParam(_), ParamValue::I32(plain)) => {
            // Not by way of the framework's range, whose arithmetic overflows far outside of it.
            // SAFETY: as above.
            let end = |normalized| unsafe { param.preview_plain(normalized) as i32 };
            let inside = (*plain).clamp(end(0.0), end(1.0));
            if inside == *plain {
                Fit::As(value.clone())
            } else {
                Fit::Clamped(ParamValue::I32(inside))
            }
        }
        (ParamPtr::BoolParam(_), ParamValue::Bool(_))
        | (ParamPtr::EnumParam(_), ParamValue::String(_)) => Fit::As(value.clone()),
        _ => Fit::Not,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of the number of a preset that a project morphs to, and what is said of it.
    fn morphs_to(name: Option<&str>, number: i32) -> (Option<ParamValue>, Option<String>) {
        let id = Control::MorphTo.row().id;
        let name = name.map(|name| (MORPH_TO.to_owned(), format!("{name:?}")));
        let mut state = PluginState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            params: BTreeMap::from([(id.to_owned(), ParamValue::I32(number))]),
            fields: name.into_iter().collect(),
        };
        filter(&mut state);
        (state.params.remove(id), state.fields.remove(NOTES))
    }

    #[test]
    fn a_project_morphs_to_the_preset_of_the_name_it_was_saved_with() {
        let number = |number| Some(ParamValue::I32(number));
        let is = |(value, note): (Option<ParamValue>, Option<String>), number| {
            assert_eq!(format!("{value:?}"), format!("{number:?}"));
            note
        };
        assert_eq!(is(morphs_to(Some("Club"), 99), number(5)), None);
        assert_eq!(is(morphs_to(None, 0), number(0)), None);
        assert_eq!(is(morphs_to(None, 200), number(200)), None);
        let note = is(morphs_to(Some("nobody's"), 3), number(0)).unwrap();
        assert!(
            note.contains("nobody's") && note.contains("morphs"),
            "{note}"
        );
    }
}
