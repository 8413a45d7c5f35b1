//! What `synopsia analyze` is asked for.

use crate::cli::ear::EarOption;
use crate::cli::hear::Beats;
use crate::cli::lyrics::LyricsOption;
use crate::gan::Catalog;
use crate::media::song::FORMATS;
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;

/// Analyze a song: emotion, beats and bands over time. Or a folder of songs: a row for each.
///
/// Prints a summary, and the lyrics where there are any; with -o also writes a table, one row for every tenth of a second: time,
/// valence, arousal, confidence, the eight classes, the beat, what the spectrum does and the section;
/// JSON has lists of downbeats, sections, build-ups, drops and lines of lyrics, too. Of a
/// folder the table has one row for every song.
///
/// Valence, arousal and the classes are relative to usual music, as everywhere in Synopsia: 0 is what most music is, -1 and
/// 1 are far from it. What the ear estimates on the scale of people's ratings, on which nearly all music lies close together,
/// is in columns of its own (estimated_valence, estimated_arousal).
#[derive(Debug, clap::Args)]
pub struct Options {
    #[arg(help = format!("The song: {FORMATS}; a folder of songs; a pipe, or - for standard input"))]
    pub(super) song: PathBuf,

    /// The table to write: .csv or .json; or of a song .mid: its mood as controller curves on its own tempo map, with its
    /// sections as markers.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// A picture to draw of a song: its form, emotion curves, beats, bands and the path on the circumplex.
    #[arg(long, value_name = "FILE.png")]
    pub(super) plot: Option<PathBuf>,

    #[command(flatten)]
    pub(super) hearing: EarOption,

    #[command(flatten)]
    pub(super) lyrics: LyricsOption,

    /// The look in which places are told to which the lyrics lead.
    #[arg(long, value_name = "NAME", default_value = Catalog::default_name(), value_parser = looks())]
    look: String,

    /// Hear beats as on a stage, where nobody knows what follows; as for a film otherwise.
    #[arg(long)]
    pub(super) as_live: bool,

    /// Replace files that exist.
    #[arg(long)]
    pub(super) force: bool,
}

fn looks() -> PossibleValuesParser {
    PossibleValuesParser::new(Catalog::built_in().iter().map(String::as_str))
}

impl Options {
    /// The number of the look in which places are told.
    pub(super) fn look(&self) -> usize {
        let mut looks = Catalog::built_in().iter();
        looks.position(|look| *look == self.look).unwrap_or(0)
    }

    pub(super) fn beats(&self) -> Beats {
        match self.as_live {
            true => Beats::AsLive,
            false => Beats::Whole,
        }
    }
}
