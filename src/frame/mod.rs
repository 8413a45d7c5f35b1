//! How a scene becomes a picture.

pub(crate) mod device;
pub(crate) mod models;

pub use device::lose_device;
pub use models::{MODELS, model_index, model_name, model_names};
