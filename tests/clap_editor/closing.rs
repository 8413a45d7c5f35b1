//! Closing is awaited, and a film is completed whatever ends.

use super::{close, eventually, open, take_turn, while_playing};
use crate::host::Host;
use crate::parent::Parent;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use synopsia::live::{FilmSetup, Filming, Live, Setup};
use synopsia::media::song::SongReader;

/// In a child process: the folder of its film.
const CHILD: &str = "SYNOPSIA_TEST_EXIT_CHILD";

/// How a host ends that does not remove the plugin before.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Exit,
    Signal(libc::c_int),
}

/// How many threads there are of the editor: of its window, which has this thread's name as all
/// that a thread starts without one have, and of those who watch it and run its tasks.
fn editors_threads() -> usize {
    let name = |of: &str| std::fs::read_to_string(format!("/proc/{of}/comm")).unwrap_or_default();
    let own = name("thread-self");
    let tasks = std::fs::read_dir("/proc/self/task").expect("threads are listed");
    let names = tasks.flatten().map(|task| {
        let id = task.file_name();
        name(&format!("self/task/{}", id.to_string_lossy()))
    });
    let editors = |name: &String| {
        *name == own || ["synopsia-watch\n", "synopsia-task\n"].contains(&name.as_str())
    };
    // All but this one.
    names.filter(editors).count() - 1
}

#[test]
fn no_thread_and_no_window_outlives_a_close() {
    let _turn = take_turn();
    let mut host = Host::new();
    for round in 0..20 {
        let parent = open(&mut host);
        if round % 3 == 0 {
            eventually("the editor's pixels", || parent.colours() > 60);
        }
        assert!(editors_threads() >= 2);
        close(&mut host);
        assert_eq!(editors_threads(), 0, "after {round} closes");
        assert!(parent.children().is_empty());
    }
}

/// Records with an open editor until there is a second of film, and ends.
fn record_and_end(folder: &Path, end: End) -> ! {
    let mut host = Host::new();
    let live = host.live();
    live.set_setup(Setup {
        size: Some([64, 64]),
        film: FilmSetup {
            folder: Some(folder.to_owned()),
            size: [64, 64],
            fps: 10,
        },
        ..Setup::default()
    });
    while_playing(&mut host, |host| {
        let parent = open(host);
        eventually("the editor's pixels", || parent.colours() > 60);
        live.start_recording().expect("a recording begins");
        eventually(
            "a second of film",
            || matches!(host.status().filming, Filming::Recording { seconds, .. } if seconds > 1.0),
        );
        let End::Signal(signal) = end else {
            std::process::exit(0);
        };
        // SAFETY: a plain call.
        unsafe { libc::kill(libc::getpid(), signal) };
        loop {
            std::thread::park();
        }
    });
    unreachable!()
}

/// Runs `test` again in a child process, which is told that it is one by a folder, and says how it ended.
fn in_a_child(test: &str, folder: &Path) -> Output {
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, folder)
        .output();
    child.expect("a host runs")
}

/// Runs `test` again in a child process, where it records and ends; its film is whole.
fn completes_the_film(test: &str, end: End) {
    let _turn = take_turn();
    if let Some(folder) = std::env::var_os(CHILD) {
        record_and_end(Path::new(&folder), end);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let ended = in_a_child(test, folder.path());
    let signal = std::os::unix::process::ExitStatusExt::signal(&ended.status);
    match end {
        End::Exit => assert!(ended.status.success(), "{ended:?}"),
        End::Signal(sent) => assert_eq!(signal, Some(sent), "{ended:?}"),
    }
    let files: Vec<_> = std::fs::read_dir(folder.path())
        .expect("the folder is there")
        .map(|file| file.expect("a file").path())
        .collect();
    let [film] = files.as_slice() else {
        panic!("one film and nothing else: {files:?}");
    };
    let mut song = SongReader::open(film).expect("the film can be read");
    let mut samples = Vec::new();
    while song.read(&mut samples).expect("the film is whole") > 0 {}
    let seconds = (samples.len() / song.channels()) as f64 / 48_000.0;
    assert!(seconds > 1.0, "{seconds} s of sound");
}

#[test]
fn a_recording_is_completed_when_the_host_quits_with_the_editor_open() {
    let test = "closing::a_recording_is_completed_when_the_host_quits_with_the_editor_open";
    completes_the_film(test, End::Exit);
}

#[test]
fn a_recording_is_completed_when_the_host_is_told_to_end() {
    let test = "closing::a_recording_is_completed_when_the_host_is_told_to_end";
    completes_the_film(test, End::Signal(libc::SIGTERM));
}

#[test]
fn a_recording_is_completed_when_a_signal_ends_the_host_that_is_no_request_to() {
    let test =
        "closing::a_recording_is_completed_when_a_signal_ends_the_host_that_is_no_request_to";
    completes_the_film(test, End::Signal(libc::SIGUSR1));
}

/// What draws when a process ends.
static DRAWING: OnceLock<(Parent, Arc<Live>)> = OnceLock::new();

/// What a driver does that was loaded with the editor: ends the process with 1 where something is still
/// drawn meanwhile.
extern "C" fn take_down() {
    let Some((parent, live)) = DRAWING.get() else {
        return;
    };
    let look = || {
        let number = live.shown().map(|shown| shown.number);
        (parent.pixels(), number, live.presented())
    };
    let before = look();
    std::thread::sleep(Duration::from_millis(300));
    let after = look();
    if before != after {
        let painted = (before.1, after.1);
        eprintln!("editor {}, painted {painted:?}", before.0 != after.0);
        // SAFETY: a plain call.
        unsafe { libc::_exit(1) };
    }
}

#[test]
fn nothing_is_drawn_any_more_when_drivers_are_taken_down() {
    let _turn = take_turn();
    if std::env::var_os(CHILD).is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let test = "closing::nothing_is_drawn_any_more_when_drivers_are_taken_down";
        let ended = in_a_child(test, folder.path());
        assert!(ended.status.success(), "{ended:?}");
        return;
    }
    // SAFETY: a plain call.
    unsafe { libc::atexit(take_down) };
    let mut host = Host::new();
    let live = host.live();
    while_playing(&mut host, |host| {
        live.open_window(None).expect("a display");
        eventually("a picture", || live.presented().is_some());
        let parent = open(host);
        eventually("the editor's pixels", || parent.colours() > 60);
        let first = parent.pixels();
        eventually("another frame", || parent.pixels() != first);
        let _ = DRAWING.set((parent, live));
        std::process::exit(0);
    });
}
