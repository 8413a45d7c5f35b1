//! `synopsia mood`: what pictures feel like.

use super::analyze::Table;
use super::input::Input;
use super::progress::Progress;
use super::terminal::{Failure, all_but, in_one_line, print, tell};
use super::words::{spell_classes, spell_estimate};
use crate::emotion::{CLASS_NAMES, Emotion, PictureMood};
use crate::media::picture;
use crate::output::Destination;
use image::RgbImage;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Say what pictures feel like: valence, arousal and the nearest emotions.
///
/// A regression that was fitted on photographs and paintings that people rated; it agrees with
/// them moderately. Valence, arousal and emotions are relative to usual pictures: 0 is what most are; the estimate on the
/// scale of people's ratings is told beside them. Of an animation the first picture counts.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Pictures: JPEG, PNG, WebP, GIF, TIFF or BMP; folders of them; a pipe, or - for standard
    /// input.
    #[arg(value_name = "PICTURE", required = true)]
    pictures: Vec<PathBuf>,

    /// A table to write, a row a picture: .csv or .json.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace a table that exists.
    #[arg(long)]
    force: bool,
}

/// Judges the pictures that `options` name.
pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    let pictures = files(&options.pictures)?;
    let table = match &options.output {
        Some(path) => Some((
            Table::for_path(path)?,
            Destination::check(path, options.force)?,
        )),
        None => None,
    };
    let Judged {
        moods: judged,
        doubts,
        refused,
    } = judge_pictures(&pictures, quiet)?;
    if !quiet {
        doubts.iter().for_each(|doubt| tell(doubt));
    }
    if !quiet && !judged.is_empty() {
        print(match judged.as_slice() {
            [(_, mood)] if pictures.len() == 1 => spell(mood),
            several => rows(several),
        });
    }
    // An old table is worth more than an empty one.
    if let Some((table, destination)) = table.filter(|_| !judged.is_empty()) {
        let text = match table {
            Table::Csv => csv(&judged),
            Table::Json => json(&judged),
        };
        destination.write(text.as_bytes())?;
    }
    all_but(refused)
}

/// What pictures feel like.
pub(super) struct Judged {
    /// As people would rate them.
    pub moods: Vec<(PathBuf, Emotion)>,
    /// What the colours of some leave in doubt, a sentence each.
    pub doubts: Vec<String>,
    /// Why others could not be looked at, a sentence each.
    pub refused: Vec<String>,
}

/// Looks at pictures.
///
/// # Errors
/// When the program's own weights fail, or somebody interrupts it.
pub(super) fn judge_pictures(pictures: &[PathBuf], quiet: bool) -> Result<Judged, Failure> {
    let judge = PictureMood::built_in()?;
    let progress = Progress::of_pictures(pictures.len() as u64, quiet || pictures.len() < 4);
    let mut judged = Judged {
        moods: Vec::new(),
        doubts: Vec::new(),
        refused: Vec::new(),
    };
    for (i, path) in pictures.iter().enumerate() {
        match open_picture(path) {
            Ok((picture, doubt)) => {
                judged.moods.push((path.clone(), judge.of(&picture)?));
                let doubt = doubt.map(|doubt| format!("{}: {doubt}", path.display()));
                judged.doubts.extend(doubt);
            }
            Err(Failure::Failed(sentence)) => judged.refused.push(sentence),
            Err(stopped) => return Err(stopped),
        }
        progress.set(i as u64 + 1);
    }
    progress.finish();
    Ok(judged)
}

/// Decodes a picture as [`judge_pictures`] does; beside it what its colours leave in doubt.
///
/// # Errors
/// When it cannot be looked at.
pub(super) fn open_picture(path: &Path) -> Result<(RgbImage, Option<String>), Failure> {
    let input = Input::open(path, picture::is_one)?;
    picture::open(input.path()).map_err(|sentence| Failure::Failed(input.say(&sentence)))
}

/// Whether a file is a picture, by its first bytes.
pub(super) fn is_picture(path: &Path) -> bool {
    // Opening a pipe would wait for its writer.
    path.is_file() && picture::is_one(path).is_ok()
}

/// The files named, and the pictures in the folders named.
fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let found = pictures_of(path)?;
        if found.is_empty() {
            let path = path.display();
            return Err(Failure::Failed(format!("{path} holds no pictures")));
        }
        files.extend(found);
    }
    Ok(files)
}

/// The pictures in a folder, by name and known by their endings.
pub(super) fn pictures_of(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    picture::in_folder(folder).map_err(|error| {
        Failure::Failed(format!("{} could not be read: {error}", folder.display()))
    })
}

/// One picture's mood, a line a fact.
fn spell(estimate: &Emotion) -> String {
    let mood = estimate.among_pictures();
    format!(
        "valence   {:+.2}\narousal   {:+.2}\nmood      {}\nestimate  {}\n",
        mood.valence,
        mood.arousal,
        spell_classes(&mood),
        spell_estimate(estimate)
    )
}

/// A row for each picture.
fn rows(judged: &[(PathBuf, Emotion)]) -> String {
    let mut text = String::from("valence  arousal  mood         picture\n");
    for (path, estimate) in judged {
        let mood = estimate.among_pictures();
        text += &format!(
            "{:+7.2}  {:+7.2}  {:11}  {}\n",
            mood.valence,
            mood.arousal,
            CLASS_NAMES[mood.strongest()],
            in_one_line(&path.display().to_string())
        );
    }
    text
}

fn csv(judged: &[(PathBuf, Emotion)]) -> String {
    let mut text = format!("picture,valence,arousal,{}", CLASS_NAMES.join(","));
    text += ",estimated_valence,estimated_arousal\n";
    for (path, estimate) in judged {
        let mood = estimate.among_pictures();
        let name = path.display().to_string().replace('"', "\"\"");
        text += &format!("\"{name}\",{:.4},{:.4}", mood.valence, mood.arousal);
        mood.classes
            .iter()
            .for_each(|share| text += &format!(",{share:.4}"));
        text += &format!(",{:.4},{:.4}\n", estimate.valence, estimate.arousal);
    }
    text
}

fn json(judged: &[(PathBuf, Emotion)]) -> String {
    let rows: Vec<_> = (judged.iter())
        .map(|(path, estimate)| {
            let mood = estimate.among_pictures();
            json!({
                "picture": path.to_string_lossy(),
                "valence": mood.valence,
                "arousal": mood.arousal,
                "classes": mood.classes,
                "estimated_valence": estimate.valence,
                "estimated_arousal": estimate.arousal,
            })
        })
        .collect();
    json!({ "class_names": CLASS_NAMES, "pictures": rows }).to_string() + "\n"
}
