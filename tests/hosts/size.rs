//! How large a VST3 host has the editor, and what it answers to another size.

use crate::vst3_host::{Host, Parent};
use crate::{display, eventually, take_turn};
use std::ffi::c_void;
use std::sync::{Arc, Mutex};
use vst3::Steinberg::Vst::{IEditControllerTrait, ViewType};
use vst3::Steinberg::*;
use vst3::{Class, ComPtr, ComRef, ComWrapper};
use x11rb::protocol::xproto::ConnectionExt as _;

/// A host's frame that notes what it is asked for, and agrees or keeps its size.
struct Asked {
    sizes: Arc<Mutex<Vec<[i32; 2]>>>,
    agrees: bool,
}

impl Class for Asked {
    type Interfaces = (IPlugFrame,);
}

impl IPlugFrameTrait for Asked {
    unsafe fn resizeView(&self, view: *mut IPlugView, size: *mut ViewRect) -> tresult {
        // SAFETY: the plugin's own view and a size that lives until this returns.
        let (Some(view), wanted) = (unsafe { ComRef::from_raw(view) }, unsafe { *size }) else {
            return kInvalidArgument;
        };
        self.sizes
            .lock()
            .unwrap()
            .push([wanted.right - wanted.left, wanted.bottom - wanted.top]);
        if self.agrees {
            unsafe { view.onSize(size) }
        } else {
            kResultFalse
        }
    }
}

fn told(view: &ComPtr<IPlugView>) -> [i32; 2] {
    // SAFETY: a rectangle that lives until this returns.
    unsafe {
        let mut size = std::mem::zeroed::<ViewRect>();
        assert_eq!(view.getSize(&mut size), kResultOk);
        [size.right - size.left, size.bottom - size.top]
    }
}

/// Width and height of the only window in `parent`.
fn child_size(parent: &Parent) -> [i32; 2] {
    let (connection, _) = x11rb::connect(None).expect("the display answers");
    let tree = connection.query_tree(parent.window).unwrap().reply();
    let children = tree.expect("the window is there").children;
    let [child] = children.as_slice() else {
        panic!("one editor: {children:?}");
    };
    let shape = connection.get_geometry(*child).unwrap().reply().unwrap();
    [shape.width.into(), shape.height.into()]
}

/// Opens the editor with a scale that the host suggests before.
fn with_scale(agrees: bool) {
    let _turn = take_turn();
    display::ensure();
    let host = Host::new();
    let sizes = Arc::default();
    let frame = ComWrapper::new(Asked {
        sizes: Arc::clone(&sizes),
        agrees,
    });
    let frame: ComPtr<IPlugFrame> = frame.to_com_ptr().expect("it is a frame");
    // SAFETY: the frame and the window outlive the view's attachment.
    unsafe {
        let view = ComPtr::from_raw(host.controller.createView(ViewType::kEditor));
        let view: ComPtr<IPlugView> = view.expect("an editor");
        let scale: ComPtr<IPlugViewContentScaleSupport> = view.cast().expect("scales");
        assert_eq!(scale.setContentScaleFactor(1.5), kResultOk);
        let before = told(&view);
        let parent = Parent::new(before.map(|side| side as u32));
        assert_eq!(view.setFrame(frame.as_ptr()), kResultOk);
        let window = parent.window as usize as *mut c_void;
        let attached = view.attached(window, kPlatformTypeX11EmbedWindowID);
        assert_eq!(attached, kResultOk);
        // What the scale makes of it is what the host has been told or asked for.
        let size = child_size(&parent);
        assert_eq!(size, [1560, 1020]);
        assert_eq!(told(&view), size);
        if before != size {
            assert_eq!(*sizes.lock().unwrap(), [size]);
        }
        eventually("many colours", || parent.colours() > 100);
        // Any size that the host gives is taken.
        let mut given = ViewRect {
            left: 0,
            top: 0,
            right: 1000,
            bottom: 700,
        };
        assert_eq!(view.checkSizeConstraint(&mut given), kResultOk);
        assert_eq!(view.onSize(&mut given), kResultOk);
        assert_eq!(told(&view), [given.right, given.bottom]);
        assert_eq!(child_size(&parent), [given.right, given.bottom]);
        assert_eq!(view.removed(), kResultOk);
        view.setFrame(std::ptr::null_mut());
    }
}

#[test]
fn a_scale_that_a_host_suggests_before_it_opens_the_editor_counts() {
    with_scale(true);
}

#[test]
fn a_host_that_keeps_its_size_is_asked_once_and_lives() {
    with_scale(false);
}
