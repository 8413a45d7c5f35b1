//! The editor in a CLAP host's window, on a real display.

mod display;
mod host;

use clack_extensions::gui::{GuiApiType, GuiConfiguration, GuiSize, PluginGui, Window};
use host::{Buffers, Host, With, same_bits};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};
use synopsia::live::{Part, panic_next};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConnectionExt as _, CreateWindowAux, ImageFormat, WindowClass as Class,
};
use x11rb::rust_connection::RustConnection;

/// How long an editor may take to draw, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tests share one display, and a fault that one asks for could hit the other's editor.
fn stage() -> MutexGuard<'static, ()> {
    static STAGE: Mutex<()> = Mutex::new(());
    let turn = STAGE
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    display::ensure();
    turn
}

/// The host's window that the editor is put into.
struct Parent {
    connection: RustConnection,
    window: u32,
    size: GuiSize,
}

impl Parent {
    fn new(size: GuiSize) -> Self {
        let (connection, screen) = x11rb::connect(None).expect("the display answers");
        let root = connection.setup().roots[screen].root;
        let window = connection.generate_id().expect("a name for the window");
        let (width, height) = (size.width as u16, size.height as u16);
        let (look, options) = (
            Class::INPUT_OUTPUT,
            CreateWindowAux::new().background_pixel(0),
        );
        connection
            .create_window(0, window, root, 0, 0, width, height, 0, look, 0, &options)
            .expect("the display answers");
        connection.map_window(window).expect("the display answers");
        connection.sync_with_server();
        Self {
            connection,
            window,
            size,
        }
    }

    fn children(&self) -> usize {
        let tree = self
            .connection
            .query_tree(self.window)
            .expect("the display answers");
        tree.reply().expect("the window is there").children.len()
    }

    /// How many colours are on it.
    fn colours(&self) -> usize {
        let (width, height) = (self.size.width as u16, self.size.height as u16);
        let image =
            self.connection
                .get_image(ImageFormat::Z_PIXMAP, self.window, 0, 0, width, height, !0);
        let data = image
            .expect("the display answers")
            .reply()
            .expect("an image")
            .data;
        let pixels: std::collections::HashSet<&[u8]> = data.chunks_exact(4).collect();
        pixels.len()
    }
}

trait SyncWithServer {
    fn sync_with_server(&self);
}

impl SyncWithServer for RustConnection {
    fn sync_with_server(&self) {
        // Whoever has the answer knows that what was asked before is done.
        let answer = self.get_input_focus().expect("the display answers");
        answer.reply().expect("the display answers");
    }
}

const EMBEDDED: GuiConfiguration = GuiConfiguration {
    api_type: GuiApiType::X11,
    is_floating: false,
};

/// Opens the editor in a window of its size.
fn open(host: &mut Host) -> Parent {
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

#[track_caller]
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
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
    let _turn = stage();
    let mut host = Host::new();
    while_playing(&mut host, |host| {
        let parent = open(host);
        eventually("many colours", || parent.colours() > 100);
        close(host);
        eventually("an empty window", || parent.children() == 0);
    });
}

#[test]
fn it_is_opened_and_closed_a_hundred_times() {
    let _turn = stage();
    let mut host = Host::new();
    while_playing(&mut host, |host| {
        for round in 0..100 {
            let parent = open(host);
            // Now and then it has time to draw; else it is closed while it begins to.
            if round % 20 == 0 {
                eventually("many colours", || parent.colours() > 100);
            }
            close(host);
            eventually("an empty window", || parent.children() == 0);
        }
    });
    assert_eq!(host.status().problem, None);
}

#[test]
fn an_instance_is_destroyed_with_its_editor_open() {
    let _turn = stage();
    for _ in 0..3 {
        let mut host = Host::new();
        let parent = open(&mut host);
        eventually("a window in the window", || parent.children() > 0);
        drop(host);
        eventually("an empty window", || parent.children() == 0);
    }
}

#[test]
fn a_panic_in_the_editor_leaves_the_host_alone_and_is_told() {
    let _turn = stage();
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
        eventually("an empty window", || parent.children() == 0);
        let parent = open(host);
        eventually("many colours", || parent.colours() > 100);
        close(host);
    });
}
