//! Mood boards: pictures that a film is to walk among.

use crate::common::{SMALL_NETWORK, complaint, song, synopsia, wild};
use image::{Rgb, RgbImage};
use std::path::Path;
use std::process::Output;

const RATE: u32 = 32_000;

/// What `render` makes of a song of a second with these arguments, and the hashes of its frames.
fn film(folder: &Path, args: &[&str]) -> (Output, String) {
    let song = song(folder, "song.wav", RATE, &wild(RATE, 1.0));
    let [film, hashes] = ["film.mp4", "hashes.txt"].map(|name| folder.join(name));
    let fixed = [
        "render",
        song.to_str().unwrap(),
        "--size",
        "160x90",
        "--fps",
        "4",
        "--painter",
        "cpu",
        "--force",
        "-o",
        film.to_str().unwrap(),
        "--hashes",
        hashes.to_str().unwrap(),
    ];
    let output = synopsia(&[&fixed[..], args].concat()).output().unwrap();
    (output, std::fs::read_to_string(hashes).unwrap_or_default())
}

fn picture(folder: &Path, name: &str, colour: [u8; 3]) {
    let plain = RgbImage::from_fn(64, 48, |x, _| {
        Rgb(colour.map(|c| (u32::from(c) * (x + 32) / 96) as u8))
    });
    plain.save(folder.join(name)).unwrap();
}

#[test]
fn a_film_walks_among_the_pictures_of_a_board_and_takes_their_colours() {
    let folder = tempfile::tempdir().unwrap();
    let board = folder.path().join("board");
    std::fs::create_dir(&board).unwrap();
    picture(&board, "red.png", [250, 20, 10]);
    let named = ["--moodboard", board.to_str().unwrap()];
    let (said, red) = film(folder.path(), &named);
    assert!(said.status.success(), "{}", complaint(&said));
    assert!(complaint(&said).contains("one picture is on the mood board"));
    let (_, alone) = film(folder.path(), &[]);
    assert_ne!(red, alone);
    let off = [&named[..], &["--set", "words-imagery=0"]].concat();
    assert_eq!(film(folder.path(), &off).1, alone);
    // Of a painter that a user brought no places are known: it takes the colours alone.
    let (said, brought) = film(folder.path(), &[&named[..], &SMALL_NETWORK].concat());
    assert!(said.status.success(), "{}", complaint(&said));
    assert_ne!(brought, film(folder.path(), &SMALL_NETWORK).1);
    picture(&board, "blue.png", [10, 30, 240]);
    std::fs::write(board.join("broken.jpg"), "no picture").unwrap();
    let (said, both) = film(folder.path(), &named);
    let words = complaint(&said);
    assert!(
        words.contains("2 pictures are on the mood board"),
        "{words}"
    );
    assert!(
        words.contains("broken.jpg") && words.contains("it is not on the mood board"),
        "{words}"
    );
    assert_ne!(both, red);
}

#[test]
fn a_board_without_a_picture_is_told_in_a_sentence_and_no_film_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let text = folder.path().join("text.png");
    std::fs::write(&text, "no picture").unwrap();
    let missing = folder.path().join("nowhere");
    for (path, expected) in [
        (&empty, "holds no pictures"),
        (&text, "is not a picture"),
        (&missing, "nowhere"),
    ] {
        let (said, _) = film(folder.path(), &["--moodboard", path.to_str().unwrap()]);
        let words = complaint(&said);
        assert_eq!(said.status.code(), Some(1), "{words}");
        assert!(
            words.contains(expected) && !words.contains("panicked"),
            "{words}"
        );
        assert_eq!(words.trim().lines().count(), 1, "{words}");
        assert!(!folder.path().join("film.mp4").exists());
    }
}

#[test]
fn a_film_goes_by_the_mood_that_is_drawn_beside_its_song_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let lane = folder.path().join("song.mood.json");
    let small = |args: &[&str]| film(folder.path(), &[&SMALL_NETWORK[..], args].concat());
    let (_, heard) = small(&[]);
    let calm =
        r#"{"version": 1, "drawn": [{"axis": "arousal", "points": [[0, -0.9], [2, -0.9]]}]}"#;
    std::fs::write(&lane, calm).unwrap();
    let (said, drawn) = small(&[]);
    assert!(
        complaint(&said).contains("mood: 1 line and 0 bounds drawn in"),
        "{}",
        complaint(&said)
    );
    assert_ne!(drawn, heard);
    assert_eq!(small(&["--no-mood"]).1, heard);
    // A bound that holds elsewhere changes nothing.
    let later =
        r#"{"version": 1, "limits": [{"axis": "arousal", "from": 60, "to": 90, "most": -0.9}]}"#;
    std::fs::write(&lane, later).unwrap();
    assert_eq!(small(&[]).1, heard);
    for (text, told) in [
        ("{", "no drawn mood"),
        (r#"{"version": 9}"#, "newer version"),
    ] {
        std::fs::write(&lane, text).unwrap();
        let (said, _) = small(&[]);
        assert!(!said.status.success());
        let words = complaint(&said);
        assert!(
            words.contains("song.mood.json") && words.contains(told),
            "{words}"
        );
    }
    let (said, _) = small(&["--mood", "nowhere.json"]);
    assert!(complaint(&said).contains("nowhere.json: there is no such file"));
}
