//! How what is sung is shown.

use serde::{Deserialize, Serialize};

/// In which way words are brought into the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lettering {
    /// Not at all.
    #[default]
    Off,
    /// With a brush, in light paint of the picture's own colours.
    Brushed,
    /// Charred, with rims that glow.
    Burned,
    /// As plain letters.
    Plain,
}

impl Lettering {
    /// All of them. New ones go to the end.
    pub const ALL: [Self; 4] = [Self::Off, Self::Brushed, Self::Burned, Self::Plain];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "Off",
            Self::Brushed => "Brushed",
            Self::Burned => "Burned",
            Self::Plain => "Plain",
        }
    }
}

/// Where in the picture words stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WordsPlace {
    /// At its lower edge.
    #[default]
    Bottom,
    /// In its middle.
    Middle,
    /// At its upper edge.
    Top,
}

impl WordsPlace {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bottom, Self::Middle, Self::Top];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bottom => "Bottom",
            Self::Middle => "Middle",
            Self::Top => "Top",
        }
    }
}

/// How much of what is sung is shown at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WordsShown {
    /// Lines, in which what has been sung stands out where the times of words are known.
    #[default]
    Karaoke,
    /// Lines.
    Lines,
    /// One word after the other.
    Single,
}

impl WordsShown {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Karaoke, Self::Lines, Self::Single];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Karaoke => "Karaoke",
            Self::Lines => "Lines",
            Self::Single => "Single",
        }
    }
}
