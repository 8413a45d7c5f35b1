//! Films of what is played: a recording of what is seen live, and a film of a bounce.
//!
//! Both are made on threads of their own, and both have the sample clock for their time: picture
//! `n` is what belongs to `n / fps` seconds after the first sample. A recording takes the pictures
//! that the painting thread shows and repeats them where they come late; a bounce paints each
//! picture itself, and the host waits for it. A film is at its place when it is whole, however it
//! ends: stopped, cut short by a full disk, or with the instance.

mod bounce;
mod encoder;
mod once;
mod recording;
mod setup;

pub(super) use bounce::{Heard, bounce};
pub(super) use recording::{Recording, reconnect, record, stop};
pub use setup::FilmSetup;

use super::instance::Shared;
use super::tap::Passed;
use crate::output::{Film, FilmError};
use std::path::PathBuf;
use std::sync::Arc;

/// What is being filmed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Filming {
    #[default]
    Idle,
    /// What is seen live.
    Recording {
        path: PathBuf,
        /// Length of the film so far.
        seconds: f64,
    },
    /// The host's bounce.
    Bouncing {
        path: PathBuf,
        /// Length of the film so far.
        seconds: f64,
    },
    /// The music has ended, the film is being completed.
    Finishing { path: PathBuf },
}

/// Channels of a film's sound.
const CHANNELS: usize = 2;

/// Appends what passed, interleaved. What is not a number is silence.
fn interleave(passed: &Passed, out: &mut Vec<f32>) {
    let samples = passed.samples[..passed.len].as_flattened().iter();
    out.extend(samples.map(|x| if x.is_finite() { *x } else { 0.0 }));
}

/// Puts a film at its place and tells where it is, or why not.
fn finish(shared: &Arc<Shared>, film: Film) {
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
