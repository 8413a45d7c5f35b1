//! Music that is hard to hear a beat in, as a user brings it: told in a table, and shown in a film.

use crate::common::{SMALL_NETWORK, complaint, probe, render, song, synopsia, wild};
use crate::sound::{Noise, Track};
use std::path::Path;

/// The rows of a song's table.
fn rows(song: &Path, how: &[&str]) -> Vec<serde_json::Value> {
    let table = song.with_extension("json");
    let args = ["analyze", song.to_str().unwrap(), "--force", "-o"];
    let mut command = synopsia(&args);
    let output = command.arg(&table).args(how).output().unwrap();
    assert!(output.status.success(), "{}", complaint(&output));
    let table = std::fs::read_to_string(&table).unwrap();
    let table: serde_json::Value = serde_json::from_str(&table).unwrap();
    table["rows"].as_array().unwrap().clone()
}

/// Applause, a metronome beyond any tempo, and a song with a pause, in recordings of 8 kHz and more.
fn songs() -> [(&'static str, Track); 3] {
    let mut applause = Track::silence(22_050.0, 12.0);
    let mut chance = Noise::new(4);
    let mut at = 0.0;
    while at < 12.0 {
        applause.snare(at);
        at += 0.002 - 0.03 * f64::from(0.5 + 0.499 * chance.sample()).ln();
    }
    applause.samples.iter_mut().for_each(|x| *x *= 0.2);
    let mut clicks = Track::silence(8_000.0, 8.0);
    (0..53).for_each(|n| clicks.click(f64::from(n) * 0.15));
    let mut pause = Track::silence(44_100.0, 20.0);
    pause.rock(120.0, 0.0, 7.0);
    pause.rock(120.0, 13.0, 20.0);
    [("applause", applause), ("clicks", clicks), ("pause", pause)]
}

#[test]
fn a_table_counts_on_through_what_has_no_beat_and_is_certain_of_none_in_applause() {
    let folder = tempfile::tempdir().unwrap();
    for (name, track) in songs() {
        let file = format!("{name}.wav");
        let path = song(folder.path(), &file, track.rate as u32, &track.samples);
        for how in [&[][..], &["--as-live"]] {
            let rows = rows(&path, how);
            assert!(rows.len() > 70, "{name}");
            let number = |row: &serde_json::Value, what: &str| row[what].as_f64().unwrap();
            for pair in rows.windows(2) {
                let went = number(&pair[1], "beat") - number(&pair[0], "beat");
                assert!((0.0..0.8).contains(&went), "{name}: {went}");
            }
            let later = rows[20..].iter().map(|row| number(row, "beat_confidence"));
            let most = later.fold(0.0, f64::max);
            assert!(name != "applause" || most < 0.5, "{name}: {most}");
        }
    }
}

#[test]
fn three_seconds_and_clicks_beyond_any_tempo_give_films_of_their_length() {
    let folder = tempfile::tempdir().unwrap();
    let mut short = Track::silence(44_100.0, 3.0);
    short.rock(132.0, 0.1, 3.0);
    let mut clicks = Track::silence(8_000.0, 2.0);
    (0..13).for_each(|n| clicks.click(f64::from(n) * 0.15));
    for (name, track, pictures) in [("short", short, 30), ("clicks", clicks, 20)] {
        let file = format!("{name}.wav");
        let path = song(folder.path(), &file, track.rate as u32, &track.samples);
        let film = folder.path().join(name).with_extension("mp4");
        let output = render(&path, &film, &SMALL_NETWORK);
        assert!(output.status.success(), "{}", complaint(&output));
        assert_eq!(probe(&film).2, pictures, "{name}");
    }
}

#[test]
fn a_mood_as_midi_is_of_any_song_and_of_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    for seconds in [0.05, 3.0] {
        let music = song(folder.path(), "song.wav", 32_000, &wild(32_000, seconds));
        let midi = folder.path().join("mood.mid");
        let [music, midi_path] = [&music, &midi].map(|path| path.to_str().unwrap());
        let args = ["analyze", music, "--force", "-o", midi_path];
        let output = synopsia(&args).output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        assert!(std::fs::read(&midi).unwrap().starts_with(b"MThd"));
    }
    let args = ["analyze", ".", "-o", "moods.mid"];
    let output = synopsia(&args).current_dir(folder.path()).output().unwrap();
    assert!(!output.status.success());
    assert!(complaint(&output).contains("does not end in .csv or .json"));
}
