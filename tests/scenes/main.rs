//! Golden pictures: how scenes looked when a person last looked at them.
//!
//! A folder beside this file is a scene: `scene.json` says what is on stage (`description.rs` has its
//! fields), `expected.png` how that looks on the processor. A new folder needs no code: `make bless`
//! paints what is missing, and paints anew what has changed, for a person to look at.

mod description;
mod golden;

use description::Description;
use golden::{Golden, Judge};
use std::fs;
use std::path::{Path, PathBuf};

/// The scenes by name.
fn scenes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenes");
    let entries = fs::read_dir(folder).expect("a folder of scenes");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn every_scene_looks_as_it_did_when_it_was_blessed() {
    let mut golden = Golden::new("scenes", Judge::Whole);
    for folder in scenes() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        match Description::read(&folder.join("scene.json")) {
            Ok(scene) => golden.compare(&name, &folder.join("expected.png"), &scene.paint()),
            Err(problem) => panic!("{name}: {problem}"),
        }
    }
    golden.end();
}
