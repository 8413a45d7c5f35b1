//! The tilings that were measured on an adapter, kept from run to run.
//!
//! A file for each adapter, driver, backend and version of this program. It saves time and nothing
//! depends on it: one that is missing, damaged or of another adapter counts as empty and is written
//! anew, and one that cannot be written is done without.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::tiling::Tiling;
use crate::folders;

/// A larger file is none of ours.
const LARGEST: u64 = 1 << 20;
/// Raised when the shaders or the meaning of a tiling change.
const KERNELS: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Content {
    adapter: String,
    layers: BTreeMap<String, Tiling>,
}

/// What is known of one adapter.
pub(super) struct Cache {
    file: Option<PathBuf>,
    content: Content,
}

impl Cache {
    /// Reads what is known of an adapter.
    pub fn open(info: &wgpu::AdapterInfo) -> Self {
        let adapter = format!(
            "{}, {:04x}:{:04x}, {:?}, driver {} {}, synopsia {} kernels {KERNELS}",
            info.name,
            info.vendor,
            info.device,
            info.backend,
            info.driver,
            info.driver_info,
            env!("CARGO_PKG_VERSION"),
        );
        let name = format!("tilings-{:016x}.json", hash(&adapter));
        Self::read(folder().map(|folder| folder.join(name)), adapter)
    }

    fn read(file: Option<PathBuf>, adapter: String) -> Self {
        let read = || {
            let file = file.as_ref()?;
            let small = fs::metadata(file).ok()?.len() <= LARGEST;
            let text = small.then(|| fs::read(file).ok())??;
            let content: Content = serde_json::from_slice(&text).ok()?;
            (content.adapter == adapter).then_some(content.layers)
        };
        let layers = read().unwrap_or_default();
        Self {
            file,
            content: Content { adapter, layers },
        }
    }

    /// The tiling of a layer. It may be one that no layer has: the file is the user's.
    pub fn get(&self, key: &str) -> Option<Tiling> {
        self.content.layers.get(key).copied()
    }

    pub fn set(&mut self, key: String, tiling: Tiling) {
        self.content.layers.insert(key, tiling);
    }

    /// Writes the file in one step, together with what others have added to it meanwhile.
    pub fn save(&self) {
        // Where it cannot be written, the next run measures again.
        let _ = self.write();
    }

    fn write(&self) -> Option<()> {
        let file = self.file.clone()?;
        let folder = file.parent()?;
        let mut all = Self::read(Some(file.clone()), self.content.adapter.clone()).content;
        all.layers.extend(self.content.layers.clone());
        fs::create_dir_all(folder).ok()?;
        let mut part = tempfile::NamedTempFile::new_in(folder).ok()?;
        part.write_all(&serde_json::to_vec_pretty(&all).ok()?)
            .ok()?;
        part.persist(file).ok()?;
        Some(())
    }
}

/// `SYNOPSIA_CACHE`, else `synopsia` in the folder where the system keeps a user's caches.
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("SYNOPSIA_CACHE").filter(|value| !value.is_empty());
    named.map(PathBuf::from).or_else(folders::cache)
}

/// FNV-1a, the same in every version of the compiler.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILING: Tiling = Tiling {
        tile: [8, 4],
        channels: 16,
        block: [4, 2],
        fours: 2,
        slices: 4,
        depth: 8,
    };

    #[test]
    fn what_is_saved_is_read_again_and_added_to() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep").join("t.json");
        let open = || Cache::read(Some(file.clone()), "a card".to_owned());
        let (mut one, mut other) = (open(), open());
        one.set("a".to_owned(), TILING);
        one.save();
        other.set("b".to_owned(), TILING);
        other.save();
        let both = open();
        assert_eq!((both.get("a"), both.get("b")), (Some(TILING), Some(TILING)));
        assert_eq!(both.get("c"), None);
    }

    #[test]
    fn another_adapter_knows_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = Some(folder.path().join("t.json"));
        let mut cache = Cache::read(file.clone(), "a card".to_owned());
        cache.set("a".to_owned(), TILING);
        cache.save();
        assert_eq!(
            Cache::read(file, "its next driver".to_owned()).get("a"),
            None
        );
    }

    #[test]
    fn a_damaged_file_counts_as_empty_and_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.json");
        let open = || Cache::read(Some(file.clone()), "a card".to_owned());
        let huge = " ".repeat(LARGEST as usize + 1);
        for damaged in ["", "{\"adapter\": \"a card\", \"lay", "[1]", &huge] {
            std::fs::write(&file, damaged).unwrap();
            assert_eq!(open().get("a"), None);
            let mut cache = open();
            cache.set("a".to_owned(), TILING);
            cache.save();
            assert_eq!(open().get("a"), Some(TILING));
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_done_without() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("file");
        std::fs::write(&blocked, "").unwrap();
        let mut cache = Cache::read(Some(blocked.join("t.json")), "a card".to_owned());
        cache.set("a".to_owned(), TILING);
        cache.save();
        assert_eq!(cache.get("a"), Some(TILING));
    }
}
