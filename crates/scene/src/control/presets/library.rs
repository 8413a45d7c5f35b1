//! Which presets there are: those that come with the program, then the user's own.

use super::file;
use super::preset::Preset;
use crate::control::words::is_named;
use crate::folders;
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::SystemTime;

/// What a preset's file ends with.
pub(super) const EXTENSION: &str = "json";

/// Larger files are no presets, bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// How many of those that come with the program have a position. Hosts know where on the knob each of them is, so none
/// is added.
const POSITIONS: usize = 10;

/// `(file's name, text, small picture)` of each in `plugin-assets/presets`, in the order of their names.
const BUILT_IN: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/presets.rs"));

/// What is known of the folders.
#[derive(Default)]
pub(super) struct Library {
    pub(super) presets: Arc<[Preset]>,
    /// Files as they were when they were read, with what was wrong with them.
    seen: BTreeMap<PathBuf, Seen>,
}

/// A file's bytes, and when it was changed last.
pub(super) type State = (u64, Option<SystemTime>);

/// A file as it was, and what it held or what was wrong with it.
type Seen = (State, Result<Preset, String>);

/// Held while files are read: never by who only asks for [`PRESETS`].
static LIBRARY: LazyLock<Mutex<Library>> = LazyLock::new(|| {
    let mut library = Library {
        presets: OURS.clone().into(),
        ..Library::default()
    };
    library.read(&folders());
    Mutex::new(library)
});

/// The presets as they were read last.
static PRESETS: LazyLock<RwLock<Arc<[Preset]>>> =
    LazyLock::new(|| RwLock::new(Arc::clone(&LIBRARY.lock().presets)));

/// Those that come with the program.
static OURS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let read = BUILT_IN.iter().filter_map(|(name, text, picture)| {
        let read = file::read(text, name).ok();
        read.map(|preset| Preset { picture, ..preset })
    });
    let placed = read.enumerate().map(|(place, preset)| Preset {
        has_position: place < POSITIONS,
        ..preset
    });
    placed.collect()
});

/// The presets: those that come with the program, in an order that is part of saved projects, then the
/// user's own by name. One of the user's that is called like one of ours stands in its place.
pub fn presets() -> Arc<[Preset]> {
    Arc::clone(&PRESETS.read())
}

/// The preset of exactly this name, or else of this one in any case, with or without hyphens.
pub fn preset_called(name: &str) -> Option<Preset> {
    let presets = presets();
    let exact = presets.iter().find(|preset| preset.name == name);
    let found = exact.or_else(|| presets.iter().find(|preset| is_named(name, &preset.name)));
    found.cloned()
}

/// The presets that have a position, in their order; the first is at 1.
pub fn with_positions(presets: &[Preset]) -> &[Preset] {
    let end = presets.iter().position(|preset| !preset.has_position);
    &presets[..end.unwrap_or(presets.len())]
}

/// The names of those that come with the program, in their order.
pub(super) fn our_names() -> Vec<String> {
    OURS.iter().map(|preset| preset.name.clone()).collect()
}

/// Looks into the folders again; what `look` finds there.
pub(super) fn refresh<T>(look: impl FnOnce(&Library) -> T) -> T {
    change(|library, folders| {
        library.read(folders);
        look(library)
    })
}

/// Does something to the library that goes by these folders.
pub(super) fn change<T>(act: impl FnOnce(&mut Library, &[PathBuf]) -> T) -> T {
    // Before the library is held: what is read for the first time holds it itself.
    let presets = LazyLock::force(&PRESETS);
    let mut library = LIBRARY.lock();
    let done = act(&mut library, &folders());
    *presets.write() = Arc::clone(&library.presets);
    done
}

/// What is wrong with files that are there now, a sentence each.
pub fn broken_presets() -> Vec<String> {
    let library = LIBRARY.lock();
    library.broken().map(|(.., sentence)| sentence).collect()
}

/// Where what belongs to the user's presets is kept, where that is not among the user's data.
static ELSEWHERE: OnceLock<PathBuf> = OnceLock::new();

/// Has the user's presets, and what is known of them, be kept in this folder for as long as the process runs, and not
/// among the user's data. To be called before anything else; the first call counts.
pub fn keep_presets_in(folder: PathBuf) {
    let _ = ELSEWHERE.set(folder);
}

