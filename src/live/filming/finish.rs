//! The end of a film.

use crate::live::shared::Shared;
use crate::output::{Film, FilmError};
use std::sync::Arc;

/// Puts a film at its place and tells where it is, or why not.
pub(super) fn finish(shared: &Arc<Shared>, film: Film) {
    let path = match film.finish() {
        Ok(summary) => {
            for warning in summary.warnings {
                shared.status.report(warning);
            }
            summary.path
        }
        Err(error) => {
            shared.status.report(error.to_string());
            match error {
                FilmError::CutShort { path, .. } => path,
                _ => return,
            }
        }
    };
    shared.status.write(|status| status.last_film = Some(path));
}
