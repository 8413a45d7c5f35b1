//! What is played: the boundary between this crate and the program.

/// How a control's values are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any number of the range.
    Number,
    /// Whole numbers of the range.
    Whole,
    /// One of the named [`choices`](ControlInfo::choices).
    Choice,
    /// Off (0) or on (1).
    Switch,
}

impl Kind {
    /// The word for it on the wire.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Whole => "whole",
            Self::Choice => "choice",
            Self::Switch => "switch",
        }
    }
}

/// What is known of a control beside where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlInfo {
    /// Its stable name in addresses: no slash, no space.
    pub id: String,
    pub name: String,
    /// The controls of a group stand together, and groups come in the order of their first ones.
    pub group: String,
    pub hint: String,
    /// Its values in words, with their unit: `0 to 1 (0 to 100 %)`.
    pub in_words: String,
    pub kind: Kind,
    /// Plain values.
    pub min: f32,
    pub max: f32,
    pub default: f32,
    /// Plain values that have names; empty where numbers are meant.
    pub choices: Vec<(f32, String)>,
    /// Whether it is among the few that are used most.
    pub is_favourite: bool,
}

/// A plain value as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Worded {
    /// The share of the range, 0 to 1, as a fader has it.
    pub share: f32,
    /// With its unit: `60 %`, `ember`.
    pub text: String,
}

/// Where a control is to stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// A share of the range, 0 to 1.
    Share(f32),
    Plain(f32),
}

/// A preset that can be loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct PresetInfo {
    pub name: String,
    /// What it is found by beside its name.
    pub tags: Vec<String>,
}

/// What is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// The beat is now.
    Tap,
    /// Beats are heard again.
    Untap,
    /// Twice as many beats, or half.
    Double,
    Halve,
    /// Beats come a little earlier, or later.
    Earlier,
    Later,
    NewSeed,
    /// Keeps a still.
    Still,
}

impl Button {
    pub(crate) const ALL: [Self; 8] = [
        Self::Tap,
        Self::Untap,
        Self::Double,
        Self::Halve,
        Self::Earlier,
        Self::Later,
        Self::NewSeed,
        Self::Still,
    ];

    /// The word for it on the wire.
    pub(crate) fn word(self) -> &'static str {
        self.info().id
    }

    /// What is known of it.
    pub fn info(self) -> ButtonInfo {
        let [id, hint] = match self {
            Self::Tap => ["tap", "The beat is now."],
            Self::Untap => ["untap", "Beats are heard again, as they are."],
            Self::Double => ["double", "Twice as many beats."],
            Self::Halve => ["halve", "Half as many beats."],
            Self::Earlier => ["earlier", "Beats come 10 ms earlier."],
            Self::Later => ["later", "Beats come 10 ms later."],
            Self::NewSeed => ["seed", "Draws another seed."],
            Self::Still => ["still", "Keeps a still."],
        };
        ButtonInfo { id, hint }
    }
}

/// What is known of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ButtonInfo {
    /// Its stable name in addresses.
    pub id: &'static str,
    pub hint: &'static str,
}

/// What is heard and seen at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// Valence and arousal, -1 to 1, of the music and of the picture.
    pub heard: [f32; 2],
    pub shown: [f32; 2],
    /// How sure the ear is, 0 to 1.
    pub certainty: f32,
    /// The weight of each of [`Stage::classes`], 0 to 1.
    pub classes: Vec<f32>,
    /// Beats a minute; 0 where none is known.
    pub tempo: f32,
    /// Where the tempo comes from, in a word: `heard`, `tapped`.
    pub tempo_from: String,
    /// The bar's number, the beat of it, both from 1 on, and how many beats it has; none without a tempo.
    pub beat: Option<[i64; 3]>,
    /// The strength of an onset just now, 0 for none.
    pub onset: f32,
    /// LUFS, momentary.
    pub loudness: f32,
    /// The levels of the bands, lowest first, 0 to 1.
    pub bands: Vec<f32>,
    /// Where in its form the song is, in words; empty where that is unknown.
    pub section: String,
    /// Whether flashes are held back.
    pub flashes_held: bool,
    /// The last problem, in a sentence; empty for none.
    pub problem: String,
}

/// What a phone wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// The control of that place in [`Stage::controls`] is to stand there.
    Set(usize, Amount),
    Press(Button),
    /// A preset is to be loaded, by its name.
    Preset(String),
}

/// A stage that can be played. It is called from several threads, and must not keep one of them waiting.
pub trait Stage: Send + Sync + 'static {
    /// What it is called, in the page's title and on the network.
    fn name(&self) -> String;

    /// All controls; the same ones in the same order for as long as it lives.
    fn controls(&self) -> Vec<ControlInfo>;

    /// Where they stand, plain, in the order of [`controls`](Self::controls).
    fn values(&self) -> Vec<f32>;

    /// How a plain value of the control of that place is shown.
    fn worded(&self, control: usize, plain: f32) -> Worded;

    /// What can be loaded.
    fn presets(&self) -> Vec<PresetInfo>;

    /// The emotions that are told apart, and where each lies as valence and arousal.
    fn classes(&self) -> Vec<(String, [f32; 2])>;

    /// What is heard now; none before anything is.
    fn heard(&self) -> Option<Heard>;

    /// Does what is wished; what is out of range is held within it.
    ///
    /// # Errors
    /// In a sentence for whoever wished it.
    fn wish(&self, wishes: &[Wish]) -> Result<(), String>;

    /// The pad is held at this valence and arousal, -1 to 1: the picture's mood is there.
    fn hold_mood(&self, point: [f32; 2]);

    /// Nobody holds the pad any more.
    fn let_go(&self);

    /// Something that whoever runs the stage should know, in a sentence. It comes a few times a minute at most.
    fn report(&self, sentence: String) {
        let _ = sentence;
    }
}
