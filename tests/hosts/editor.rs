//! The editor in a VST3 host's window, and in a CLAP host's, while all parameters move.

use crate::clap;
use crate::system_calls::{CHILD, MADE_IT, child};
use crate::vst3_host::{Buffers, Changes, Editor, Frame, Host, Parent, Told};
use crate::{display, eventually, fill, moving, take_turn};
use clack_extensions::gui::{GuiApiType, GuiConfiguration, PluginGui, Window};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use vst3::ComPtr;
use vst3::Steinberg::Vst::{IEditControllerTrait, ViewType};
use vst3::Steinberg::{IPlugViewTrait, kPlatformTypeX11EmbedWindowID, kResultOk};

const RATE: usize = 48_000;
const BLOCK: usize = 256;

/// Openings in a test, or as many as `SYNOPSIA_TEST_OPENINGS` says.
fn openings() -> usize {
    let asked = std::env::var("SYNOPSIA_TEST_OPENINGS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(6)
}

/// What this process holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    descriptors: usize,
    threads: usize,
    /// Resident memory, MiB.
    memory: usize,
}

impl Held {
    fn now() -> Self {
        // What was freed is given back to the system.
        #[cfg(target_env = "gnu")]
        // SAFETY: a plain call.
        unsafe {
            libc::malloc_trim(0);
        }
        let count = |folder| std::fs::read_dir(folder).expect("/proc is there").count();
        let pages = std::fs::read_to_string("/proc/self/statm").expect("/proc is there");
        let resident = pages
            .split(' ')
            .nth(1)
            .and_then(|pages| pages.parse::<usize>().ok());
        Self {
            descriptors: count("/proc/self/fd"),
            threads: count("/proc/self/task"),
            memory: (resident.expect("a number") * 4096) >> 20,
        }
    }
}

/// The most that memory may grow in the second half of many openings, MiB, after some tens that fill
/// the caches of the drivers and of the painting.
const GROWTH: usize = 32;
const TENS: usize = 40;

/// Threads of the painting, which begins when it is ready.
const PAINTING: usize = 8;

/// Opens and closes again and again, and sees that nothing is left of it.
fn again_and_again(mut open_and_close: impl FnMut(usize)) {
    // One heap for all threads: the many that glibc makes would each keep their own rest.
    #[cfg(target_env = "gnu")]
    // SAFETY: a plain call.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
    // What is made once for a process: the drivers, the fonts, the pool of threads.
    let is_long = openings() >= 2 * TENS;
    for round in 0..if is_long { TENS } else { 2 } {
        open_and_close(round);
    }
    let before = Held::now();
    // Pools and caches fill in the first half; what each opening leaves is there in the second, too.
    let mut halfway = before.memory;
    for round in 0..openings() {
        if round == openings() / 2 {
            halfway = Held::now().memory;
        }
        open_and_close(round);
    }
    // Whatever is left of each opening would be more than this.
    let few = openings().min(16) / 2;
    eventually("as many threads and descriptors as before", || {
        let now = Held::now();
        let threads = before.threads + PAINTING + few;
        now.descriptors <= before.descriptors + few && now.threads <= threads
    });
    let after = Held::now();
    let grown = after.memory.saturating_sub(halfway);
    assert!(
        !is_long || grown <= GROWTH,
        "{before:?}, {halfway}, {after:?}"
    );
}

