//! Which presets there are: those that come with the program, then the user's own.

use super::{Preset, file};
use crate::control::Controls;
use crate::folders;
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

/// What a preset's file ends with.
const EXTENSION: &str = "json";

/// Larger files are no presets, bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// `(file's name, text)` of each in `plugin-assets/presets`, in the order of their names.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/presets.rs"));

/// What is known of the folders.
#[derive(Default)]
pub(super) struct Library {
    presets: Arc<[Preset]>,
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
    let read = BUILT_IN
        .iter()
        .filter_map(|(name, text)| file::read(text, name).ok());
    read.map(|preset| Preset {
        has_position: true,
        ..preset
    })
    .collect()
});

/// The presets: those that come with the program, in an order that is part of saved projects, then the
/// user's own by name, and then those that came later. As long as the process runs each keeps its place.
/// One of the user's that is called like one of ours stands in its place.
pub fn presets() -> Arc<[Preset]> {
    Arc::clone(&PRESETS.read())
}

/// Looks into the folders again; what `look` finds there.
pub(super) fn refresh<T>(look: impl FnOnce(&Library) -> T) -> T {
    let mut library = LIBRARY.lock();
    library.read(&folders());
    *PRESETS.write() = Arc::clone(&library.presets);
    look(&library)
}

/// What is wrong with files that are there now, a sentence each.
pub fn broken_presets() -> Vec<String> {
    let library = LIBRARY.lock();
    library.broken().map(|(.., sentence)| sentence).collect()
}

/// The user's own folder for presets, whether or not it exists.
pub fn users_presets() -> Option<PathBuf> {
    Some(folders::data()?.join("presets"))
}

/// The preset in a file.
///
/// # Errors
/// In a sentence.
pub fn read_preset(path: &Path) -> Result<Preset, String> {
    read_file(path).map_err(|words| sentence(path, &words))
}

/// Saves a look under a name: over the user's preset that is called so, or as a new file in the user's
/// folder.
///
/// # Errors
/// In a sentence; what was there is as it was then.
pub fn save_preset(name: &str, look: &Controls) -> Result<PathBuf, String> {
    let mut library = LIBRARY.lock();
    let path = library.save(&folders(), users_presets(), name, look)?;
    *PRESETS.write() = Arc::clone(&library.presets);
    Ok(path)
}

/// Where a new preset of this name goes in `folder`.
fn new_path(folder: &Path, name: &str) -> Result<PathBuf, String> {
    file::check_name(name)
        .map_err(|words| format!("a preset {}", words.replacen("has", "cannot have", 1)))?;
    let path = folder.join(name).with_added_extension(EXTENSION);
    match path.try_exists() {
        Ok(true) => Err(format!(
            "{} is there and is not the preset “{name}”: choose another name",
            path.display()
        )),
        _ => Ok(path),
    }
}

