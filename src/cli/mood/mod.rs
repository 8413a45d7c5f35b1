//! `synopsia mood`: what pictures feel like.

mod colours;
mod jpeg;
mod picture;
mod webp;

use super::endings::is_hidden;
use super::input::Input;
use super::progress::Progress;
use super::terminal::{Failure, all_but, in_one_line, print, tell};
use super::words::spell_classes;
use crate::emotion::{CLASS_NAMES, Emotion, PictureMood};
use crate::output::Destination;
use serde_json::json;
use std::path::PathBuf;

/// Say what pictures feel like: valence, arousal and the nearest emotions.
///
/// A regression that was fitted on photographs and paintings that people rated; it agrees with
/// them moderately. Of an animation the first picture counts.
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

/// Endings of the files in a folder that count as pictures.
const EXTENSIONS: [&str; 9] = [
    "jpg", "jpeg", "png", "webp", "gif", "tif", "tiff", "bmp", "jfif",
];

/// Judges the pictures that `options` name.
pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    let pictures = files(&options.pictures)?;
    let table = match &options.output {
        Some(path) => {
            let is = |extension| {
                path.extension()
                    .is_some_and(|e| e.eq_ignore_ascii_case(extension))
            };
            if !is("csv") && !is("json") {
                let path = path.display();
                return Err(Failure::Failed(format!(
                    "{path} does not end in .csv or .json"
                )));
            }
            Some((is("csv"), Destination::check(path, options.force)?))
        }
        None => None,
    };
    let judge = PictureMood::built_in()?;
    let progress = Progress::of_pictures(pictures.len() as u64, quiet || pictures.len() < 4);
    let (mut judged, mut refused) = (Vec::new(), Vec::new());
    for (i, path) in pictures.iter().enumerate() {
        let opened = Input::open(path, picture::is_one).and_then(|input| {
            let opened = picture::open(input.path());
            opened.map_err(|sentence| Failure::Failed(input.say(&sentence)))
        });
        match opened {
            Ok((picture, doubt)) => {
                judged.push((path, judge.of(&picture)?));
                if let Some(doubt) = doubt.filter(|_| !quiet) {
                    tell(&format!("{}: {doubt}", path.display()));
                }
            }
            Err(Failure::Failed(sentence)) => refused.push(sentence),
            Err(stopped) => return Err(stopped),
        }
        progress.set(i as u64 + 1);
    }
    progress.finish();
    if !quiet && !judged.is_empty() {
        print(match judged.as_slice() {
            [(_, mood)] if pictures.len() == 1 => spell(mood),
            several => rows(several),
        });
    }
    // An old table is worth more than an empty one.
    if let Some((is_csv, destination)) = table.filter(|_| !judged.is_empty()) {
        let text = if is_csv { csv(&judged) } else { json(&judged) };
        destination.write(text.as_bytes())?;
    }
    all_but(refused)
}

/// The files named, and the pictures in the folders named.
fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable =
            |error| Failure::Failed(format!("{} could not be read: {error}", path.display()));
        let mut found = Vec::new();
        for entry in path.read_dir().map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            let extension = file.extension().unwrap_or_default().to_string_lossy();
            let mut known = EXTENSIONS.iter();
            let known = known.any(|known| extension.eq_ignore_ascii_case(known));
            if known && !is_hidden(&file) && file.is_file() {
                found.push(file);
            }
        }
        if found.is_empty() {
            return Err(Failure::Failed(format!(
                "{} holds no pictures",
                path.display()
            )));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// One picture's mood, a line a fact.
fn spell(mood: &Emotion) -> String {
    format!(
        "valence   {:+.2}\narousal   {:+.2}\nmood      {}\n",
        mood.valence,
        mood.arousal,
        spell_classes(mood)
    )
}

/// A row for each picture.
fn rows(judged: &[(&PathBuf, Emotion)]) -> String {
    let mut text = String::from("valence  arousal  mood         picture\n");
    for (path, mood) in judged {
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

fn csv(judged: &[(&PathBuf, Emotion)]) -> String {
    let mut text = format!("picture,valence,arousal,{}\n", CLASS_NAMES.join(","));
    for (path, mood) in judged {
        let name = path.display().to_string().replace('"', "\"\"");
        text += &format!("\"{name}\",{:.4},{:.4}", mood.valence, mood.arousal);
        mood.classes
            .iter()
            .for_each(|share| text += &format!(",{share:.4}"));
        text += "\n";
    }
    text
}

fn json(judged: &[(&PathBuf, Emotion)]) -> String {
    let rows: Vec<_> = (judged.iter())
        .map(|(path, mood)| {
            json!({
                "picture": path.to_string_lossy(),
                "valence": mood.valence,
                "arousal": mood.arousal,
                "classes": mood.classes,
            })
        })
        .collect();
    json!({ "class_names": CLASS_NAMES, "pictures": rows }).to_string() + "\n"
}
