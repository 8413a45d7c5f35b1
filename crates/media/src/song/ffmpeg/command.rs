//! What ffmpeg is asked when it decodes.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::ffmpeg::program;

/// What ffmpeg calls a stream of A-law without a mark.
pub(super) const A_LAW: &str = "alaw";

/// ffmpeg, decoding one file of one kind, as much of it as `limits` say; it reads nothing else,
/// whatever the file says. What becomes of the sound is to be added.
pub(super) fn command(path: &Path, container: &str, limits: &[&str]) -> Command {
    let mut command = program("ffmpeg");
    command
        .args(["-nostdin", "-nostats"])
        .args(["-protocol_whitelist", "file,pipe"])
        .args(["-format_whitelist", container]);
    // Its bytes could be taken for something else.
    if container == A_LAW {
        command.args(["-f", container]);
    }
    command
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
