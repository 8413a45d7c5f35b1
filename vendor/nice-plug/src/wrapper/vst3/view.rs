use crossbeam::atomic::AtomicCell;
use nice_plug_core::editor::HostMainThreadCaller;
use nice_plug_core::editor::dpi::{NativeSize, PhysicalSize, Size};
use nice_plug_core::editor::{
    Editor, EditorHandle, HostCallbacks, HostMethods, ParentWindowHandle,
};
use parking_lot::{Mutex, ReentrantMutex};
use std::error::Error;
use std::ffi::{CStr, c_ulong, c_void};
use std::num::NonZeroIsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Weak};
use vst3::Steinberg::{
    FIDString, TBool, char16, int16, kInvalidArgument, kNotImplemented, kPlatformTypeHWND,
    kPlatformTypeNSView, kPlatformTypeX11EmbedWindowID, kResultFalse, kResultOk, tresult,
};
use vst3::Steinberg::{
    IPlugFrame, IPlugView, IPlugViewContentScaleSupport,
    IPlugViewContentScaleSupport_::ScaleFactor, IPlugViewContentScaleSupportTrait, IPlugViewTrait,
    ViewRect,
};
use vst3::{Class, ComPtr, ComRef, ComWrapper};

use super::inner::{Task, WrapperInner};
use crate::editor::{Modifiers, VirtualKeyCode};
use crate::wrapper::vst3::{Vst3Plugin, util::fid_matches};

/// Lowest VST3 virtual key code (`KEY_BACK` in the VST3 SDK
/// `VirtualKeyCodes` enum, `pluginterfaces/base/keycodes.h`). Values
/// below this are not virtual keys in the VST3 sense.
const VKEY_FIRST_CODE: i16 = 1;

/// Highest VST3 virtual key code (`KEY_SUPER` in the VST3 SDK
/// `VirtualKeyCodes` enum). Values at `VKEY_FIRST_ASCII = 128` and
/// above encode printable ASCII characters rather than virtual keys
/// and are not routed to [`Editor::on_virtual_key_from_host`].
const VKEY_LAST_CODE: i16 = 77;

/// Maps a VST3 virtual key code (as passed to `IPlugView::onKeyDown`
/// / `onKeyUp`) to the corresponding [`VirtualKeyCode`] variant.
/// Callers should gate on `VKEY_FIRST_CODE..=VKEY_LAST_CODE` first;
/// codes outside that range (including `0`, and ASCII offsets at
/// `VKEY_FIRST_ASCII = 128` and above) return `None`.
fn vst3_virtual_key_code(raw: i16) -> Option<VirtualKeyCode> {
    Some(match raw {
        1 => VirtualKeyCode::Backspace,
        2 => VirtualKeyCode::Tab,
        3 => VirtualKeyCode::Clear,
        4 => VirtualKeyCode::Return,
        5 => VirtualKeyCode::Pause,
        6 => VirtualKeyCode::Escape,
        7 => VirtualKeyCode::Space,
        8 => VirtualKeyCode::Next,
        9 => VirtualKeyCode::End,
        10 => VirtualKeyCode::Home,
        11 => VirtualKeyCode::ArrowLeft,
        12 => VirtualKeyCode::ArrowUp,
        13 => VirtualKeyCode::ArrowRight,
        14 => VirtualKeyCode::ArrowDown,
        15 => VirtualKeyCode::PageUp,
        16 => VirtualKeyCode::PageDown,
        17 => VirtualKeyCode::Select,
        18 => VirtualKeyCode::Print,
        19 => VirtualKeyCode::NumpadEnter,
        20 => VirtualKeyCode::Snapshot,
        21 => VirtualKeyCode::Insert,
        22 => VirtualKeyCode::Delete,
        23 => VirtualKeyCode::Help,
        24 => VirtualKeyCode::Numpad0,
        25 => VirtualKeyCode::Numpad1,
        26 => VirtualKeyCode::Numpad2,
        27 => VirtualKeyCode::Numpad3,
        28 => VirtualKeyCode::Numpad4,
        29 => VirtualKeyCode::Numpad5,
        30 => VirtualKeyCode::Numpad6,
        31 => VirtualKeyCode::Numpad7,
        32 => VirtualKeyCode::Numpad8,
        33 => VirtualKeyCode::Numpad9,
        34 => VirtualKeyCode::NumpadMultiply,
        35 => VirtualKeyCode::NumpadAdd,
        36 => VirtualKeyCode::NumpadSeparator,
        37 => VirtualKeyCode::NumpadSubtract,
        38 => VirtualKeyCode::NumpadDecimal,
        39 => VirtualKeyCode::NumpadDivide,
        40 => VirtualKeyCode::F1,
        41 => VirtualKeyCode::F2,
        42 => VirtualKeyCode::F3,
        43 => VirtualKeyCode::F4,
        44 => VirtualKeyCode::F5,
        45 => VirtualKeyCode::F6,
        46 => VirtualKeyCode::F7,
        47 => VirtualKeyCode::F8,
        48 => VirtualKeyCode::F9,
        49 => VirtualKeyCode::F10,
        50 => VirtualKeyCode::F11,
        51 => VirtualKeyCode::F12,
        52 => VirtualKeyCode::NumLock,
        53 => VirtualKeyCode::ScrollLock,
        54 => VirtualKeyCode::Shift,
        55 => VirtualKeyCode::Control,
        56 => VirtualKeyCode::Alt,
        57 => VirtualKeyCode::Equals,
        58 => VirtualKeyCode::ContextMenu,
        59 => VirtualKeyCode::MediaPlay,
        60 => VirtualKeyCode::MediaStop,
        61 => VirtualKeyCode::MediaPrevTrack,
        62 => VirtualKeyCode::MediaNextTrack,
        63 => VirtualKeyCode::VolumeUp,
        64 => VirtualKeyCode::VolumeDown,
        65 => VirtualKeyCode::F13,
        66 => VirtualKeyCode::F14,
        67 => VirtualKeyCode::F15,
        68 => VirtualKeyCode::F16,
        69 => VirtualKeyCode::F17,
        70 => VirtualKeyCode::F18,
        71 => VirtualKeyCode::F19,
        72 => VirtualKeyCode::F20,
        73 => VirtualKeyCode::F21,
        74 => VirtualKeyCode::F22,
        75 => VirtualKeyCode::F23,
        76 => VirtualKeyCode::F24,
        77 => VirtualKeyCode::Super,
        _ => return None,
    })
}

