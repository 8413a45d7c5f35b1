mod live;

use super::*;
use crate::frame::{AudioFrame, BANDS, Beat, CHROMA, Level, PARTS};

const RATE: f64 = 48_000.0;
const HOP: u64 = 565;
const TEMPO: f64 = 120.0;

/// Seconds of a bar.
const BAR: f64 = 4.0 * 60.0 / TEMPO;

/// A music: its bass, its treble, how noisy it is, and the roots of its chords, one a bar.
#[derive(Clone, Copy)]
struct Music {
    bass: f32,
    treble: f32,
    noise: f32,
    roots: [usize; 4],
}

const VERSE: Music = Music {
    bass: 0.6,
    treble: 0.4,
    noise: 0.1,
    roots: [0, 5, 7, 0],
};

const CHORUS: Music = Music {
    bass: 0.8,
    treble: 0.7,
    noise: 0.3,
    roots: [9, 4, 2, 11],
};

const BREAK: Music = Music {
    bass: 0.02,
    treble: 0.4,
    noise: 0.1,
    roots: [9, 9, 5, 5],
};

/// Numbers that look like chance and are the same on every run, 0 to 1.
fn chance(n: u64) -> f32 {
    let mixed = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 40) as f32 / (1u64 << 24) as f32
}

/// A hop of a music, at a place in bars of it; `None` is silence.
fn hop(n: u64, music: Option<Music>, bars: f64) -> AudioFrame {
    let position = (n + 1) * HOP;
    let beats = position as f64 / RATE * TEMPO / 60.0;
    let beat = Beat {
        tempo: TEMPO as f32,
        beats,
        in_bar: (beats as u64 % 4) as u8,
        per_bar: 4,
        confidence: 0.9,
    };
    let Some(music) = music else {
        return AudioFrame {
            position,
            loudness: -70.0,
            beat: Beat {
                confidence: 0.0,
                ..beat
            },
            ..AudioFrame::default()
        };
    };
    let hit = (-6.0 * beats.fract()).exp() as f32;
    let root = music.roots[bars as usize % 4];
    let mut chroma = [0.05; CHROMA];
    for (place, interval) in [0, 4, 7].into_iter().enumerate() {
        let sway = 0.2 * chance(n * 3 + place as u64);
        chroma[(root + interval) % CHROMA] = 1.0 - sway;
    }
    let parts = std::array::from_fn(|part| {
        let height = part as f32 / 31.0;
        let level = music.bass * (1.0 - height) + music.treble * height;
        let random = 0.2 * (chance(n * 64 + part as u64) - 0.5);
        1e-1 * 10f32.powf(-4.0 * (1.0 - level.clamp(0.0, 1.0)) + random + 0.3 * hit)
    });
    AudioFrame {
        position,
        loudness: -14.0,
        peak: 0.5,
        parts,
        bass: Level {
            level: music.bass,
            ratio: 1.0,
        },
        treble: Level {
            level: music.treble,
            ratio: 1.0,
        },
        onsets: [hit * music.bass; BANDS],
        onset: hit * (0.2 + music.bass),
        flatness: music.noise,
        chroma,
        harmonic: 0.5,
        beat,
        ..AudioFrame::default()
    }
}

/// A song of these musics, each for so many bars.
fn song(plan: &[(Option<Music>, f64)]) -> Vec<AudioFrame> {
    let mut frames = Vec::new();
    let (mut begin, mut n) = (0.0, 0u64);
    for &(music, bars) in plan {
        let end = begin + bars * BAR;
        while ((n + 1) * HOP) as f64 / RATE <= end {
            let place = (((n + 1) * HOP) as f64 / RATE - begin) / BAR;
            frames.push(hop(n, music, place));
            n += 1;
        }
        begin = end;
    }
    frames
}

fn of(plan: &[(Option<Music>, f64)]) -> Structure {
    Structure::of(&song(plan), RATE)
}

fn names(structure: &Structure) -> String {
    let names = structure.sections.iter().map(|s| s.name.to_string());
    names.collect()
}

/// Sections leave no gap, and nothing is out of place or not a number.
fn check(structure: &Structure, seconds: f64) {
    let sections = &structure.sections;
    assert_eq!(sections.first().map(|s| s.begin.seconds), Some(0.0));
    let end = sections.last().map_or(0.0, |s| s.end.seconds);
    assert!((end - seconds).abs() < 0.05, "ends at {end} of {seconds}");
    assert!(sections.windows(2).all(|two| two[0].end == two[1].begin));
    let long = |from: Mark, to: Mark| from.seconds < to.seconds && from.beats <= to.beats;
    assert!(sections.iter().all(|s| long(s.begin, s.end)));
    assert!(structure.build_ups.iter().all(|b| long(b.begin, b.end)));
    assert!(structure.breaks.iter().all(|b| long(b.begin, b.end)));
    let share = |x: f32| (0.0..=1.0).contains(&x);
    assert!(sections.iter().all(|s| share(s.energy)));
    assert!(structure.build_ups.iter().all(|b| share(b.strength)));
    assert!(structure.drops.iter().all(|d| share(d.strength)));
    for n in 0..200 {
        let point = structure.at(seconds * (f64::from(n) / 160.0 - 0.1));
        assert!(share(point.position) && share(point.build) && share(point.energy));
        assert!((point.section as usize) < sections.len());
    }
}

