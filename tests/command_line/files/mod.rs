//! Files as they are outside of a laboratory: names, pipes, links, devices, disks that lack this or
//! that, signals, and readers that have gone.

mod folders;
mod names;
mod pipes;
mod places;
mod signals;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const RATE: u32 = 32_000;

/// A second of music in `folder`.
fn short_song(folder: &Path, name: &str) -> PathBuf {
    crate::common::song(folder, name, RATE, &crate::common::wild(RATE, 1.0))
}

/// The program where it works in `folder`.
fn synopsia_in(folder: &Path, args: &[&str]) -> Command {
    let mut command = crate::common::synopsia(args);
    command.current_dir(folder);
    command
}

/// The smallest film, painted in `folder`: two frames.
fn smallest(folder: &Path, args: &[&str]) -> Command {
    let small = [
        "render",
        "--size",
        "64x36",
        "--fps",
        "2",
        "--painter",
        "cpu",
    ];
    synopsia_in(folder, &[&small[..], args].concat())
}

/// That the command succeeded.
fn made(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        crate::common::complaint(output)
    );
}

/// That the command failed with one sentence that holds `words`.
fn refused(output: &Output, words: &str) {
    let said = crate::common::complaint(output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(words), "{said:?} without {words:?}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
}

/// Names of what is in `folder`, in their order.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|n| n.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The longest that anything may take on the slowest machine: what takes longer never ends.
const PATIENCE: Duration = Duration::from_secs(300);

/// Waits until it is so.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !so() {
        assert!(started.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Runs `command` to its end, which must come.
fn ended(mut command: Command) -> Output {
    let pipe = std::process::Stdio::piped;
    let mut child = command.stdout(pipe()).stderr(pipe()).spawn().unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{command:?} has no end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

/// A pipe with a name.
fn fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}