/// Convert the raw VST3 modifier bitmask (`KeyModifier` in the VST3
/// SDK: `kShiftKey = 1`, `kAlternateKey = 2`, `kCommandKey = 4`,
/// `kControlKey = 8`) to a [`Modifiers`] bitflags value. The VST3
/// spec only defines bits 0-3; higher bits from a misbehaving host
/// are dropped.
fn vst3_modifiers(raw: i16) -> Modifiers {
    Modifiers::from_bits_truncate(((raw as u32) & 0x0F) as u8)
}

// Thanks for putting this behind a platform-specific ifdef...
// NOTE: This should also be used on the BSDs, which should now be possible since vst3-sys is replaced by the vst3 crate. Because the vst3 crate also exposes these interfaces to other operating systems.
#[cfg(all(target_family = "unix", not(target_os = "macos")))]
use {
    crate::event_loop::{MainThreadExecutor, TASK_QUEUE_CAPACITY},
    crossbeam::queue::ArrayQueue,
    libc,
    std::sync::atomic::AtomicBool,
    vst3::Steinberg::Linux::{
        FileDescriptor, IEventHandler, IEventHandlerTrait, IRunLoop, IRunLoopTrait,
    },
};

/// The plugin's [`IPlugView`] instance created in [`IEditController::create_view()`] if `P` has an
/// editor. This is managed separately so the lifetime bounds match up.
pub(crate) struct WrapperView<P: Vst3Plugin> {
    inner: Weak<WrapperInner<P>>,
    editor: Weak<ReentrantMutex<P::Editor>>,

    /// A pointer to the COM object around this view, which the host is given in its callbacks. Does
    /// not own it: the host decides how long a view lives.
    this: AtomicPtr<IPlugView>,
    /// The `IPlugFrame` instance passed by the host during [IPlugView::set_frame()].
    plug_frame: Mutex<Option<ComPtr<IPlugFrame>>>,

    /// The DPI scaling factor as passed to the [IPlugViewContentScaleSupport::set_scale_factor()]
    /// function. Defaults to 1.0, and will be kept there on macOS. When reporting and handling size
    /// the sizes communicated to and from the DAW should be scaled by this factor since nice-plug's
    /// APIs only deal in logical pixels.
    fallback_scale_factor: AtomicCell<Option<f32>>,
}

impl<P: Vst3Plugin> Class for WrapperView<P> {
    type Interfaces = (IPlugView, IPlugViewContentScaleSupport);
}

