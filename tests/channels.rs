//! Songs of many channels, in any phase: what is heard of them.

mod common;

use common::{synopsia, wild, write_wav};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use synopsia::signal::Layout;
use synopsia::signal::song::SongReader;

const RATE: u32 = 16_000;

/// What `synopsia analyze` says of a song in which each channel is `mono` times its factor: means
/// of valence, arousal, confidence, over all rows.
fn mood(folder: &Path, mono: &[f32], channels: &[f32]) -> [f64; 3] {
    let song = folder.join(format!("{channels:?}.wav"));
    let frames = mono
        .iter()
        .flat_map(|x| channels.iter().map(move |c| c * x));
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

/// How a song of many channels is written, by ffmpeg.
struct Written {
    name: &'static str,
    options: &'static str,
    layouts: &'static [&'static str],
}

/// ffmpeg's names of what is tried wherever any layout can be written.
const LAYOUTS: &[&str] = &[
    "mono",
    "stereo",
    "2.1",
    "3.0",
    "3.0(back)",
    "4.0",
    "quad",
    "3.1",
    "5.0",
    "5.0(side)",
    "4.1",
    "5.1",
    "5.1(side)",
    "6.0",
    "6.1",
    "6.1(back)",
    "7.0",
    "7.1",
    "7.1(wide)",
];

/// What Vorbis' order of channels can hold.
const XIPH: &[&str] = &["mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1"];

const SONGS: &[Written] = &[
    Written {
        name: "s.wav",
        options: "-c:a pcm_s16le",
        layouts: LAYOUTS,
    },
    Written {
        name: "s.flac",
        options: "-c:a flac",
        layouts: LAYOUTS,
    },
    Written {
        name: "s.oga",
        options: "-c:a flac",
        layouts: &["5.1", "5.1(side)", "7.1(wide)"],
    },
    Written {
        name: "vorbis.ogg",
        options: "-c:a libvorbis",
        layouts: XIPH,
    },
    Written {
        name: "family-1.opus",
        options: "-c:a libopus -mapping_family 1",
        layouts: XIPH,
    },
    Written {
        name: "family-1.webm",
        options: "-c:a libopus -mapping_family 1",
        layouts: XIPH,
    },
    Written {
        name: "family-1.mp4",
        options: "-c:a libopus -mapping_family 1",
        layouts: XIPH,
    },
    Written {
        name: "s.mka",
        options: "-c:a pcm_s16le",
        layouts: &["4.0", "5.1", "7.1"],
    },
    Written {
        name: "alac.m4a",
        options: "-c:a alac",
        layouts: &[
            "mono",
            "stereo",
            "3.0",
            "4.0",
            "5.0",
            "5.1",
            "6.1(back)",
            "7.1(wide)",
        ],
    },
];

/// A tone a channel, all different, in ffmpeg's `layout`.
fn tones(layout: &str) -> String {
    let count = Layout::from_name(layout).unwrap().count();
    let tones: Vec<String> = (0..count)
        .map(|channel| format!("0.2*sin(2*PI*{}*t)", frequency(channel)))
        .collect();
    format!("aevalsrc={}:s=48000:d=0.3:c={layout}", tones.join("|"))
}

fn frequency(channel: usize) -> f32 {
    // Low, that a subwoofer's coder keeps its own.
    40.0 + 20.0 * channel as f32
}

/// How loud the tone of each of `tones` channels is in each channel of `samples`, as amplitudes.
fn spectrum(samples: &[f32], channels: usize, tones: usize) -> Vec<Vec<f32>> {
    let frames: Vec<&[f32]> = samples.chunks_exact(channels).collect();
    // Whole periods of all tones, away from the start.
    let frames = &frames[2_400..12_000];
    let amplitude = |channel: usize, tone: usize| {
        let step = std::f32::consts::TAU * frequency(tone) / 48_000.0;
        let (mut sine, mut cosine) = (0.0, 0.0);
        for (n, frame) in frames.iter().enumerate() {
            sine += frame[channel] * (step * n as f32).sin();
            cosine += frame[channel] * (step * n as f32).cos();
        }
        2.0 * f32::hypot(sine, cosine) / frames.len() as f32
    };
    (0..channels)
        .map(|channel| (0..tones).map(|tone| amplitude(channel, tone)).collect())
        .collect()
}

/// Runs ffmpeg and returns what it writes to its output.
fn ffmpeg(args: &[&str]) -> Vec<u8> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y"])
        .args(args)
        .output()
        .expect("ffmpeg is installed by scripts/setup.sh test");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    output.stdout
}

/// What ffmpeg decodes of `file`, and its layout of that: of a file that names none, its guess.
fn decoded(file: &Path) -> (Vec<f32>, Layout) {
    let wav = ffmpeg(&[
        "-i",
        file.to_str().unwrap(),
        "-c:a",
        "pcm_f32le",
        "-f",
        "wav",
        "-",
    ]);
    let find = |name: &[u8]| wav.windows(4).position(|four| four == name).unwrap() + 8;
    let (format, data) = (find(b"fmt "), find(b"data"));
    let short = |at: usize| u16::from_le_bytes(wav[at..at + 2].try_into().unwrap());
    let usual = || Layout::usual(short(format + 2).into());
    let layout = match short(format) {
        0xfffe => {
            let mask = wav[format + 20..format + 24].try_into().unwrap();
            let named = Layout::from_mask(u32::from_le_bytes(mask).into());
            named.unwrap_or_else(usual)
        }
        _ => usual(),
    };
    let samples = wav[data..].chunks_exact(4);
    let samples = samples.map(|four| f32::from_le_bytes(four.try_into().unwrap()));
    (samples.collect(), layout)
}

fn read(file: &Path) -> (Vec<f32>, Layout) {
    let mut song = SongReader::open(file).unwrap();
    let mut samples = Vec::new();
    while song.read(&mut samples).unwrap() > 0 {}
    (samples, song.layout().clone())
}

#[test]
fn each_channel_of_a_song_is_for_the_loudspeaker_that_ffmpeg_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for Written {
        name,
        options,
        layouts,
    } in SONGS
    {
        for layout in *layouts {
            let song = folder.path().join(name);
            let source = tones(layout);
            let mut args = vec!["-f", "lavfi", "-i", &source];
            args.extend(options.split(' '));
            args.push(song.to_str().unwrap());
            ffmpeg(&args);
            let (theirs, expected) = decoded(&song);
            let (ours, found) = read(&song);
            let place = format!("{layout} in {name}");
            if found != expected {
                wrong.push(format!("{place}: {found:?} for {expected:?}"));
                continue;
            }
            let channels = expected.count();
            let (ours, theirs) = (
                spectrum(&ours, channels, channels),
                spectrum(&theirs, channels, channels),
            );
            let pairs = ours.iter().flatten().zip(theirs.iter().flatten());
            let furthest = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            if furthest > 0.01 {
                wrong.push(format!("{place}: {ours:.3?} for {theirs:.3?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
