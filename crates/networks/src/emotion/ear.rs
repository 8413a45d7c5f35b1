//! The ears that come with Synopsia: networks that hear alike and learned from different sources what
//! moves people, so that there is one whose papers allow any use.

use crate::weights::{EMOTION, Papers, WeightsFault};
use std::fmt;
use std::str::FromStr;

/// Whose judgement of the mood it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ear {
    /// Learned from people's ratings of music whose owners keep commercial use to themselves.
    #[default]
    Default,
    /// Learned from published experiments and composed music, and may be used anywhere.
    Free,
}

/// There is no ear of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no ear “{0}”; there are: {names}", names = names())]
pub struct UnknownEar(String);

/// The ears' names in a row.
fn names() -> String {
    Ear::ALL.map(Ear::id).join(", ")
}

impl Ear {
    /// The one that hears where nobody chooses comes first.
    pub const ALL: [Self; 2] = [Self::Default, Self::Free];

    /// What the command line and saved projects call it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Free => "free",
        }
    }

    /// What menus call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::Free => "Free for any use",
        }
    }

    /// The bytes of its model file.
    pub(super) fn file(self) -> &'static [u8] {
        match self {
            Self::Default => include_bytes!("../../../../models/emotion.safetensors"),
            Self::Free => include_bytes!("../../../../models/emotion-free.safetensors"),
        }
    }

    /// What its file says of it.
    ///
    /// # Errors
    /// When the file that was built in is damaged, which a test rules out.
    pub fn papers(self) -> Result<Papers, WeightsFault> {
        Papers::of(&EMOTION, self.file())
    }
}

/// Its [`id`](Self::id).
impl fmt::Display for Ear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// By its [`id`](Self::id) or [`name`](Self::name), in letters of any size.
impl FromStr for Ear {
    type Err = UnknownEar;

    fn from_str(text: &str) -> Result<Self, UnknownEar> {
        let wanted = text.trim().to_lowercase();
        let is = |ear: &Self| wanted == ear.id() || wanted == ear.name().to_lowercase();
        let found = Self::ALL.into_iter().find(is);
        found.ok_or_else(|| UnknownEar(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ear_is_found_by_either_name_and_others_are_refused_with_those_that_there_are() {
        for ear in Ear::ALL {
            for name in [
                ear.id().to_owned(),
                ear.name().to_uppercase(),
                format!(" {ear} "),
            ] {
                assert_eq!(name.parse(), Ok(ear), "{name:?}");
            }
        }
        for name in [
            "",
            "fre",
            "default free",
            "models/emotion.safetensors",
            "\u{0}",
        ] {
            let said = name.parse::<Ear>().unwrap_err().to_string();
            assert!(said.contains(&format!("“{name}”")), "{said}");
            assert!(Ear::ALL.iter().all(|ear| said.contains(ear.id())), "{said}");
        }
    }

    #[test]
    fn only_the_free_ear_says_that_it_may_be_used_anywhere() {
        let terms = Ear::ALL.map(|ear| ear.papers().unwrap().terms());
        assert_eq!(terms, ["research only", "free for any use"]);
        let said = |licence: &str| Papers {
            weights: 1,
            trained_on: String::new(),
            licence: licence.to_owned(),
        };
        for licence in ["", "not free for any use", "MIT", "FREE for any use"] {
            assert_eq!(said(licence).terms(), "research only", "{licence:?}");
        }
    }
}