/// A view the host has attached to a window of its own, with what the host offers for it. Only
/// exists for as long as the view is attached.
pub(crate) struct AttachedView<P: Vst3Plugin> {
    /// The view itself. Owned, so it lives while the editor is open.
    view: ComPtr<IPlugView>,
    plug_frame: Option<ComPtr<IPlugFrame>>,
    /// Allows handling events events on the host's GUI thread when using Linux. Needed because
    /// otherwise REAPER doesn't like us very much.
    #[cfg(all(target_family = "unix", not(target_os = "macos")))]
    run_loop_event_handler: Option<ComWrapper<RunLoopEventHandler<P>>>,
    #[cfg(not(all(target_family = "unix", not(target_os = "macos"))))]
    _marker: std::marker::PhantomData<fn() -> P>,
}

/// Allow handling tasks on the host's GUI thread on Linux. This doesn't need to be a separate
/// struct, but vst3-sys did not let us implement interfaces conditionally and the interface is
/// only exposed when compiling on Linux. This might be fixable since we use the vst3 crate.
/// The struct will register itself when calling [`RunLoopEventHandler::new()`]. The host owns a
/// share of it from there on, so [`RunLoopEventHandler::unregister()`] has to be called for it to
/// be dropped.
#[cfg(all(target_family = "unix", not(target_os = "macos")))]
struct RunLoopEventHandler<P: Vst3Plugin> {
    /// We need access to the inner wrapper so we that we can post any outstanding tasks there when
    /// this object gets dropped so no work is lost.
    inner: Weak<WrapperInner<P>>,

    /// The host's run loop interface. This lets us run tasks on the same thread as the host's UI.
    run_loop: ComPtr<IRunLoop>,

    /// We need a Unix domain socket the host can poll to know that we have an event to handle. In
    /// theory eventfd would be much better suited for this, but Ardour doesn't respond to fds that
    /// aren't sockets. So instead, we will write a single byte here for every message we should
    /// handle.
    socket_read_fd: i32,
    socket_write_fd: i32,

    /// A queue of tasks that still need to be performed. Because CLAP lets the plugin request a
    /// host callback directly, we don't need to use the OsEventLoop we use in our other plugin
    /// implementations. Instead, we'll post tasks to this queue, ask the host to call
    /// [`on_main_thread()`][Self::on_main_thread()] on the main thread, and then continue to pop
    /// tasks off this queue there until it is empty.
    tasks: ArrayQueue<Task<P>>,

    /// Whether the host knows this handler.
    is_registered: AtomicBool,

    notified: AtomicBool,
}

#[cfg(all(target_family = "unix", not(target_os = "macos")))]
impl<P: Vst3Plugin> Class for RunLoopEventHandler<P> {
    type Interfaces = (IEventHandler,);
}

impl<P: Vst3Plugin> WrapperView<P> {
    /// Create a view. Returns an owned pointer to it for the host.
    pub fn create(
        inner: Weak<WrapperInner<P>>,
        editor: Weak<ReentrantMutex<P::Editor>>,
    ) -> *mut IPlugView {
        let view = ComWrapper::new(Self {
            inner,
            editor,
            this: AtomicPtr::new(std::ptr::null_mut()),
            plug_frame: Mutex::new(None),
            fallback_scale_factor: AtomicCell::new(None),
        });

        match view.to_com_ptr::<IPlugView>() {
            Some(ptr) => {
                view.this.store(ptr.as_ptr(), Ordering::SeqCst);
                ptr.into_raw()
            }
            None => std::ptr::null_mut(),
        }
    }

    /// Let the wrapper use this view, and what the host offers for it, to reach the host. Replaces
    /// what was attached before. Has to be called from the GUI thread, and without any locks, since
    /// the host is called.
    fn attach(&self, inner: &Arc<WrapperInner<P>>) {
        let this = self.this.load(Ordering::SeqCst);
        let Some(view) = (unsafe { ComRef::from_raw(this) }) else {
            return;
        };
        let plug_frame = self.plug_frame.lock().clone();

        // On Linux the host will expose another interface that lets us run code on the
        // host's GUI thread. REAPER will segfault when we don't do this for resizes.
        #[cfg(all(target_family = "unix", not(target_os = "macos")))]
        let run_loop_event_handler = plug_frame
            .as_ref()
            .and_then(|frame| frame.cast::<IRunLoop>())
            .or_else(|| inner.host_run_loop.lock().clone())
            .and_then(|run_loop| RunLoopEventHandler::new(Arc::downgrade(inner), run_loop));

        let attached = Arc::new(AttachedView {
            view: view.to_com_ptr(),
            plug_frame,
            #[cfg(all(target_family = "unix", not(target_os = "macos")))]
            run_loop_event_handler,
            #[cfg(not(all(target_family = "unix", not(target_os = "macos"))))]
            _marker: std::marker::PhantomData,
        });
        let old = inner.attached_view.lock().replace(attached);
        if let Some(old) = old {
            old.detach();
        }
    }

