//! Each floor knows those below it and nothing above (`docs/design.md`), no files of a room need one
//! another in a circle, none is too long to be read, and none is left over that nobody compiles.

mod file;
mod graph;
mod source;

use std::path::{Path, PathBuf};

use file::File;
use graph::Graph;

/// Rooms with their floors; `gpu`, `simd`, `weights`, `faults`, `worker`, `folders` and `at_exit` stand beside
/// `signal` on the ground.
const FLOORS: &[(&str, u32)] = &[
    ("signal", 0),
    ("gpu", 0),
    ("simd", 0),
    ("weights", 0),
    ("faults", 0),
    ("worker", 0),
    ("at_exit", 0),
    ("folders", 0),
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

/// Files below `src` with their modules.
fn modules() -> Vec<(PathBuf, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let module = |path: &Path| {
        let inside = path.strip_prefix(&root).unwrap().with_extension("");
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
fn no_files_of_a_room_need_one_another_in_a_circle() {
    let files = modules().into_iter().map(|(path, module)| {
        let names: Vec<&str> = module.iter().map(String::as_str).collect();
        File::read(&names, &std::fs::read_to_string(path).unwrap())
    });
    let graph = Graph::of(files.collect());
    assert!(graph.count() > 100, "only {} files need any", graph.count());
    let knots = graph.knots();
    let circles: Vec<_> = knots.iter().map(|knot| graph.circle(knot)).collect();
    assert!(
        knots.is_empty(),
        "files that need one another in a circle: {knots:#?}\nsuch as {circles:#?}"
    );
}

#[test]
fn no_file_is_left_out_of_the_program() {
    let all = modules();
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

/// The longest file that needs no reason, lines with its tests.
const LONGEST: usize = 400;

/// How a longer one says why, in its first lines.
const REASON: &str = "Long because ";
const FIRST_LINES: usize = 20;

#[test]
fn no_file_is_long_without_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let is_long = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let mut first = text.lines().take(FIRST_LINES);
        text.lines().count() > LONGEST && !first.any(|line| line.contains(REASON))
    };
    let long: Vec<_> = found.into_iter().filter(is_long).collect();
    assert!(
        long.is_empty(),
        "longer than {LONGEST} lines, and none says why: {long:?}"
    );
}
