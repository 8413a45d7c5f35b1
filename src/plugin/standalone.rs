//! The editor's other side where there is no host.

use super::fit;
use super::project::Project;
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContextInner;
use nice_plug::params::internals::ParamPtr;
use nice_plug::plugin::ParamValue;
use nice_plug::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// Sets the parameters itself, as a host would.
pub struct Standalone {
    project: Arc<Project>,
    /// What may be set: a pointer that is not here leads nowhere.
    known: HashSet<ParamPtr>,
}

impl Standalone {
    pub fn new(project: Arc<Project>) -> Self {
        let known = project.param_map().into_iter().map(|(_, param, _)| param);
        Self {
            known: known.collect(),
            project,
        }
    }
}

impl GuiContextInner for Standalone {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Standalone
    }

    // Nobody records gestures.
    unsafe fn raw_begin_set_parameter(&self, _: ParamPtr) {}

    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        if self.known.contains(&param) && normalized.is_finite() {
            // SAFETY: the parameter is one of `project`'s.
            unsafe { param._internal_set_normalized_value(normalized.clamp(0.0, 1.0)) };
        }
    }

    unsafe fn raw_end_set_parameter(&self, _: ParamPtr) {}

    fn get_state(&self) -> PluginState {
        let params = self.project.param_map().into_iter();
        let params = params.map(|(id, param, _)| {
            // SAFETY: the parameters are `project`'s.
            let value = unsafe {
                match param {
                    ParamPtr::FloatParam(p) => ParamValue::F32((*p).unmodulated_plain_value()),
                    ParamPtr::IntParam(p) => ParamValue::I32((*p).unmodulated_plain_value()),
                    ParamPtr::BoolParam(p) => ParamValue::Bool((*p).unmodulated_plain_value()),
                    ParamPtr::EnumParam(p) => match (*p).unmodulated_plain_id() {
                        Some(id) => ParamValue::String(id.to_owned()),
                        None => ParamValue::I32((*p).unmodulated_plain_value()),
                    },
                }
            };
            (id, value)
        });
        PluginState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            params: params.collect(),
            fields: self.project.serialize_fields(),
        }
    }

    fn set_state(&self, mut state: PluginState) {
        fit::filter(&mut state);
        for (id, param, _) in self.project.param_map() {
            let Some(value) = state.params.get(&id) else {
                continue;
            };
            // SAFETY: the parameters are `project`'s.
            unsafe {
                match (param, value) {
                    (ParamPtr::EnumParam(p), ParamValue::String(id)) => {
                        (*p).set_from_id(id);
                    }
                    (_, ParamValue::F32(plain)) => {
                        param._internal_set_normalized_value(param.preview_normalized(*plain));
                    }
                    (_, ParamValue::I32(plain)) => {
                        param._internal_set_normalized_value(
                            param.preview_normalized(*plain as f32),
                        );
                    }
                    (_, ParamValue::Bool(on)) => {
                        param._internal_set_normalized_value(f32::from(*on));
                    }
                    (_, ParamValue::String(_)) => {}
                }
            }
        }
        self.project.deserialize_fields(&state.fields);
    }

    fn request_restart(&self) {}
}
