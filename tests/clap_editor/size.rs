//! How large the editor is: as its host has it, with everything in it.

use super::keys::drag;
use super::{Parent, close, eventually, open, take_turn};
use crate::host::{Asked, Host};
use clack_extensions::gui::{GuiSize, PluginGui};
use std::sync::atomic::Ordering;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ConfigureWindowAux, ConnectionExt as _, ImageFormat, PropMode,
};
use x11rb::wrapper::ConnectionExt as _;

fn told(host: &mut Host) -> [u32; 2] {
    let handle = host.instance.plugin_handle();
    let gui: PluginGui = handle.get_extension().expect("an editor");
    let size = gui.get_size(&handle).expect("the editor has a size");
    [size.width, size.height]
}

impl Parent {
    /// Width and height of the editor's own window.
    fn child_size(&self) -> [u32; 2] {
        let children = self.children();
        let [child] = children.as_slice() else {
            panic!("one editor: {children:?}");
        };
        let asked = self.connection.get_geometry(*child);
        let shape = asked
            .expect("the display answers")
            .reply()
            .expect("a shape");
        [shape.width.into(), shape.height.into()]
    }

    /// Makes the host's windows another size.
    fn resize(&self, [width, height]: [u32; 2]) {
        for window in [self.top, self.window] {
            let size = ConfigureWindowAux::new().width(width).height(height);
            let asked = self.connection.configure_window(window, &size);
            asked.expect("the display answers");
        }
        self.sync();
    }

    /// Whether the grip by which the editor is resized is in the corner of what is seen, which is
    /// `size` large: it is the last thing at the right and at the bottom.
    fn shows_its_corner(&self, [width, height]: [u32; 2]) -> bool {
        let (side, format) = (14, ImageFormat::Z_PIXMAP);
        let [x, y] = [width, height].map(|edge| (edge - u32::from(side)) as i16);
        let image = self
            .connection
            .get_image(format, self.window, x, y, side, side, !0);
        let Ok(image) = image.expect("the display answers").reply() else {
            return false;
        };
        let colours: std::collections::HashSet<&[u8]> = image.data.chunks_exact(4).collect();
        colours.len() > 3
    }
}

#[test]
fn the_corner_asks_the_host_and_the_window_follows_its_answer() {
    let _turn = take_turn();
    let mut host = Host::new();
    let parent = open(&mut host);
    eventually("the corner", || parent.shows_its_corner([1040, 680]));
    let corner = [1040 - 5, 680 - 5];
    let to = [corner[0] - 100, corner[1] - 60];

    // A host that agrees makes its own window smaller, and need not say anything more.
    drag(&parent, corner, to, "another size", || {
        host.instance.call_on_main_thread_callback();
        parent.child_size() == [940, 620]
    });
    parent.resize([940, 620]);
    assert_eq!(told(&mut host), [940, 620]);
    eventually("the corner", || parent.shows_its_corner([940, 620]));

    // One that does not agree keeps the editor as it is.
    let asked = |host: &Host| {
        host.instance.access_shared_handler(|asked| {
            asked.keeps_its_size.store(true, Ordering::Relaxed);
            asked.resizes.load(Ordering::Relaxed)
        })
    };
    let before = asked(&host);
    drag(&parent, to, [to[0] - 50, to[1]], "the question", || {
        host.instance.call_on_main_thread_callback();
        asked(&host) > before
    });
    assert_eq!(parent.child_size(), [940, 620]);
    assert_eq!(told(&mut host), [940, 620]);
    assert!(parent.shows_its_corner([940, 620]));
    close(&mut host);
}

#[test]
fn a_host_that_never_calls_back_is_asked_by_its_timer_and_may_resize_the_editor_at_once() {
    let _turn = take_turn();
    let mut host = Host::new();
    assert_eq!(host.timers(), 0);
    let parent = open(&mut host);
    assert_eq!(host.timers(), 1);
    let plugin = host.instance.plugin_handle().as_raw_ptr().cast_mut();
    host.instance
        .access_shared_handler(|asked| asked.at_once.store(plugin, Ordering::Relaxed));
    eventually("the corner", || parent.shows_its_corner([1040, 680]));
    let corner = [1040 - 5, 680 - 5];
    let to = [corner[0] - 100, corner[1] - 60];
    drag(&parent, corner, to, "another size", || {
        host.tick();
        parent.child_size() == [940, 620]
    });
    let wanted = |host: &Host| {
        let wanted = |asked: &Asked| *asked.wanted.lock().unwrap();
        let size = host.instance.access_shared_handler(wanted);
        size.map(|size| [size.width, size.height])
    };
    assert_eq!(wanted(&host), Some([940, 620]));
    parent.resize([940, 620]);
    assert_eq!(told(&mut host), [940, 620]);
    eventually("the corner", || parent.shows_its_corner([940, 620]));
    let handle = host.instance.plugin_handle();
    let gui: PluginGui = handle.get_extension().expect("an editor");
    gui.destroy(&handle);
    assert_eq!(host.timers(), 0);
}

#[test]
fn everything_is_seen_in_a_window_that_its_host_keeps_small() {
    let _turn = take_turn();
    let mut host = Host::new();
    let parent = open(&mut host);
    eventually("the corner", || parent.shows_its_corner([1040, 680]));
    // A host that cuts the editor off, and one that says so.
    for size in [[760, 520], [1000, 420], [1040, 680]] {
        parent.resize(size);
        eventually("the corner in what is left", || {
            parent.shows_its_corner(size)
        });
    }
    let handle = host.instance.plugin_handle();
    let gui: PluginGui = handle.get_extension().expect("an editor");
    let (width, height) = (700, 480);
    gui.set_size(&handle, GuiSize { width, height })
        .expect("the editor takes any size");
    parent.resize([width, height]);
    assert_eq!(parent.child_size(), [width, height]);
    assert_eq!(told(&mut host), [width, height]);
    eventually("the corner", || parent.shows_its_corner([width, height]));
    close(&mut host);
}

#[test]
fn it_is_as_large_as_it_said_on_a_dense_screen() {
    let _turn = take_turn();
    let mut host = Host::new();
    let (connection, screen) = x11rb::connect(None).expect("the display answers");
    let root = connection.setup().roots[screen].root;
    let settings = |text: &str| {
        let (name, kind) = (AtomEnum::RESOURCE_MANAGER, AtomEnum::STRING);
        let set = connection.change_property8(PropMode::REPLACE, root, name, kind, text.as_bytes());
        set.expect("the display answers")
            .check()
            .expect("it takes settings");
    };
    settings("Xft.dpi:\t144\n");
    let before = told(&mut host);
    let parent = open(&mut host);
    let after = (told(&mut host), parent.child_size());
    let shows = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        // What the display has room for.
        parent.resize([1240, 860]);
        eventually("the corner", || parent.shows_its_corner([1240, 860]));
    }));
    close(&mut host);
    settings("");
    assert_eq!(before, [1560, 1020]);
    assert_eq!(after, (before, before));
    assert!(shows.is_ok(), "everything is drawn");
}