fn write(path: &Path, name: &str, look: &Controls) -> Result<(), String> {
    let failed = |error: io::Error| format!("{} cannot be written: {error}", path.display());
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let before = fs::read_to_string(path).ok();
    let text = file::written(name, look, before.as_deref());
    let mut builder = tempfile::Builder::new();
    // As any file that a user makes, and not for this user alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut draft = builder.tempfile_in(folder).map_err(failed)?;
    draft.write_all(text.as_bytes()).map_err(failed)?;
    draft.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Folders with presets of the user's, first choice first; those that do not exist are passed over.
fn folders() -> Vec<PathBuf> {
    let listed = std::env::var_os("SYNOPSIA_PRESETS");
    let listed = listed.iter().flat_map(std::env::split_paths);
    listed.chain(users_presets()).collect()
}

impl Library {
    /// Saves a look where the preset of this name is in `folders`, or else in the folder `own`.
    fn save(
        &mut self,
        folders: &[PathBuf],
        own: Option<PathBuf>,
        name: &str,
        look: &Controls,
    ) -> Result<PathBuf, String> {
        self.read(folders);
        let called = self.presets.iter().find(|preset| preset.name == name);
        let known = called.and_then(|preset| preset.path.clone());
        let path = match known.filter(|path| path.exists()) {
            Some(path) => path,
            None => {
                let own = own.ok_or("the system names no folder for your presets")?;
                new_path(&own, name)?
            }
        };
        write(&path, name, look)?;
        self.read(folders);
        Ok(path)
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
            let state = (about.len(), about.modified().ok());
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
        let grown = grown(&self.presets, &found);
        if *grown != *self.presets {
            self.presets = grown.into();
        }
    }
}

/// The presets that are `known`, as they are `found` now or else came with the program, and what is new
/// behind them. One that was deleted stays as it was.
fn grown(known: &[Preset], found: &[Preset]) -> Vec<Preset> {
    let now = |preset: &Preset| {
        let same = |other: &&Preset| other.name == preset.name;
        let present = found.iter().find(same).or_else(|| OURS.iter().find(same));
        Preset {
            has_position: preset.has_position,
            ..present.unwrap_or(preset).clone()
        }
    };
    let new = found
        .iter()
        .filter(|new| known.iter().all(|old| old.name != new.name));
    known.iter().map(now).chain(new.cloned()).collect()
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
    use super::*;

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
        // The order is part of saved projects.
        let first = [
            "Oil and light",
            "Slow water",
            "Cathedral",
            "Northern night",
            "Club",
        ];
        assert!(self::names(ours).starts_with(&first));
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
        assert_eq!(names(&library.presets)[ours..], ["Dawn", "Dusk"]);
        let all = ["Club", "Dusk", "Dawn"].map(|name| trails(&library, name));
        assert_eq!(all, [0.77, 0.123, 0.2]);
        fs::remove_file(folder.join("Dusk.json")).unwrap();
        fs::remove_file(folder.join("Club.json")).unwrap();
        library.read(&folders);
        assert_eq!(trails(&library, "Club"), OURS[4].look.trails);
    }

    #[test]
    fn a_preset_is_saved_where_it_is_and_a_new_one_over_nothing() {
        let (first, own) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folders = [first.path().to_owned(), own.path().to_owned()];
        let elsewhere = first.path().join("z.json");
        fs::write(
            &elsewhere,
            r#"{"name": "Dusk", "author": "me", "controls": {}}"#,
        )
        .unwrap();
        let mut library = library();
        let mut save = |name: &str| {
            let look = Controls {
                trails: 0.25,
                ..Controls::default()
            };
            let saved = library.save(&folders, Some(own.path().to_owned()), name, &look);
            saved.map(|path| (path, trails(&library, name)))
        };
        assert_eq!(save("Dusk"), Ok((elsewhere.clone(), 0.25)));
        assert!(fs::read_to_string(&elsewhere).unwrap().contains("author"));
        // A built-in one has no file: the user's own stands in its place.
        assert_eq!(save("Club"), Ok((own.path().join("Club.json"), 0.25)));
        // What somebody wrote by hand, and what is no file, stays.
        let broken = own.path().join("Dawn.json");
        fs::write(&broken, "{").unwrap();
        fs::create_dir(own.path().join("Noon.json")).unwrap();
        for name in ["Dawn", "Noon"] {
            let said = save(name).unwrap_err();
            assert!(said.contains("choose another name"), "{said}");
        }
        assert_eq!(fs::read_to_string(&broken).unwrap(), "{");
    }

    #[test]
    fn a_name_that_no_file_can_have_is_refused_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut library = library();
        for name in ["", " ", "a/b", "..", ".hidden", "a\nb", &"x".repeat(101)] {
            let own = Some(folder.path().to_owned());
            let said = library.save(&[], own, name, &Controls::default());
            let said = said.unwrap_err();
            assert!(said.starts_with("a preset cannot have"), "{said}");
        }
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
}