/// The folder in which the user's presets, and what is known of them, are kept.
pub(super) fn home() -> Option<PathBuf> {
    ELSEWHERE.get().cloned().or_else(folders::data)
}

/// The user's own folder for presets, whether or not it exists.
pub fn users_presets() -> Option<PathBuf> {
    Some(home()?.join("presets"))
}

/// The preset in a file.
///
/// # Errors
/// In a sentence.
pub fn read_preset(path: &Path) -> Result<Preset, String> {
    read_file(path).map_err(|words| sentence(path, &words))
}

/// Folders with presets of the user's, first choice first; those that do not exist are passed over.
fn folders() -> Vec<PathBuf> {
    let listed = std::env::var_os("SYNOPSIA_PRESETS");
    let listed = listed.iter().flat_map(std::env::split_paths);
    listed.chain(users_presets()).collect()
}

impl Library {
    /// Whether a file is as it was when it was read last.
    pub(super) fn is_as_seen(&self, path: &Path) -> bool {
        let seen = self.seen.get(path).map(|(state, _)| *state);
        path.metadata().ok().map(|about| state(&about)) == seen
    }

    /// Files that are no presets, as they are, with a sentence each.
    pub(super) fn broken(&self) -> impl Iterator<Item = (&PathBuf, State, String)> {
        self.seen.iter().filter_map(|(path, (state, preset))| {
            let words = preset.as_ref().err()?;
            Some((path, *state, sentence(path, words)))
        })
    }

    /// Reads what is new in the folders.
    pub(super) fn read(&mut self, folders: &[PathBuf]) {
        let mut seen = BTreeMap::new();
        let mut found: Vec<Preset> = Vec::new();
        for path in folders.iter().flat_map(|folder| files(folder)) {
            let Ok(about) = path.metadata() else { continue };
            let state = state(&about);
            let known = self.seen.remove(&path);
            let known = known.filter(|known| known.0 == state);
            let entry = known.unwrap_or_else(|| (state, read_file(&path)));
            if let Ok(preset) = &entry.1
                && found.iter().all(|other| other.name != preset.name)
            {
                found.push(preset.clone());
            }
            seen.insert(path, entry);
        }
        self.seen = seen;
        let all = all(&found);
        if *all != *self.presets {
            self.presets = all.into();
        }
    }
}

/// The presets that come with the program, or those of the user's that are called so, and then the user's others by name.
fn all(found: &[Preset]) -> Vec<Preset> {
    let now = |ours: &Preset| {
        let users = found.iter().find(|preset| preset.name == ours.name);
        Preset {
            has_position: ours.has_position,
            ..users.unwrap_or(ours).clone()
        }
    };
    let others = found
        .iter()
        .filter(|new| OURS.iter().all(|ours| ours.name != new.name));
    let mut others: Vec<Preset> = others.cloned().collect();
    others.sort_by_key(|preset| preset.name.to_lowercase());
    OURS.iter().map(now).chain(others).collect()
}

fn state(about: &fs::Metadata) -> State {
    (about.len(), about.modified().ok())
}

/// The files in a folder that may be presets, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension() == Some(OsStr::new(EXTENSION)))
        .filter(|path| path.metadata().is_ok_and(|about| about.is_file()))
        .filter(|path| {
            !path
                .file_name()
                .unwrap_or_default()
                .as_encoded_bytes()
                .starts_with(b".")
        })
        .collect();
    paths.sort();
    paths
}

fn read_file(path: &Path) -> Result<Preset, String> {
    let plain = |error: io::Error| format!("cannot be read: {error}");
    let about = path.metadata().map_err(plain)?;
    if !about.is_file() {
        return Err("is not a preset: it is not a file".to_owned());
    }
    if about.len() > LARGEST_FILE {
        return Err(format!("is not a preset: it has {} MB", about.len() >> 20));
    }
    let text = fs::read_to_string(path).map_err(plain)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let preset = file::read(text.trim_start_matches('\u{feff}'), &stem)?;
    Ok(Preset {
        path: Some(path.to_owned()),
        ..preset
    })
}

