//! What a line of words feels like.

use super::language::Language;
use crate::emotion::{CLASSES, Emotion};

/// What a line of words feels like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordMood {
    /// Unpleasant (-1) to pleasant (1).
    pub valence: f32,
    /// Calm (-1) to excited (1).
    pub arousal: f32,
    /// Weight of each class of [`CLASS_NAMES`](crate::emotion::CLASS_NAMES); they sum to 1.
    pub classes: [f32; CLASSES],
    /// 0 (nothing is felt, or nothing is understood) to 1 (certain).
    pub confidence: f32,
    pub language: Language,
}

impl WordMood {
    /// Of what is not understood: neutral, and no certainty.
    pub(super) fn silent(language: Language) -> Self {
        let Emotion {
            valence,
            arousal,
            classes,
            confidence,
        } = Emotion::neutral();
        Self {
            valence,
            arousal,
            classes,
            confidence,
            language,
        }
    }
}
