//! The editor in a CLAP host's window, on a real display.

mod closing;
#[path = "../display/mod.rs"]
mod display;
mod dragging;
#[path = "../host/mod.rs"]
mod host;
mod keys;
mod parent;
mod sight;
mod size;
#[path = "../common/turns.rs"]
mod turns;

use clack_extensions::gui::{GuiApiType, GuiConfiguration, PluginGui, Window};
use host::{Buffers, Host, Told, With, same_bits};
use parent::Parent;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use synopsia::live::{Part, panic_next};
use turns::{PATIENCE, eventually, take_turn};

const EMBEDDED: GuiConfiguration = GuiConfiguration {
    api_type: GuiApiType::X11,
    is_floating: false,
};

/// Opens the editor in a window of its size.
fn open(host: &mut Host) -> Parent {
    let parent = open_hidden(host);
    parent.map();
    parent
}

/// The same in a window that is not to be seen yet.
fn open_hidden(host: &mut Host) -> Parent {
    let handle = host.instance.plugin_handle();
    let gui: PluginGui = handle.get_extension().expect("an editor");
    assert!(gui.is_api_supported(&handle, EMBEDDED));
    gui.create(&handle, EMBEDDED).expect("the editor is made");
    let parent = Parent::new(gui.get_size(&handle).expect("the editor has a size"));
    // SAFETY: the window outlives the editor, which each test closes first.
    unsafe { gui.set_parent(&handle, Window::from_x11_handle(parent.window.into())) }
        .expect("the editor takes the window");
    // An embedded editor shows with its window; a plugin may say that it need not be told.
    let _ = gui.show(&handle);
    parent
}

fn close(host: &mut Host) {
    let handle = host.instance.plugin_handle();
    let gui: PluginGui = handle.get_extension().expect("an editor");
    gui.destroy(&handle);
    host.instance.call_on_main_thread_callback();
}

/// Plays on a thread of its own while `work` runs, and sees that all passes.
fn while_playing(host: &mut Host, work: impl FnOnce(&mut Host)) {
    let mut processor = host.start(48_000.0, 256);
    let stop = AtomicBool::new(false);
    let processor = std::thread::scope(|scope| {
        let audio = scope.spawn(|| {
            let mut buffers = Buffers::new(2, 256, true);
            while !stop.load(Ordering::Relaxed) {
                for (i, sample) in buffers.input[0].iter_mut().enumerate() {
                    *sample = (i as f32 * 0.05).sin();
                }
                buffers.process(&mut processor, 256, With::default());
                assert!(same_bits(&buffers.input[0], &buffers.output[0]));
                std::thread::sleep(Duration::from_millis(5));
            }
            processor
        });
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(host)));
        stop.store(true, Ordering::Relaxed);
        let processor = audio.join().expect("the audio thread ends well");
        match worked {
            Ok(()) => processor,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    host.stop(processor);
}

#[test]
fn it_draws_in_the_hosts_window() {
    let _turn = take_turn();
    let mut host = Host::new();
    while_playing(&mut host, |host| {
        let parent = open(host);
        eventually("many colours", || parent.colours() > 100);
        close(host);
        eventually("an empty window", || parent.children().is_empty());
    });
}

#[test]
fn a_key_of_the_output_window_is_a_gesture_for_the_host_once_the_editor_is_closed() {
    let _turn = take_turn();
    let mut host = Host::new();
    let parent = open(&mut host);
    eventually("many colours", || parent.colours() > 100);
    close(&mut host);
    let blackout = host.param("Blackout");
    let id = blackout.id.get();
    for value in [1.0, 0.0] {
        host.live().press("b");
        let mut heard = Vec::new();
        eventually("a gesture", || {
            host.instance.call_on_main_thread_callback();
            heard.extend(host.flushed());
            heard.len() >= 3
        });
        assert_eq!(
            heard,
            [Told::Begin(id), Told::Set(id, value), Told::End(id)]
        );
        assert_eq!(host.value(&blackout), value);
    }
}

#[test]
fn it_is_opened_and_closed_a_hundred_times() {
    let _turn = take_turn();
    let mut host = Host::new();
    while_playing(&mut host, |host| {
        for round in 0..100 {
            let parent = open(host);
            // Now and then it has time to draw; else it is closed while it begins to.
            if round % 20 == 0 {
                eventually("many colours", || parent.colours() > 100);
            }
            close(host);
            eventually("an empty window", || parent.children().is_empty());
        }
    });
    assert_eq!(host.status().problem, None);
}

#[test]
fn an_instance_is_destroyed_with_its_editor_open() {
    let _turn = take_turn();
    for _ in 0..3 {
        let mut host = Host::new();
        let parent = open(&mut host);
        eventually("a window in the window", || !parent.children().is_empty());
        drop(host);
        eventually("an empty window", || parent.children().is_empty());
    }
}

#[test]
fn a_panic_in_the_editor_leaves_the_host_alone_and_is_told() {
    let _turn = take_turn();
    let mut host = Host::new();
    while_playing(&mut host, |host| {
        let parent = open(host);
        eventually("many colours", || parent.colours() > 100);
        panic_next(Part::Editor);
        eventually("a sentence", || {
            host.status()
                .problem
                .is_some_and(|problem| problem.contains("editor"))
        });
        close(host);
        eventually("an empty window", || parent.children().is_empty());
        let parent = open(host);
        eventually("many colours", || parent.colours() > 100);
        close(host);
    });
}
