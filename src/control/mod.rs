//! What can be turned: models by number, looks by name, and what a person means by a typed value.

pub(crate) mod models;
mod presets;
pub(crate) mod words;

pub use models::{MODELS, model_index, model_name, model_names};
pub(crate) use presets::look_at;
pub use presets::{Preset, presets};
