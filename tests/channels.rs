//! Songs of many channels, in any phase: what is heard of them.

mod common;

use common::{synopsia, wild, write_wav};
use serde_json::Value;
use std::path::Path;

const RATE: u32 = 16_000;

/// What `synopsia analyze` says of a song in which each channel is `mono` times its factor: means
/// of valence, arousal, confidence, over all rows.
fn mood(folder: &Path, mono: &[f32], channels: &[f32]) -> [f64; 3] {
    let song = folder.join(format!("{channels:?}.wav"));
    let frames = mono.iter().flat_map(|x| channels.iter().map(move |c| c * x));
    let samples: Vec<f32> = frames.collect();
    write_wav(&song, RATE, channels.len() as u16, &samples);
    let table = folder.join("table.json");
    let mut command = synopsia(&["-q", "analyze", "--force"]);
    let output = command.arg(&song).arg("-o").arg(&table).output().unwrap();
    assert!(output.status.success(), "{}", common::complaint(&output));
    let table: Value = serde_json::from_slice(&std::fs::read(&table).unwrap()).unwrap();
    let rows = table["rows"].as_array().unwrap();
    ["valence", "arousal", "confidence"].map(|what| {
        let sum: f64 = rows.iter().map(|row| row[what].as_f64().unwrap()).sum();
        sum / rows.len() as f64
    })
}

#[test]
fn opposite_phase_and_silent_channels_change_no_mood() {
    let folder = tempfile::tempdir().unwrap();
    let song = wild(RATE, 6.0);
    let mono = mood(folder.path(), &song, &[1.0]);
    assert!(mono[1] > 0.1 && mono[2] > 0.3, "{mono:?}");
    assert_eq!(mood(folder.path(), &song, &[1.0, 1.0]), mono);
    for channels in [
        &[1.0, -1.0][..],
        &[0.0, 1.0],
        &[0.0, 0.0, 1.0, 0.0, 0.0, 0.0],
        &[0.0, 0.0, 0.0, 0.0, 1.0, -1.0],
        &[0.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        &[1.0, -1.0, 0.0, 0.0],
    ] {
        let heard = mood(folder.path(), &song, channels);
        let furthest = heard.iter().zip(mono).map(|(a, b)| (a - b).abs());
        let furthest = furthest.fold(0.0, f64::max);
        assert!(furthest < 0.05, "{channels:?}: {heard:?} for {mono:?}");
    }
}
