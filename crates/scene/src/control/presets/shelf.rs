//! Which presets their user likes, and which were used last.
//!
//! Kept by name in a small file of the user's, which several programs may have open: whoever changes something reads
//! it first, and writes all of it.

use super::library::home;
use super::user_files::{moved, write_whole};
use parking_lot::{Mutex, RwLock};
use serde_json::{Map, Value, json};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// The file, in the user's folder of Synopsia.
const FILE: &str = "preset-shelf.json";

/// Its fields.
const FAVOURITES: &str = "favourites";
const RECENT: &str = "recent";

/// The most that are remembered to have been used.
const MOST_RECENT: usize = 24;

/// Names of presets that their user likes, and of those that were used last, the last one first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    pub favourites: Vec<String>,
    pub recent: Vec<String>,
}

static SHELF: LazyLock<RwLock<Arc<Shelf>>> = LazyLock::new(|| {
    let read = path().and_then(|path| read(&path).ok());
    RwLock::new(Arc::new(read.unwrap_or_default().0))
});

/// Held while the file is changed.
static CHANGING: Mutex<()> = Mutex::new(());

/// What was known of the file when it was read or written last. Opens no file but the first time.
pub fn shelf() -> Arc<Shelf> {
    Arc::clone(&SHELF.read())
}

/// Has a preset be among the favourites, or no longer.
///
/// # Errors
/// In a sentence; it is so all the same until the program ends.
pub fn set_favourite(name: &str, is_one: bool) -> Result<(), String> {
    change(|shelf| {
        shelf.favourites.retain(|other| other != name);
        if is_one {
            shelf.favourites.push(name.to_owned());
        }
    })
}

/// Has a preset be the one that was used last.
///
/// # Errors
/// In a sentence; it is so all the same until the program ends.
pub fn note_used(name: &str) -> Result<(), String> {
    if shelf().recent.first().is_some_and(|last| last == name) {
        return Ok(());
    }
    change(|shelf| {
        shelf.recent.retain(|other| other != name);
        shelf.recent.insert(0, name.to_owned());
        shelf.recent.truncate(MOST_RECENT);
    })
}

/// Has a preset be known by another name.
pub(super) fn rename(old: &str, new: &str) -> Result<(), String> {
    change(|shelf| {
        let names = shelf.favourites.iter_mut().chain(&mut shelf.recent);
        names
            .filter(|name| *name == old)
            .for_each(|name| *name = new.to_owned());
    })
}

fn path() -> Option<PathBuf> {
    Some(home()?.join(FILE))
}

fn change(act: impl Fn(&mut Shelf)) -> Result<(), String> {
    let _changing = CHANGING.lock();
    let path = path().ok_or("the system names no folder for your favourites")?;
    let mut now = (*shelf()).clone();
    let done = changed(&path, &act);
    let written = match done {
        Ok(written) => {
            now = written;
            Ok(())
        }
        Err(sentence) => {
            act(&mut now);
            Err(sentence)
        }
    };
    *SHELF.write() = Arc::new(now);
    written
}

/// Changes what is in the file. One that is no shelf is put into the bin, and a new one begun.
fn changed(path: &Path, act: &impl Fn(&mut Shelf)) -> Result<Shelf, String> {
    let failed = |error: io::Error| {
        let path = path.display();
        format!("your favourites cannot be kept in {path}: {error}")
    };
    let (mut shelf, mut rest) = match read(path) {
        Ok(read) => read,
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            moved(path).map_err(failed)?;
            Default::default()
        }
        Err(error) => return Err(failed(error)),
    };
    act(&mut shelf);
    rest.insert(FAVOURITES.to_owned(), json!(shelf.favourites));
    rest.insert(RECENT.to_owned(), json!(shelf.recent));
    let text = serde_json::to_string_pretty(&Value::Object(rest)).unwrap_or_default() + "\n";
    write_whole(path, text.as_bytes()).map_err(failed)?;
    Ok(shelf)
}

/// What is in the file, and all that this version does not know of it; nothing where there is none.
fn read(path: &Path) -> io::Result<(Shelf, Map<String, Value>)> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Default::default()),
        read => read?,
    };
    let whole: Map<String, Value> = serde_json::from_str(&text)?;
    let names = |field: &str| {
        let names = whole.get(field).and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    };
    let shelf = Shelf {
        favourites: names(FAVOURITES),
        recent: names(RECENT),
    };
    Ok((shelf, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(name: &'static str) -> impl Fn(&mut Shelf) {
        move |shelf| shelf.favourites.push(name.to_owned())
    }

    #[test]
    fn what_another_program_or_a_newer_version_has_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a folder that comes").join(FILE);
        assert_eq!(changed(&path, &like("Dusk")).unwrap().favourites, ["Dusk"]);
        let theirs = r#"{"favourites": ["Dawn"], "recent": [3, "Noon"], "stars": 5}"#;
        fs::write(&path, theirs).unwrap();
        let shelf = changed(&path, &like("Dusk")).unwrap();
        assert_eq!(shelf.favourites, ["Dawn", "Dusk"]);
        assert_eq!(shelf.recent, ["Noon"]);
        assert!(fs::read_to_string(&path).unwrap().contains("\"stars\": 5"));
        assert_eq!(read(&path).unwrap().0, shelf);
    }

    #[test]
    fn a_file_that_is_no_shelf_is_kept_in_the_bin() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        fs::write(&path, "{broken").unwrap();
        assert_eq!(changed(&path, &like("Dusk")).unwrap().favourites, ["Dusk"]);
        let kept = folder.path().join("bin").join(FILE);
        assert_eq!(fs::read_to_string(kept).unwrap(), "{broken");
    }
}
