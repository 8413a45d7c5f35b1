//! Fields as plain numbers.

use super::lettering::{Lettering, WordsPlace, WordsShown};
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

/// Choices whose places are those of their lists.
macro_rules! choices {
    ($($name:ty),*) => {$(
        impl Plain for $name {
            fn plain(self) -> f32 {
                let place = Self::ALL.iter().position(|choice| *choice == self);
                place.unwrap_or(0) as f32
            }
            // A place that has no choice yet is the default's.
            fn of(plain: f32) -> Self {
                Self::ALL.get(plain as usize).copied().unwrap_or_default()
            }
        }
    )*};
}

choices!(EmotionSource, Palette, Lettering, WordsPlace, WordsShown);
