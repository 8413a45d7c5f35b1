//! `synopsia match`: which song fits a picture, and which picture a song.

mod pairs;

use super::analyze::{Table, analyze_song, songs_of};
use super::ear::EarOption;
use super::hear::Beats;
use super::mood::{Judged, is_picture, judge_pictures, pictures_of};
use super::terminal::{Failure, all_but, print, tell};
use crate::emotion::Emotion;
use crate::output::Destination;
use pairs::{Pairs, Thing};
use std::path::PathBuf;

/// Which of these songs fits this picture, which of these pictures fits this song: by how far their moods lie apart.
///
/// Songs are placed by how pleasant and how excited they are among music, pictures by how they are among pictures, and
/// the distance between the two places is 0 where they feel alike and 2.83 where they could not feel more different. For one song
/// or one picture all others are listed, nearest first; otherwise of each song the pictures that fit it best.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Songs and pictures, in any order, and folders of them.
    #[arg(value_name = "SONG|PICTURE|FOLDER", required = true)]
    files: Vec<PathBuf>,

    /// A table of all pairs to write: .csv or .json.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    hearing: EarOption,

    /// Replace a table that exists.
    #[arg(long)]
    force: bool,
}

/// Matches what `options` name.
pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    let table = match &options.output {
        Some(path) => Some((
            Table::for_path(path)?,
            Destination::check(path, options.force)?,
        )),
        None => None,
    };
    let (songs, pictures) = sorted(&options.files)?;
    let mut refused = Vec::new();
    let pictures = look(&pictures, quiet, &mut refused)?;
    let songs = listen(&songs, options.hearing, quiet, &mut refused)?;
    if songs.is_empty() || pictures.is_empty() {
        refused.push("nothing is left to be matched".to_string());
        return all_but(refused);
    }
    let pairs = Pairs::of(songs, pictures);
    if !quiet {
        print(pairs.spell());
    }
    if let Some((table, destination)) = table {
        let text = match table {
            Table::Csv => pairs.csv(),
            Table::Json => pairs.json(),
        };
        destination.write(text.as_bytes())?;
    }
    all_but(refused)
}

/// The songs and the pictures among the files named, and in the folders named.
fn sorted(named: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
    let (mut songs, mut pictures) = (Vec::new(), Vec::new());
    for path in named {
        if path.is_dir() {
            let before = songs.len() + pictures.len();
            songs.extend(songs_of(path)?);
            pictures.extend(pictures_of(path)?);
            if songs.len() + pictures.len() == before {
                let path = path.display();
                let sentence = format!("{path} holds neither songs nor pictures");
                return Err(Failure::Failed(sentence));
            }
        } else if is_picture(path) {
            pictures.push(path.clone());
        } else {
            songs.push(path.clone());
        }
    }
    let missing = match (songs.is_empty(), pictures.is_empty()) {
        (false, false) => return Ok((songs, pictures)),
        (true, _) => "song",
        _ => "picture",
    };
    Err(Failure::Failed(format!(
        "there is no {missing} to be matched: name at least one song and one picture"
    )))
}

/// The pictures' places; those that could not be looked at are `refused`, a sentence each.
fn look(paths: &[PathBuf], quiet: bool, refused: &mut Vec<String>) -> Result<Vec<Thing>, Failure> {
    let Judged {
        moods,
        doubts,
        refused: others,
    } = judge_pictures(paths, quiet)?;
    if !quiet {
        doubts.iter().for_each(|doubt| tell(doubt));
    }
    refused.extend(others);
    let thing = |(path, mood): (PathBuf, Emotion)| Thing {
        path,
        mood: mood.among_pictures(),
    };
    Ok(moods.into_iter().map(thing).collect())
}

/// The songs' places; as [`look`].
fn listen(
    paths: &[PathBuf],
    hearing: EarOption,
    quiet: bool,
    refused: &mut Vec<String>,
) -> Result<Vec<Thing>, Failure> {
    let mut songs = Vec::new();
    for path in paths {
        match analyze_song(path, hearing.ear, Beats::Whole, quiet) {
            Ok(summary) => songs.push(Thing {
                path: path.clone(),
                mood: summary.mood(),
            }),
            Err(Failure::Failed(sentence)) => refused.push(sentence),
            Err(stopped) => return Err(stopped),
        }
    }
    Ok(songs)
}