    /// The reverse of [`attach()`][Self::attach()].
    fn detach(inner: &WrapperInner<P>) {
        let old = inner.attached_view.lock().take();
        if let Some(old) = old {
            old.detach();
        }
    }

    /// Whether the editor is attached through this view.
    fn is_attached(&self, inner: &WrapperInner<P>) -> bool {
        match &*inner.attached_view.lock() {
            Some(attached) => attached.view.as_ptr() == self.this.load(Ordering::SeqCst),
            None => false,
        }
    }

    /// The wrapper this view belongs to, if it still exists. Also performs the tasks that have been
    /// waiting for the host to call a function from the GUI thread.
    fn upgrade(&self) -> Option<Arc<WrapperInner<P>>> {
        let inner = self.inner.upgrade()?;
        inner.run_pending_editor_tasks();

        Some(inner)
    }

    /// Forward a VST3 `IPlugView::onKey{Down,Up}` event to the editor's
    /// host-virtual-key hook.
    ///
    /// Only forwards keys that carry a VST3 virtual key code in
    /// [`VKEY_FIRST_CODE`]`..=`[`VKEY_LAST_CODE`]. Those are the keys
    /// the host (notably REAPER) may intercept as accelerators before
    /// they reach our native view: Space, Backspace, arrows, function
    /// keys, modifier-only presses, etc. ASCII characters arrive with
    /// `key_code >= VKEY_FIRST_ASCII (128)` per the VST3 SDK
    /// (`pluginterfaces/base/keycodes.h`); those flow through the
    /// plug-in window's native keyboard path (on macOS, AppKit
    /// `keyDown:` + NSTextInputContext) and consuming them here would
    /// double-dispatch text input.
    fn dispatch_virtual_key(&self, key_code: i16, is_down: bool, modifiers: i16) -> tresult {
        if !(VKEY_FIRST_CODE..=VKEY_LAST_CODE).contains(&key_code) {
            return kResultFalse;
        }
        let Some(key_code) = vst3_virtual_key_code(key_code) else {
            return kResultFalse;
        };
        let modifiers = vst3_modifiers(modifiers);

        let Some(inner) = self.upgrade() else {
            return kResultFalse;
        };
        match inner.editor_window.with(|editor| {
            editor
                .handle
                .on_virtual_key_from_host(key_code, is_down, modifiers)
        }) {
            Some(true) => kResultOk,
            _ => kResultFalse,
        }
    }
}

impl<P: Vst3Plugin> AttachedView<P> {
    /// Ask the host to resize the view to the size specified by [`Editor::size()`]. Will return false
    /// if the host doesn't like you. This **needs** to be run from the GUI thread.
    ///
    /// # Safety
    ///
    /// May cause memory corruption in Linux REAPER when called from outside of the `IRunLoop`.
    #[must_use]
    pub unsafe fn request_resize(&self, new_size: Size, scale_factor: f64) -> bool {
        use vst3::Steinberg::IPlugFrameTrait;

        let Some(plug_frame) = &self.plug_frame else {
            return false;
        };

        let native_size: NativeSize<u32> = NativeSize::from_size(new_size, scale_factor);

        let mut size = ViewRect {
            left: 0,
            top: 0,
            right: native_size.width as i32,
            bottom: native_size.height as i32,
        };

        let result = unsafe { plug_frame.resizeView(self.view.as_ptr(), &mut size) };

        result == kResultOk
    }

    /// If the host supports `IRunLoop`, then this will post the task to a task queue that will be
    /// run on the host's UI thread. If not, then this will return an `Err` value containing the
    /// task so it can be run elsewhere.
    #[cfg(all(target_family = "unix", not(target_os = "macos")))]
    pub fn do_maybe_in_run_loop(&self, task: Task<P>) -> Result<(), Task<P>> {
        match &self.run_loop_event_handler {
            Some(run_loop) => run_loop.post_task(task),
            None => Err(task),
        }
    }

    /// If the host supports `IRunLoop`, then this will post the task to a task queue that will be
    /// run on the host's UI thread. If not, then this will return an `Err` value containing the
    /// task so it can be run elsewhere.
    #[cfg(not(all(target_family = "unix", not(target_os = "macos"))))]
    pub fn do_maybe_in_run_loop(&self, task: Task<P>) -> Result<(), Task<P>> {
        Err(task)
    }

    /// Take back what the host was given. Calls the host, so no locks may be held.
    fn detach(&self) {
        #[cfg(all(target_family = "unix", not(target_os = "macos")))]
        if let Some(run_loop) = &self.run_loop_event_handler {
            RunLoopEventHandler::unregister(run_loop);
        }
    }
}

