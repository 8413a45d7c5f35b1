//! `synopsia presets`: the looks with a name.

use super::terminal::{Failure, all_but, in_one_line, print};
use crate::control::{broken_presets, presets, read_preset, users_presets};
use std::path::PathBuf;

/// List the presets, or check preset files.
///
/// Without FILE: the built-in ones and those in your preset folders ($SYNOPSIA_PRESETS, and
/// synopsia/presets where your system keeps your data). With FILE: whether each can be used, and if
/// not, why. `synopsia render --preset` takes either.
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
