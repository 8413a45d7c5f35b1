//! What a host saves with its project.
//!
//! Beside the parameters: the model by name (its number may change with the folder's content), the
//! settings, the editor's size. Whatever a newer version wrote is kept and written back; whatever
//! is out of range is clamped; whatever cannot be understood is left and reported.

use super::gestures::Gestures;
use super::music::Music;
use super::params::SynopsiaParams;
use crate::control::{Control, Preset, Snapshot, model_index, model_name};
use crate::emotion::Ear;
use crate::live::{Live, Setup};
use nice_plug::params::internals::ParamPtr;
use nice_plug::plugin::ParamValue;
use nice_plug::prelude::*;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Names of the fields in a saved project.
/// A model's, which is that of its parameter.
const MODEL: &str = "model";
const BLEND_WITH: &str = "blend-with";
const SETUP: &str = "setup";
/// The ear's name. One that this version does not have is kept while nobody chooses another.
const EAR: &str = "ear";
const EDITOR: &str = "editor";
const PRESET: &str = "preset";
/// Parameters that this version does not know, as they were.
const OTHER_PARAMETERS: &str = "other-parameters";
/// What [`filter`] has to say to [`Project::deserialize_fields`]; never saved.
const NOTES: &str = "notes";

/// The editor's window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditorSetup {
    /// Width and height in points.
    pub size: [u32; 2],
    /// Magnification beyond the system's, 0.75 to 3.
    pub scale: f32,
}

impl Default for EditorSetup {
    fn default() -> Self {
        Self {
            size: [1040, 680],
            scale: 1.0,
        }
    }
}

impl EditorSetup {
    /// The smallest editor that shows everything, and the largest, in points.
    pub const SMALLEST: [u32; 2] = [820, 560];
    pub const LARGEST: [u32; 2] = [3840, 2160];

    fn clamped(self) -> Self {
        let side = |i: usize| self.size[i].clamp(Self::SMALLEST[i], Self::LARGEST[i]);
        Self {
            size: [side(0), side(1)],
            scale: if self.scale.is_finite() {
                self.scale.clamp(0.75, 3.0)
            } else {
                1.0
            },
        }
    }
}

/// One instance's parameters and settings, and the instance.
pub struct Project {
    pub params: Arc<SynopsiaParams>,
    pub live: Arc<Live>,
    /// What pictures were made into.
    pub music: Music,
    pub(super) gestures: Arc<Gestures>,
    editor: Mutex<EditorSetup>,
    /// The preset that was chosen last.
    preset: Mutex<String>,
    /// Fields of a newer version.
    kept: Mutex<BTreeMap<String, String>>,
}

impl Default for Project {
    fn default() -> Self {
        let params = Arc::new(SynopsiaParams::default());
        let knobs = Arc::clone(&params);
        let live = Live::new(move || knobs.snapshot());
        let gestures = Arc::new(Gestures::default());
        let (knobs, way) = (Arc::clone(&params), Arc::clone(&gestures));
        live.set_controls_with(move |setting| way.set(&knobs, setting));
        Self {
            live,
            params,
            gestures,
            music: Music::default(),
            editor: Mutex::default(),
            preset: Mutex::default(),
            kept: Mutex::default(),
        }
    }
}

impl Project {
    pub fn editor(&self) -> EditorSetup {
        *self.editor.lock()
    }

    pub fn set_editor(&self, editor: EditorSetup) {
        *self.editor.lock() = editor.clamped();
    }

    /// Has another ear hear from now on.
    pub fn set_ear(&self, ear: Ear) {
        let setup = self.live.setup();
        self.live.set_setup(Setup { ear, ..setup });
    }

    /// The name of the preset that was chosen last; empty for none.
    pub fn preset(&self) -> String {
        self.preset.lock().clone()
    }

    pub fn set_preset(&self, name: &str) {
        *self.preset.lock() = name.to_owned();
    }

    /// Sets the knobs to a preset's look, as nobody's gesture: for before a host or an editor looks.
    pub fn load_preset(&self, preset: &Preset) {
        let look = Snapshot::from(preset.look);
        let said = Control::ALL.into_iter().filter(|c| c.is_of_a_look());
        said.for_each(|control| self.params.set(control, control.get(&look)));
        self.set_preset(&preset.name);
    }

