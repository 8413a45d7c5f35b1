//! In which words a control's values are said.

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// What is shown behind the number, with the space between them; empty for none.
    pub shown: &'static str,
    /// What may be typed behind it.
    pub(super) typed: &'static [&'static str],
    /// What the plain value is multiplied with to be shown.
    pub scale: f32,
    /// Digits behind the point.
    pub(super) decimals: usize,
}

/// A number of nothing.
pub const PLAIN: Unit = Unit {
    shown: "",
    typed: &[],
    scale: 1.0,
    decimals: 3,
};

/// A share, shown in hundredths.
pub const PERCENT: Unit = Unit {
    shown: " %",
    typed: &["%", "percent"],
    scale: 100.0,
    decimals: 1,
};

pub const SECONDS: Unit = Unit {
    shown: " s",
    typed: &["seconds", "second", "sec", "s"],
    decimals: 2,
    ..PLAIN
};

pub const BARS: Unit = Unit {
    shown: " bars a keyframe",
    typed: &["bars a keyframe", "bar a keyframe", "bars", "bar"],
    decimals: 2,
    ..PLAIN
};

pub const TIMES: Unit = Unit {
    shown: " x",
    typed: &["x", "\u{d7}"],
    decimals: 2,
    ..PLAIN
};

pub const DEGREES: Unit = Unit {
    shown: " deg",
    typed: &["degrees", "degree", "deg", "\u{b0}", "\u{ba}"],
    decimals: 1,
    ..PLAIN
};

/// How many of something there are, or a word for none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// The plain value that stands for none, and its word.
    pub(super) none: (u16, &'static str),
    /// One of them, and more.
    pub(super) one: &'static str,
    pub(super) many: &'static str,
}

/// Sectors of a kaleidoscope: one is the whole picture.
pub const SECTORS: Counted = Counted {
    none: (1, "none"),
    one: "sector",
    many: "sectors",
};

/// Bars after which motion begins anew.
pub const LOOP: Counted = Counted {
    none: (0, "off"),
    one: "bar",
    many: "bars",
};

/// Places that the walk comes back to.
pub const PLACES: Counted = Counted {
    none: (0, "new"),
    one: "place",
    many: "places",
};

/// How the values of a control are said and read.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    /// A number with its unit.
    Number(Unit),
    /// `Off`, `On`.
    Switch,
    /// The names of a `what`, by place. A place that has no name yet is called by its number.
    Names {
        what: &'static str,
        name_of: fn(usize) -> Option<&'static str>,
    },
    /// The names of the models that there are.
    Models,
    /// The names of the presets, and of what lies between two.
    Presets,
    /// The names of the presets by their numbers, and nothing.
    PresetNames,
    /// How many there are.
    Count(&'static Counted),
}

impl Words {
    /// What stands behind the text of a value, with the space between them.
    pub fn unit(&self) -> &'static str {
        match self {
            Self::Number(unit) => unit.shown,
            _ => "",
        }
    }

    /// Whether a plain value has a name of its own.
    pub fn has_name(&self, plain: f32) -> bool {
        match self {
            Self::Names { name_of, .. } => name_of(plain as usize).is_some(),
            _ => false,
        }
    }
}

/// Whether both are the same name, in any case.
pub fn is_named(text: &str, name: &str) -> bool {
    plain(text) == plain(name)
}

/// The same without what is around it, in small letters.
pub(super) fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}
