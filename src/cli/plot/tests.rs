use super::canvas::{Align, Area};
use super::layout::{CLASS_FLOW, FEELING, FORM, LEVEL, PULSE, SPECTRUM};
use super::style::{BRIGHT, bold};
use super::*;
use crate::emotion::CLASSES;
use crate::signal::{BANDS, Beat, Level, PARTS};

const SAMPLE_RATE: f64 = 44_100.0;
const HOP: u64 = 512;

/// A song with a calm first third, a happy middle and a wild end.
fn song(duration: f64) -> (Vec<(f64, Emotion)>, Vec<AudioFrame>) {
    let mood = |seconds: f64| {
        let x = (seconds / duration) as f32;
        let stage = |at: f32| 1.0 / (1.0 + (-(x - at) * 30.0).exp());
        let (sun, storm) = (stage(0.33), stage(0.68));
        let sway = (x * 61.0).sin() * 0.07;
        let valence = -0.55 + 1.2 * sun - 1.1 * storm + sway;
        let arousal = -0.5 + 0.7 * sun + 0.6 * storm + (x * 43.0).cos() * 0.06;
        (valence, arousal, x)
    };
    let emotions = (0..=(duration * 4.0) as usize)
        .map(|row| {
            let seconds = row as f64 / 4.0;
            let (valence, arousal, x) = mood(seconds);
            let confidence = 0.25 + 0.7 * (x * 9.0).sin().abs();
            let emotion = Emotion::at(valence, arousal, confidence);
            (seconds, emotion)
        })
        .collect();

    let mut beats = 0.0;
    let frames = (1..=(duration * SAMPLE_RATE) as u64 / HOP)
        .map(|hop| {
            let seconds = (hop * HOP) as f64 / SAMPLE_RATE;
            let (_, arousal, x) = mood(seconds);
            let tempo = if x < 0.33 {
                70.0
            } else if x < 0.68 {
                105.0
            } else {
                140.0
            };
            beats += HOP as f64 / SAMPLE_RATE * tempo / 60.0;
            let phase = beats.fract() as f32;
            let level = (0.45 + 0.4 * arousal) * (0.7 + 0.3 * (-phase * 4.0).exp());
            AudioFrame {
                position: hop * HOP,
                loudness: -45.0 + 40.0 * level,
                peak: level,
                bands: std::array::from_fn(|band| {
                    level * (1.1 - 0.1 * band as f32) * (0.8 + 0.2 * (x * 90.0 + band as f32).sin())
                }),
                parts: [0.01 * level; BANDS * PARTS],
                bass: Level { level, ratio: 1.0 },
                beat: Beat {
                    tempo: tempo as f32 + (x * 50.0).sin(),
                    beats,
                    in_bar: (beats as u64 % 4) as u8,
                    per_bar: 4,
                    confidence: (x * 4.0).min(0.9),
                },
                ..AudioFrame::default()
            }
        })
        .collect();
    (emotions, frames)
}

fn drawn(title: &str, duration: f64, song: &(Vec<(f64, Emotion)>, Vec<AudioFrame>)) -> Pixels {
    let picture = draw(&Song {
        title,
        seconds: duration,
        emotions: &song.0,
        frames: &song.1,
        sample_rate: SAMPLE_RATE,
        structure: &Structure::of(&song.1, SAMPLE_RATE),
    });
    let picture = picture.unwrap();
    assert_eq!((picture.width, picture.height), (1920, 1200));
    assert_eq!(picture.rgba.len(), 1920 * 1200 * 4);
    assert!(picture.rgba.chunks_exact(4).all(|pixel| pixel[3] == 255));
    picture
}

/// Share of the pixels within `area` that differ between two pictures.
fn difference(a: &Pixels, b: &Pixels, area: Area) -> f32 {
    let mut changed = 0;
    for y in area.top as usize..area.bottom() as usize {
        for x in area.left as usize..area.right() as usize {
            let at = (y * a.width + x) * 4;
            changed += usize::from(a.rgba[at..at + 3] != b.rgba[at..at + 3]);
        }
    }
    changed as f32 / (area.width * area.height)
}