#[test]
fn a_music_that_returns_has_its_name_again() {
    let plan = [
        (VERSE, 8.0),
        (CHORUS, 8.0),
        (VERSE, 8.0),
        (CHORUS, 16.0),
        (VERSE, 8.0),
    ];
    let structure = of(&plan.map(|(music, bars)| (Some(music), bars)));
    check(&structure, 48.0 * BAR);
    assert_eq!(names(&structure), "ABABA");
    let (mut begin, mut counts) = (0.0, [0, 0]);
    for (section, (_, bars)) in structure.sections.iter().zip(plan) {
        assert!((section.begin.seconds - begin).abs() < BAR, "{section:?}");
        assert_eq!(section.bars, Some(bars as u32));
        let count = &mut counts[section.name.0 as usize];
        assert_eq!(section.occurrence, *count);
        *count += 1;
        begin += bars * BAR;
    }
}

#[test]
fn a_song_after_silence_has_the_same_sections_later() {
    let plan = [
        (Some(VERSE), 8.0),
        (Some(CHORUS), 8.0),
        (Some(BREAK), 4.0),
        (Some(VERSE), 8.0),
    ];
    let plain = of(&plan);
    let late = of(&[&[(None, 4.0)], &plan[..]].concat());
    check(&late, 32.0 * BAR);
    assert!(late.sections[0].name.is_silence());
    assert_eq!(names(&late), format!("–{}", names(&plain)));
    for (late, plain) in late.sections[1..].iter().zip(&plain.sections) {
        assert_eq!((late.name, late.bars), (plain.name, plain.bars));
        let shift = late.begin.seconds - plain.begin.seconds;
        assert!((shift - 4.0 * BAR).abs() < 0.6, "{late:?} {plain:?}");
    }
}

#[test]
fn silence_holds_its_breath_and_has_no_name() {
    let silent = of(&[(None, 10.0)]);
    check(&silent, 10.0 * BAR);
    assert_eq!(names(&silent), "–");
    assert!(silent.at(5.0).breathes);

    let structure = of(&[(Some(VERSE), 8.0), (None, 4.0), (Some(VERSE), 8.0)]);
    check(&structure, 20.0 * BAR);
    assert_eq!(names(&structure), "A–A");
    for (bar, breathes) in [(4.0, false), (10.0, true), (16.0, false)] {
        assert_eq!(structure.at(bar * BAR).breathes, breathes, "in bar {bar}");
    }
    assert!((structure.sections[1].begin.seconds - 8.0 * BAR).abs() < BAR);
}

#[test]
fn three_seconds_are_one_section_and_nothing_is_none() {
    let short = of(&[(Some(VERSE), 1.5)]);
    check(&short, 3.0);
    assert_eq!(names(&short), "A");
    let nothing = Structure::of(&[], RATE);
    assert_eq!(nothing, Structure::default());
    assert_eq!(nothing.at(1.0), FormPoint::default());
}

/// A chorus, a break that becomes a rise, and the chorus again from bar 32 on for so many bars.
fn built_up(bars: f64) -> Vec<(Option<Music>, f64)> {
    let mut plan = vec![(Some(CHORUS), 16.0), (Some(BREAK), 8.0)];
    for step in 1..=16 {
        let share = step as f32 / 16.0;
        let rising = Music {
            treble: 0.4 + 0.5 * share,
            noise: 0.1 + 0.6 * share,
            ..BREAK
        };
        plan.push((Some(rising), 0.5));
    }
    plan.push((Some(CHORUS), bars));
    plan
}

#[test]
fn bass_that_comes_back_after_a_rise_is_a_drop_that_was_built_up() {
    let structure = of(&built_up(16.0));
    check(&structure, 48.0 * BAR);
    let times: Vec<f64> = structure.drops.iter().map(|d| d.at.seconds / BAR).collect();
    assert_eq!(times.len(), 1, "drops in bars {times:?}");
    assert!((times[0] - 32.0).abs() < 0.3, "in bar {}", times[0]);
    assert!(structure.drops[0].strength > 0.8);

    let build = structure.build_ups.last().unwrap();
    assert!((build.end.seconds / BAR - 32.0).abs() < 0.6, "{build:?}");
    let length = (build.end.seconds - build.begin.seconds) / BAR;
    assert!((3.9..=16.1).contains(&length), "{length} bars");
    let near_the_end = structure.at(31.5 * BAR);
    assert!(near_the_end.build > 0.8);
    assert!((near_the_end.until_drop.unwrap() - 0.5 * BAR as f32).abs() < 0.6);
    let after = structure.at(33.0 * BAR);
    assert!((after.since_drop.unwrap() - BAR as f32).abs() < 0.6);
    assert_eq!((after.build, after.until_drop), (0.0, None));
    assert!(structure.at(20.0 * BAR).breathes && !after.breathes);
}

