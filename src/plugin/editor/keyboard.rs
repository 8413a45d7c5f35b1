//! Who has the keyboard: the host, except while somebody types into a text field.

use nice_plug_egui::Frame;
use nice_plug_egui::baseview::WindowContext;
#[cfg(all(unix, not(target_os = "macos")))]
use x11rb::protocol::xproto::{ConnectionExt, InputFocus};

/// The keyboard of an editor in a host.
#[derive(Default)]
pub struct Keyboard {
    /// From whom it was borrowed.
    borrowed: Option<Lender>,
}

impl Keyboard {
    /// Leaves it to the host, at first.
    pub fn leave_to_host(frame: &mut Frame) {
        frame.set_focus_on_click(false);
        hear(frame, false);
    }

    /// Borrows it when somebody begins to type, and gives it back. To be called in each frame.
    pub fn follow(&mut self, ctx: &egui::Context, frame: &Frame) {
        let typing = ctx.text_edit_focused();
        let window = frame.baseview_window();
        let Some(lender) = &mut self.borrowed else {
            if typing {
                self.borrowed = Some(Lender::of(window));
                hear(frame, true);
                // A window that is being hidden cannot have it.
                let _ = window.focus();
            }
            return;
        };
        // The host, or another program, has taken it back: what was typed until then counts.
        let taken = lender.has_taken_it_back(window);
        if taken && let Some(field) = ctx.memory(|memory| memory.focused()) {
            ctx.memory_mut(|memory| memory.surrender_focus(field));
            ctx.request_repaint();
        }
        // A key that is still down would repeat in the host.
        let released = ctx.input(|i| i.keys_down.is_empty());
        if taken || (!typing && released) {
            hear(frame, false);
            self.borrowed = None;
        }
    }
}

fn hear(frame: &Frame, keys: bool) {
    // A window that is gone hears nothing either way.
    let _ = frame.baseview_window().hear_keys(keys);
}

/// Who had the keyboard before; dropped, it has it again, if nobody else has taken it meanwhile.
#[cfg(all(unix, not(target_os = "macos")))]
struct Lender {
    connection: Option<x11rb::rust_connection::RustConnection>,
    ours: u32,
    before: u32,
}

#[cfg(all(unix, not(target_os = "macos")))]
impl Lender {
    fn of(window: &WindowContext) -> Self {
        let ours = super::x11::window_id(window).unwrap_or(x11rb::NONE);
        let connection = x11rb::connect(None).ok();
        let connection = connection.map(|(connection, _)| connection);
        let before = connection.as_ref().and_then(focused);
        Self {
            connection,
            ours,
            before: before.unwrap_or(x11rb::NONE),
        }
    }

    /// Whether it went to somebody else meanwhile.
    fn has_taken_it_back(&mut self, _: &WindowContext) -> bool {
        self.connection.as_ref().and_then(focused) != Some(self.ours)
    }

    fn give_back(&self) -> Option<()> {
        let connection = self.connection.as_ref()?;
        if focused(connection)? != self.ours || self.before == self.ours {
            return None;
        }
        let give = |to: u32| {
            let given = connection.set_input_focus(InputFocus::PARENT, to, x11rb::CURRENT_TIME);
            given.ok()?.check().ok()
        };
        // One that is gone or hidden cannot have it back.
        give(self.before).or_else(|| give(InputFocus::POINTER_ROOT.into()))
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
impl Drop for Lender {
    fn drop(&mut self) {
        self.give_back();
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn focused(connection: &x11rb::rust_connection::RustConnection) -> Option<u32> {
    Some(connection.get_input_focus().ok()?.reply().ok()?.focus)
}

/// Elsewhere the window that is clicked next takes it, and keys that nobody wants go to the host.
#[cfg(not(all(unix, not(target_os = "macos"))))]
struct Lender {
    /// Whether the keyboard has come: it is asked for, and given later.
    given: bool,
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
impl Lender {
    fn of(_: &WindowContext) -> Self {
        Self { given: false }
    }

    fn has_taken_it_back(&mut self, window: &WindowContext) -> bool {
        self.given |= window.has_focus();
        self.given && !window.has_focus()
    }
}
