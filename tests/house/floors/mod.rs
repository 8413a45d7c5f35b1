//! Each floor knows those below it and nothing above (`docs/design.md`), no files need one
//! another in a circle, none is too long to be read, and none is left over that nobody compiles.

mod file;
mod graph;
mod source;

use std::path::{Path, PathBuf};

use file::File;
use graph::Graph;

/// Rooms with their floors, whichever crates they are in; `gpu`, `lights`, `simd`, `dense`, `weights`, `faults`, `worker`,
/// `folders`, `chance`, `remote` and `at_exit` stand beside `signal` on the ground.
const FLOORS: &[(&str, u32)] = &[
    ("signal", 0),
    ("gpu", 0),
    ("lights", 0),
    ("simd", 0),
    ("weights", 0),
    ("faults", 0),
    ("worker", 0),
    ("at_exit", 0),
    ("folders", 0),
    ("dense", 0),
    ("chance", 0),
    ("remote", 0),
    ("beat", 1),
    ("emotion", 1),
    ("media", 1),
    ("words", 1),
    ("compose", 2),
    ("sonify", 2),
    ("imagery", 2),
    ("lyrics", 1),
    ("gan", 2),
    ("motion", 2),
    ("control", 2),
    ("flashes", 3),
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

/// The crates, each by where its source files are.
fn crates() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let parts = std::fs::read_dir(root.join("crates")).unwrap();
    let parts = parts.map(|entry| entry.unwrap().path().join("src"));
    let all: Vec<_> = parts.chain([root.join("src")]).collect();
    assert!(all.len() > 5, "only {} crates were seen", all.len());
    all
}

/// All source files of all crates.
fn all_sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for root in crates() {
        sources(&root, &mut found);
    }
    found
}

fn floor(room: &str) -> Option<u32> {
    let found = FLOORS.iter().find(|(name, _)| *name == room);
    found.map(|(_, floor)| *floor)
}

/// Cargo sees to it that no crate knows one above it; here are the rooms that share one.
#[test]
fn no_room_knows_a_room_above_it() {
    let mut seen = 0;
    for root in crates() {
        let mut files = Vec::new();
        sources(&root, &mut files);
        for file in files {
            let inside = file.strip_prefix(&root).unwrap();
            let room = inside.iter().next().unwrap().to_str().unwrap();
            // A file at the top is a room of its own, the crate's first one, or in the one room that it is.
            let Some(here) = floor(room.trim_end_matches(".rs")) else {
                assert!(
                    inside.components().count() == 1 || is_one_room(&root),
                    "{room} has no floor"
                );
                continue;
            };
            for (line, text) in std::fs::read_to_string(&file).unwrap().lines().enumerate() {
                for path in text.split("crate::").skip(1) {
                    let other: String = path
                        .chars()
                        .take_while(|c| c.is_alphanumeric() || *c == '_')
                        .collect();
                    let place = format!("{}:{}", file.display(), line + 1);
                    let there = floor(&other);
                    let there = there.unwrap_or_else(|| panic!("{place}: {other} has no floor"));
                    assert!(there <= here, "{place}: {room} knows {other}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 50, "only {seen} imports were seen");
}

/// Whether the crate of these sources is one room, which bears its name.
fn is_one_room(root: &Path) -> bool {
    let name = root.parent().and_then(Path::file_name).unwrap();
    floor(name.to_str().unwrap()).is_some()
}

/// Files of a crate with their modules.
fn modules(root: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let mut found = Vec::new();
    sources(root, &mut found);
    let module = |path: &Path| {
        let inside = path.strip_prefix(root).unwrap().with_extension("");
        let names = inside.iter().map(|name| name.to_str().unwrap().to_owned());
        let mut names: Vec<String> = names.collect();
        if names.last().is_some_and(|name| name == "mod") || names == ["lib"] {
            names.pop();
        }
        names
    };
    found
        .into_iter()
        .map(|path| (path.clone(), module(&path)))
        .collect()
}

#[test]
fn no_files_need_one_another_in_a_circle() {
    let mut count = 0;
    for root in crates() {
        let files = modules(&root).into_iter().map(|(path, module)| {
            let names: Vec<&str> = module.iter().map(String::as_str).collect();
            File::read(&names, &std::fs::read_to_string(path).unwrap())
        });
        let graph = Graph::of(files.collect());
        count += graph.count();
        let knots = graph.knots();
        let circles: Vec<_> = knots.iter().map(|knot| graph.circle(knot)).collect();
        assert!(
            knots.is_empty(),
            "{}: files that need one another in a circle: {knots:#?}\nsuch as {circles:#?}",
            root.display()
        );
    }
    assert!(count > 100, "only {count} files need any");
}

#[test]
fn no_file_is_left_out_of_the_program() {
    for root in crates() {
        let all = modules(&root);
        for (path, module) in &all {
            let Some((name, parent)) = module.split_last() else {
                continue;
            };
            let is_parent = |(_, module): &&(PathBuf, Vec<String>)| module == parent;
            let declares = |(parent, _): &(PathBuf, Vec<String>)| {
                let text = std::fs::read_to_string(parent).unwrap();
                let mut lines = text.lines();
                lines.any(|line| line.trim_end().ends_with(&format!("mod {name};")))
            };
            let is_program = module == &["main"];
            assert!(
                is_program || all.iter().filter(is_parent).any(declares),
                "{} is declared nowhere",
                path.display()
            );
        }
    }
}

/// The longest file that needs no reason, lines with its tests.
const LONGEST: usize = 400;

/// How a longer one says why, in its first lines.
const REASON: &str = "Long because ";
const FIRST_LINES: usize = 20;

#[test]
fn no_file_is_long_without_a_reason() {
    let is_long = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let mut first = text.lines().take(FIRST_LINES);
        text.lines().count() > LONGEST && !first.any(|line| line.contains(REASON))
    };
    let long: Vec<_> = all_sources().into_iter().filter(is_long).collect();
    assert!(
        long.is_empty(),
        "longer than {LONGEST} lines, and none says why: {long:?}"
    );
}
