//! Russell's circumplex, with the eight classes of ArtEmis placed on it.

/// Number of emotion classes.
pub const CLASSES: usize = 8;

/// The classes of ArtEmis (Achlioptas et al. 2021), positive ones first.
pub const CLASS_NAMES: [&str; CLASSES] = [
    "amusement",
    "contentment",
    "awe",
    "excitement",
    "anger",
    "disgust",
    "fear",
    "sadness",
];

/// Where each class lies, as (valence, arousal); after Table 3.4 of the *creativeAI* thesis.
pub const CLASS_POINTS: [[f32; 2]; CLASSES] = [
    [0.55, 0.20],
    [0.82, -0.56],
    [0.42, 0.89],
    [0.70, 0.72],
    [-0.42, 0.78],
    [-0.67, 0.49],
    [-0.11, 0.78],
    [-0.82, -0.40],
];

/// What the music feels like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Emotion {
    /// Unpleasant (-1) to pleasant (1).
    pub valence: f32,
    /// Calm (-1) to excited (1).
    pub arousal: f32,
    /// Weight of each class of [`CLASS_NAMES`]; they sum to 1.
    pub classes: [f32; CLASSES],
    /// 0 (a guess) to 1 (certain).
    pub confidence: f32,
}
