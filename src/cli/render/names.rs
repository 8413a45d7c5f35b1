//! What a film is called, and what its name says.

use super::super::endings;
use super::super::terminal::Failure;
use crate::output::{Codec, LONGEST_NAME, shortened};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The song's name with the codec's usual extension, in the present folder; `film` for a song
/// without a name. Numbered pictures come with a WAV of their name, which must not be the song's.
pub(super) fn default_output(song: Option<&Path>, codec: Option<Codec>) -> PathBuf {
    let codec = codec.unwrap_or(Codec::H264);
    let extension = codec.extensions()[0];
    let title = match song {
        Some(song) if codec != Codec::Png => endings::title(song),
        _ => OsStr::new("film"),
    };
    let mut name = shortened(title, LONGEST_NAME - extension.len() - 1);
    name.push(".");
    name.push(extension);
    name.into()
}

/// An output whose name does not say how it is encoded.
pub(super) fn unknown_extension(output: &Path) -> Failure {
    let output = output.display();
    Failure::Failed(format!(
        "{output} does not say how to encode it; name it .mp4, .mov, .mkv or .png, or give --codec"
    ))
}
