//! What a line of words feels like.

use super::language::Language;
use crate::emotion::{CLASSES, Emotion, among};

/// Middle and deviation of what is told of lines in their context, for valence and arousal (of 1,240 lines of English
/// poems: 0.09 and 0.02, 0.23 and 0.12; of Reddit's comments, alone: 0.16 and 0.07, 0.40 and 0.20, as
/// `training/words/usual.py` says).
const USUAL_MOOD: [f32; 2] = [0.10, 0.02];
const USUAL_DEVIATION: [f32; 2] = [0.25, 0.14];

/// Confidence from which on the whole of it counts: that of half of all lines.
const TRUSTED_CONFIDENCE: f32 = 0.25;

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
    /// Its point beside usual words, on the scale on which music's lies beside usual music: -1 to 1, 0 being usual.
    pub fn among_words(&self) -> [f32; 2] {
        among([self.valence, self.arousal], USUAL_MOOD, USUAL_DEVIATION)
    }

    /// How far it is to be trusted, 0 to 1.
    pub fn certainty(&self) -> f32 {
        (self.confidence / TRUSTED_CONFIDENCE).min(1.0)
    }

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
