//! What ends a film early, and what does not.

use super::{RATE, ended, made, names, short_song, smallest, synopsia_in, until};
use crate::common::{calm, complaint, long_song, probe, song, with_usual_signals};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Starts a film of `song` in `folder`, where the shell has done `before`, and waits until pictures
/// have come.
fn painting(folder: &Path, song: &str, before: &str) -> Child {
    let script = format!("{before} exec \"$@\"");
    let mut command = Command::new("sh");
    with_usual_signals(&mut command);
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_synopsia")]);
    command.args(["render", "--size", "64x36", "--painter", "cpu", "-q"]);
    command.args(["--fps", "10", "-o", "film.png", song]);
    let child = command.current_dir(folder).spawn().unwrap();
    until("no picture came", || {
        folder.join("film_000001.png").exists()
    });
    child
}

fn signal(child: &Child, name: &str) {
    let mut kill = Command::new("kill");
    let sent = kill.args([name, &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn a_signal_that_is_ignored_from_the_start_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    song(folder.path(), "song.wav", RATE, &calm(RATE, 3.0));
    let mut child = painting(folder.path(), "song.wav", "trap '' HUP INT;");
    signal(&child, "-HUP");
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(folder.path().join("film_000029.png").exists());
}

#[test]
fn a_closed_terminal_ends_a_film_where_it_is_and_more_signals_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    long_song(folder.path(), "song.wav", RATE);
    let mut child = painting(folder.path(), "song.wav", "");
    for name in ["-XCPU", "-HUP", "-TERM", "-INT", "-INT"] {
        signal(&child, name);
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let names = names(folder.path());
    assert!(
        !names.iter().any(|name| name.ends_with(".part")),
        "{names:?}"
    );
    assert!(names.contains(&"film.wav".to_owned()), "{names:?}");
}

/// The signals that `child` answers, a bit each.
#[cfg(target_os = "linux")]
fn answered(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    u64::from_str_radix(caught.unwrap().trim(), 16).unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn whatever_signal_ends_a_film_it_is_completed_where_it_is() {
    use libc::{SIGALRM, SIGHUP, SIGINT, SIGIO, SIGPROF, SIGPWR, SIGQUIT, SIGSTKFLT, SIGTERM};
    use libc::{SIGRTMAX, SIGRTMIN, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU};
    let named = [
        SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU,
        SIGIO, SIGPWR, SIGSTKFLT,
    ];
    let ends = named.into_iter().chain(SIGRTMIN()..=SIGRTMAX());
    for sent in [SIGQUIT, SIGRTMAX()] {
        let folder = tempfile::tempdir().unwrap();
        long_song(folder.path(), "song.wav", RATE);
        let mut child = painting(folder.path(), "song.wav", "");
        let answered = answered(&child);
        for signal in ends.clone() {
            assert!(answered >> (signal - 1) & 1 == 1, "{signal} ends it");
        }
        // SAFETY: a plain call.
        unsafe { libc::kill(child.id() as i32, sent) };
        assert_eq!(child.wait().unwrap().code(), Some(130), "{sent}");
        let names = names(folder.path());
        let part = names.iter().any(|name| name.ends_with(".part"));
        assert!(!part && names.contains(&"film.wav".to_owned()), "{names:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_that_is_given_up_leaves_no_temporary_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = synopsia_in(folder.path(), &["analyze", "-"]);
    command.env("TMPDIR", folder.path()).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // When the second block is taken, the first is kept.
    for _ in 0..2 {
        std::io::Write::write_all(&mut pipe, &[1; 1 << 20]).unwrap();
    }
    signal(&child, "-USR1");
    let ended = child.wait().unwrap();
    let by = std::os::unix::process::ExitStatusExt::signal(&ended);
    assert_eq!(by, Some(libc::SIGUSR1));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_film_is_made_though_nobody_listens() {
    let folder = tempfile::tempdir().unwrap();
    short_song(folder.path(), "song.wav");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = smallest(folder.path(), &["song.wav", "--stats"]);
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    let status = command.stdin(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(probe(&folder.path().join("song.mp4")).2, 2);
}

#[test]
fn no_command_minds_that_its_reader_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    short_song(folder.path(), "song.wav");
    for args in [
        &["analyze", "song.wav"][..],
        &["analyze", "."],
        &["analyze", "no such song.wav"],
        &["models"],
        &["completions", "zsh"],
        &["--help"],
        &["--no-such-option"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = synopsia_in(folder.path(), args);
        command.stdout(writer.try_clone().unwrap()).stderr(writer);
        let code = command.status().unwrap().code();
        assert!(matches!(code, Some(0..=2)), "{args:?}: {code:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn live_without_a_display_says_so_before_it_plays() {
    let folder = tempfile::tempdir().unwrap();
    short_song(folder.path(), "song.wav");
    for args in [
        &["live", "song.wav"][..],
        &["live", "song.wav", "--no-editor"],
    ] {
        for display in [None, Some(""), Some(":4071")] {
            let mut command = synopsia_in(folder.path(), args);
            command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
            command.envs(display.map(|name| ("DISPLAY", name)));
            let output = ended(command);
            super::refused(&output, "There is no display to open a window on");
            assert!(output.stdout.is_empty());
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        &["--help"][..],
        &["--version"],
        &["help", "render"],
        &["render", "-h"],
        &["models"],
        &["completions", "bash"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let output = synopsia_in(folder.path(), args)
            .stdout(full.unwrap())
            .output();
        super::refused(&output.unwrap(), "standard output cannot be written");
    }
}

#[test]
fn names_that_break_lines_or_command_terminals_do_neither_in_sentences_and_tables() {
    let folder = tempfile::tempdir().unwrap();
    let odd = "a\nb\u{1b}[2J\r\u{202e}.wav";
    let args = ["analyze", odd];
    let plain = |bytes: &[u8]| {
        let said = String::from_utf8_lossy(bytes).into_owned();
        let breaks = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!said.contains(breaks), "{said:?}");
        said
    };
    let missing = ended(synopsia_in(folder.path(), &args));
    super::refused(&missing, "does not exist");
    assert!(plain(&missing.stderr).contains("a\\nb\\u{1b}[2J"));
    short_song(folder.path(), odd);
    let table = ended(synopsia_in(folder.path(), &["analyze", "."]));
    made(&table);
    assert_eq!(plain(&table.stdout).trim_end().lines().count(), 2);
    let made = ended(smallest(folder.path(), &[odd]));
    assert_eq!(plain(&made.stderr).trim_end().lines().count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_summary_that_cannot_be_printed_costs_no_table() {
    let folder = tempfile::tempdir().unwrap();
    short_song(folder.path(), "song.wav");
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full");
    for song in ["song.wav", "."] {
        let args = ["analyze", song, "--force", "-o", "t.csv"];
        let mut command = synopsia_in(folder.path(), &args);
        let output = command.stdout(full().unwrap()).output().unwrap();
        super::refused(&output, "standard output cannot be written");
        std::fs::remove_file(folder.path().join("t.csv")).unwrap();
    }
}

#[test]
fn a_limit_on_the_size_of_files_is_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    song(folder.path(), "song.wav", RATE, &calm(RATE, 20.0));
    let mut command = Command::new("sh");
    let script = "ulimit -f 60; exec \"$@\"";
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_synopsia"), "render"]);
    command.args(["--size", "64x36", "--fps", "2", "--painter", "cpu"]);
    command.args(["-q", "song.wav"]);
    let output = ended({
        command.current_dir(folder.path());
        command
    });
    let said = complaint(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("no larger") && said.contains("plays up to there"),
        "{said}"
    );
    assert_eq!(names(folder.path()), ["song.mp4", "song.wav"]);
    assert!(probe(&folder.path().join("song.mp4")).2 > 0);
}

#[test]
fn a_table_that_is_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    long_song(folder.path(), "song.wav", RATE);
    let args = ["analyze", "song.wav", "-o", "t.csv", "--plot", "t.png"];
    let mut command = synopsia_in(folder.path(), &args);
    let mut child = command.spawn().unwrap();
    // It has found its places and reads its song.
    until("it never began", || {
        let threads = format!("/proc/{}/task", child.id());
        std::fs::read_dir(threads).map_or(true, |tasks| tasks.count() > 1)
    });
    signal(&child, "-TERM");
    assert!(!child.wait().unwrap().success());
    assert_eq!(names(folder.path()), ["song.wav"]);
    made(&synopsia_in(folder.path(), &["models"]).output().unwrap());
}
