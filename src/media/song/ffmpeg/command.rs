//! What ffmpeg is asked when it decodes.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::media::ffmpeg::program;

/// ffmpeg, decoding one file of one kind, as much of it as `limits` say; it reads nothing else,
/// whatever the file says. What becomes of the sound is to be added.
pub(super) fn command(path: &Path, container: &str, limits: &[&str]) -> Command {
    let mut command = program("ffmpeg");
    command
        .args(["-nostdin", "-nostats"])
        .args(["-protocol_whitelist", "file,pipe"])
        .args(["-format_whitelist", container])
        .args(limits)
        .arg("-i")
        .arg(input(path))
        .args(["-vn", "-sn", "-dn"]);
    command
}

/// What a file is called that ffmpeg is to read, whatever its name looks like.
pub(super) fn input(path: &Path) -> OsString {
    let mut input = OsString::from("file:");
    input.push(path);
    input
}
