//! `synopsia presets`: the looks with a name.

use super::terminal::{Failure, all_but, in_one_line, print};
use crate::control::{
    Among, Preset, Query, broken_presets, preset_called, presets, read_preset, search, shelf,
    users_presets,
};
use std::path::{Path, PathBuf};

/// List the presets, or check preset files.
///
/// Without FILE: the built-in ones and those in your preset folders ($SYNOPSIA_PRESETS, and
/// synopsia/presets where your system keeps your data), with their tags. With FILE: whether each can be
/// used, and if not, why. `--preset` of `synopsia render` and `synopsia live` takes either.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Preset files to check.
    #[arg(value_name = "FILE", conflicts_with_all = ["search", "tag", "favourites"])]
    files: Vec<PathBuf>,

    /// Only those in whose name, tags or painter all of these words are; the best first.
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,

    /// Only those with this tag: still, gentle, driving, wild, dark, club, …
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,

    /// Only your favourites, which are chosen in the editor.
    #[arg(long)]
    favourites: bool,
}

/// Lists or checks presets as `options` say.
pub fn run(options: &Options) -> Result<(), Failure> {
    let refused = if options.files.is_empty() {
        print(list(options));
        broken_presets()
    } else {
        let checked = options.files.iter().map(|file| {
            let preset = read_preset(file)?;
            let file = in_one_line(&file.display().to_string());
            print(format!("{file}: {}\n", preset.name));
            match preset.complaint() {
                None => Ok(()),
                Some(complaint) => Err(complaint),
            }
        });
        checked.filter_map(Result::err).collect()
    };
    all_but(refused)
}

/// The preset of this name, or in this file.
pub(super) fn preset(name: &str) -> Result<Preset, String> {
    if let Some(preset) = preset_called(name) {
        return Ok(preset);
    }
    let path = Path::new(name);
    if path.extension().is_some() || path.components().count() > 1 {
        return read_preset(path);
    }
    let presets = presets();
    let names: Vec<_> = presets.iter().map(|preset| preset.name.as_str()).collect();
    Err(format!(
        "there is no such preset; there are: {}",
        names.join(", ")
    ))
}

fn list(options: &Options) -> String {
    let query = Query {
        text: options.search.clone().unwrap_or_default(),
        tag: options.tag.as_ref().map(|tag| tag.trim().to_lowercase()),
        among: match options.favourites {
            true => Among::Favourites,
            false => Among::All,
        },
    };
    let presets = presets();
    let found = search(&presets, &shelf(), &query);
    let mut text = String::new();
    for preset in found.iter().map(|place| &presets[*place]) {
        let place = match &preset.path {
            Some(path) => in_one_line(&path.display().to_string()),
            None => "built in".to_owned(),
        };
        let tags = match preset.tags.is_empty() {
            true => String::new(),
            false => format!(": {}", preset.tags.join(", ")),
        };
        text += &format!("{}{tags} ({place})\n", preset.name);
    }
    if found.is_empty() {
        text += "no preset is so\n";
    } else if query == Query::default()
        && let Some(folder) = users_presets()
    {
        text += &format!("Presets of your own go into {}\n", folder.display());
    }
    text
}