#[test]
fn two_songs_faded_into_one_another_part_in_the_fade() {
    let mut plan = vec![(Some(VERSE), 16.0)];
    for step in 1..8 {
        let share = step as f32 / 8.0;
        let between = |a: f32, b: f32| a + share * (b - a);
        let music = Music {
            bass: between(VERSE.bass, CHORUS.bass),
            treble: between(VERSE.treble, CHORUS.treble),
            noise: between(VERSE.noise, CHORUS.noise),
            roots: if share < 0.5 {
                VERSE.roots
            } else {
                CHORUS.roots
            },
        };
        plan.push((Some(music), 1.0));
    }
    plan.push((Some(CHORUS), 16.0));
    let structure = of(&plan);
    check(&structure, 39.0 * BAR);
    let (first, last) = (
        structure.sections[0],
        structure.sections[structure.sections.len() - 1],
    );
    assert_ne!(first.name, last.name);
    let in_fade = |s: &Section| (15.0..=25.0).contains(&(s.begin.seconds / BAR));
    assert!(
        structure.sections.iter().any(in_fade),
        "{}",
        names(&structure)
    );
}

#[test]
fn what_never_changes_is_one_section() {
    let structure = of(&[(Some(VERSE), 120.0)]);
    check(&structure, 120.0 * BAR);
    let names = names(&structure);
    assert!(names.chars().all(|name| name == 'A'), "{names}");
    assert!(structure.drops.is_empty() && structure.build_ups.is_empty());
}

#[test]
fn frames_that_are_no_numbers_leave_numbers() {
    let mut frames = song(&[(Some(VERSE), 8.0), (Some(CHORUS), 8.0)]);
    let seconds = 16.0 * BAR;
    for (n, frame) in frames.iter_mut().enumerate().skip(300) {
        match n % 7 {
            0 => frame.parts = [f32::NAN; BANDS * PARTS],
            1 => frame.beat.beats = f64::NAN,
            2 => frame.bass.level = f32::INFINITY,
            3 => frame.chroma = [f32::NEG_INFINITY; CHROMA],
            4 => frame.beat.confidence = f32::NAN,
            5 => frame.beat.tempo = f32::NAN,
            _ => {}
        }
    }
    check(&Structure::of(&frames, RATE), seconds);
    frames
        .iter_mut()
        .for_each(|frame| frame.beat = Beat::default());
    check(&Structure::of(&frames, RATE), seconds);
    frames.swap(100, 500);
    check(&Structure::of(&frames, RATE), seconds);
}

#[test]
fn three_hours_are_analysed_in_seconds() {
    let started = std::time::Instant::now();
    let mut analyser = StructureAnalyser::new(RATE);
    let hops = (3.0 * 3600.0 * RATE / HOP as f64) as u64;
    // The same 20,000 hops of noisy music again and again, for they are dear to make.
    let bars = |n: u64| (n * HOP) as f64 / RATE / BAR;
    let made: Vec<AudioFrame> = (0..20_000)
        .map(|n| {
            hop(
                n,
                Some(if bars(n) % 16.0 < 8.0 { VERSE } else { CHORUS }),
                bars(n),
            )
        })
        .collect();
    for n in 0..hops {
        let mut frame = made[n as usize % made.len()];
        frame.position = (n + 1) * HOP;
        frame.beat.beats = frame.position as f64 / RATE * TEMPO / 60.0;
        frame.beat.in_bar = (frame.beat.beats as u64 % 4) as u8;
        analyser.hear(&frame);
    }
    let structure = analyser.finish();
    check(&structure, hops as f64 * HOP as f64 / RATE);
    assert!(structure.sections.len() > 100);
    // Twenty times what it takes on one core of today.
    assert!(started.elapsed().as_secs() < 40, "{:?}", started.elapsed());
}

#[test]
fn names_go_on_after_z() {
    let written = [0, 1, 25, 26, 27, 701, 702].map(|n| SectionName(n).to_string());
    assert_eq!(written, ["A", "B", "Z", "AA", "AB", "ZZ", "AAA"]);
    assert_eq!(SectionName::SILENCE.to_string(), "–");
}
