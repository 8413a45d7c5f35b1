//! `synopsia models`: what it can paint with.

use super::Failure;
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
        list();
        return Ok(());
    }
    let mut refused = Vec::new();
    for file in &options.files {
        match Model::open(file) {
            Ok(model) => describe(&file.display().to_string(), &model.info),
            Err(error) => refused.push(error.to_string()),
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::Failed(refused.join("\n"))) }
}

fn list() {
    for listed in Catalog::default().list() {
        let place = match &listed.path {
            Some(path) => path.display().to_string(),
            None => "built in".to_string(),
        };
        match &listed.info {
            Ok(info) => describe(&format!("{} ({place})", listed.name), info),
            Err(error) => println!("{} ({place})\n  cannot be used: {error}", listed.name),
        }
    }
    if let Some(folder) = Catalog::users_folder() {
        println!("Models of your own go into {}", folder.display());
    }
}

fn describe(title: &str, info: &ModelInfo) {
    let side = info.resolution;
    println!("{title}");
    println!("  pictures    {side}x{side}, {:.1} million weights", info.weights as f64 / 1e6);
    println!("  mood        {}", info.mood);
    println!("  trained on  {} ({} steps)", info.trained_on, info.steps);
    println!("  licence     {}", info.licence);
}
