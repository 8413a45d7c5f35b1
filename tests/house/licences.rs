//! Everything that is built in or shipped may be: each dependency's licence is one that lets the
//! program be given away and sold, and weights and assets say where they come from.

use std::path::{Path, PathBuf};
use std::process::Command;
use synopsia::emotion::Ear;

/// Licences that allow use, change and distribution in programs under any terms; MPL-2.0 too, as
/// long as its own files stay open, which an unchanged crate's do.
const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Whether an SPDX expression can be met by [`ALLOWED`] licences alone. AND binds closer than OR;
/// `/` is how old manifests write OR; an exception (WITH) only adds permissions.
///
/// # Errors
/// When the expression cannot be read.
fn may_be_used(expression: &str) -> Result<bool, String> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    let answer = any_of(&mut rest)?;
    match rest.first() {
        None => Ok(answer),
        Some(token) => Err(format!("`{token}` is not expected in `{expression}`")),
    }
}

fn any_of(rest: &mut &[&str]) -> Result<bool, String> {
    let mut answer = all_of(rest)?;
    while take(rest, "OR") {
        answer |= all_of(rest)?;
    }
    Ok(answer)
}

fn all_of(rest: &mut &[&str]) -> Result<bool, String> {
    let mut answer = one(rest)?;
    while take(rest, "AND") {
        answer &= one(rest)?;
    }
    Ok(answer)
}

fn one(rest: &mut &[&str]) -> Result<bool, String> {
    if take(rest, "(") {
        let answer = any_of(rest)?;
        return if take(rest, ")") {
            Ok(answer)
        } else {
            Err("a bracket is not closed".to_owned())
        };
    }
    let name = next(rest)?;
    if ["OR", "AND", "WITH", ")"].contains(&name) {
        return Err(format!("`{name}` stands where a licence should"));
    }
    if take(rest, "WITH") {
        next(rest)?;
    }
    Ok(ALLOWED.contains(&name.trim_end_matches('+')))
}

fn next<'a>(rest: &mut &[&'a str]) -> Result<&'a str, String> {
    let (first, others) = rest.split_first().ok_or("the expression ends too soon")?;
    *rest = others;
    Ok(first)
}

fn take(rest: &mut &[&str], token: &str) -> bool {
    let found = rest.first() == Some(&token);
    if found {
        *rest = &rest[1..];
    }
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// `cargo metadata` with the dependencies of all platforms, or, where only this machine's have
/// been fetched, of this machine (`make test` fetches all).
fn metadata() -> serde_json::Value {
    let run = |filter: &[&str]| {
        Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked", "--offline"])
            .args(filter)
            .current_dir(root())
            .output()
            .expect("cargo runs")
    };
    let mut output = run(&[]);
    if !output.status.success() {
        output = run(&["--filter-platform", host().as_str()]);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {complaint}");
    serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON")
}

/// Target triple of this machine.
fn host() -> String {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(rustc).arg("-vV").output().expect("rustc runs");
    String::from_utf8_lossy(&version.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("rustc names its host")
        .to_owned()
}

#[test]
fn every_dependency_may_be_shipped() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("a list of packages");
    assert!(packages.len() > 50, "only {} packages", packages.len());
    let offenders: Vec<String> = packages
        .iter()
        .filter_map(|package| {
            let name = format!("{} {}", package["name"], package["version"]).replace('"', "");
            match package["license"].as_str().map(may_be_used) {
                Some(Ok(true)) => None,
                Some(Ok(false)) => Some(format!("{name}: {}", package["license"])),
                Some(Err(error)) => Some(format!("{name}: {error}")),
                None => Some(format!("{name}: names no licence")),
            }
        })
        .collect();
    assert!(
        offenders.is_empty(),
        "not allowed:\n{}",
        offenders.join("\n")
    );
}

#[test]
fn every_model_has_a_card_with_its_data_and_its_licence() {
    let weights = files(&root().join("models"), |path| {
        path.extension().is_some_and(|end| end == "safetensors")
    });
    assert!(!weights.is_empty(), "there are no models");
    for path in weights {
        let card = path.with_extension("md");
        let text = std::fs::read_to_string(&card)
            .unwrap_or_else(|error| panic!("{}: {error}", card.display()));
        let headings: Vec<String> = text
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(str::to_lowercase)
            .collect();
        for subject in ["training data", "licen"] {
            assert!(
                headings.iter().any(|heading| heading.contains(subject)),
                "{} has no section on `{subject}`: {headings:?}",
                card.display()
            );
        }
    }
}

#[test]
fn each_ears_card_says_in_the_same_words_as_the_program_what_it_may_be_used_for() {
    for (ear, card) in [(Ear::Default, "emotion.md"), (Ear::Free, "emotion-free.md")] {
        let card = std::fs::read_to_string(root().join("models").join(card)).expect(card);
        let (_, licence) = card
            .split_once("## Licence")
            .expect("a section on its licence");
        let licence = licence.split("\n## ").next().unwrap_or_default();
        let terms = ear.papers().expect("a whole file").terms();
        let says = |terms: &str| licence.to_lowercase().contains(terms);
        assert!(says(terms), "{ear}: no “{terms}” in {licence}");
    }
}

#[test]
fn all_weights_that_are_built_in_have_at_most_forty_megabytes() {
    let weights = files(&root().join("models"), |path| {
        path.extension().is_some_and(|end| end == "safetensors")
    });
    let sizes = weights
        .iter()
        .map(|path| path.metadata().expect("a file").len());
    let sum: u64 = sizes.sum();
    assert!(sum <= 40_000_000, "{sum} bytes in {weights:?}");
}

#[test]
fn every_folder_of_assets_says_its_licence() {
    let folders = files(&root().join("plugin-assets"), Path::is_dir);
    assert!(!folders.is_empty(), "there are no assets");
    for folder in folders {
        let note = folder.join("LICENSE.md");
        assert!(note.is_file(), "{} is missing", note.display());
    }
}

#[test]
fn fonts_come_with_the_whole_open_font_license() {
    let text =
        std::fs::read_to_string(root().join("plugin-assets/fonts/OFL.txt")).expect("OFL.txt");
    for part in [
        "SIL OPEN FONT LICENSE Version 1.1",
        "PERMISSION & CONDITIONS",
        "DISCLAIMER",
    ] {
        assert!(text.contains(part), "`{part}` is missing");
    }
}

/// What lies in `folder` and is wanted.
fn files(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| wanted(path))
        .collect()
}

#[test]
fn or_needs_one_side_and_needs_both() {
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("MIT/Apache-2.0", true),
        ("GPL-2.0/AGPL-3.0", false),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND LGPL-2.1-only", false),
        ("GPL-2.0 OR MIT AND ISC", true),
        ("MIT AND GPL-2.0 OR Proprietary", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
        ("GPL-2.0 WITH Classpath-exception-2.0", false),
        ("Zlib+", true),
    ] {
        assert_eq!(may_be_used(expression), Ok(expected), "{expression}");
    }
}

#[test]
fn an_expression_that_cannot_be_read_is_not_allowed() {
    for expression in [
        "",
        "MIT OR",
        "(MIT",
        "MIT)",
        "MIT Apache-2.0",
        "AND MIT",
        "MIT WITH",
    ] {
        assert!(may_be_used(expression).is_err(), "{expression:?}");
    }
}
