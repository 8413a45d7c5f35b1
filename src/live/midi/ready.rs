//! Maps of usual controllers, which come with the program.

use crate::output::Destination;
use std::path::{Path, PathBuf};

/// Each by its name: what its knobs, faders and pads move.
const READY: [(&str, &str); 5] = [
    (
        "apc-mini",
        include_str!("../../../plugin-assets/midi/apc-mini.json"),
    ),
    (
        "launch-control-xl",
        include_str!("../../../plugin-assets/midi/launch-control-xl.json"),
    ),
    (
        "midimix",
        include_str!("../../../plugin-assets/midi/midimix.json"),
    ),
    (
        "nanokontrol2",
        include_str!("../../../plugin-assets/midi/nanokontrol2.json"),
    ),
    (
        "x-touch-mini",
        include_str!("../../../plugin-assets/midi/x-touch-mini.json"),
    ),
];

/// The names of the maps that come with the program.
pub fn ready_midi_maps() -> impl Iterator<Item = &'static str> {
    READY.into_iter().map(|(name, _)| name)
}

/// One's own copy of the map of that name in `folder`, made where there is none yet, so that what is learned beside it stays; none
/// where no map is called so.
///
/// # Errors
/// When it cannot be written, in a sentence.
pub fn ready_midi_map(name: &str, folder: &Path) -> Result<Option<PathBuf>, String> {
    let Some((name, text)) = READY.into_iter().find(|(ready, _)| *ready == name) else {
        return Ok(None);
    };
    let path = folder.join(format!("midi-{name}.json"));
    if !path.exists() {
        let cannot = |error: String| format!("the MIDI map {name} cannot be kept: {error}");
        std::fs::create_dir_all(folder).map_err(|error| cannot(error.to_string()))?;
        let place = Destination::check(&path, false).map_err(|error| cannot(error.to_string()))?;
        place
            .write(text.as_bytes())
            .map_err(|error| cannot(error.to_string()))?;
    }
    Ok(Some(path))
}

#[cfg(test)]
mod tests {
    use super::super::map::MidiMap;
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_ready_map_is_understood_moves_much_and_has_no_knob_twice() {
        for (name, text) in READY {
            let (map, said) = MidiMap::read(text).expect(name);
            assert!(said.is_empty(), "{name}: {said:?}");
            let knobs: HashSet<_> = map
                .bindings
                .iter()
                .map(|it| (it.knob, it.channel))
                .collect();
            assert!(
                knobs.len() == map.bindings.len() && knobs.len() >= 20,
                "{name}"
            );
            let moved: HashSet<_> = map
                .bindings
                .iter()
                .map(|it| format!("{:?}", it.target))
                .collect();
            for must in ["Valence", "Arousal", "Blackout", "Panic", "Tap"] {
                let moves = moved.iter().any(|target| target.contains(must));
                assert!(
                    moves || name == "apc-mini" && ["Valence", "Arousal"].contains(&must),
                    "{name}: {must}"
                );
            }
        }
    }

    #[test]
    fn ones_own_copy_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("data");
        assert_eq!(ready_midi_map("mine", &folder), Ok(None));
        let path = ready_midi_map("midimix", &folder)
            .unwrap()
            .expect("it is ready");
        let (map, _) = MidiMap::open(&path).unwrap();
        assert!(!map.bindings.is_empty());
        MidiMap::default().save(&path).unwrap();
        ready_midi_map("midimix", &folder).unwrap();
        assert_eq!(
            MidiMap::open(&path).unwrap().0,
            MidiMap::default(),
            "what was learned stays"
        );
    }
}