impl<P: Vst3Plugin> Drop for AttachedView<P> {
    fn drop(&mut self) {
        // Only does something when the plugin is destroyed while its editor is open
        self.detach();
    }
}

#[cfg(all(target_family = "unix", not(target_os = "macos")))]
impl<P: Vst3Plugin> RunLoopEventHandler<P> {
    /// Create an event handler that is registered with the host. Returns `None`, and the host's GUI
    /// thread can then not be used, if there are no file descriptors left or if the host does not
    /// want it.
    pub fn new(
        inner: Weak<WrapperInner<P>>,
        run_loop: ComPtr<IRunLoop>,
    ) -> Option<ComWrapper<Self>> {
        let mut sockets = [0i32; 2];
        if unsafe {
            libc::socketpair(
                libc::AF_UNIX,
                libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK,
                0,
                sockets.as_mut_ptr(),
            )
        } != 0
        {
            crate::nice_error!(
                "Could not create the sockets for the host's run loop: {}",
                std::io::Error::last_os_error()
            );
            return None;
        }
        let [socket_read_fd, socket_write_fd] = sockets;

        // From here on, dropping the handler closes the sockets
        let handler = ComWrapper::new(RunLoopEventHandler {
            inner,
            run_loop,
            socket_read_fd,
            socket_write_fd,
            tasks: ArrayQueue::new(TASK_QUEUE_CAPACITY),
            is_registered: AtomicBool::new(false),
            notified: AtomicBool::new(false),
        });
        let event_handler = handler.as_com_ref::<IEventHandler>()?;
        if unsafe {
            handler
                .run_loop
                .registerEventHandler(event_handler.as_ptr(), socket_read_fd)
        } != kResultOk
        {
            crate::nice_error!("The host did not accept an event handler for its run loop");
            return None;
        }
        handler.is_registered.store(true, Ordering::SeqCst);

        Some(handler)
    }

    /// Have the host forget about the handler, so it gets dropped once it is no longer in use.
    /// Tasks that are still outstanding are posted to the wrapper so no work gets lost.
    fn unregister(this: &ComWrapper<Self>) {
        if !this.is_registered.swap(false, Ordering::SeqCst) {
            return;
        }
        if let Some(event_handler) = this.as_com_ref::<IEventHandler>() {
            unsafe { this.run_loop.unregisterEventHandler(event_handler.as_ptr()) };
        }

        while let (Some(inner), Some(task)) = (this.inner.upgrade(), this.tasks.pop()) {
            if !inner.schedule_gui(task) {
                crate::nice_debug_assert_failure!(
                    "Outstanding tasks have been dropped when closing the editor as the task \
                     queue was full"
                );
            }
        }
    }

    /// Post a task to the tasks queue so it will be run on the host's GUI thread later. Returns the
    /// task if the queue is full and the task could not be posted.
    pub fn post_task(&self, task: Task<P>) -> Result<(), Task<P>> {
        if !self.is_registered.load(Ordering::SeqCst) {
            return Err(task);
        }
        self.tasks.push(task)?;

        if !self.notified.swap(true, Ordering::SeqCst) {
            // We need to use a Unix domain socket to let the host know to call our event handler. In
            // theory eventfd would be more suitable here, but Ardour does not support that. This is
            // read again in `Self::on_fd_is_set()`.
            let notify_value = 1i8;
            let written = unsafe {
                libc::write(
                    self.socket_write_fd,
                    &notify_value as *const _ as *const c_void,
                    std::mem::size_of::<i8>(),
                )
            };
            // The next task gets another chance
            if written != 1 {
                self.notified.store(false, Ordering::SeqCst);
            }
        }

        Ok(())
    }
}

/// The window the host wants the editor to be attached to. `None` if it is none for this platform.
///
/// # Safety
///
/// `type_` must be a valid string.
unsafe fn parent_window_handle(
    parent: *mut c_void,
    type_: FIDString,
) -> Option<ParentWindowHandle> {
    if type_.is_null() {
        None
    } else if unsafe { fid_matches(type_, kPlatformTypeX11EmbedWindowID) } {
        #[allow(clippy::unnecessary_cast)]
        let w = parent as usize as c_ulong;
        Some(ParentWindowHandle::XlibWindow(w))
    } else if unsafe { fid_matches(type_, kPlatformTypeNSView) } {
        NonNull::new(parent).map(ParentWindowHandle::AppKitNsView)
    } else if unsafe { fid_matches(type_, kPlatformTypeHWND) } {
        NonZeroIsize::new(parent as isize).map(ParentWindowHandle::Win32Hwnd)
    } else {
        crate::nice_debug_assert_failure!("Unknown window handle type: {:?}", unsafe {
            CStr::from_ptr(type_)
        });
        None
    }
}