#[test]
fn every_panel_shows_the_song() {
    let full = drawn("Three Weathers", 44.0, &song(44.0));
    let empty = drawn("Three Weathers", 44.0, &(Vec::new(), Vec::new()));
    for (name, area, least) in [
        ("form", FORM, 0.7),
        ("feeling", FEELING, 0.1),
        ("classes", CLASS_FLOW, 0.98),
        ("pulse", PULSE, 0.02),
        ("spectrum", SPECTRUM, 0.8),
        ("level", LEVEL, 0.3),
    ] {
        let share = difference(&full, &empty, area);
        assert!(share > least, "{name}: {share} of the panel shows the song");
    }
    if let Some(folder) = std::env::var_os("SYNOPSIA_LOOK") {
        let path = std::path::Path::new(&folder).join("plot.png");
        std::fs::write(path, encode(&full).unwrap()).unwrap();
    }
}

#[test]
fn one_row_fills_its_curves_from_start_to_end() {
    let row = Emotion::at(0.5, -0.5, 1.0);
    let one = drawn("One", 1.0, &(vec![(0.5, row)], Vec::new()));
    let none = drawn("One", 1.0, &(Vec::new(), Vec::new()));
    let left = Area {
        width: 20.0,
        ..CLASS_FLOW
    };
    let right = Area {
        left: CLASS_FLOW.right() - 20.0,
        ..left
    };
    assert!(difference(&one, &none, left) > 0.95);
    assert!(difference(&one, &none, right) > 0.95);
}

#[test]
fn what_is_not_a_number_draws_as_nothing() {
    let wrong = Emotion {
        valence: f32::NAN,
        arousal: f32::INFINITY,
        classes: [f32::NAN; CLASSES],
        confidence: f32::NAN,
    };
    let frame = |position| AudioFrame {
        position,
        loudness: f32::NAN,
        bands: [f32::NEG_INFINITY; BANDS],
        beat: Beat {
            tempo: f32::NAN,
            beats: f64::NAN,
            in_bar: 7,
            per_bar: 4,
            confidence: f32::NAN,
        },
        ..AudioFrame::default()
    };
    let rows = vec![(0.0, wrong), (f64::NAN, wrong), (1.0, wrong)];
    let frames: Vec<_> = (1..50).map(|hop| frame(hop * HOP)).collect();
    let picture = drawn("Wrong", f64::NAN, &(rows.clone(), frames.clone()));
    let again = drawn("Wrong", 2.0, &(rows, frames));
    let silent = drawn(
        "Wrong",
        2.0,
        &(
            Vec::new(),
            vec![AudioFrame {
                position: HOP,
                loudness: -70.0,
                beat: Beat {
                    tempo: 0.0,
                    ..Beat::default()
                },
                ..AudioFrame::default()
            }],
        ),
    );
    assert_eq!(picture.rgba.len(), again.rgba.len());
    assert_eq!(difference(&again, &silent, LEVEL), 0.0);
    assert_eq!(difference(&again, &silent, PULSE), 0.0);
}

#[test]
fn a_long_song_is_averaged_and_not_dropped() {
    let duration = 3.0 * 3600.0;
    let rows: Vec<_> = (0..(duration * 4.0) as usize)
        .map(|row| {
            let valence = if row % 2 == 0 { 0.2 } else { 0.6 };
            (
                row as f64 / 4.0,
                Emotion {
                    valence,
                    ..Emotion::default()
                },
            )
        })
        .collect();
    let curve = series::emotions(&rows, 500);
    assert!(curve.len() <= 500 && curve.len() > 400);
    assert!(
        curve
            .iter()
            .all(|(_, mean)| (mean.valence - 0.4).abs() < 0.01)
    );
    assert!(curve.windows(2).all(|pair| pair[0].0 < pair[1].0));
}

