//! `synopsia models`: what it can paint with.

use super::{Failure, print};
use crate::gan::{Catalog, Model, ModelInfo};
use std::path::PathBuf;

/// List the models, or check model files.
///
/// Without FILE: the built-in models and those in your models folders ($SYNOPSIA_MODELS, and
/// synopsia/models where your system keeps your data). With FILE: whether each can be used, and if
/// not, why.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Model files to check.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Lists or checks models as `options` say.
pub fn run(options: &Options) -> Result<(), Failure> {
    if options.files.is_empty() {
        print(list());
        return Ok(());
    }
    let mut refused = Vec::new();
    for file in &options.files {
        match Model::open(file) {
            Ok(model) => print(describe(&file.display().to_string(), &model.info)),
            Err(error) => refused.push(error.to_string()),
        }
    }
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Failure::Failed(refused.join("\n")))
    }
}

fn list() -> String {
    let mut text = String::new();
    for listed in Catalog::default().list() {
        let place = match &listed.path {
            Some(path) => path.display().to_string(),
            None => "built in".to_string(),
        };
        let title = format!("{} ({place})", listed.name);
        text += &match &listed.info {
            Ok(info) => describe(&title, info),
            Err(error) => format!("{title}\n  cannot be used: {error}\n"),
        };
    }
    if let Some(folder) = Catalog::users_folder() {
        text += &format!("Models of your own go into {}\n", folder.display());
    }
    text
}

fn describe(title: &str, info: &ModelInfo) -> String {
    let (side, weights) = (info.resolution, info.weights as f64 / 1e6);
    let steps = match info.steps.as_str() {
        "" => String::new(),
        steps => format!(" ({steps} steps)"),
    };
    format!(
        "{title}\n  pictures    {side}x{side}, {weights:.1} million weights ({})\n  mood        {}\n  \
         trained on  {}{steps}\n  licence     {}\n",
        info.architecture, info.mood, info.trained_on, info.licence
    )
}
