//! Songs of many channels, in any phase: what is heard of them.

use crate::common::{synopsia, wild, write_wav};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use synopsia::media::song::SongReader;
use synopsia::output::{Film, FilmSpec, Fps, Sound};
use synopsia::render::{Picture, Pixels};
use synopsia::signal::{Layout, Speaker};

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
    assert!(
        output.status.success(),
        "{}",
        crate::common::complaint(&output)
    );
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

/// ffmpeg's names of all layouts that are tried.
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

/// What AIFF and Core Audio files tell apart: surrounds at the sides and behind are one there.
const APPLE: &[&str] = &[
    "mono",
    "stereo",
    "2.1",
    "3.0",
    "4.0",
    "5.0(side)",
    "5.1(side)",
    "6.1",
    "7.0",
    "7.1",
];

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
        layouts: &["5.1(side)"],
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
        name: "s.aifc",
        options: "-c:a pcm_s16be",
        layouts: APPLE,
    },
    Written {
        name: "s.caf",
        options: "-c:a pcm_s16le",
        layouts: APPLE,
    },
    Written {
        name: "s.w64",
        options: "-c:a pcm_s16le",
        layouts: &["2.1", "4.0", "5.1(side)"],
    },
    Written {
        name: "s.mov",
        options: "-c:a pcm_s24le",
        layouts: LAYOUTS,
    },
    Written {
        name: "flac.mka",
        options: "-c:a flac",
        layouts: LAYOUTS,
    },
    Written {
        name: "aac.m4a",
        options: "-c:a aac",
        layouts: &["3.0", "4.0", "5.0", "5.1", "7.1"],
    },
    Written {
        name: "family-255.opus",
        options: "-c:a libopus -mapping_family 255",
        layouts: &["5.1"],
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
fn each_channel_of_a_song_is_for_its_loudspeaker() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for layout in LAYOUTS {
        let written = SONGS.iter().filter(|song| song.layouts.contains(layout));
        let source = tones(layout);
        let mut args = vec!["-f", "lavfi", "-i", &source];
        let paths: Vec<_> = SONGS
            .iter()
            .map(|song| folder.path().join(song.name))
            .collect();
        for (song, path) in SONGS.iter().zip(&paths) {
            if song.layouts.contains(layout) {
                args.extend(song.options.split(' '));
                args.push(path.to_str().unwrap());
            }
        }
        ffmpeg(&args);
        for Written { name, .. } in written {
            let (samples, found) = read(&folder.path().join(name));
            let place = format!("{layout} in {name}");
            if found.name().as_deref() != Some(*layout) {
                wrong.push(format!("{place}: {found:?}"));
                continue;
            }
            for (channel, tones) in spectrum(&samples, found.count(), found.count())
                .iter()
                .enumerate()
            {
                // A subwoofer's coder takes its time.
                let own = (0.18..0.27).contains(&tones[channel]);
                let others = tones
                    .iter()
                    .enumerate()
                    .filter(|(tone, _)| *tone != channel);
                let loudest = others.map(|(_, level)| *level).fold(0.0, f32::max);
                if !own || loudest > 0.02 {
                    wrong.push(format!("{place}: channel {channel} has {tones:.3?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_ambisonic_field_is_one_in_any_container() {
    let folder = tempfile::tempdir().unwrap();
    let source = tones("4.0");
    let ogg = folder.path().join("field.opus");
    let webm = folder.path().join("field.webm");
    let coded = ["-c:a", "libopus", "-mapping_family", "2"];
    let mut args = vec!["-f", "lavfi", "-i", &source];
    args.extend(coded);
    args.push(ogg.to_str().unwrap());
    args.extend(coded);
    args.push(webm.to_str().unwrap());
    ffmpeg(&args);
    let field = [0, 1, 2, 3].map(Speaker::Ambisonic);
    for file in [ogg, webm] {
        assert_eq!(read(&file).1, Layout::new(field), "{}", file.display());
    }
}

/// How loud each tone of `layout` is to be on each side of a stereo downmix, where a tone is `1`.
fn downmixed(layout: &str) -> Vec<Vec<f32>> {
    let centre = std::f32::consts::FRAC_1_SQRT_2;
    let layout = Layout::from_name(layout).unwrap();
    let place = |speaker: &Speaker| match speaker {
        Speaker::FrontLeft | Speaker::FrontLeftOfCentre => [1.0, 0.0],
        Speaker::FrontRight | Speaker::FrontRightOfCentre => [0.0, 1.0],
        Speaker::FrontCentre => [centre, centre],
        Speaker::Lfe => [0.0, 0.0],
        Speaker::BackLeft | Speaker::SideLeft => [centre, 0.0],
        Speaker::BackRight | Speaker::SideRight => [0.0, centre],
        Speaker::BackCentre => [0.5, 0.5],
        other => panic!("{other:?} is not tried"),
    };
    let places: Vec<[f32; 2]> = layout.speakers().iter().map(place).collect();
    let sum: f32 = places.iter().map(|place| place[0]).sum();
    let side = |side: usize| {
        places
            .iter()
            .map(|place| place[side] / sum.max(1.0))
            .collect()
    };
    vec![side(0), side(1)]
}

/// Writes a WAV with a tone a channel to `folder`.
fn tone_song(folder: &Path, layout: &str) -> PathBuf {
    let song = folder.join("song.wav");
    let source = tones(layout);
    ffmpeg(&["-f", "lavfi", "-i", &source, song.to_str().unwrap()]);
    song
}

/// What ffprobe says of a film's sound.
fn named_layout(film: &Path) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "a:0"])
        .args(["-show_entries", "stream=channel_layout", "-of", "csv=p=0"])
        .arg(film)
        .output()
        .expect("ffprobe is installed by scripts/setup.sh test");
    String::from_utf8_lossy(&output.stdout).trim().to_string()
}

#[test]
fn a_films_sound_has_each_channel_at_its_loudspeaker() {
    let folder = tempfile::tempdir().unwrap();
    let films = [
        ("film.mp4", "h264", false),
        ("film.mp4", "x264", false),
        ("film.mov", "prores", true),
        ("film.mkv", "ffv1", true),
        ("film.png", "png", true),
    ];
    let fps = Fps::new(10, 1).unwrap();
    let picture = Pixels {
        width: 32,
        height: 32,
        rgba: vec![128; 32 * 32 * 4],
    };
    let picture = Picture::from(picture);
    for layout in ["mono", "2.1", "4.0", "5.1(side)", "7.1"] {
        let song = tone_song(folder.path(), layout);
        let count = Layout::from_name(layout).unwrap().count();
        for (name, codec, keeps) in films {
            let path = folder.path().join(name);
            let spec = FilmSpec {
                force: true,
                ..FilmSpec::new(&path, 32, 32, fps, codec.parse().unwrap())
            };
            let sound = Sound::new(SongReader::open(&song).unwrap(), 0.0, None).unwrap();
            let mut film = Film::create(&spec, Some(sound)).unwrap();
            (0..3).for_each(|_| film.picture(&picture).unwrap());
            film.finish().unwrap();
            let film = match codec {
                "png" => folder.path().join("film.wav"),
                _ => path,
            };
            let place = format!("{layout} in {codec}");
            let (samples, _) = decoded(&film);
            let (expected, expected_layout) = match keeps || count <= 2 {
                true => {
                    let own =
                        |channel: usize| (0..count).map(move |tone| f32::from(tone == channel));
                    (
                        (0..count).map(|channel| own(channel).collect()).collect(),
                        layout,
                    )
                }
                false => (downmixed(layout), "stereo"),
            };
            let found = named_layout(&film);
            assert!(found == expected_layout || count == 1, "{place}: {found}");
            let found = spectrum(&samples, expected.len(), count);
            for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
                let furthest = (found / 0.2 - expected).abs();
                assert!(furthest < 0.03, "{place}: {found} for {expected}");
            }
        }
    }
}