/// How the editor reaches the host.
fn host_methods<P: Vst3Plugin>(inner: &Arc<WrapperInner<P>>) -> HostMethods {
    HostMethods {
        callbacks: Box::new(Vst3HostCallbacks {
            inner: Arc::downgrade(inner),
        }),
        main_thread_caller: Box::new(Vst3HostMainThreadCaller {
            inner: Arc::downgrade(inner),
        }),
    }
}

#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("Attempted to resize the window after the plugin was closed")]
struct PluginClosed;

#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("The host keeps the window's size")]
struct SizeRefused;

struct Vst3HostCallbacks<P: Vst3Plugin> {
    inner: Weak<WrapperInner<P>>,
}

impl<P: Vst3Plugin> HostCallbacks for Vst3HostCallbacks<P> {
    fn request_resize(&mut self, size: Size, scale_factor: f64) -> Result<(), Box<dyn Error>> {
        let inner = self.inner.upgrade().ok_or(PluginClosed)?;
        let view = inner.attached_view.lock().clone().ok_or(PluginClosed)?;

        // This is called from the GUI thread, and on Linux from the host's run loop where it has
        // one. The editor only takes the size when the host has answered.
        if unsafe { view.request_resize(size, scale_factor) } {
            Ok(())
        } else {
            Err(SizeRefused.into())
        }
    }

    fn destroyed(&mut self) {
        // TODO: Does VST3 have a way for a plugin to notify the host that its GUI has been
        // destroyed?
    }
}

struct Vst3HostMainThreadCaller<P: Vst3Plugin> {
    inner: Weak<WrapperInner<P>>,
}

impl<P: Vst3Plugin> HostMainThreadCaller for Vst3HostMainThreadCaller<P> {
    fn call_main_thread(&mut self) {
        // When the queue is full then there's a call outstanding already
        if let Some(inner) = self.inner.upgrade() {
            let _ = inner.schedule_gui(Task::CallMainThread);
        }
    }
}

impl<P: Vst3Plugin> IPlugViewTrait for WrapperView<P> {
    #[cfg(all(target_family = "unix", not(target_os = "macos")))]
    unsafe fn isPlatformTypeSupported(&self, type_: FIDString) -> tresult {
        check_null_ptr!(type_);

        if unsafe { fid_matches(type_, kPlatformTypeX11EmbedWindowID) } {
            kResultOk
        } else {
            crate::nice_debug_assert_failure!("Invalid window handle type: {:?}", unsafe {
                CStr::from_ptr(type_)
            });
            kResultFalse
        }
    }

    #[cfg(target_os = "macos")]
    unsafe fn isPlatformTypeSupported(&self, type_: FIDString) -> tresult {
        check_null_ptr!(type_);

        if unsafe { fid_matches(type_, kPlatformTypeNSView) } {
            kResultOk
        } else {
            crate::nice_debug_assert_failure!("Invalid window handle type: {:?}", unsafe {
                CStr::from_ptr(type_)
            });
            kResultFalse
        }
    }

    #[cfg(target_os = "windows")]
    unsafe fn isPlatformTypeSupported(&self, type_: FIDString) -> tresult {
        check_null_ptr!(type_);

        if unsafe { fid_matches(type_, kPlatformTypeHWND) } {
            kResultOk
        } else {
            crate::nice_debug_assert_failure!("Invalid window handle type: {:?}", unsafe {
                CStr::from_ptr(type_)
            });
            kResultFalse
        }
    }

