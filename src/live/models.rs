//! The models by number, as automation counts them.

use crate::gan::Catalog;
use parking_lot::RwLock;
use std::sync::{Arc, LazyLock};

/// The most models that can be chosen by number.
pub const MODELS: usize = 32;

static NAMES: LazyLock<RwLock<Arc<[String]>>> = LazyLock::new(|| RwLock::new(read()));

fn read() -> Arc<[String]> {
    Catalog::default()
        .names()
        .into_iter()
        .take(MODELS)
        .collect()
}

/// The names of the models that can be chosen: the built-in ones, then the user's own by name.
/// At most [`MODELS`].
pub fn model_names() -> Arc<[String]> {
    Arc::clone(&NAMES.read())
}

/// Looks into the folders again.
pub(super) fn refresh_names() {
    let found = read();
    *NAMES.write() = found;
}

/// The name of the model with this number; none where there is no such model now.
pub fn model_name(index: usize) -> Option<String> {
    model_names().get(index).cloned()
}

/// The number of the model with this name.
pub fn model_index(name: &str) -> Option<usize> {
    model_names().iter().position(|known| known == name)
}
