//! The pictures among which an instance's song walks.

use super::kept::Read;
use crate::emotion::PictureMood;
use crate::imagery::Likeness;
use crate::media::picture;
use crate::show::Board;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// More pictures are passed over: among so many a song meets few.
const MOST: usize = 64;

/// A mood board of pictures, and of folders of them; beside it what is to be said of those that it leaves out, a sentence each.
///
/// # Errors
/// When there is nothing there, or no picture of it can be looked at, in one sentence.
pub fn read_moodboard(named: &[PathBuf]) -> Result<(Board, Vec<String>), String> {
    let mut said = Vec::new();
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let name = path.display();
        let found = picture::in_folder(path);
        let found = found.map_err(|error| format!("{name} could not be read: {error}"))?;
        if found.is_empty() {
            return Err(format!("{name} holds no pictures"));
        }
        files.extend(found);
    }
    let count = files.len();
    if count > MOST {
        said.push(format!(
            "these are {count} pictures: the first {MOST} are on the mood board"
        ));
        files.truncate(MOST);
    }
    let eye = PictureMood::built_in().map_err(|error| error.to_string())?;
    let mut board = Board::default();
    let mut refused = Vec::new();
    for file in &files {
        match pin(&mut board, file, &eye) {
            Ok(doubt) => said.extend(doubt.map(|doubt| format!("{}: {doubt}", file.display()))),
            Err(why) => refused.push(why),
        }
    }
    if let (true, Some(why)) = (board.is_empty(), refused.last()) {
        return Err(why.clone());
    }
    let left_out = |why: String| format!("{why}: it is not on the mood board");
    said.extend(refused.into_iter().map(left_out));
    board.spread().map_err(|error| error.to_string())?;
    Ok((board, said))
}

/// Pins one picture; answers what its colours leave in doubt.
fn pin(board: &mut Board, file: &Path, eye: &PictureMood) -> Result<Option<String>, String> {
    let (picture, doubt) = picture::open(file)?;
    let (mood, features) = eye.look(&picture).map_err(|error| error.to_string())?;
    if let Some(likeness) = Likeness::of(&picture, &features) {
        board.pin(file, &mood.among_pictures(), likeness);
    }
    Ok(doubt)
}

/// The same for an instance: what is wrong leaves it without one.
pub(super) fn read(paths: &[PathBuf]) -> Read<Board> {
    match read_moodboard(paths) {
        Ok((board, said)) => (Arc::new(board), said),
        Err(why) => (Arc::default(), vec![why]),
    }
}
