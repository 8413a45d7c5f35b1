//! `synopsia match`: which song fits a picture, and which picture a song.

mod film;
mod pairs;
mod slides;

use super::analyze::{Analysis, Table, analyze_song, songs_of};
use super::ear::EarOption;
use super::hear::Beats;
use super::input::{keep_apart, open_song};
use super::mood::{Judged, is_picture, judge_pictures, open_picture, pictures_of};
use super::render::Size;
use super::terminal::{Failure, all_but, print, tell};
use crate::emotion::Emotion;
use crate::output::{Destination, Fps};
use film::Wanted;
use pairs::{Pairs, Thing};
use slides::Slide;
use std::collections::BTreeSet;
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

    /// A slide film to make of one song and its pictures: each is seen where it fits the song's mood, and they change with the
    /// song's sections and on its downbeats.
    #[arg(long, value_name = "FILE")]
    film: Option<PathBuf>,

    /// Size of that film, pixels.
    #[arg(
        long,
        value_name = "WxH",
        default_value = "1280x720",
        requires = "film"
    )]
    size: Size,

    /// Its pictures a second; also 24000/1001, 23.976.
    #[arg(long, value_name = "N", default_value = "30", requires = "film")]
    fps: Fps,

    #[command(flatten)]
    hearing: EarOption,

    /// Replace a table or a film that exists.
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
    let wanted = options.film(quiet);
    if let Some(wanted) = &wanted {
        // What cannot be written is found out before the work, not after it.
        Destination::check(&wanted.spec()?.path, options.force)?;
        if songs.len() != 1 {
            let count = songs.len();
            let sentence = format!("a slide film is of one song, and {count} are named");
            return Err(Failure::Failed(sentence));
        }
        keep_apart(&songs[0], None, [wanted.path].into_iter())?;
    }
    let mut refused = Vec::new();
    let pictures = look(&pictures, quiet, &mut refused)?;
    let (songs, heard) = listen(&songs, options.hearing, quiet, &mut refused)?;
    if songs.is_empty() || pictures.is_empty() {
        refused.push("nothing is left to be matched".to_string());
        return all_but(refused);
    }
    let film = wanted.as_ref().zip(heard.as_ref());
    let film = film.map(|(wanted, heard)| (wanted, heard, show(heard, &pictures)));
    let files: Vec<PathBuf> = pictures
        .iter()
        .map(|picture| picture.path.clone())
        .collect();
    let song = songs[0].path.clone();
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
    if let Some((wanted, _, slides)) = film {
        let input = open_song(&song)?;
        film::write(wanted, input.path(), &slides, |n| {
            Ok(open_picture(&files[n])?.0)
        })?;
        if !quiet {
            let path = wanted.path.display();
            tell(&match count(&slides) {
                1 => format!("{path} shows one picture"),
                count => format!("{path} shows {count} pictures"),
            });
        }
    }
    all_but(refused)
}

impl Options {
    /// The film that is asked for.
    fn film(&self, quiet: bool) -> Option<Wanted<'_>> {
        self.film.as_deref().map(|path| Wanted {
            path,
            size: self.size.sides(),
            fps: self.fps,
            force: self.force,
            quiet,
        })
    }
}

/// Which of the pictures is seen when.
fn show(song: &Analysis, pictures: &[Thing]) -> Vec<Slide> {
    let moods: Vec<Emotion> = pictures.iter().map(|picture| picture.mood).collect();
    let song = slides::Song {
        seconds: song.seconds,
        moods: &song.emotions,
        sections: &song.structure.sections,
        downbeats: &song.downbeats(),
    };
    slides::slides(&song, &moods)
}

/// How many different pictures are seen.
fn count(slides: &[Slide]) -> usize {
    let pictures = slides.iter().map(|slide| slide.picture);
    pictures.collect::<BTreeSet<_>>().len()
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

/// The songs' places, as [`look`]; and what was heard of the last one.
fn listen(
    paths: &[PathBuf],
    hearing: EarOption,
    quiet: bool,
    refused: &mut Vec<String>,
) -> Result<(Vec<Thing>, Option<Analysis>), Failure> {
    let mut songs = Vec::new();
    let mut last = None;
    for path in paths {
        match analyze_song(path, hearing.ear, Beats::Whole, quiet) {
            Ok(analysis) => {
                songs.push(Thing {
                    path: path.clone(),
                    mood: analysis.summary().mood(),
                });
                last = Some(analysis);
            }
            Err(Failure::Failed(sentence)) => refused.push(sentence),
            Err(stopped) => return Err(stopped),
        }
    }
    Ok((songs, last))
}
