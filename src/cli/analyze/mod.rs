//! `synopsia analyze`: what Synopsia hears in a song, or in each song of a folder.

mod analysis;
mod folder;
mod lyrics;
mod midi;
mod options;
mod table;

pub(super) use analysis::Analysis;
pub(super) use folder::songs as songs_of;
pub use options::Options;
pub(super) use table::Table;

use super::endings::{has_extension, title};
use super::hear::Beats;
use super::input::{Input, keep_apart, open_song};
use super::terminal::{Failure, print, tell};
use crate::emotion::Ear;
use crate::output::Destination;
use analysis::analyze;
use lyrics::Fitted;
use std::path::{Path, PathBuf};

/// A song in a few words.
pub(super) fn analyze_song(
    song: &Path,
    ear: Ear,
    beats: Beats,
    quiet: bool,
) -> Result<Analysis, Failure> {
    let input = open_song(song)?;
    let analyzed = analyze(input.path(), ear, beats, quiet);
    let (analysis, warnings) = analyzed.map_err(|failure| input.explain(failure))?;
    if !quiet {
        warnings
            .iter()
            .for_each(|warning| tell(&input.say(warning)));
    }
    Ok(analysis)
}

/// Analyzes a song as `options` say.
pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    // What cannot be written is found out before the work, not after it.
    if options.song.is_dir() {
        return folder::run(options, quiet);
    }
    let input = open_song(&options.song)?;
    song(options, &input, quiet).map_err(|failure| input.explain(failure))
}

/// What is written of a song.
enum Kind {
    Table(Table),
    /// Its mood as controller curves.
    Midi,
}

impl Kind {
    fn for_path(path: &Path) -> Result<Self, Failure> {
        match has_extension(path, "mid") || has_extension(path, "midi") {
            true => Ok(Self::Midi),
            false => Table::for_path(path).map(Self::Table).map_err(|_| {
                let path = path.display();
                Failure::Failed(format!("{path} does not end in .csv, .json or .mid"))
            }),
        }
    }
}

fn song(options: &Options, input: &Input, quiet: bool) -> Result<(), Failure> {
    let outputs = [&options.output, &options.plot].into_iter().flatten();
    let search = options.lyrics.find(input)?;
    keep_apart(input.path(), search.path(), outputs.map(PathBuf::as_path))?;
    let destination = |path: &PathBuf| Destination::check(path, options.force);
    let table = match &options.output {
        Some(path) => Some((Kind::for_path(path)?, destination(path)?)),
        None => None,
    };
    let plot = match &options.plot {
        Some(path) if !has_extension(path, "png") => {
            let path = path.display();
            return Err(Failure::Failed(format!("{path} does not end in .png")));
        }
        Some(path) => Some(destination(path)?),
        None => None,
    };
    let (mut analysis, warnings) =
        analyze(input.path(), options.hearing.ear, options.beats(), quiet)?;
    analysis.lyrics = search
        .found
        .map(|found| {
            let (structure, moods) = (&analysis.structure, &analysis.emotions);
            Fitted::of(&found, analysis.seconds, structure, moods, options.look())
        })
        .transpose()?;
    if !quiet {
        let lyrics = analysis.lyrics.as_ref();
        let of_lyrics = lyrics.iter().flat_map(|fitted| &fitted.lyrics.warnings);
        let warnings = warnings.iter().chain(&search.warnings).chain(of_lyrics);
        warnings.for_each(|warning| tell(&input.say(warning)));
        print(analysis.summary().spell());
        lyrics.iter().for_each(|fitted| print(fitted.spell()));
    }
    if let Some((table, destination)) = table {
        let bytes = match table {
            Kind::Table(table) => table.text(&analysis, &options.song).into_bytes(),
            Kind::Midi => analysis.midi().map_err(Failure::Failed)?,
        };
        destination.write(&bytes)?;
    }
    if let Some(destination) = plot {
        let title = title(&options.song);
        destination.write(&analysis.plot(&title.to_string_lossy())?)?;
    }
    Ok(())
}
