//! `synopsia presets`: the looks with a name.

use super::terminal::{Failure, all_but, in_one_line, print};
use crate::control::{Preset, broken_presets, preset_called, presets, read_preset, users_presets};
use std::path::{Path, PathBuf};

/// List the presets, or check preset files.
///
/// Without FILE: the built-in ones and those in your preset folders ($SYNOPSIA_PRESETS, and
/// synopsia/presets where your system keeps your data). With FILE: whether each can be used, and if
/// not, why. `--preset` of `synopsia render` and `synopsia live` takes either.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Preset files to check.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Lists or checks presets as `options` say.
pub fn run(options: &Options) -> Result<(), Failure> {
    let refused = if options.files.is_empty() {
        print(list());
        broken_presets()
    } else {
        let checked = options.files.iter().map(|file| {
            let preset = read_preset(file)?;
            let file = in_one_line(&file.display().to_string());
            print(format!("{file}: {}\n", preset.name));
            Ok(())
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

fn list() -> String {
    let mut text = String::new();
    for preset in presets().iter() {
        let place = match &preset.path {
            Some(path) => in_one_line(&path.display().to_string()),
            None => "built in".to_owned(),
        };
        text += &format!("{} ({place})\n", preset.name);
    }
    if let Some(folder) = users_presets() {
        text += &format!("Presets of your own go into {}\n", folder.display());
    }
    text
}
