//! `synopsia compose`: what is written, and what cannot be.

use crate::common::{complaint, synopsia};
use image::{Rgb, RgbImage};
use std::fs;

#[test]
fn a_picture_becomes_midi_and_sound_twice_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("p.png");
    RgbImage::from_pixel(8, 8, Rgb([200, 80, 10]))
        .save(&picture)
        .unwrap();
    let music = |name: &str| {
        let at = |end: &str| folder.path().join(format!("{name}.{end}"));
        let mut command = synopsia(&[
            "compose",
            "--bars=2",
            "--takes=2",
            "--seed=4",
            "--key=F#m",
            "--tempo=120",
        ]);
        command.arg("-o").arg(at("mid")).arg("-o").arg(at("wav"));
        let output = command.arg(&picture).output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("F# minor, 120 beats a minute"), "{said}");
        assert!(
            said.contains("asked  valence") && said.contains("of 2)"),
            "{said}"
        );
        (fs::read(at("mid")).unwrap(), fs::read(at("wav")).unwrap())
    };
    let (midi, wav) = music("a");
    assert!(midi.starts_with(b"MThd"));
    // Two bars of two seconds, and the tail.
    assert_eq!(wav.len(), 44 + 6 * (4 * 44_100 + 110_250));
    assert_eq!((midi, wav), music("b"));
}

#[test]
fn a_midi_of_the_pictures_name_is_written_where_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    RgbImage::new(4, 4)
        .save(folder.path().join("p.png"))
        .unwrap();
    let mut command = synopsia(&["compose", "p.png", "--bars=1", "--takes=1", "-q"]);
    let output = command.current_dir(folder.path()).output().unwrap();
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{}",
        complaint(&output)
    );
    assert!(
        fs::read(folder.path().join("p.mid"))
            .unwrap()
            .starts_with(b"MThd")
    );
}

#[test]
fn what_cannot_be_composed_is_told_in_a_sentence_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    RgbImage::new(4, 4).save(at("p.png")).unwrap();
    fs::write(at("text.png"), "no picture").unwrap();
    fs::write(at("there.mid"), "mine").unwrap();
    fs::write(at("text.sf2"), "no instruments, but long enough to be read").unwrap();
    let font = fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/plugin-assets/instruments/synopsia.sf2"
    ))
    .unwrap();
    fs::write(at("half.sf2"), &font[..font.len() / 2]).unwrap();
    // An instrument that points beyond all samples.
    let mut wild = font;
    let length = wild.len();
    wild[length - 900..length - 60].fill(0x7f);
    fs::write(at("wild.sf2"), &wild).unwrap();
    for (picture, music, more, code) in [
        ("text.png", "a.mid", "--bars=1", 1),
        ("missing.png", "a.mid", "--bars=1", 1),
        ("p.png", "a.mp3", "--bars=1", 1),
        ("p.png", "none/a.mid", "--bars=1", 1),
        ("p.png", "there.mid", "--bars=1", 1),
        ("p.png", "a.mid", "--soundfont=text.sf2", 1),
        ("p.png", "a.wav", "--soundfont=half.sf2", 1),
        ("p.png", "a.wav", "--soundfont=wild.sf2", 1),
        ("p.png", "a.wav", "--soundfont=missing.sf2", 1),
        ("p.png", "a.wav", "--soundfont=.", 1),
        ("p.png", "a.mid", "--bars=0", 2),
        ("p.png", "a.mid", "--bars=10000", 2),
        ("p.png", "a.mid", "--key=H", 2),
        ("p.png", "a.mid", "--tempo=nan", 2),
        ("p.png", "a.mid", "--takes=0", 2),
    ] {
        let mut command = synopsia(&["compose", more]);
        command.current_dir(folder.path());
        let output = command.arg(picture).arg("-o").arg(music).output().unwrap();
        let said = complaint(&output);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{picture} {music} {more}: {said}"
        );
        assert!(code == 2 || said.trim().lines().count() == 1, "{said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(!more.contains("sf2") || said.contains(".sf2"), "{said}");
    }
    assert_eq!(fs::read(at("there.mid")).unwrap(), b"mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 6);
}
