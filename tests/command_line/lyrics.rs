//! Lyrics: where they are found, what is said of them, and films with words.

use crate::common::{SMALL_NETWORK, calm, complaint, song, synopsia, wild};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;

const RATE: u32 = 32_000;

const LRC: &str = "[00:00.50]<00:00.50>Let <00:00.80>it <00:01.10>burn<00:01.90>\n[00:02.00]until the morning\n[00:03.40]\n";

/// A folder with a song of four seconds.
struct Stage {
    folder: tempfile::TempDir,
    song: PathBuf,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let song = song(folder.path(), "song.wav", RATE, &wild(RATE, 4.0));
        Self { folder, song }
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn run(&self, command: &str, args: &[&str]) -> Output {
        let song = self.song.to_str().unwrap();
        let output = synopsia(&[&[command, song], args].concat()).output();
        output.unwrap()
    }

    /// The hashes of a film's frames, and what was said of it.
    fn film(&self, args: &[&str]) -> (Vec<String>, String) {
        let [film, hashes] = ["film.mp4", "hashes.txt"].map(|name| self.folder.path().join(name));
        let fixed = [
            "--size",
            "160x90",
            "--fps",
            "10",
            "--painter",
            "cpu",
            "--force",
            "-o",
            film.to_str().unwrap(),
            "--hashes",
            hashes.to_str().unwrap(),
        ];
        let output = self.run("render", &[&fixed[..], &SMALL_NETWORK, args].concat());
        assert!(output.status.success(), "{}", complaint(&output));
        let list = std::fs::read_to_string(hashes).unwrap();
        (list.lines().map(String::from).collect(), complaint(&output))
    }

    fn analysis(&self, args: &[&str]) -> (Value, String) {
        let table = self.folder.path().join("table.json");
        let fixed = ["--force", "-o", table.to_str().unwrap()];
        let output = self.run("analyze", &[&fixed[..], args].concat());
        assert!(output.status.success(), "{}", complaint(&output));
        let printed = String::from_utf8(output.stdout.clone()).unwrap();
        let table = std::fs::read(table).unwrap();
        (
            serde_json::from_slice(&table).unwrap(),
            printed + &complaint(&output),
        )
    }
}

#[test]
fn words_are_in_a_film_when_they_are_wanted_and_only_while_they_are_sung_and_parts_join() {
    let stage = Stage::new();
    let lyrics = stage.put("words.lrc", LRC);
    // The words' own mood is another matter.
    let lyrics = [
        "--lyrics",
        lyrics.to_str().unwrap(),
        "--set",
        "words-mood=0",
    ];
    let film = |args: &[&str]| stage.film(args).0;
    let without = film(&["--no-lyrics"]);
    assert!(film(&lyrics) == without, "words are off by default");
    let wanted = [&lyrics[..], &["--set", "words=burned"]].concat();
    let whole = film(&wanted);
    for (frame, (with, without)) in whole.iter().zip(&without).enumerate() {
        // From the first frame of a line to its last, and in no pause.
        let sung = (5..19).contains(&frame) || (20..34).contains(&frame);
        assert_eq!(with != without, sung, "frame {frame}");
    }
    let part = |frames: &str| film(&[&wanted[..], &["--frames", frames]].concat());
    let parts = ["0..9", "9..22", "22.."].map(part);
    assert!(parts.concat() == whole, "parts join");
    let single = film(&[&wanted[..], &["--set", "words-shown=single"]].concat());
    assert!(single != whole);
}

#[test]
fn the_mood_of_words_is_in_a_film_from_the_first_frame_of_a_line_on() {
    let stage = Stage::new();
    let lyrics = stage.put("words.lrc", LRC);
    let film = |args: &[&str]| stage.film(args).0;
    let without = film(&["--no-lyrics"]);
    let with = film(&["--lyrics", lyrics.to_str().unwrap()]);
    let first = with.iter().zip(&without).position(|(a, b)| a != b);
    assert_eq!(first, Some(5));
}

