//! The shaders' texts: those that were built in, or those of a folder that somebody works at.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use parking_lot::RwLock;

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// The files of `shaders/`, with their texts: what `build.rs` found.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shaders.rs"));

static FOLDER: RwLock<Option<PathBuf>> = RwLock::new(None);

/// A file of `shaders/`.
#[derive(Clone, Copy)]
pub struct Shader {
    /// Its path in there.
    pub file: &'static str,
    /// Its text as it was built in.
    pub built_in: &'static str,
}

impl Shader {
    /// A file of `shaders/`, by its path in there.
    ///
    /// # Panics
    /// When there is none; in a constant, that is where it is compiled.
    pub const fn named(file: &'static str) -> Self {
        let mut i = 0;
        while i < BUILT_IN.len() {
            let (file_there, built_in) = BUILT_IN[i];
            if equal(file_there.as_bytes(), file.as_bytes()) {
                return Self { file, built_in };
            }
            i += 1;
        }
        panic!("there is no such file in `shaders/`");
    }

    /// Its text: from the [folder](read_from) where it is there.
    pub fn text(&self) -> Cow<'static, str> {
        let folder = FOLDER.read();
        let read = folder
            .as_ref()
            .and_then(|folder| std::fs::read(folder.join(self.file)).ok());
        read.map_or(Cow::Borrowed(self.built_in), |bytes| {
            // What is no text is for the card to refuse.
            Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
        })
    }
}

/// `==`, which constants do not have.
const fn equal(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

/// Has shaders be read from this folder from now on, as long as the process lives.
///
/// # Errors
/// When it is no folder that holds one of ours, in a sentence.
pub fn read_from(folder: &Path) -> Result<(), String> {
    let found = files(folder);
    if found.is_empty() {
        return Err(format!("there are no shaders in {}", folder.display()));
    }
    let known = |name: &String| BUILT_IN.iter().any(|(file, _)| file == name);
    if !found.keys().any(known) {
        return Err(format!(
            "no shader in {} has the name of one of Synopsia's, such as grain.wgsl or shared/colour.wgsl",
            folder.display()
        ));
    }
    *FOLDER.write() = Some(folder.to_path_buf());
    Ok(())
}

/// Has the built-in ones be used again: what a test began is not to reach others.
pub fn read_no_more() {
    *FOLDER.write() = None;
}

/// Whether they are read from a folder.
pub fn are_read() -> bool {
    FOLDER.read().is_some()
}

/// What is in the folder, and since when.
type Files = BTreeMap<String, SystemTime>;

/// Sees which shaders are saved.
#[derive(Default)]
pub struct Watch {
    looked: Option<Instant>,
    files: Files,
}

impl Watch {
    /// The files that were saved since it was last asked; none at first.
    pub fn saved(&mut self, now: Instant) -> Vec<String> {
        let first = self.looked.is_none();
        if self.looked.is_some_and(|looked| now < looked + LOOK) {
            return Vec::new();
        }
        let Some(folder) = FOLDER.read().clone() else {
            return Vec::new();
        };
        self.looked = Some(now);
        let before = std::mem::replace(&mut self.files, files(&folder));
        let saved = self.files.iter();
        let saved = saved.filter(|(name, since)| !first && before.get(*name) != Some(since));
        saved.map(|(name, _)| name.clone()).collect()
    }
}

/// The shaders of a folder, and of the one in it that they share.
fn files(folder: &Path) -> Files {
    let mut files = Files::new();
    for (place, before) in [
        (folder.to_path_buf(), ""),
        (folder.join("shared"), "shared/"),
    ] {
        for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if let (true, Ok(about)) = (name.ends_with(".wgsl"), entry.metadata())
                && let Ok(since) = about.modified()
            {
                files.insert(format!("{before}{name}"), since);
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_one_of_ours_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |words: &str| {
            let said = read_from(folder.path()).unwrap_err();
            assert!(said.contains(words), "{said}");
            assert!(!are_read());
        };
        refused("there are no shaders");
        std::fs::write(folder.path().join("plasma.wgsl"), "").unwrap();
        refused("no shader in");
    }
}