    unsafe fn attached(&self, parent: *mut c_void, type_: FIDString) -> tresult {
        check_null_ptr!(parent);

        let Some(inner) = self.inner.upgrade() else {
            return kResultFalse;
        };
        let Some(parent_handle) = (unsafe { parent_window_handle(parent, type_) }) else {
            return kInvalidArgument;
        };
        if inner.editor_window.is_open() {
            #[cfg(debug_assertions)]
            crate::nice_warn!("Host tried to attach editor while the editor is already attached");

            return kResultFalse;
        }
        self.attach(&inner);

        let size = || Some(self.editor.upgrade()?.lock().size());
        let told_size = size();
        let fallback_scale_factor = self.fallback_scale_factor.load().map(|s| s as f64);
        let opened = inner.editor_window.open(|| {
            let editor = self.editor.upgrade().ok_or("The plugin has been closed")?;
            editor.lock().spawn(
                Some(parent_handle),
                false,
                fallback_scale_factor,
                inner.clone().make_gui_context(),
                Some(host_methods(&inner)),
            )
        });
        let shown = opened.and_then(|()| {
            match inner
                .editor_window
                .with(|editor| editor.handle.show(&editor.window))
            {
                Some(result) => result.map_err(|err| err.to_string()),
                None => Err(String::from("it panicked while it was being shown")),
            }
        });

        match shown {
            Ok(()) => {
                // A scale factor that the host has suggested counts from here on, and so does what
                // the platform says
                let attached_view = inner.attached_view.lock().clone();
                if let (Some(view), Some(size)) = (attached_view, size())
                    && Some(size) != told_size
                {
                    let size = Size::Physical(PhysicalSize::new(size.width, size.height).cast());
                    let _refused = !unsafe { view.request_resize(size, 1.0) };
                }

                kResultOk
            }
            Err(err) => {
                crate::nice_error!("Failed to open editor: {}", err);
                inner.editor_window.close();
                Self::detach(&inner);

                kResultFalse
            }
        }
    }

    unsafe fn removed(&self) -> tresult {
        let Some(inner) = self.inner.upgrade() else {
            return kResultFalse;
        };

        let was_open = inner.editor_window.close();
        Self::detach(&inner);

        if was_open {
            kResultOk
        } else {
            #[cfg(debug_assertions)]
            crate::nice_warn!("Host tried to remove the editor without an active editor");

            kResultFalse
        }
    }

    unsafe fn onWheel(&self, _distance: f32) -> tresult {
        // We'll let the plugin use the OS' input mechanisms because not all DAWs (or very few
        // actually) implement these functions
        kNotImplemented
    }

    unsafe fn onKeyDown(&self, _key: char16, key_code: int16, modifiers: int16) -> tresult {
        self.dispatch_virtual_key(key_code, true, modifiers)
    }

    unsafe fn onKeyUp(&self, _key: char16, key_code: int16, modifiers: int16) -> tresult {
        self.dispatch_virtual_key(key_code, false, modifiers)
    }

    unsafe fn getSize(&self, size: *mut ViewRect) -> tresult {
        check_null_ptr!(size);

        let (Some(_), Some(editor)) = (self.upgrade(), self.editor.upgrade()) else {
            return kResultFalse;
        };

        let size = unsafe { &mut *size };

        // TODO: This is technically incorrect during resizing, this should still report the old
        //       size until `.on_size()` has been called. We should probably only bother fixing this
        //       if it turns out to be an issue.
        let editor_size = editor.lock().size();

        size.left = 0;
        size.right = editor_size.width as i32;
        size.top = 0;
        size.bottom = editor_size.height as i32;

        kResultOk
    }

    unsafe fn onSize(&self, new_size: *mut ViewRect) -> tresult {
        check_null_ptr!(new_size);

        let Some(inner) = self.upgrade() else {
            return kResultFalse;
        };

        // The host is telling us the view's new frame (after honoring an earlier
        // `request_resize()`, or because the user dragged a host resize handle).
        let width = unsafe { (*new_size).right - (*new_size).left };
        let height = unsafe { (*new_size).bottom - (*new_size).top };
        if width <= 0 || height <= 0 {
            return kResultFalse;
        }

        let size = NativeSize {
            width: width as u32,
            height: height as u32,
        };

        // Apply the new size to the editor. Editors that don't support being
        // resized return `false` from `set_size()`, in which case we tell the
        // host we couldn't honor it.
        match inner
            .editor_window
            .with(|editor| editor.handle.set_size(size, &editor.window))
        {
            Some(Ok(())) => kResultOk,
            Some(Err(e)) => {
                crate::nice_error!("Failed to resize window to {:?}: {}", size, e);
                kResultFalse
            }
            None => kResultFalse,
        }
    }

    unsafe fn onFocus(&self, _state: TBool) -> tresult {
        kNotImplemented
    }

    unsafe fn setFrame(&self, frame: *mut IPlugFrame) -> tresult {
        let Some(inner) = self.upgrade() else {
            return kResultFalse;
        };

        // The old one is released without holding the lock, since that calls the host
        let new_frame = unsafe { ComRef::from_raw(frame) }.map(|frame| frame.to_com_ptr());
        let old_frame = std::mem::replace(&mut *self.plug_frame.lock(), new_frame);
        if self.is_attached(&inner) {
            self.attach(&inner);
        }
        drop(old_frame);

        kResultOk
    }

