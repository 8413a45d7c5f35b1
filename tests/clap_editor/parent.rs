//! The host's window that the editor is put into.

use clack_extensions::gui::GuiSize;
use std::collections::HashSet;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConnectionExt as _, CreateWindowAux, EventMask, ImageFormat, WindowClass as Class,
};
use x11rb::rust_connection::RustConnection;

/// Of how many pixels one is looked at: all of a window's take long to count.
const SPARSE: usize = 13;

/// A window in a top-level one, as hosts have it: a frame, and in it the place for the editor.
pub struct Parent {
    pub connection: RustConnection,
    pub root: u32,
    /// What the window manager sees.
    pub top: u32,
    /// What the editor is put into.
    pub window: u32,
    size: GuiSize,
}

impl Parent {
    /// Windows that are not mapped yet. Keys that nobody takes come to the outer one.
    pub fn new(size: GuiSize) -> Self {
        let (connection, screen) = x11rb::connect(None).expect("the display answers");
        let root = connection.setup().roots[screen].root;
        let make = |parent: u32| {
            let window = connection.generate_id().expect("a name for the window");
            let (width, height) = (size.width as u16, size.height as u16);
            let keys = EventMask::KEY_PRESS | EventMask::KEY_RELEASE;
            let look = CreateWindowAux::new().background_pixel(0).event_mask(keys);
            let kind = Class::INPUT_OUTPUT;
            connection
                .create_window(0, window, parent, 0, 0, width, height, 0, kind, 0, &look)
                .expect("the display answers");
            window
        };
        let top = make(root);
        let window = make(top);
        let parent = Self {
            connection,
            root,
            top,
            window,
            size,
        };
        parent.sync();
        parent
    }

    /// Waits until the server has done what was asked before.
    pub fn sync(&self) {
        let answer = self.connection.get_input_focus();
        let answer = answer.expect("the display answers");
        answer.reply().expect("the display answers");
    }

    /// Shows both, the inner one first, as Ardour does.
    pub fn map(&self) {
        for window in [self.window, self.top] {
            self.connection
                .map_window(window)
                .expect("the display answers");
        }
        self.sync();
    }

    /// Hides one of the two.
    pub fn unmap(&self, window: u32) {
        self.connection
            .unmap_window(window)
            .expect("the display answers");
        self.sync();
    }

    pub fn children(&self) -> Vec<u32> {
        let tree = self.connection.query_tree(self.window);
        let tree = tree.expect("the display answers").reply();
        tree.expect("the window is there").children
    }

    /// How many colours are on it, about: one pixel in some is looked at. None while it cannot be
    /// seen.
    pub fn colours(&self) -> usize {
        let pixels = self.pixels();
        let pixels = pixels.chunks_exact(4).step_by(SPARSE);
        let pixels: HashSet<&[u8]> = pixels.collect();
        pixels.len()
    }

    /// What is on it; nothing while it cannot be seen.
    pub fn pixels(&self) -> Vec<u8> {
        let (width, height) = (self.size.width as u16, self.size.height as u16);
        let image =
            self.connection
                .get_image(ImageFormat::Z_PIXMAP, self.window, 0, 0, width, height, !0);
        let image = image.expect("the display answers").reply();
        image.map(|image| image.data).unwrap_or_default()
    }
}
