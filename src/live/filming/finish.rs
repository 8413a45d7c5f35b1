//! The end of a film.

use crate::live::shared::Shared;
use crate::output::{Film, FilmError};
use std::sync::Arc;

/// Puts a film at its place and tells where it is, or why not.
pub(super) fn finish(shared: &Arc<Shared>, film: Film) {
    let path = match film.finish() {
        Ok(summary) => {
            for warning in summary.warnings {
                shared.board.report(warning);
            }
            summary.path
        }
        Err(error) => {
            shared.board.report(error.to_string());
            match error {
                FilmError::CutShort { path, .. } => path,
                _ => return,
            }
        }
    };
    shared.board.write(|status| status.last_film = Some(path));
}