fn sentence(path: &Path, words: &str) -> String {
    format!("the preset {} {words}", path.display())
}

#[cfg(test)]
mod tests {
    use super::super::search::MOTION;
    use super::*;
    use crate::gan::Catalog;

    fn names(presets: &[Preset]) -> Vec<&str> {
        presets.iter().map(|preset| preset.name.as_str()).collect()
    }

    fn library() -> Library {
        Library {
            presets: OURS.clone().into(),
            ..Library::default()
        }
    }

    fn trails(library: &Library, name: &str) -> f32 {
        let found = library.presets.iter().find(|preset| preset.name == name);
        found.unwrap().look.trails
    }

    #[test]
    fn every_preset_of_ours_can_be_read_is_within_range_and_has_its_own_name() {
        let ours = &*OURS;
        assert_eq!(ours.len(), BUILT_IN.len());
        for preset in ours {
            assert_eq!(preset.look, preset.look.clamped(), "{}", preset.name);
        }
        let mut names = names(ours);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ours.len());
        // The order is part of saved projects, and so is how many there are on the knob.
        let first = [
            "Oil and light",
            "Slow water",
            "Cathedral",
            "Northern night",
            "Club",
            "Embers",
            "Rose window",
            "Charcoal",
            "Gallery",
            "Winter garden",
        ];
        assert_eq!(self::names(with_positions(ours)), first);
    }

    #[test]
    fn ours_are_painted_by_every_look_that_is_built_in_and_range_from_still_to_wild() {
        let ours = &*OURS;
        assert!(ours.len() >= 48, "only {}", ours.len());
        for preset in ours {
            let is_motion = |tag: &&String| MOTION.contains(&tag.as_str());
            let motion = preset.tags.iter().filter(is_motion).count();
            let name = &preset.name;
            assert_eq!(motion, 1, "{name} says {motion} times how much moves");
            assert!((2..=6).contains(&preset.tags.len()), "{name}");
            assert_eq!(preset.complaint(), None);
            let picture = preset.picture().unwrap_or_default();
            assert!(picture.starts_with(&[0xff, 0xd8]), "{name} has no picture");
        }
        for tag in MOTION {
            let of_it = ours
                .iter()
                .filter(|preset| preset.tags.iter().any(|t| t == tag));
            assert!(of_it.count() >= 6, "few are {tag}");
        }
        for look in Catalog::built_in() {
            let painted = ours.iter().filter_map(|preset| preset.painter.as_ref());
            let alone = painted.filter(|painter| painter.model == *look && painter.with.is_none());
            assert!(alone.count() >= 4, "{look} paints few");
        }
        let pictures: usize = ours.iter().map(|preset| preset.picture.len()).sum();
        assert!(pictures < 250_000, "their pictures have {pictures} bytes");
    }

    #[test]
    fn a_folder_is_reread_while_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (folder, folders) = (folder.path(), [folder.path().to_owned()]);
        let write = |name: &str, trails: &str| {
            let text = format!("{{\"controls\": {{\"trails\": {trails}}}}}");
            fs::write(folder.join(name).with_added_extension("json"), text).unwrap();
        };
        let mut library = library();
        let ours = library.presets.len();
        write("Dusk", "0.9");
        write("Dawn", "0.2");
        write("broken", "{");
        fs::write(folder.join("notes.txt"), "{").unwrap();
        library.read(&folders);
        assert_eq!(names(&library.presets)[ours..], ["Dawn", "Dusk"]);
        // One of the user's in the place of ours, a change, and one that is gone.
        write("Club", "0.77");
        write("Dusk", "0.123");
        fs::remove_file(folder.join("Dawn.json")).unwrap();
        library.read(&folders);
        assert_eq!(names(&library.presets)[ours..], ["Dusk"]);
        let all = ["Club", "Dusk"].map(|name| trails(&library, name));
        assert_eq!(all, [0.77, 0.123]);
        fs::remove_file(folder.join("Dusk.json")).unwrap();
        fs::remove_file(folder.join("Club.json")).unwrap();
        library.read(&folders);
        assert_eq!(trails(&library, "Club"), OURS[4].look.trails);
    }
}
