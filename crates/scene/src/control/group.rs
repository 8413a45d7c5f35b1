//! What controls are about.

/// What a control is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Whose emotion is shown, and how strongly.
    Emotion,
    /// What paints, and which look it has.
    Model,
    /// How it moves.
    Motion,
    /// What it makes of the song's form.
    Form,
    /// How it looks.
    Picture,
    /// How what is sung is shown.
    Words,
    /// What a performer needs at once.
    Stage,
}

impl Group {
    /// Its name, as hosts show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emotion => "Emotion",
            Self::Model => "Model",
            Self::Motion => "Motion",
            Self::Form => "Form",
            Self::Picture => "Picture",
            Self::Words => "Words",
            Self::Stage => "Stage",
        }
    }
}
