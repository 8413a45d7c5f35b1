//! An editor that is shown late, hidden and shown again; what it costs while nobody sees it.

use super::{Parent, close, eventually, open, open_hidden, take_turn, while_playing};
use crate::host::Host;
use std::time::{Duration, Instant};
use synopsia::live::Setup;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateWindowAux, WindowClass};

/// How often a window is tried that is shown late, or as often as `SYNOPSIA_TEST_OPENINGS` says.
fn rounds() -> u64 {
    let asked = std::env::var("SYNOPSIA_TEST_OPENINGS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(8)
}

/// Pixels of the editor are there.
fn shows(parent: &Parent) {
    eventually("the editor's pixels", || parent.colours() > 60);
}

#[test]
fn it_is_drawn_however_late_its_parent_is_mapped() {
    let _turn = take_turn();
    let mut host = Host::new();
    for round in 0..rounds() {
        let parent = open_hidden(&mut host);
        // At once, while it begins to draw, and long after.
        std::thread::sleep(Duration::from_millis((round % 6) * (round % 6) * 8));
        if round % 2 == 0 {
            parent.map();
        } else {
            // The outer window long before the inner one.
            let map = |window| parent.connection.map_window(window).map(drop);
            map(parent.top).expect("the display answers");
            parent.sync();
            std::thread::sleep(Duration::from_millis(round * 3));
            map(parent.window).expect("the display answers");
            parent.sync();
        }
        shows(&parent);
        close(&mut host);
    }
}

#[test]
fn it_is_drawn_again_after_its_parent_was_hidden_or_changed() {
    let _turn = take_turn();
    let mut host = Host::new();
    let parent = open(&mut host);
    shows(&parent);
    for window in [parent.top, parent.window] {
        for pause in [0, 40, 300] {
            parent.unmap(window);
            std::thread::sleep(Duration::from_millis(pause));
            parent.map();
            shows(&parent);
        }
    }
    // Under another parent, as where a host docks and undocks it.
    let other = Parent::new(clack_extensions::gui::GuiSize {
        width: 1040,
        height: 680,
    });
    other.map();
    let moved = parent
        .connection
        .reparent_window(parent.window, other.window, 0, 0);
    moved.expect("the display answers");
    parent.connection.flush().expect("the display answers");
    eventually("the pixels under another parent", || other.colours() > 60);
    close(&mut host);
}

/// Threads of this process that watch an editor's window.
fn watching() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").expect("the process is listed");
    let names = tasks.flatten().map(|task| task.path().join("comm"));
    let names = names.filter_map(|comm| std::fs::read_to_string(comm).ok());
    names.filter(|name| name.trim() == "synopsia-watch").count()
}

/// How often windows above the editor are taken away: a look now and then falls into that moment.
const FRAMES: usize = 3000;

#[test]
fn it_is_watched_on_while_windows_above_it_come_and_go() {
    let _turn = take_turn();
    let mut host = Host::new();
    let parent = open(&mut host);
    shows(&parent);
    // As a window manager does with its frames: a new one, the window in it, the old one away.
    let connection = &parent.connection;
    let mut old = None;
    for number in 0..FRAMES {
        let frame = connection.generate_id().expect("a name for the window");
        let look = CreateWindowAux::new().override_redirect(1);
        let made = connection.create_window(
            0,
            frame,
            parent.root,
            0,
            0,
            1040,
            680,
            0,
            WindowClass::INPUT_OUTPUT,
            0,
            &look,
        );
        made.and_then(|_| connection.map_window(frame))
            .and_then(|_| connection.reparent_window(parent.top, frame, 0, 0))
            .and_then(|_| match old.replace(frame) {
                Some(old) => connection.destroy_window(old).map(drop),
                None => Ok(()),
            })
            .expect("the display answers");
        if number % 10 == 0 {
            parent.sync();
        }
    }
    parent.sync();
    assert_eq!(watching(), 1);
    shows(&parent);
    close(&mut host);
    assert_eq!(watching(), 0);
}

/// Waits for a picture: the painter is read and measured first, and a build for tests paints slowly.
#[track_caller]
fn painted(what: &str, is_so: &dyn Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        let waited = start.elapsed();
        assert!(waited < Duration::from_secs(120), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Processor time of this process in seconds.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("the process is listed");
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 2..].split(' ').collect();
    let ticks: f64 = [11, 12]
        .map(|i: usize| fields[i].parse::<f64>().unwrap())
        .iter()
        .sum();
    ticks / 100.0
}

#[test]
fn nothing_is_painted_while_nobody_can_see_it_and_at_once_when_somebody_can() {
    let _turn = take_turn();
    let mut host = Host::new();
    let live = host.live();
    live.set_setup(Setup {
        size: Some([64, 64]),
        ..live.setup()
    });
    while_playing(&mut host, |host| {
        let parent = open(host);
        shows(&parent);
        let number = || live.shown().map_or(0, |shown| shown.number);
        painted("pictures", &|| number() > 0);
        for window in [parent.window, parent.top] {
            parent.unmap(window);
            // Whoever looked a moment ago still counts as looking, and a picture is finished.
            let mut before = 0;
            eventually("rest", || {
                before = number();
                let (used, start) = (processor_seconds(), Instant::now());
                // Longer than a busy machine takes for the picture that was begun.
                std::thread::sleep(Duration::from_secs(1));
                let share = (processor_seconds() - used) / start.elapsed().as_secs_f64();
                number() == before && share < 0.15
            });
            std::thread::sleep(Duration::from_millis(400));
            assert_eq!(number(), before, "pictures while nobody sees them");
            let shown = Instant::now();
            parent.map();
            shows(&parent);
            let late = shown.elapsed();
            assert!(late < Duration::from_secs(2), "drawn {late:?} late");
            painted("pictures again", &|| number() > before);
        }
        close(host);
    });
}
