//! `synopsia models`: what it can paint and hear with.

use super::ear;
use super::terminal::{Failure, all_but, in_one_line, print};
use crate::beat;
use crate::compose;
use crate::emotion;
use crate::gan::{Catalog, Model, ModelInfo};
use crate::imagery;
use crate::sonify;
use crate::words;
use std::path::PathBuf;

/// List the models and the ears, or check model files.
///
/// Without FILE: the built-in looks and those in your models folders ($SYNOPSIA_MODELS, and
/// synopsia/models where your system keeps your data), then the ears that judge the music's mood, and
/// the other networks, each with what it may be used for. With FILE: whether each model can be used, and if not, why.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Model files to check.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Lists or checks models as `options` say.
pub fn run(options: &Options) -> Result<(), Failure> {
    if options.files.is_empty() {
        print(list() + &ear::list() + &others());
        return Ok(());
    }
    let mut refused = Vec::new();
    for file in &options.files {
        match Model::open(file) {
            Ok(Model { info, .. }) => {
                let file = in_one_line(&file.display().to_string());
                print(format!("{file}: {}\n{}", info.terms(), describe(&info)));
            }
            Err(error) => refused.push(error.to_string()),
        }
    }
    all_but(refused)
}

fn list() -> String {
    let mut text = String::new();
    // The looks of a family follow one another, and what they have in common is said once.
    for looks in Catalog::default().list().chunk_by(|a, b| a.path == b.path) {
        for look in looks {
            let place = match &look.path {
                Some(path) => in_one_line(&path.display().to_string()),
                None => "built in".to_string(),
            };
            text += &format!("{} ({place})", look.name);
            text += &match &look.info {
                Ok(info) => format!(": {}\n", info.terms()),
                Err(error) => format!("\n  cannot be used: {error}\n"),
            };
        }
        if let Some(Ok(info)) = looks.first().map(|look| &look.info) {
            text += &describe(info);
        }
    }
    if let Some(folder) = Catalog::users_folder() {
        text += &format!("Models of your own go into {}\n", folder.display());
    }
    text
}

/// The networks that are neither chosen nor exchanged.
fn others() -> String {
    let mut text = "\nOther networks:\n".to_owned();
    for (name, does, papers) in [
        ("beat", "hears beats and bars", beat::papers()),
        ("words", "reads the mood of lyrics", words::papers()),
        (
            "imagery",
            "finds places for words and pictures",
            imagery::papers(),
        ),
        (
            "mood",
            "sees the mood of pictures",
            emotion::papers_of_pictures(),
        ),
        ("compose", "composes for pictures", compose::papers()),
        (
            "sonify",
            "paints the spectrum of pictures' sound",
            sonify::papers(),
        ),
    ] {
        text += &match papers {
            Ok(papers) => format!(
                "{name} (built in): {}\n  does        {does}, {:.1} million numbers\n  trained on  {}\n  \
                 licence     {}\n",
                papers.terms(),
                papers.weights as f64 / 1e6,
                papers.trained_on,
                papers.licence
            ),
            Err(error) => format!("{name} (built in)\n  cannot be used: {error}\n"),
        };
    }
    text
}

fn describe(info: &ModelInfo) -> String {
    let (side, weights) = (info.resolution, info.weights as f64 / 1e6);
    let steps = match info.steps.as_str() {
        "" => String::new(),
        steps => format!(" ({steps} steps)"),
    };
    let looks = match &info.looks[..] {
        [one, other, ..] => format!(
            "  looks       {}, and blends of them: {one}+{other}, {one}:3+{other}:1\n",
            info.looks.join(", ")
        ),
        _ => String::new(),
    };
    format!(
        "{looks}  pictures    {side}x{side}, {weights:.1} million weights ({})\n  mood        {}\n  \
         trained on  {}{steps}\n  licence     {}\n",
        info.architecture, info.mood, info.trained_on, info.licence
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_says_what_it_learned_from_and_how_it_may_be_used() {
        let text = others();
        let lines = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!(
            lines("  trained on  ") + lines("  licence     "),
            12,
            "{text}"
        );
        let terms = ["free for any use", "research only"];
        let built_in = text
            .lines()
            .filter_map(|line| line.split_once(" (built in): "));
        assert_eq!(built_in.filter(|(_, said)| terms.contains(said)).count(), 6);
    }
}
