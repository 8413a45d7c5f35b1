//! Folders of songs as they come from disks, phones and browsers.

use super::{fifo, made, short_song, synopsia_in};
use crate::common::complaint;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

/// What was printed, but for its head: the first word of each row.
fn rows(printed: &[u8]) -> Vec<String> {
    let printed = String::from_utf8_lossy(printed);
    let rows = printed.lines().skip(1);
    rows.map(|row| row.split(' ').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_song_is_a_row_and_nothing_else_stands_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let song = short_song(folder.path(), "a.WAVE");
    let bytes = fs::read(&song).unwrap();
    fs::write(at("b. Intro"), &bytes).unwrap();
    fs::write(at("c.bwf"), &bytes).unwrap();
    symlink("a.WAVE", at("d.wav")).unwrap();
    let mut songs = vec!["a.WAVE", "b.", "c.bwf", "d.wav"];
    for (name, args) in [
        ("e.aifc", &["-c:a", "pcm_s16be", "-f", "aiff"][..]),
        ("f.caf", &["-c:a", "pcm_s16le"]),
        ("g.m4b", &["-c:a", "aac", "-f", "ipod"]),
        ("h.webm", &["-c:a", "libopus"]),
    ] {
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-v", "error", "-i"]).arg(&song).args(args);
        if ffmpeg.arg(at(name)).status().is_ok_and(|s| s.success()) {
            songs.push(name);
        }
    }
    // What macOS, browsers and people leave behind.
    fs::write(at("._a.wav"), b"\0\x05\x16\x07 AppleDouble").unwrap();
    fs::write(at(".hidden.wav"), b"hidden").unwrap();
    fs::write(at(".DS_Store"), b"Bud1").unwrap();
    fs::write(at("x.mp3"), b"").unwrap();
    fs::write(at("x.mp3.part"), b"half of it").unwrap();
    fs::write(at("y.mp3.crdownload"), b"half of it").unwrap();
    fs::write(at("notes"), b"no song").unwrap();
    fs::write(at("cover.jpg"), b"no song").unwrap();
    fs::create_dir(at("folder.mp3")).unwrap();
    symlink("loop.mp3", at("loop.mp3")).unwrap();
    fifo(&at("pipe.mp3"));
    fifo(&at("pipe"));
    let analyze = || {
        synopsia_in(folder.path(), &["analyze", "."])
            .output()
            .unwrap()
    };
    let output = analyze();
    made(&output);
    assert_eq!(rows(&output.stdout), songs);

    // One that is broken costs its own row.
    fs::write(at("broken.mp3"), b"no song").unwrap();
    let output = analyze();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(rows(&output.stdout), songs);
    assert!(
        complaint(&output).contains("broken.mp3"),
        "{}",
        complaint(&output)
    );
}
