//! The mood board that a command goes by.

use super::mood::{open_picture, pictures_of};
use super::terminal::Failure;
use crate::emotion::PictureMood;
use crate::imagery::Likeness;
use crate::show::Board;
use std::path::PathBuf;

/// More pictures are passed over: among so many a song meets few.
const MOST: usize = 64;

/// Pictures that lead the walk.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct BoardOption {
    /// A mood board: a folder of pictures, or one picture, among which the song walks by its mood.
    #[arg(long, value_name = "FOLDER")]
    moodboard: Option<PathBuf>,
}

impl BoardOption {
    /// Looks at its pictures; says what of them cannot be taken. An empty board where none is asked for.
    ///
    /// # Errors
    /// When there is nothing there, or no picture of it can be looked at.
    pub(super) fn read(&self, say: impl Fn(&str)) -> Result<Board, Failure> {
        let mut board = Board::default();
        let Some(path) = &self.moodboard else {
            return Ok(board);
        };
        let mut files = vec![path.clone()];
        if path.is_dir() {
            files = pictures_of(path)?;
        }
        if files.is_empty() {
            let path = path.display();
            return Err(Failure::Failed(format!("{path} holds no pictures")));
        }
        if files.len() > MOST {
            let (path, count) = (path.display(), files.len());
            say(&format!(
                "{path} holds {count} pictures: the first {MOST} by name are on the mood board"
            ));
            files.truncate(MOST);
        }
        let eye = PictureMood::built_in().map_err(failed)?;
        let mut pinned = 0;
        let mut last = None;
        for file in &files {
            match open_picture(file) {
                Ok((picture, doubt)) => {
                    doubt.iter().for_each(|doubt| say(doubt));
                    let (mood, features) = eye.look(&picture).map_err(failed)?;
                    if let Some(likeness) = Likeness::of(&picture, &features) {
                        board
                            .pin(&mood.among_pictures(), &likeness)
                            .map_err(failed)?;
                        pinned += 1;
                    }
                }
                Err(Failure::Failed(why)) if files.len() > 1 => {
                    say(&format!("{why}: it is not on the mood board"));
                    last = Some(why);
                }
                Err(failure) => return Err(failure),
            }
        }
        if let (0, Some(why)) = (pinned, last) {
            return Err(Failure::Failed(why));
        }
        board.spread();
        say(&match pinned {
            1 => "one picture is on the mood board".to_owned(),
            count => format!("{count} pictures are on the mood board"),
        });
        Ok(board)
    }
}

fn failed(error: impl std::error::Error) -> Failure {
    Failure::Failed(error.to_string())
}
