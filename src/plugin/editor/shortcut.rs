//! Keys that belong to no control.
//!
//! In a host the keyboard is the host's: space starts its song, B and Ctrl+Z do what they do there.
//! The editor's own shortcuts therefore want Ctrl and Alt (Cmd and Alt on a Mac) to be held. Where
//! there is no host, they are plain.

use egui::{Key, Modifiers};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    Undo,
    Redo,
    Blackout,
    Freeze,
    Presets,
    /// The next preset of the list, and the one before.
    Next,
    Previous,
}

/// The keys, with the modifiers that they want where there is no host. A longer one stands before
/// the shorter that would take it.
const KEYS: [(Shortcut, Modifiers, Key); 8] = [
    (
        Shortcut::Redo,
        Modifiers::COMMAND.plus(Modifiers::SHIFT),
        Key::Z,
    ),
    (Shortcut::Redo, Modifiers::COMMAND, Key::Y),
    (Shortcut::Undo, Modifiers::COMMAND, Key::Z),
    (Shortcut::Presets, Modifiers::COMMAND, Key::F),
    (Shortcut::Blackout, Modifiers::NONE, Key::B),
    (Shortcut::Freeze, Modifiers::NONE, Key::Space),
    (Shortcut::Previous, Modifiers::SHIFT, Key::K),
    (Shortcut::Next, Modifiers::NONE, Key::K),
];

/// What a host leaves to the editor.
const IN_HOST: Modifiers = Modifiers::COMMAND.plus(Modifiers::ALT);

/// The shortcuts that are pressed in this frame.
pub fn pressed(ctx: &egui::Context, in_host: bool) -> Vec<Shortcut> {
    let mut pressed = Vec::new();
    for (shortcut, modifiers, key) in KEYS {
        let modifiers = if in_host {
            modifiers | IN_HOST
        } else {
            modifiers
        };
        // A control that has the keyboard takes the space bar as a press.
        let taken = key == Key::Space && ctx.memory(|memory| memory.focused().is_some());
        if !taken && ctx.input_mut(|i| i.consume_key(modifiers, key)) {
            pressed.push(shortcut);
        }
    }
    pressed
}

impl Shortcut {
    /// The keys in words.
    pub fn words(self, in_host: bool) -> &'static str {
        match (self, in_host) {
            (Self::Undo, false) => "Ctrl+Z",
            (Self::Undo, true) => "Ctrl+Alt+Z",
            (Self::Redo, false) => "Ctrl+Shift+Z",
            (Self::Redo, true) => "Ctrl+Alt+Shift+Z",
            (Self::Blackout, false) => "B",
            (Self::Blackout, true) => "Ctrl+Alt+B",
            (Self::Freeze, false) => "space",
            (Self::Freeze, true) => "Ctrl+Alt+space",
            (Self::Presets, false) => "Ctrl+F",
            (Self::Presets, true) => "Ctrl+Alt+F",
            (Self::Next, false) => "K",
            (Self::Next, true) => "Ctrl+Alt+K",
            (Self::Previous, false) => "Shift+K",
            (Self::Previous, true) => "Ctrl+Alt+Shift+K",
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
pub use grabbed::Grabbed;

#[cfg(all(unix, not(target_os = "macos")))]
mod grabbed {
    use super::{KEYS, Shortcut};
    use egui::Key;
    use x11rb::connection::Connection;
    use x11rb::protocol::xproto::{ConnectionExt, GrabMode, KeyPressEvent, ModMask};
    use x11rb::rust_connection::RustConnection;

    /// Shortcuts that an X server hands to the window, and not to its host, while the pointer is in
    /// it or it has the keyboard.
    pub struct Grabbed(Vec<(Shortcut, bool, u8)>);

    impl Grabbed {
        /// Grabs them for `window`. One that another program has grabbed stays that one's.
        pub fn new(connection: &RustConnection, window: u32) -> Self {
            let mut grabbed = Vec::new();
            for (shortcut, modifiers, key) in KEYS {
                let Some(code) = symbol(key).and_then(|symbol| code(connection, symbol)) else {
                    continue;
                };
                grabbed.push((shortcut, modifiers.shift, code));
                let shift = if modifiers.shift {
                    ModMask::SHIFT
                } else {
                    ModMask::default()
                };
                // With caps lock, num lock, both or none.
                for locks in [
                    ModMask::default(),
                    ModMask::LOCK,
                    ModMask::M2,
                    ModMask::LOCK | ModMask::M2,
                ] {
                    let mode = GrabMode::ASYNC;
                    let held = ModMask::CONTROL | ModMask::M1 | shift | locks;
                    if let Ok(asked) = connection.grab_key(false, window, held, code, mode, mode) {
                        asked.ignore_error();
                    }
                }
            }
            let _ = connection.flush();
            Self(grabbed)
        }

        /// What was pressed.
        pub fn shortcut(&self, event: &KeyPressEvent) -> Option<Shortcut> {
            let shift = u16::from(event.state) & u16::from(ModMask::SHIFT) != 0;
            let mut grabbed = self.0.iter();
            grabbed
                .find(|(_, shifted, code)| (*shifted, *code) == (shift, event.detail))
                .map(|(shortcut, ..)| *shortcut)
        }
    }

    /// X11's number of a letter or of the space bar.
    fn symbol(key: Key) -> Option<u32> {
        match key {
            Key::Space => Some(0x20),
            key => key
                .name()
                .bytes()
                .next()
                .map(|letter| u32::from(letter.to_ascii_lowercase())),
        }
    }

    /// The key that writes `symbol`.
    fn code(connection: &RustConnection, symbol: u32) -> Option<u8> {
        let setup = connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let asked = connection
            .get_keyboard_mapping(first, last - first + 1)
            .ok()?;
        let map = asked.reply().ok()?;
        let columns = usize::from(map.keysyms_per_keycode).max(1);
        let index = map.keysyms.iter().position(|other| *other == symbol)?;
        u8::try_from(index / columns).ok()?.checked_add(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Context, Event, RawInput};

    /// What a key does whose modifiers are held.
    fn press(key: Key, modifiers: Modifiers, in_host: bool) -> Vec<Shortcut> {
        let ctx = Context::default();
        let event = Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers,
        };
        let input = RawInput {
            events: vec![Event::ModifiersChanged(modifiers), event],
            ..RawInput::default()
        };
        let mut done = Vec::new();
        let mut output = ctx.run_ui(input, |ui| done = pressed(ui.ctx(), in_host));
        output.textures_delta.clear();
        done
    }

    #[test]
    fn in_a_host_no_key_does_anything_without_its_modifiers() {
        let ctrl = Modifiers::CTRL | Modifiers::COMMAND;
        for (shortcut, modifiers, key) in KEYS {
            let modifiers = if modifiers.command {
                modifiers | ctrl
            } else {
                modifiers
            };
            assert_eq!(press(key, modifiers, false), [shortcut]);
            assert_eq!(press(key, modifiers, true), []);
            assert_eq!(
                press(key, modifiers | ctrl | Modifiers::ALT, true),
                [shortcut]
            );
        }
    }
}
