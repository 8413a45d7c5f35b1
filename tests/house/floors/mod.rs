//! Each floor knows those below it and nothing above (`docs/design.md`), no files of a room need one
//! another in a circle, and none is too long to be read.

mod file;
mod graph;
mod source;
mod unfinished;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use file::File;
use graph::Graph;
use unfinished::{KNOTS, LONG};

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
    let listed: Vec<BTreeSet<String>> = KNOTS
        .iter()
        .map(|files| files.iter().map(|file| (*file).to_owned()).collect())
        .collect();
    let known = |knot: &&BTreeSet<String>| listed.iter().any(|listed| knot.is_subset(listed));
    let new: Vec<_> = knots.iter().filter(|knot| !known(knot)).collect();
    let circles: Vec<_> = new.iter().map(|knot| graph.circle(knot)).collect();
    assert!(
        new.is_empty(),
        "files that need one another in a circle: {new:#?}\nsuch as {circles:#?}"
    );
    let tied: BTreeSet<&String> = knots.iter().flatten().collect();
    for file in listed.iter().flatten() {
        assert!(
            tied.contains(file),
            "{file} is in no circle: take it off the list"
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
    let mut long = BTreeSet::new();
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        let explained = text
            .lines()
            .take(FIRST_LINES)
            .any(|line| line.contains(REASON));
        if text.lines().count() > LONGEST && !explained {
            long.insert(
                path.strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
            );
        }
    }
    let listed: BTreeSet<String> = LONG.iter().map(|file| (*file).to_owned()).collect();
    let new: Vec<_> = long.difference(&listed).collect();
    assert!(
        new.is_empty(),
        "longer than {LONGEST} lines, and none says why: {new:?}"
    );
    let short: Vec<_> = listed.difference(&long).collect();
    assert!(
        short.is_empty(),
        "no longer too long, take them off the list: {short:?}"
    );
}
