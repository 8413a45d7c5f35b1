//! Whose judgement of the mood a command asks for.

use crate::emotion::Ear;
use clap::builder::{PossibleValue, TypedValueParser};
use std::ffi::OsStr;

/// Whose judgement of the mood is heard.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct EarOption {
    /// Whose judgement of the mood it is: `free` has papers that allow any use, the default is for
    /// research only; `synopsia models` says more.
    #[arg(long, value_name = "NAME", value_parser = EarParser, hide_possible_values = true,
        default_value_t)]
    pub(super) ear: Ear,
}

/// Reads an ear's name; shells complete it.
#[derive(Clone)]
struct EarParser;

impl TypedValueParser for EarParser {
    type Value = Ear;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Ear, clap::Error> {
        let read = |text: &str| text.parse::<Ear>();
        read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |ear: Ear| PossibleValue::new(ear.id());
        Some(Box::new(Ear::ALL.into_iter().map(value)))
    }
}

/// An ear and how it may be used, as `default (research only)`.
pub(super) fn with_terms(ear: Ear) -> String {
    match ear.papers() {
        Ok(papers) => format!("{ear} ({})", papers.terms()),
        Err(fault) => format!("{ear}, whose file {fault}"),
    }
}

/// Every ear, for `synopsia models`.
pub(super) fn list() -> String {
    let mut text = "\nEars, one of which judges the mood (--ear NAME):\n".to_owned();
    for ear in Ear::ALL {
        text += &match ear.papers() {
            Ok(papers) => format!(
                "{ear} (built in): {}\n  hears       valence and arousal, {:.1} million weights\n  \
                 trained on  {}\n  licence     {}\n",
                papers.terms(),
                papers.weights as f64 / 1e6,
                papers.trained_on,
                papers.licence
            ),
            Err(error) => format!("{ear} (built in)\n  cannot be used: {error}\n"),
        };
    }
    text
}
