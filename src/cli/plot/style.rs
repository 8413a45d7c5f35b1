//! Colours and type of a plot.

use super::canvas::{Align, Ink, Type, Weight};
use crate::emotion::CLASSES;

pub(super) const GROUND: Ink = Ink::hex(0x0c0e14);
pub(super) const CARD: Ink = Ink::hex(0x12151e);
pub(super) const GRID: Ink = Ink::hex(0x242938);
pub(super) const FAINT: Ink = Ink::hex(0x7a8296);
pub(super) const QUIET: Ink = Ink::hex(0xa7aec0);
pub(super) const BRIGHT: Ink = Ink::hex(0xf2f4fa);

pub(super) const VALENCE: Ink = Ink::hex(0x3fd6c0);
pub(super) const AROUSAL: Ink = Ink::hex(0xff9a57);
pub(super) const TEMPO: Ink = Ink::hex(0xb59cff);
pub(super) const LOUDNESS: Ink = Ink::hex(0x6fa8ff);

/// Colours of the classes, in the order of [`CLASS_NAMES`](crate::emotion::CLASS_NAMES).
pub(super) const CLASS_INKS: [Ink; CLASSES] = [
    Ink::hex(0xf7c548),
    Ink::hex(0x7ecf8b),
    Ink::hex(0x58b7f5),
    Ink::hex(0xff7f9f),
    Ink::hex(0xe5484d),
    Ink::hex(0x98a33d),
    Ink::hex(0x9b72e8),
    Ink::hex(0x5582c9),
];

/// Colours of sections by their names, over and over.
pub(super) const SECTION_INKS: [Ink; 8] = [
    Ink::hex(0x5b78e5),
    Ink::hex(0xe39a3c),
    Ink::hex(0x2fa58c),
    Ink::hex(0xc75a86),
    Ink::hex(0x8d6ad8),
    Ink::hex(0x93a844),
    Ink::hex(0x3f9fd1),
    Ink::hex(0xb9794f),
];
pub(super) const DROP: Ink = Ink::hex(0xff5c6c);

/// From the song's start to its end.
pub(super) const TIME_SCALE: [Ink; 4] = [
    Ink::hex(0x4361ee),
    Ink::hex(0xb14bd8),
    Ink::hex(0xff6b6b),
    Ink::hex(0xffd166),
];

/// From silence to full level.
pub(super) const HEAT_SCALE: [Ink; 6] = [
    Ink::hex(0x141824),
    Ink::hex(0x2b2a63),
    Ink::hex(0x6d3390),
    Ink::hex(0xc24576),
    Ink::hex(0xf58a4b),
    Ink::hex(0xffe9a8),
];

/// Regular type whose em is `size` pixels.
pub(super) fn label(size: f32, ink: Ink, align: Align) -> Type {
    Type {
        size,
        weight: Weight::Regular,
        align,
        ink,
    }
}

/// Bold type whose em is `size` pixels.
pub(super) fn bold(size: f32, ink: Ink, align: Align) -> Type {
    Type {
        weight: Weight::Bold,
        ..label(size, ink, align)
    }
}

/// `ink` as it would look on a card at this strength (0 to 1), yet opaque: where the segments of a
/// line overlap, a translucent ink would show beads.
pub(super) fn faded(ink: Ink, strength: f32) -> Ink {
    Ink::along(&[CARD, ink], strength)
}