    unsafe fn canResize(&self) -> tresult {
        let Some(editor) = self.editor.upgrade() else {
            return kResultFalse;
        };

        // The editor decides whether it's resizable via `Editor::resize_hint()`.
        if editor.lock().resize_hint().can_resize {
            kResultOk
        } else {
            kResultFalse
        }
    }

    unsafe fn checkSizeConstraint(&self, rect: *mut ViewRect) -> tresult {
        check_null_ptr!(rect);

        let (width, height) =
            unsafe { ((*rect).right - (*rect).left, (*rect).bottom - (*rect).top) };

        if width <= 0 || height <= 0 {
            return kResultFalse;
        }

        let Some(inner) = self.upgrade() else {
            return kResultFalse;
        };

        let size = NativeSize {
            width: width as u32,
            height: height as u32,
        };

        match inner
            .editor_window
            .with(|editor| editor.handle.adjust_size(size, &editor.window))
        {
            Some(Some(adjusted_size)) => {
                if adjusted_size != size {
                    unsafe {
                        (*rect).right = (*rect).left + adjusted_size.width as i32;
                        (*rect).bottom = (*rect).top + adjusted_size.height as i32;
                    }
                }

                kResultOk
            }
            _ => kResultFalse,
        }
    }
}

impl<P: Vst3Plugin> IPlugViewContentScaleSupportTrait for WrapperView<P> {
    unsafe fn setContentScaleFactor(&self, scale_factor: ScaleFactor) -> tresult {
        let Some(inner) = self.upgrade() else {
            return kResultFalse;
        };

        // TODO: So apparently Ableton Live doesn't call this function. Right now we'll hardcode the
        //       default scale to 1.0 on Linux and Windows since we can't easily get the scale from
        //       baseview. A better alternative would be to do the fallback DPI scale detection
        //       within nice-plug itself. Then we can still only use baseview's system scale policy
        //       on macOS and both the editor implementation and the wrappers would know about the
        //       correct scale.

        if !scale_factor.is_finite() || !scale_factor.is_sign_positive() {
            return kResultFalse;
        }

        // Most hosts call this before the editor is attached, which is when it is used
        if !inner.editor_window.is_open() {
            self.fallback_scale_factor.store(Some(scale_factor));
            return kResultOk;
        }

        match inner.editor_window.with(|editor| {
            editor
                .handle
                .set_fallback_scale_factor(scale_factor as f64, &editor.window)
        }) {
            Some(Ok(())) => {
                self.fallback_scale_factor.store(Some(scale_factor));
                kResultOk
            }
            Some(Err(e)) => {
                crate::nice_error!("Failed to set suggested scale factor: {}", e);
                kResultFalse
            }
            None => kResultFalse,
        }
    }
}

#[cfg(all(target_family = "unix", not(target_os = "macos")))]
impl<P: Vst3Plugin> IEventHandlerTrait for RunLoopEventHandler<P> {
    unsafe fn onFDIsSet(&self, _fd: FileDescriptor) {
        // There should be a one-to-one correlation to bytes being written to `self.socket_read_fd`
        // and events being pushed to `self.tasks`, but because the process of pushing a task and
        // notifying this thread through the socket is not atomic we can't reliably just read a byte
        // from this socket for every task we process. For instance, if `Self::post_task()` gets
        // called while this loop is already running, it could happen that we pop and execute the
        // task before the byte gets written to the socket. To avoid this, we'll clear the socket
        // upfront, and then execute the tasks afterwards. If this situation does happen, then the
        // worst thing that can happen is that this function is called a second time while
        // `self.tasks()` is already empty.
        let mut notify_value = [0; 32];
        loop {
            let read_result = unsafe {
                libc::read(
                    self.socket_read_fd,
                    &mut notify_value as *mut _ as *mut c_void,
                    std::mem::size_of_val(&notify_value),
                )
            };

            // If after the first loop the socket contains no more data, then the `read()` call will
            // return -1 and `errno` will have been set to `EAGAIN`
            if read_result <= 0 {
                break;
            }
        }

        self.notified.store(false, Ordering::SeqCst);

        // This gets called from the host's UI thread because we wrote some bytes to the Unix domain
        // socket. We'll read that data from the socket again just to make REAPER happy.
        while let Some(task) = self.tasks.pop() {
            if let Some(inner) = self.inner.upgrade() {
                inner.execute(task, true);
            }
        }
    }
}

#[cfg(all(target_family = "unix", not(target_os = "macos")))]
impl<P: Vst3Plugin> Drop for RunLoopEventHandler<P> {
    fn drop(&mut self) {
        unsafe {
            libc::close(self.socket_read_fd);
            libc::close(self.socket_write_fd);
        }
    }
}
