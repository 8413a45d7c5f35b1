//! The models by number, as automation counts them.
//!
//! As long as the process runs a model keeps its number, whatever comes into the folders or is
//! deleted from them: no knob chooses another model because of that. Projects keep its name.

use crate::gan::Catalog;
use parking_lot::RwLock;
use std::sync::atomic::{AtomicU64, Ordering};
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

/// The names of the models that can be chosen: the built-in ones, then the user's own by name, and
/// then those that came later, blends among them. At most [`MODELS`]. One whose file was deleted is still among them.
pub fn model_names() -> Arc<[String]> {
    Arc::clone(&NAMES.read())
}

/// How often the folders have been looked into.
static LOOKS: AtomicU64 = AtomicU64::new(0);

/// Counts up whenever somebody looks into the folders: what was not there then may be there now.
pub fn looks() -> u64 {
    LOOKS.load(Ordering::Acquire)
}

/// Looks into the folders again.
pub fn refresh_names() {
    let found = read();
    let mut names = NAMES.write();
    if let Some(grown) = grown(&names, &found) {
        *names = grown;
    }
    LOOKS.fetch_add(1, Ordering::AcqRel);
}

/// `known` with what is new in `found` behind it; none where there is nothing new.
fn grown(known: &[String], found: &[String]) -> Option<Arc<[String]>> {
    let new = found.iter().filter(|name| !known.contains(name));
    let new: Vec<&String> = new.take(MODELS.saturating_sub(known.len())).collect();
    (!new.is_empty()).then(|| known.iter().chain(new).cloned().collect())
}

/// The name of the model with this number; none where there is no such model now.
pub fn model_name(index: usize) -> Option<String> {
    model_names().get(index).cloned()
}

/// The number of the model with this name. A blend of looks gets one when it is first asked for, as
/// long as there are numbers left.
pub fn model_index(name: &str) -> Option<usize> {
    let place = |names: &[String]| names.iter().position(|known| known == name);
    let known = place(&model_names());
    if known.is_some() || !Catalog::default().has_look(name) {
        return known;
    }
    let mut names = NAMES.write();
    if let Some(grown) = grown(&names, &[name.to_owned()]) {
        *names = grown;
    }
    place(&names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_keeps_its_number_whatever_comes_and_goes() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let known = names(&["ink", "b", "d"]);
        assert_eq!(grown(&known, &names(&["ink", "d"])), None);
        let grown_by_two = grown(&known, &names(&["ink", "a", "c", "d"]));
        let expected = names(&["ink", "b", "d", "a", "c"]);
        assert_eq!(grown_by_two.as_deref(), Some(&*expected));
        let many: Vec<String> = (0..2 * MODELS).map(|number| number.to_string()).collect();
        let full = grown(&known, &many).unwrap();
        assert_eq!((full.len(), &full[..3]), (MODELS, &*known));
        assert_eq!(grown(&full, &many), None);
    }
}