/// Plays on a thread of its own, all parameters moving, while `work` runs; all passes.
fn while_automation_plays(host: &Host, work: impl FnOnce()) {
    let ids: Vec<u32> = host.params().iter().map(|param| param.id).collect();
    let changes = Changes::new(&ids, &[0, BLOCK as i32 - 1]);
    host.start(RATE as f64, BLOCK);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let processor = &host.processor;
        let stopped = &stop;
        let audio = scope.spawn(move || {
            let mut buffers = Buffers::new(BLOCK);
            let mut block = 0;
            while !stopped.load(Ordering::Relaxed) {
                fill(&mut buffers.input, block, RATE);
                changes.set(|param, point| moving(block, param, point));
                let result = buffers.process(processor, BLOCK, Some(&changes));
                assert_eq!(result, kResultOk);
                for (input, output) in buffers.input.iter().zip(&buffers.output) {
                    assert!(clap::same_bits(input, output), "block {block}");
                }
                block += 1;
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        stop.store(true, Ordering::Relaxed);
        audio.join().expect("the audio thread ends well");
        if let Err(panic) = worked {
            std::panic::resume_unwind(panic);
        }
    });
    host.stop();
}

/// Waits, as a host's main thread, until the editor has drawn.
fn draws(editor: &Editor) {
    eventually("many colours", || {
        editor.frame.run_loop.turn();
        editor.parent.colours() > 100
    });
}

#[test]
fn a_vst3_host_hears_of_a_key_of_the_output_window_on_its_main_thread_and_no_other() {
    let _turn = take_turn();
    let host = Host::new();
    let blackout = host.param("Blackout");
    let here = std::thread::current().id();
    let hears = |editor: &Editor, value: f64| {
        let mut told = Vec::new();
        eventually("a gesture", || {
            editor.frame.run_loop.turn();
            told.extend(host.told());
            told.len() >= 3
        });
        let id = blackout.id;
        let expected = [Told::Begin(id), Told::Set(id, value), Told::End(id)];
        assert_eq!(told, expected.map(|told| (told, here)));
        assert_eq!(host.value(&blackout), value);
    };
    let editor = host.open(Frame::new(true));
    draws(&editor);
    host.live().press("b");
    assert_eq!(host.value(&blackout), 1.0);
    hears(&editor, 1.0);
    editor.close();
    // Without an editor it has no main thread to offer: it sees the value, and hears of it later.
    host.live().press("b");
    assert_eq!(host.value(&blackout), 0.0);
    let editor = host.open(Frame::new(true));
    hears(&editor, 0.0);
    editor.close();
}

fn opened_again_and_again(has_run_loop: bool) {
    let _turn = take_turn();
    let host = Host::new();
    while_automation_plays(&host, || {
        again_and_again(|round| {
            let editor = host.open(Frame::new(has_run_loop));
            // Now and then it has time to draw; else it is closed while it begins to.
            if round % 4 == 0 {
                draws(&editor);
            }
            editor.close();
        });
    });
}

#[test]
fn a_vst3_host_with_a_run_loop_opens_and_closes_it_while_automation_plays() {
    opened_again_and_again(true);
}

#[test]
fn a_vst3_host_without_a_run_loop_opens_and_closes_it_while_automation_plays() {
    opened_again_and_again(false);
}

#[test]
fn a_vst3_instance_is_released_with_its_editor_open() {
    let _turn = take_turn();
    for has_run_loop in [false, true] {
        let host = Host::new();
        let editor = host.open(Frame::new(has_run_loop));
        draws(&editor);
        drop(host);
        eventually("no handler", || editor.frame.run_loop.handlers() == 0);
        eventually("an empty window", || editor.parent.children() == 0);
        // Whatever is asked of a view whose instance is gone is refused.
        // SAFETY: plain calls.
        unsafe {
            assert_ne!(editor.view.removed(), kResultOk);
            editor.view.setFrame(std::ptr::null_mut());
        }
    }
}

#[test]
fn a_second_view_is_refused_while_the_first_is_open() {
    let _turn = take_turn();
    let host = Host::new();
    let first = host.open(Frame::new(true));
    assert!(host.try_open(Frame::new(true)).is_none());
    draws(&first);
    first.close();
    host.open(Frame::new(true)).close();
}

const EMBEDDED: GuiConfiguration = GuiConfiguration {
    api_type: GuiApiType::X11,
    is_floating: false,
};

/// Opens the editor in a CLAP host's window; none where that does not work.
fn open_clap(host: &mut clap::Host) -> Option<Parent> {
    let handle = host.instance.plugin_handle();
    let gui: PluginGui = handle.get_extension().expect("an editor");
    gui.create(&handle, EMBEDDED).ok()?;
    let size = gui.get_size(&handle).expect("the editor has a size");
    let parent = Parent::new([size.width, size.height]);
    let window = Window::from_x11_handle(parent.window.into());
    // SAFETY: the window outlives the editor, which each test closes first.
    let taken = unsafe { gui.set_parent(&handle, window) }.and_then(|()| gui.show(&handle));
    if taken.is_err() {
        gui.destroy(&handle);
        return None;
    }
    Some(parent)
}

fn close_clap(host: &mut clap::Host) {
    let handle = host.instance.plugin_handle();
    let gui: PluginGui = handle.get_extension().expect("an editor");
    gui.destroy(&handle);
    host.instance.call_on_main_thread_callback();
}

#[test]
fn a_clap_host_opens_and_closes_it_while_automation_plays() {
    let _turn = take_turn();
    let mut host = clap::Host::new();
    let params = host.params();
    let mut processor = host.start(RATE as f64, BLOCK);
    let stop = AtomicBool::new(false);
    let processor = std::thread::scope(|scope| {
        let audio = scope.spawn(|| {
            let mut buffers = clap::Buffers::new(2, BLOCK, true);
            let mut block = 0;
            while !stop.load(Ordering::Relaxed) {
                fill(&mut buffers.input, block, RATE);
                let change = |(number, param): (usize, &clap::Param)| {
                    clap::change(0, param, moving(block, number, 0) * param.max)
                };
                let events: Vec<_> = params.iter().enumerate().map(change).collect();
                let with = clap::With {
                    events: &events,
                    ..clap::With::default()
                };
                buffers.process(&mut processor, BLOCK, with);
                for (input, output) in buffers.input.iter().zip(&buffers.output) {
                    assert!(clap::same_bits(input, output), "block {block}");
                }
                block += 1;
                std::thread::sleep(Duration::from_millis(2));
            }
            processor
        });
        let host = &mut host;
        let work = std::panic::AssertUnwindSafe(|| {
            again_and_again(|round| {
                let parent = open_clap(host).expect("the editor opens");
                if round % 4 == 0 {
                    eventually("many colours", || parent.colours() > 100);
                }
                close_clap(host);
            });
        });
        let worked = std::panic::catch_unwind(work);
        stop.store(true, Ordering::Relaxed);
        let processor = audio.join().expect("the audio thread ends well");
        if let Err(panic) = worked {
            std::panic::resume_unwind(panic);
        }
        processor
    });
    host.stop(processor);
}

/// Allows this process only so many more descriptors than it has.
fn limit_descriptors(more: usize) {
    let count = Held::now().descriptors;
    // SAFETY: the call reads what it is handed.
    unsafe {
        let limit = libc::rlimit {
            rlim_cur: (count + more) as u64,
            rlim_max: (count + more) as u64,
        };
        assert_eq!(libc::setrlimit(libc::RLIMIT_NOFILE, &limit), 0);
    }
}

/// Instances that open their editors until there are no descriptors left.
const INSTANCES: usize = 5;

/// Asserts that an instance whose editor did not open says so.
fn says_so(problem: Option<String>) {
    let told = problem.unwrap_or_default();
    assert!(told.contains("editor could not be opened"), "{told}");
}

/// Opens editors in CLAP hosts; how many did not open.
fn refused_by_clap(more: usize) -> usize {
    let mut hosts: Vec<_> = (0..INSTANCES).map(|_| clap::Host::new()).collect();
    let parent = Parent::new([100, 100]);
    limit_descriptors(more);
    let mut refused = 0;
    for host in &mut hosts {
        let handle = host.instance.plugin_handle();
        let gui: PluginGui = handle.get_extension().expect("an editor");
        let window = Window::from_x11_handle(parent.window.into());
        let opened = gui
            .create(&handle, EMBEDDED)
            // SAFETY: the window outlives the editor.
            .and_then(|()| unsafe { gui.set_parent(&handle, window) })
            .and_then(|()| gui.show(&handle));
        if opened.is_err() {
            says_so(host.status().problem);
            refused += 1;
        }
    }
    refused
}

/// The same in VST3 hosts.
fn refused_by_vst3(more: usize) -> usize {
    let hosts: Vec<_> = (0..INSTANCES).map(|_| Host::new()).collect();
    let frame = Frame::new(true);
    let parent = Parent::new([100, 100]);
    limit_descriptors(more);
    let mut views = Vec::new();
    for host in &hosts {
        // SAFETY: the window and the frame outlive the view's attachment.
        unsafe {
            let view = host.controller.createView(ViewType::kEditor);
            let view = ComPtr::from_raw(view).expect("an editor");
            view.setFrame(frame.as_ptr());
            let window = parent.window as usize as *mut std::ffi::c_void;
            if view.attached(window, kPlatformTypeX11EmbedWindowID) == kResultOk {
                views.push(view);
            } else {
                says_so(host.status().problem);
            }
        }
    }
    for view in &views {
        // SAFETY: a plain call.
        assert_eq!(unsafe { view.removed() }, kResultOk);
    }
    INSTANCES - views.len()
}

#[test]
fn where_descriptors_run_out_an_editor_that_does_not_open_is_a_sentence() {
    let Ok(what) = std::env::var(CHILD) else {
        for format in ["clap", "vst3"] {
            // However far an opening comes before there is none left.
            for more in [0, 7, 14] {
                let test =
                    "editor::where_descriptors_run_out_an_editor_that_does_not_open_is_a_sentence";
                let status = child(test, &format!("{format} {more}"));
                assert_eq!(status.code(), Some(MADE_IT), "{format} {more}: {status}");
            }
        }
        return;
    };
    display::ensure();
    let (format, more) = what.split_once(' ').unwrap();
    let more = more.parse().unwrap();
    let refused = match format {
        "clap" => refused_by_clap(more),
        _ => refused_by_vst3(more),
    };
    assert!(refused > 0, "all editors opened");
    std::process::exit(MADE_IT);
}

/// What keeps an editor from opening, and is not the plugin's to mend.
const HINDRANCES: [&str; 3] = ["no such window", "no window", "no display"];

#[test]
fn an_editor_without_a_window_or_a_display_is_a_sentence() {
    let test = "editor::an_editor_without_a_window_or_a_display_is_a_sentence";
    let Ok(what) = std::env::var(CHILD) else {
        for what in HINDRANCES {
            let status = child(test, what);
            assert_eq!(status.code(), Some(MADE_IT), "{what}: {status}");
        }
        return;
    };
    if what == "no display" {
        // SAFETY: no other thread runs yet.
        unsafe {
            std::env::remove_var("DISPLAY");
            std::env::remove_var("WAYLAND_DISPLAY");
        }
    } else {
        display::ensure();
    }
    let window: u32 = if what == "no window" { 0 } else { 0x0dea_dbee };
    let host = Host::new();
    let frame = Frame::new(true);
    // SAFETY: the frame outlives the view.
    unsafe {
        let view = host.controller.createView(ViewType::kEditor);
        let view = ComPtr::from_raw(view).expect("an editor");
        view.setFrame(frame.as_ptr());
        let parent = window as usize as *mut std::ffi::c_void;
        assert_ne!(
            view.attached(parent, kPlatformTypeX11EmbedWindowID),
            kResultOk
        );
        assert_ne!(view.attached(parent, std::ptr::null()), kResultOk);
        assert_ne!(view.isPlatformTypeSupported(std::ptr::null()), kResultOk);
        assert_ne!(view.removed(), kResultOk);
        view.setFrame(std::ptr::null_mut());
    }
    // A host that hands over no window at all is told by the call alone.
    if window != 0 {
        says_so(host.status().problem);
    }
    assert_eq!(frame.run_loop.handlers(), 0);
    let mut host = clap::Host::new();
    let handle = host.instance.plugin_handle();
    let gui: PluginGui = handle.get_extension().expect("an editor");
    let window = Window::from_x11_handle(window.into());
    let opened = gui
        .create(&handle, EMBEDDED)
        // SAFETY: there is no such window.
        .and_then(|()| unsafe { gui.set_parent(&handle, window) })
        .and_then(|()| gui.show(&handle));
    assert!(opened.is_err());
    gui.destroy(&handle);
    std::process::exit(MADE_IT);
}
