//! Each floor knows those below it and nothing above (`docs/design.md`).

use std::path::{Path, PathBuf};

/// Rooms with their floors; `gpu`, `simd`, `weights`, `faults`, `worker` and `at_exit` stand beside `signal` on the ground.
const FLOORS: &[(&str, u32)] = &[
    ("signal", 0),
    ("gpu", 0),
    ("simd", 0),
    ("weights", 0),
    ("faults", 0),
    ("worker", 0),
    ("at_exit", 0),
    ("emotion", 1),
    ("media", 1),
    ("gan", 2),
    ("motion", 2),
    ("control", 2),
    ("show", 3),
    ("render", 4),
    ("frame", 5),
    ("output", 5),
    ("live", 6),
    ("plugin", 7),
    ("cli", 8),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn floor(room: &str) -> u32 {
    let found = FLOORS.iter().find(|(name, _)| *name == room);
    found.unwrap_or_else(|| panic!("{room} has no floor")).1
}

#[test]
fn no_room_knows_a_room_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut seen = 0;
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let room = inside.iter().next().unwrap().to_str().unwrap();
        let room = room.trim_end_matches(".rs");
        if room == "lib" || room == "main" {
            continue;
        }
        for (line, text) in std::fs::read_to_string(&file).unwrap().lines().enumerate() {
            for path in text.split("crate::").skip(1) {
                let other: String = path
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let place = format!("{}:{}", file.display(), line + 1);
                assert!(
                    floor(&other) <= floor(room),
                    "{place}: {room} knows {other}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "only {seen} imports were seen");
}
