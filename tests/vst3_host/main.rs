//! The plugin in a VST3 host: pedalboard, which is JUCE's in Python.
//!
//! The checks are those of `checks.py`. They run in the Python that `scripts/setup.sh test` puts
//! into `target/python`, on a display of their own, with the library that is tested here.

#![cfg(target_os = "linux")]

#[path = "../display/mod.rs"]
mod display;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The interpreter with pedalboard.
fn python() -> PathBuf {
    let python = root().join("target/python/bin/python");
    assert!(
        python.exists(),
        "{} is missing. `scripts/setup.sh test` installs the VST3 host that these tests need",
        python.display()
    );
    python
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A bundle of the library that cargo has built along with these tests.
fn bundle() -> &'static Path {
    static BUNDLE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, bundle) = BUNDLE.get_or_init(|| {
        let tests = std::env::current_exe().expect("the tests' own path");
        let library = tests.with_file_name("libsynopsia.so");
        let folder = tempfile::tempdir().expect("a folder for the bundle");
        let bundle = folder.path().join("Synopsia.vst3");
        let contents = bundle.join(format!("Contents/{}-linux", std::env::consts::ARCH));
        std::fs::create_dir_all(&contents).expect("the bundle's folders");
        std::os::unix::fs::symlink(&library, contents.join("Synopsia.so"))
            .expect("the bundle's library");
        (folder, bundle)
    });
    bundle
}

/// Runs one of the checks; it fails as that does.
fn check(name: &str) {
    display::ensure();
    let output = Command::new(python())
        .arg(root().join("tests/vst3_host/checks.py"))
        .arg(bundle())
        .arg(name)
        .env("NICE_LOG", "/dev/null")
        .output()
        .expect("Python runs");
    assert!(
        output.status.success(),
        "{name}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn audio_passes_bit_for_bit_at_any_rate_and_block() {
    check("audio_passes");
}

#[test]
fn audio_passes_bit_for_bit_while_bypassed() {
    check("audio_passes_while_bypassed");
}

#[test]
fn samples_that_are_no_numbers_pass_bit_for_bit() {
    check("odd_samples_pass");
}

#[test]
fn parameters_are_set_and_read() {
    check("parameters_are_set_and_read");
}

#[test]
fn parameters_leave_the_audio_alone() {
    check("parameters_leave_the_audio_alone");
}

#[test]
fn what_is_saved_is_what_is_loaded() {
    check("what_is_saved_is_what_is_loaded");
}

#[test]
fn states_that_are_none_do_no_harm() {
    check("states_that_are_none_do_no_harm");
}

#[test]
fn instances_come_and_go() {
    check("instances_come_and_go");
}
