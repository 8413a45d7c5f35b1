//! `synopsia sonify`: what is written, and what cannot be.

use crate::common::{complaint, synopsia};
use image::{Rgb, RgbImage};
use std::fs;

#[test]
fn a_picture_becomes_a_wav_of_the_asked_length_twice_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("p.png");
    RgbImage::from_pixel(1, 1, Rgb([200, 80, 10]))
        .save(&picture)
        .unwrap();
    let sound = |name: &str| {
        let to = folder.path().join(name);
        let mut command = synopsia(&["sonify", "--seconds", "1", "--seed", "4", "-o"]);
        let output = command.arg(&to).arg(&picture).output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        fs::read(to).unwrap()
    };
    let first = sound("a.wav");
    assert_eq!(first.len(), 44 + 3 * 44_100);
    assert_eq!(first, sound("b.wav"));
}

#[test]
fn the_sound_of_a_stage_is_as_long_as_the_song_and_twice_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let sound = |name: &str, more: &[&str]| {
        let to = folder.path().join(name);
        let mut command = synopsia(&["sonify", "--stage", "tests/media/tone.flac", "-o"]);
        let output = command.arg(&to).args(more).output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        fs::read(to).unwrap()
    };
    let first = sound("a.wav", &[]);
    let samples = (first.len() - 44) / 3;
    assert!(samples.abs_diff(2 * 44_100) <= 1, "{samples}");
    assert!(first[44..].iter().any(|&byte| byte != 0), "it is silent");
    assert_eq!(first, sound("b.wav", &[]));
    assert_ne!(first, sound("c.wav", &["--seed", "9", "--model", "flames"]));
    let lane = folder.path().join("wild.mood.json");
    let wild = r#"{"version": 1, "drawn": [{"axis": "arousal", "points": [[0, 0.9], [2, 0.9]]}]}"#;
    fs::write(&lane, wild).unwrap();
    assert_ne!(first, sound("d.wav", &["--mood", lane.to_str().unwrap()]));
}

#[test]
fn a_stage_that_cannot_be_is_told_in_a_sentence_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    RgbImage::new(4, 4).save(at("p.png")).unwrap();
    fs::write(at("text.mp3"), "no song").unwrap();
    fs::copy("tests/media/tone.flac", at("song.wav")).unwrap();
    let song = fs::read(at("song.wav")).unwrap();
    let (text, song_at, picture) = (at("text.mp3"), at("song.wav"), at("p.png"));
    let (text, song_at) = (text.to_str().unwrap(), song_at.to_str().unwrap());
    let picture = picture.to_str().unwrap();
    let cases: [(&[&str], &str, i32); 8] = [
        (&["--stage", text], "a.wav", 1),
        (&["--stage", "missing.wav"], "a.wav", 1),
        (&["--stage", picture], "a.wav", 1),
        (&["--stage", song_at], "song.wav", 1),
        (&["--stage", song_at, "--force"], "song.wav", 1),
        (&["--stage", song_at, "--set=freeze=on"], "a.wav", 1),
        (&["--stage", song_at, picture], "a.wav", 2),
        (&[picture, "--set=trails=0.5"], "a.wav", 2),
    ];
    for (given, to, code) in cases {
        let mut command = synopsia(&["sonify"]);
        let output = command.args(given).arg("-o").arg(at(to)).output().unwrap();
        let said = complaint(&output);
        assert_eq!(output.status.code(), Some(code), "{given:?} {said}");
        assert!(code == 2 || said.trim().lines().count() == 1, "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    assert_eq!(fs::read(at("song.wav")).unwrap(), song);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn what_cannot_be_sonified_is_told_in_a_sentence_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    RgbImage::new(4, 4).save(at("p.png")).unwrap();
    fs::write(at("text.png"), "no picture").unwrap();
    fs::write(at("there.wav"), "mine").unwrap();
    for (picture, sound, more, code) in [
        ("text.png", "a.wav", "--seconds=2", 1),
        ("missing.png", "a.wav", "--seconds=2", 1),
        ("p.png", "a.mp3", "--seconds=2", 1),
        ("p.png", "none/a.wav", "--seconds=2", 1),
        ("p.png", "there.wav", "--seconds=2", 1),
        ("p.png", "a.wav", "--seconds=0", 2),
        ("p.png", "a.wav", "--seconds=nan", 2),
        ("p.png", "a.wav", "--seed=-1", 2),
    ] {
        let mut command = synopsia(&["sonify", more]);
        let output = (command.arg(at(picture)).arg("-o").arg(at(sound)))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{picture} {sound} {more}");
        let said = complaint(&output);
        assert!(code == 2 || said.trim().lines().count() == 1, "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    assert_eq!(fs::read(at("there.wav")).unwrap(), b"mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}
