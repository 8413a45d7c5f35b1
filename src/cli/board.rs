//! The mood board that a command goes by.

use super::terminal::Failure;
use crate::live::read_moodboard;
use crate::show::Board;
use std::path::PathBuf;

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
        let Some(path) = &self.moodboard else {
            return Ok(Board::default());
        };
        let (board, said) = read_moodboard(std::slice::from_ref(path)).map_err(Failure::Failed)?;
        said.iter().for_each(|sentence| say(sentence));
        say(&match board.pictures().count() {
            1 => "one picture is on the mood board".to_owned(),
            count => format!("{count} pictures are on the mood board"),
        });
        Ok(board)
    }
}
