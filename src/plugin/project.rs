//! What a host saves with its project.
//!
//! Beside the parameters: the model by name (its number may change with the folder's content), the
//! settings, the editor's size. Whatever a newer version wrote is kept and written back; whatever
//! is out of range is clamped; whatever cannot be understood is left and reported.

use super::gestures::Gestures;
use super::music::Music;
use super::params::SynopsiaParams;
use crate::control::{Control, Preset, Setting, model_name, numbered_name};
use crate::emotion::Ear;
use crate::live::{Live, Setup};
use nice_plug::params::internals::ParamPtr;
use nice_plug::prelude::*;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names of the fields in a saved project.
/// A model's, which is that of its parameter.
pub(super) const MODEL: &str = "model";
pub(super) const BLEND_WITH: &str = "blend-with";
/// A preset's, which is that of its parameter.
pub(super) const MORPH_TO: &str = "morph-to";
const SETUP: &str = "setup";
/// The ear's name. One that this version does not have is kept while nobody chooses another.
const EAR: &str = "ear";
const EDITOR: &str = "editor";
const PRESET: &str = "preset";
/// Parameters that this version does not know, as they were.
pub(super) const OTHER_PARAMETERS: &str = "other-parameters";
/// What [`filter`](super::fit::filter) has to say to [`Project::deserialize_fields`]; never saved.
pub(super) const NOTES: &str = "notes";

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
    pub const SMALLEST: [u32; 2] = [820, 600];
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
        for Setting { control, plain } in preset.settings() {
            self.params.set(control, plain);
        }
        self.set_preset(&preset.name);
        if let Some(complaint) = preset.complaint() {
            self.live.report(complaint);
        }
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
        let goal = numbered_name(self.params.plain(Control::MorphTo) as u16);
        let goal = goal.map(|name| (MORPH_TO, serde_json::to_string(&name)));
        for (name, value) in values.into_iter().chain(models).chain(goal) {
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
        let known = [MODEL, BLEND_WITH, MORPH_TO, SETUP, EDITOR, PRESET, NOTES];
        let others = fields.iter().filter(|(name, _)| match name.as_str() {
            EAR => matches!(ear, Some(Err(_))),
            name => !known.contains(&name),
        });
        *self.kept.lock() = others
            .map(|(name, text)| (name.clone(), text.clone()))
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::PresetPainter;

    #[test]
    fn a_loaded_preset_is_what_is_seen_and_named_and_touches_nothing_else() {
        let project = Project::default();
        project.params.set(Control::Valence, 0.5);
        let presets = crate::control::presets();
        let preset = presets.iter().rfind(|preset| preset.painter.is_some());
        let preset = preset.expect("built-in presets");
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
        let painter = PresetPainter::of(&project.params.snapshot()).expect("a model");
        assert_eq!(painter.model, preset.painter.as_ref().unwrap().model);
    }
}