#[test]
fn shares_are_the_mean_weights() {
    let certain = |class: usize| {
        let mut classes = [0.0; CLASSES];
        classes[class] = 1.0;
        Emotion {
            classes,
            ..Emotion::default()
        }
    };
    let rows = [
        (0.0, certain(2)),
        (1.0, certain(2)),
        (2.0, certain(7)),
        (3.0, certain(2)),
    ];
    let shares = series::shares(&rows);
    assert_eq!((shares[2], shares[7]), (0.75, 0.25));
    assert_eq!(shares.iter().sum::<f32>(), 1.0);
    assert_eq!(series::shares(&[]), [0.0; CLASSES]);
}

#[test]
fn every_column_after_the_first_frame_has_something_to_show() {
    for duration in [0.3, 44.0] {
        let (_, frames) = song(duration);
        let columns = series::columns(&frames, SAMPLE_RATE, duration, 1184);
        let first = columns.iter().position(Option::is_some).unwrap();
        assert!(first <= 1184 / 20, "{duration}: the first is {first}");
        assert!(columns[first..].iter().all(Option::is_some));
    }
}

#[test]
fn beats_lie_where_the_count_passes_whole_numbers() {
    let (_, frames) = song(12.0);
    let beats = series::beats(&frames, SAMPLE_RATE);
    // 70, 105 and 140 beats a minute, for 33%, 35% and 32% of twelve seconds.
    let expected = 12.0 / 60.0 * (70.0 * 0.33 + 105.0 * 0.35 + 140.0 * 0.32);
    assert!((beats.len() as f64 - expected).abs() <= 2.0);
    let downbeats = beats.iter().filter(|beat| beat.in_bar == 0).count();
    assert!((beats.len() as f64 / 4.0 - downbeats as f64).abs() <= 1.0);
}

#[test]
fn time_labels_are_few_and_readable() {
    for duration in [0.05, 1.0, 7.0, 44.0, 222.0, 3600.0, 10_800.0, 90_000.0] {
        let step = series::time_step(duration);
        assert!(duration / step <= 12.001, "{duration} s by {step} s");
    }
    assert_eq!(series::clock(0.2, 0.1), "0:00.2");
    assert_eq!(series::clock(222.0, 30.0), "3:42");
    assert_eq!(series::clock(3723.0, 60.0), "1:02:03");
}

#[test]
fn a_long_title_keeps_its_beginning_and_fits() {
    let canvas = Canvas::new(8, 8, GROUND).unwrap();
    let look = bold(38.0, BRIGHT, Align::Left);
    let title = "Ænima – Überjoy (Žluťoučký kůň) ".repeat(30);
    let short = canvas.shortened(&title, look, 900.0);
    assert!(canvas.width_of(&short, look) <= 900.0);
    assert!(canvas.width_of(&short, look) > 850.0);
    assert!(short.starts_with("Ænima – Überjoy") && short.ends_with('…'));
    assert_eq!(canvas.shortened("Ænima", look, 900.0), "Ænima");
    assert_eq!(canvas.shortened("Ænima", look, 0.0), "…");
}

#[test]
fn type_is_drawn_even_where_the_font_lacks_a_character() {
    for title in ["Ω Вокализ", "夜に駆ける 🎵", "", "\u{0}\n\t"] {
        let with = drawn(title, 3.0, &(Vec::new(), Vec::new()));
        let without = drawn("i", 3.0, &(Vec::new(), Vec::new()));
        let header = Area {
            left: 50.0,
            top: 40.0,
            width: 500.0,
            height: 46.0,
        };
        assert!(difference(&with, &without, header) > 0.01, "{title:?}");
    }
}

#[test]
fn a_plot_keeps_every_pixel_as_png() {
    let picture = Pixels {
        width: 2,
        height: 1,
        rgba: vec![10, 20, 30, 255, 1, 2, 3, 255],
    };
    let png = encode(&picture).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut rgba = vec![0; 8];
    reader.next_frame(&mut rgba).unwrap();
    assert_eq!(rgba, picture.rgba);
}
