//! What is said of a song's form.

use std::fmt;

/// A place in a song, as the clock and as the beat have it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mark {
    /// Seconds from the start.
    pub seconds: f64,
    /// The count of beats of [`Beat::beats`](crate::Beat::beats) there.
    pub beats: f64,
}

/// The name of a section: A for what comes first and for all that is like it, then B, C and so on.
/// It is written as people write it; a silence, which has no name, as a dash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionName(pub u16);

impl SectionName {
    /// The name of a silence.
    pub const SILENCE: Self = Self(u16::MAX);

    /// Whether it is a silence's.
    pub fn is_silence(self) -> bool {
        self == Self::SILENCE
    }
}

impl fmt::Display for SectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_silence() {
            return f.write_str("–");
        }
        // A to Z, then AA, AB and so on.
        let (mut letters, mut number) = ([0u8; 4], u32::from(self.0) + 1);
        let mut first = letters.len();
        while number > 0 {
            first -= 1;
            letters[first] = b'A' + ((number - 1) % 26) as u8;
            number = (number - 1) / 26;
        }
        f.write_str(str::from_utf8(&letters[first..]).unwrap_or_default())
    }
}

/// A part of a song: a verse, a chorus, a break.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Section {
    /// Where it begins, on a beat.
    pub begin: Mark,
    /// Where the next one begins, or the song ends.
    pub end: Mark,
    /// What it is called; sections that are alike have the same name.
    pub name: SectionName,
    /// How often one of its name has come before.
    pub occurrence: u32,
    /// Its length in bars; `None` where no beat is certain.
    pub bars: Option<u32>,
    /// Mean energy, 0 (silence) to 1 (the song's loudest, with all its bass).
    pub energy: f32,
}

/// A rise that leads somewhere: louder, brighter, noisier, denser, or with less and less bass.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BuildUp {
    /// Where it begins to rise.
    pub begin: Mark,
    /// What it leads to.
    pub end: Mark,
    /// How much it rises, 0 to 1.
    pub strength: f32,
}

/// The moment at which bass and energy come back with force.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Drop {
    /// When.
    pub at: Mark,
    /// With how much force, 0 to 1.
    pub strength: f32,
}

/// A passage without drums and bass in a song that has them, or a silence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Break {
    /// Where drums and bass fall silent.
    pub begin: Mark,
    /// Where they are back, or the song ends.
    pub end: Mark,
}

/// Where in its form a song is at one moment: all that a picture needs to know of it. Who knows the
/// whole song ([`Structure::at`](super::Structure::at)) and who hears it as it plays
/// ([`LiveStructure::at`](super::LiveStructure::at)) say it alike.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FormPoint {
    /// Number of the section, from 0.
    pub section: u32,
    /// When it began, seconds.
    pub begin: f64,
    /// Its name. Live, that of a new section is known two bars after it has begun, and until then the
    /// last one goes on.
    pub name: SectionName,
    /// How often a section of this name has come before.
    pub occurrence: u32,
    /// Place within the section, 0 to 1. Live, the section is taken to be as long as the last one of
    /// its name, or else as eight bars, and the place stays below 1 until the next one begins.
    pub position: f32,
    /// Mean energy of the section, 0 to 1; live, that of the last two bars.
    pub energy: f32,
    /// How far a build-up has got, 0 (there is none) to 1 (it is at its end); live, how much has risen.
    pub build: f32,
    /// Seconds since the last drop, and its strength.
    pub since_drop: Option<f32>,
    /// Strength of that drop, 0 to 1; 0 before any.
    pub drop: f32,
    /// Seconds until the next drop; `None` live, and after the last one.
    pub until_drop: Option<f32>,
    /// Whether the song holds its breath: a break, or silence.
    pub breathes: bool,
}
