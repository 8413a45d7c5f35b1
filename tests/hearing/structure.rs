//! Structure, of sounds that are hard to hear one in, and live in any cut.

use crate::beat::listen;
use crate::sound::{Noise, Track};
use synopsia::beat::BeatListener;
use synopsia::signal::{Analyser, FormPoint, LiveStructure, Structure};

/// The structure of a track, in which nothing may be missing or out of place.
fn structure(track: &Track) -> Structure {
    let structure = Structure::of(&listen(track), track.rate);
    let seconds = track.samples.len() as f64 / track.rate;
    let sections = &structure.sections;
    assert_eq!(sections[0].begin.seconds, 0.0);
    let end = sections[sections.len() - 1].end.seconds;
    assert!((end - seconds).abs() < 0.1, "ends at {end} of {seconds}");
    for two in sections.windows(2) {
        assert_eq!(two[0].end, two[1].begin);
    }
    structure
}

#[test]
fn noise_is_one_section_of_seconds() {
    let mut track = Track::silence(22_050.0, 60.0);
    track.noise(0.3);
    let structure = structure(&track);
    assert_eq!(structure.sections.len(), 1, "{:?}", structure.sections);
    assert_eq!(structure.sections[0].bars, None);
    assert!(structure.drops.is_empty() && structure.build_ups.is_empty());
}

#[test]
fn clicks_beyond_any_tempo_are_one_music() {
    let mut track = Track::silence(22_050.0, 40.0);
    (0..)
        .map(|n| f64::from(n) * 0.15)
        .take_while(|&t| t < 40.0)
        .for_each(|t| track.click(t));
    let structure = structure(&track);
    let first = structure.sections[0].name;
    assert!(
        structure.sections.iter().all(|s| s.name == first),
        "{:?}",
        structure.sections
    );
    assert!(structure.drops.is_empty());
}

#[test]
fn speech_has_no_bars_and_no_drops() {
    // Syllables of noise and of a voice that glides, at odd times, with pauses.
    let mut track = Track::silence(8_000.0, 40.0);
    let mut chance = Noise::new(5);
    let mut at = 0.2;
    while at < 39.0 {
        let root = 110.0 * f64::from(1.0 + 0.4 * chance.sample());
        track.chord(at, 0.16, root);
        if chance.sample() > 0.0 {
            track.hat(at + 0.1);
        }
        at += 0.18 + f64::from(0.12 * (1.0 + chance.sample()));
        if chance.sample() > 0.7 {
            at += 0.8;
        }
    }
    let structure = structure(&track);
    assert!(structure.drops.is_empty(), "{:?}", structure.drops);
    assert!(structure.build_ups.len() < 2, "{:?}", structure.build_ups);
}

#[test]
fn a_music_that_comes_again_after_another_has_its_name_again() {
    // Drums and chords, then chords of another key alone, then as before; at 8 kHz, too.
    for rate in [22_050.0, 8_000.0] {
        let mut track = Track::silence(rate, 96.0);
        track.rock(120.0, 0.0, 32.0);
        for bar in 0..16 {
            track.chord(
                32.0 + 2.0 * f64::from(bar),
                2.0,
                [185.0, 277.18][bar as usize % 2],
            );
        }
        track.rock(120.0, 64.0, 96.0);
        let structure = structure(&track);
        let names: String = structure
            .sections
            .iter()
            .map(|s| s.name.to_string())
            .collect();
        let (first, last) = (names.chars().next(), names.chars().last());
        assert_eq!(first, last, "{names}");
        for (seconds, same) in [(16.0, true), (48.0, false), (80.0, true)] {
            let name = structure.at(seconds).name;
            assert_eq!(name == structure.at(1.0).name, same, "{names} at {seconds}");
        }
        for change in [32.0, 64.0] {
            let near = |s: &&synopsia::signal::Section| (s.begin.seconds - change).abs() < 2.0;
            assert!(
                structure.sections.iter().any(|s| near(&s)),
                "{names}: {change}"
            );
        }
    }
}

#[test]
fn live_structure_does_not_depend_on_how_sound_is_cut() {
    let mut track = Track::silence(22_050.0, 16.0);
    track.rock(128.0, 1.0, 10.0);
    track.noise(0.02);
    let hear = |block: usize| -> Vec<FormPoint> {
        let mut analyser = Analyser::new(track.rate, 1).unwrap();
        let mut beats = BeatListener::new(track.rate).unwrap();
        let mut live = LiveStructure::new(track.rate);
        let mut said = Vec::new();
        for block in track.samples.chunks(block) {
            analyser.process_interleaved(block, |frame| {
                let mut frame = *frame;
                beats.hear(&mut frame);
                live.hear(&frame);
                said.push(live.at(frame.position as f64 / track.rate));
            });
        }
        said
    };
    let whole = hear(track.samples.len());
    assert!(whole.iter().any(|point| point.energy > 0.0));
    for block in [1, 64, 1_000, 44_100] {
        assert_eq!(hear(block), whole, "in blocks of {block}");
    }
}