#[test]
fn lyrics_are_found_beside_the_song_or_in_its_tags_and_told() {
    let stage = Stage::new();
    let said = |args: &[&str]| stage.analysis(args);
    let (table, words) = said(&[]);
    assert!(
        table["lyrics"].is_null() && !words.contains("lyrics"),
        "{words}"
    );
    stage.put("song.txt", "not taken\n");
    assert!(said(&[]).0["lyrics"].is_null());
    stage.put(
        "song.srt",
        "1\n00:00:01,000 --> 00:00:02,500\n<i>beside</i> it\n",
    );
    let (table, words) = said(&[]);
    let lyrics = &table["lyrics"];
    assert_eq!(lyrics["timing"], "given");
    assert_eq!(lyrics["lines"][0]["text"], "beside it");
    assert_eq!(
        [&lyrics["lines"][0]["from"], &lyrics["lines"][0]["to"]],
        [1.0, 2.5]
    );
    assert!(
        words.contains("one line from") && words.contains("song.srt"),
        "{words}"
    );
    assert!(words.contains("0:01.0 – 0:02.5"), "{words}");
    stage.put("song.lrc", LRC);
    let (table, _) = said(&[]);
    assert_eq!(table["lyrics"]["lines"][0]["words"][2]["text"], "burn");
    assert_eq!(table["lyrics"]["lines"][0]["words"][2]["from"], 1.1);
    assert!(said(&["--no-lyrics"]).0["lyrics"].is_null());
}

#[test]
fn each_line_has_a_mood_and_one_that_is_not_understood_has_none() {
    let stage = Stage::new();
    let text = stage.put(
        "moods.lrc",
        "[00:00.50]I love this happy sunny day\n[00:01.50]I cry alone, my heart is broken\n\
         [00:02.50]一つの歌を歌おう\n",
    );
    let (table, words) = stage.analysis(&["--lyrics", text.to_str().unwrap()]);
    let lines = table["lyrics"]["lines"].as_array().unwrap();
    let valence = |line: usize| lines[line]["valence"].as_f64().unwrap();
    assert!(valence(0) > valence(1) + 0.3, "{words}");
    assert_eq!(lines[0]["language"], "en");
    assert!(lines[2]["language"].is_null(), "{words}");
    assert_eq!(lines[2]["confidence"], 0.0);
    assert_eq!(lines[0]["classes"].as_array().unwrap().len(), 8);
    let row = words.lines().find(|row| row.contains("broken")).unwrap();
    assert!(row.contains("sadness"), "{row}");
}

#[test]
fn plain_text_is_a_guess_and_says_so() {
    let stage = Stage::new();
    let text = stage.put("song.txt", "one line\nand another\n");
    let (table, words) = stage.analysis(&["--lyrics", text.to_str().unwrap()]);
    assert_eq!(table["lyrics"]["timing"], "guessed");
    assert!(words.contains("is a guess"), "{words}");
    let lines = table["lyrics"]["lines"].as_array().unwrap();
    let within = |line: &Value| (0.0..=4.1).contains(&line["to"].as_f64().unwrap());
    assert!(lines.len() == 2 && lines.iter().all(within), "{lines:?}");
}

#[test]
fn bad_lyrics_are_said_in_a_sentence_and_only_those_that_were_named_end_a_command() {
    let stage = Stage::new();
    let named = |path: &Path| stage.run("analyze", &["--lyrics", path.to_str().unwrap()]);
    let refused = |path: &Path, words: &str| {
        let output = named(path);
        let said = complaint(&output);
        assert!(!output.status.success() && said.contains(words), "{said}");
        assert_eq!(said.trim().lines().count(), 1, "{said}");
    };
    refused(Path::new("nowhere.lrc"), "does not exist");
    refused(stage.folder.path(), "is a folder");
    refused(&stage.put("empty.lrc", ""), "holds no lyrics");
    refused(&stage.song, "is not text");
    stage.put("song.lrc", [0u8, 1, 2, 3].repeat(500));
    let (table, words) = stage.analysis(&[]);
    assert!(
        table["lyrics"].is_null() && words.contains("song.lrc is not text"),
        "{words}"
    );
    let late = stage.put(
        "late.lrc",
        "[00:02]in time\n[00:01]before\n[03:00]too late\n",
    );
    let (table, words) = stage.analysis(&["--lyrics", late.to_str().unwrap()]);
    assert_eq!(table["lyrics"]["lines"].as_array().unwrap().len(), 3);
    assert!(
        words.contains("out of order") && words.contains("after the song's end"),
        "{words}"
    );
    let output = stage.run(
        "render",
        &[
            "--lyrics",
            late.to_str().unwrap(),
            "--hashes",
            late.to_str().unwrap(),
        ],
    );
    assert!(complaint(&output).contains("holds the song's lyrics"));
    song(stage.folder.path(), "other.wav", RATE, &calm(RATE, 1.0));
    let folder = stage.folder.path().to_str().unwrap();
    let output = synopsia(&["analyze", folder, "--lyrics", late.to_str().unwrap()]).output();
    assert!(complaint(&output.unwrap()).contains("are one song's"));
}