    /// Reads one field; what cannot be understood is reported.
    fn read<'a, T: Deserialize<'a>>(
        &self,
        fields: &'a BTreeMap<String, String>,
        name: &str,
    ) -> Option<T> {
        let text = fields.get(name)?;
        let read = serde_json::from_str(text);
        if read.is_err() {
            let sentence =
                format!("the project's {name} could not be understood and stays as it is");
            self.live.report(sentence);
        }
        read.ok()
    }
}

// SAFETY: the pointers are those of `params`, which lives as long as this does.
unsafe impl Params for Project {
    fn param_map(&self) -> Vec<(String, ParamPtr, String)> {
        self.params.param_map()
    }

    fn serialize_fields(&self) -> BTreeMap<String, String> {
        let mut fields = self.kept.lock().clone();
        let setup = self.live.setup();
        let models = [(MODEL, Control::Model), (BLEND_WITH, Control::BlendWith)];
        let values = [
            (SETUP, serde_json::to_string(&setup)),
            (EDITOR, serde_json::to_string(&self.editor())),
            (PRESET, serde_json::to_string(&self.preset())),
        ];
        let models = models.into_iter().filter_map(|(field, control)| {
            let name = model_name(self.params.plain(control) as usize)?;
            Some((field, serde_json::to_string(&name)))
        });
        for (name, value) in values.into_iter().chain(models) {
            if let Ok(value) = value {
                fields.insert(name.to_owned(), value);
            }
        }
        if let (true, Ok(ear)) = (
            setup.ear != Ear::default() || !fields.contains_key(EAR),
            serde_json::to_string(setup.ear.id()),
        ) {
            fields.insert(EAR.to_owned(), ear);
        }
        fields
    }

    fn deserialize_fields(&self, fields: &BTreeMap<String, String>) {
        if let Some(setup) = self.read::<Setup>(fields, SETUP) {
            self.live.set_setup(setup);
        }
        let ear = self.read::<String>(fields, EAR).map(|name| name.parse());
        match &ear {
            Some(Ok(ear)) => self.set_ear(*ear),
            Some(Err(unknown)) => {
                self.set_ear(Ear::default());
                self.live.report(format!(
                    "this project's ear is not known here, so the default one hears: {unknown}"
                ));
            }
            None => {}
        }
        if let Some(editor) = self.read::<EditorSetup>(fields, EDITOR) {
            self.set_editor(editor);
        }
        if let Some(preset) = self.read::<String>(fields, PRESET) {
            self.set_preset(&preset);
        }
        for note in self.read::<Vec<String>>(fields, NOTES).unwrap_or_default() {
            self.live.report(note);
        }
        let known = [MODEL, BLEND_WITH, SETUP, EDITOR, PRESET, NOTES];
        let others = fields.iter().filter(|(name, _)| match name.as_str() {
            EAR => matches!(ear, Some(Err(_))),
            name => !known.contains(&name),
        });
        *self.kept.lock() = others
            .map(|(name, text)| (name.clone(), text.clone()))
            .collect();
    }
}

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
    if let (false, Ok(text)) = (notes.is_empty(), serde_json::to_string(&notes)) {
        state.fields.insert(NOTES.to_owned(), text);
    } else {
        state.fields.remove(NOTES);
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

    #[test]
    fn a_loaded_preset_is_what_is_seen_and_named_and_touches_nothing_else() {
        let project = Project::default();
        project.params.set(Control::Valence, 0.5);
        let presets = crate::control::presets();
        let preset = presets.last().expect("built-in presets");
        project.load_preset(preset);
        let seen = project.params.snapshot().look();
        assert!((seen.steering.manual[0] - 0.5).abs() < 1e-4);
        for control in Control::ALL.into_iter().filter(|c| c.is_of_a_look()) {
            let [seen, meant] = [seen, preset.look].map(|look| control.get(&look.into()));
            assert!(
                (seen - meant).abs() < 1e-4,
                "{control:?}: {seen}, not {meant}"
            );
        }
        assert_eq!(project.preset(), preset.name);
    }
}
