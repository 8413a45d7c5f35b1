//! Fields as plain numbers.

use super::source::EmotionSource;
use crate::motion::Palette;

/// What a field's value is as a plain number.
pub(super) trait Plain {
    fn plain(self) -> f32;
    fn of(plain: f32) -> Self;
}

impl Plain for f32 {
    fn plain(self) -> f32 {
        self
    }
    fn of(plain: f32) -> Self {
        plain
    }
}

impl Plain for bool {
    fn plain(self) -> f32 {
        self.into()
    }
    fn of(plain: f32) -> Self {
        plain > 0.5
    }
}

impl Plain for u8 {
    fn plain(self) -> f32 {
        self.into()
    }
    fn of(plain: f32) -> Self {
        plain as Self
    }
}

impl Plain for u16 {
    fn plain(self) -> f32 {
        self.into()
    }
    fn of(plain: f32) -> Self {
        plain as Self
    }
}

impl Plain for Palette {
    fn plain(self) -> f32 {
        let place = Self::ALL.iter().position(|palette| *palette == self);
        place.unwrap_or(0) as f32
    }
    // A place that has no palette yet is the mood's.
    fn of(plain: f32) -> Self {
        Self::ALL.get(plain as usize).copied().unwrap_or_default()
    }
}

impl Plain for EmotionSource {
    fn plain(self) -> f32 {
        self as usize as f32
    }
    fn of(plain: f32) -> Self {
        Self::ALL.get(plain as usize).copied().unwrap_or_default()
    }
}
