//! The mood board that a command goes by.

use super::terminal::Failure;
use crate::gan::{Catalog, Model};
use crate::imagery::Easel;
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

/// The board with places that a look's painter has tried, where the model of this name is one look.
///
/// # Errors
/// When the program's own weights are damaged.
pub(super) fn refined(mut board: Board, name: &str, model: &Model) -> Result<Board, Failure> {
    let looks = Catalog::built_in();
    let look = looks.iter().position(|look| look == name);
    if let (Some(look), false) = (look, board.is_empty()) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut easel = Easel::new(model, threads).map_err(failed)?;
        board.refine(look, &mut easel).map_err(failed)?;
    }
    Ok(board)
}

fn failed(error: impl std::error::Error) -> Failure {
    Failure::Failed(error.to_string())
}
