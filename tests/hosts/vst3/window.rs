//! The host's side of an editor's window: the window itself, the frame and the run loop.

use std::sync::{Arc, Mutex};
use vst3::Steinberg::Linux::*;
use vst3::Steinberg::*;
use vst3::{Class, ComPtr, ComRef, ComWrapper};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConnectionExt as _, CreateWindowAux, ImageFormat, WindowClass as Look,
};
use x11rb::rust_connection::RustConnection;

/// Handlers of descriptors that the host's thread serves.
#[derive(Default)]
pub struct RunLoop(Mutex<Vec<(ComPtr<IEventHandler>, i32)>>);

impl RunLoop {
    pub fn handlers(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Calls each handler whose descriptor can be read.
    pub fn turn(&self) {
        let handlers = self.0.lock().unwrap().clone();
        for (handler, fd) in handlers {
            let mut poll = libc::pollfd {
                fd,
                events: libc::POLLIN,
                revents: 0,
            };
            // SAFETY: one descriptor, and no wait.
            let ready = unsafe { libc::poll(&mut poll, 1, 0) };
            if ready > 0 {
                // SAFETY: what a host does.
                unsafe { handler.onFDIsSet(fd) };
            }
        }
    }
}

/// Where the plugin asks for another size. It also is its own run loop, if it has one.
struct WithRunLoop(Arc<RunLoop>);
struct WithoutRunLoop;

impl Class for WithRunLoop {
    type Interfaces = (IPlugFrame, IRunLoop);
}

impl Class for WithoutRunLoop {
    type Interfaces = (IPlugFrame,);
}

unsafe fn resize(view: *mut IPlugView, size: *mut ViewRect) -> tresult {
    // SAFETY: the plugin's own view and a size that lives until this returns.
    match unsafe { ComRef::from_raw(view) } {
        Some(view) => unsafe { view.onSize(size) },
        None => kInvalidArgument,
    }
}

impl IPlugFrameTrait for WithRunLoop {
    unsafe fn resizeView(&self, view: *mut IPlugView, size: *mut ViewRect) -> tresult {
        unsafe { resize(view, size) }
    }
}

impl IPlugFrameTrait for WithoutRunLoop {
    unsafe fn resizeView(&self, view: *mut IPlugView, size: *mut ViewRect) -> tresult {
        unsafe { resize(view, size) }
    }
}

impl IRunLoopTrait for WithRunLoop {
    unsafe fn registerEventHandler(&self, handler: *mut IEventHandler, fd: i32) -> tresult {
        // SAFETY: the host keeps a share of it.
        let Some(handler) = (unsafe { ComRef::from_raw(handler) }) else {
            return kInvalidArgument;
        };
        self.0.0.lock().unwrap().push((handler.to_com_ptr(), fd));
        kResultOk
    }
    unsafe fn unregisterEventHandler(&self, handler: *mut IEventHandler) -> tresult {
        let mut handlers = self.0.0.lock().unwrap();
        let place = handlers.iter().position(|(own, _)| own.as_ptr() == handler);
        let Some(place) = place else {
            return kResultFalse;
        };
        let removed = handlers.remove(place);
        drop(handlers);
        drop(removed);
        kResultOk
    }
    unsafe fn registerTimer(&self, _: *mut ITimerHandler, _: TimerInterval) -> tresult {
        kNotImplemented
    }
    unsafe fn unregisterTimer(&self, _: *mut ITimerHandler) -> tresult {
        kNotImplemented
    }
}

/// What the host hands to a view.
pub struct Frame {
    frame: ComPtr<IPlugFrame>,
    /// Empty where the host offers none.
    pub run_loop: Arc<RunLoop>,
}

impl Frame {
    pub fn new(has_run_loop: bool) -> Self {
        let run_loop = Arc::new(RunLoop::default());
        let frame = if has_run_loop {
            ComWrapper::new(WithRunLoop(Arc::clone(&run_loop))).to_com_ptr()
        } else {
            ComWrapper::new(WithoutRunLoop).to_com_ptr()
        };
        Self {
            frame: frame.expect("it is a frame"),
            run_loop,
        }
    }

    pub fn as_ptr(&self) -> *mut IPlugFrame {
        self.frame.as_ptr()
    }
}

/// The host's window that the editor is put into.
pub struct Parent {
    connection: RustConnection,
    pub window: u32,
    size: [u16; 2],
}

impl Parent {
    pub fn new(size: [u32; 2]) -> Self {
        let (connection, screen) = x11rb::connect(None).expect("the display answers");
        let root = connection.setup().roots[screen].root;
        let window = connection.generate_id().expect("a name for the window");
        let [width, height] = size.map(|side| side as u16);
        let options = CreateWindowAux::new().background_pixel(0);
        let look = Look::INPUT_OUTPUT;
        connection
            .create_window(0, window, root, 0, 0, width, height, 0, look, 0, &options)
            .expect("the display answers");
        connection.map_window(window).expect("the display answers");
        let parent = Self {
            connection,
            window,
            size: [width, height],
        };
        // Whoever has the answer knows that what was asked before is done.
        parent.children();
        parent
    }

    pub fn children(&self) -> usize {
        let tree = self.connection.query_tree(self.window);
        let tree = tree.expect("the display answers").reply();
        tree.expect("the window is there").children.len()
    }

    /// How many colours are on it.
    pub fn colours(&self) -> usize {
        let [width, height] = self.size;
        let format = ImageFormat::Z_PIXMAP;
        let image = self
            .connection
            .get_image(format, self.window, 0, 0, width, height, !0);
        let image = image.expect("the display answers").reply();
        let data = image.expect("an image").data;
        let pixels: std::collections::HashSet<&[u8]> = data.chunks_exact(4).collect();
        pixels.len()
    }
}
