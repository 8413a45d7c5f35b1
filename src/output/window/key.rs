//! What keys mean to the window, and how the others reach its owner.

use winit::keyboard::{Key as Logical, KeyCode, ModifiersState, NamedKey, PhysicalKey};

/// A key that was pressed in the window, once for each press however long it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The character it writes, in lower case (`"b"`, `"ü"`), or its name as web browsers call it
    /// (`"Space"`, `"ArrowLeft"`, `"F5"`).
    pub name: String,
    /// Whether Shift was held.
    pub shift: bool,
    /// Whether Ctrl was held.
    pub control: bool,
    /// Whether Alt was held.
    pub alt: bool,
    /// Whether Cmd was held on a Mac, the Windows key elsewhere.
    pub command: bool,
}

impl Key {
    /// One of this name, with no other held.
    pub fn alone(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            shift: false,
            control: false,
            alt: false,
            command: false,
        }
    }
}

/// What a press asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Fill the monitor that the window is on, or give it back.
    ToggleFullscreen,
    /// Fill the monitor of that number, counted from one.
    Monitor(usize),
    LeaveFullscreen,
    Close,
    /// The owner's.
    Other(Key),
    /// None: it is a modifier on its way to a key, or a key of no name.
    Nothing,
}

impl Wish {
    /// What the press of a key asks for, given what the layout makes of it and where it lies.
    pub(super) fn of(key: &Logical, place: PhysicalKey, modifiers: ModifiersState) -> Self {
        let plain = !modifiers.control_key() && !modifiers.alt_key() && !modifiers.super_key();
        let closing = modifiers.control_key() != modifiers.super_key() && !modifiers.alt_key();
        match key {
            Logical::Named(NamedKey::F11) if plain => Self::ToggleFullscreen,
            Logical::Named(NamedKey::Enter) if modifiers == ModifiersState::ALT => {
                Self::ToggleFullscreen
            }
            Logical::Named(NamedKey::Escape) => Self::LeaveFullscreen,
            Logical::Named(
                NamedKey::Shift
                | NamedKey::Control
                | NamedKey::Alt
                | NamedKey::AltGraph
                | NamedKey::Super
                | NamedKey::Meta
                | NamedKey::CapsLock
                | NamedKey::NumLock
                | NamedKey::Fn,
            ) => Self::Nothing,
            Logical::Named(name) => Self::other(format!("{name:?}"), modifiers),
            Logical::Character(text) => {
                let text = text.to_lowercase();
                match text.as_str() {
                    "f" if plain => Self::ToggleFullscreen,
                    "w" if closing => Self::Close,
                    " " => Self::other("Space".to_owned(), modifiers),
                    _ => match digit(&text, place).filter(|_| plain) {
                        Some(number) => Self::Monitor(number),
                        None => Self::other(text, modifiers),
                    },
                }
            }
            Logical::Unidentified(_) | Logical::Dead(_) => Self::Nothing,
        }
    }

    fn other(name: String, modifiers: ModifiersState) -> Self {
        Self::Other(Key {
            name,
            shift: modifiers.shift_key(),
            control: modifiers.control_key(),
            alt: modifiers.alt_key(),
            command: modifiers.super_key(),
        })
    }
}

/// The digit from one to nine of a key: the one it writes, or the one that is printed on it where
/// the layout (French, Czech) writes digits with Shift.
fn digit(text: &str, place: PhysicalKey) -> Option<usize> {
    let written = text.parse().ok().filter(|digit| (1..=9).contains(digit));
    written.or(match place {
        PhysicalKey::Code(KeyCode::Digit1) => Some(1),
        PhysicalKey::Code(KeyCode::Digit2) => Some(2),
        PhysicalKey::Code(KeyCode::Digit3) => Some(3),
        PhysicalKey::Code(KeyCode::Digit4) => Some(4),
        PhysicalKey::Code(KeyCode::Digit5) => Some(5),
        PhysicalKey::Code(KeyCode::Digit6) => Some(6),
        PhysicalKey::Code(KeyCode::Digit7) => Some(7),
        PhysicalKey::Code(KeyCode::Digit8) => Some(8),
        PhysicalKey::Code(KeyCode::Digit9) => Some(9),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: ModifiersState = ModifiersState::empty();

    fn named(name: NamedKey, modifiers: ModifiersState) -> Wish {
        Wish::of(
            &Logical::Named(name),
            PhysicalKey::Code(KeyCode::KeyA),
            modifiers,
        )
    }

    fn written(text: &str, code: KeyCode, modifiers: ModifiersState) -> Wish {
        let key = Logical::Character(text.into());
        Wish::of(&key, PhysicalKey::Code(code), modifiers)
    }

    #[test]
    fn f_f11_and_alt_enter_toggle_full_screen() {
        for modifiers in [NONE, ModifiersState::SHIFT] {
            assert_eq!(
                written("F", KeyCode::KeyF, modifiers),
                Wish::ToggleFullscreen
            );
        }
        assert_eq!(named(NamedKey::F11, NONE), Wish::ToggleFullscreen);
        assert_eq!(
            named(NamedKey::Enter, ModifiersState::ALT),
            Wish::ToggleFullscreen
        );
        assert!(matches!(named(NamedKey::Enter, NONE), Wish::Other(_)));
        let with_control = written("f", KeyCode::KeyF, ModifiersState::CONTROL);
        assert!(matches!(with_control, Wish::Other(_)));
    }

    #[test]
    fn escape_never_closes_whatever_is_held() {
        for modifiers in [NONE, ModifiersState::CONTROL, ModifiersState::all()] {
            assert_eq!(named(NamedKey::Escape, modifiers), Wish::LeaveFullscreen);
        }
    }

    #[test]
    fn only_control_w_or_command_w_closes() {
        for modifiers in [ModifiersState::CONTROL, ModifiersState::SUPER] {
            assert_eq!(written("w", KeyCode::KeyW, modifiers), Wish::Close);
        }
        for modifiers in [NONE, ModifiersState::ALT, ModifiersState::all()] {
            assert!(matches!(
                written("w", KeyCode::KeyW, modifiers),
                Wish::Other(_)
            ));
        }
    }

    #[test]
    fn digits_choose_a_monitor_on_every_layout() {
        assert_eq!(written("3", KeyCode::Digit3, NONE), Wish::Monitor(3));
        assert_eq!(written("3", KeyCode::Numpad3, NONE), Wish::Monitor(3));
        assert_eq!(written("é", KeyCode::Digit2, NONE), Wish::Monitor(2));
        let zero = written("0", KeyCode::Digit0, NONE);
        assert!(matches!(zero, Wish::Other(key) if key.name == "0"));
    }

    #[test]
    fn other_keys_are_the_owners_with_their_modifiers() {
        let Wish::Other(key) = written("B", KeyCode::KeyB, ModifiersState::SHIFT) else {
            panic!("b was kept");
        };
        assert_eq!(
            (key.name.as_str(), key.shift, key.control),
            ("b", true, false)
        );
        let Wish::Other(key) = named(NamedKey::Space, NONE) else {
            panic!("space was kept");
        };
        assert_eq!(key.name, "Space");
        assert_eq!(named(NamedKey::Shift, ModifiersState::SHIFT), Wish::Nothing);
    }
}
