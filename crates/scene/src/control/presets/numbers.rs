//! The presets by number, as automation counts them.
//!
//! Those that come with the program have theirs for good. One of the user's gets one when it is first asked for, and
//! keeps it as long as the process runs; projects keep its name.

use super::library::{our_names, presets};
use super::preset::Preset;
use crate::control::table::LAST_NUMBER;
use parking_lot::RwLock;
use std::sync::LazyLock;

/// The names of those that have a number; the first has 1.
static NAMES: LazyLock<RwLock<Vec<String>>> = LazyLock::new(|| RwLock::new(our_names()));

/// The number of the preset of exactly this name; none where there is no such preset, or no number left.
pub fn preset_number(name: &str) -> Option<u16> {
    let number = |names: &[String]| names.iter().position(|known| known == name);
    let numbered = |place: usize| u16::try_from(place + 1).ok();
    if let Some(known) = number(&NAMES.read()) {
        return numbered(known);
    }
    presets().iter().find(|preset| preset.name == name)?;
    let mut names = NAMES.write();
    if number(&names).is_none() && names.len() < usize::from(LAST_NUMBER) {
        names.push(name.to_owned());
    }
    number(&names).and_then(numbered)
}

/// The name that has this number.
pub fn numbered_name(number: u16) -> Option<String> {
    let place = usize::from(number).checked_sub(1)?;
    NAMES.read().get(place).cloned()
}

/// The preset with this number, if it is there.
pub(super) fn numbered(number: u16) -> Option<Preset> {
    let place = usize::from(number).checked_sub(1)?;
    let names = NAMES.read();
    let name = names.get(place)?;
    presets()
        .iter()
        .find(|preset| preset.name == *name)
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_of_ours_have_their_numbers_for_good_and_what_is_none_has_none() {
        for (name, number) in [("Oil and light", 1), ("Club", 5), ("Winter garden", 10)] {
            assert_eq!(preset_number(name), Some(number));
            assert_eq!(numbered_name(number).as_deref(), Some(name));
            assert_eq!(numbered(number).unwrap().name, name);
        }
        for none in [0, LAST_NUMBER] {
            assert_eq!(numbered(none), None);
        }
        assert_eq!(preset_number("a preset that nobody has"), None);
    }
}
