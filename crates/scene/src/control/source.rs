//! Whose emotion is shown.

use serde::{Deserialize, Serialize};

/// Whose emotion the picture shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmotionSource {
    /// The music's, as it is heard.
    #[default]
    Heard,
    /// The performer's.
    Manual,
    /// A mixture of both.
    Blend,
}

impl EmotionSource {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Heard, Self::Manual, Self::Blend];

    /// What projects call them, and what people do, in the order of [`ALL`](Self::ALL).
    pub const IDS: [&str; 3] = ["heard", "manual", "blend"];
    pub const NAMES: [&str; 3] = ["Heard", "Manual", "Blend"];

    /// What it does, in a sentence.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Heard => "The picture feels what the music feels like.",
            Self::Manual => "The picture feels what you set on the pad.",
            Self::Blend => "The picture feels a mixture of both.",
        }
    }
}
