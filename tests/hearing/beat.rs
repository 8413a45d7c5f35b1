//! The beat tracker on music whose beats are known.

use crate::sound::Track;
use synopsia::beat::BeatListener;
use synopsia::signal::{Analyser, AudioFrame};

const RATE: f64 = 22_050.0;

/// Beats count as found within this, seconds: the usual tolerance (MIREX).
const TOLERANCE: f64 = 0.070;

/// Time to find the beat, seconds.
const LOCK: f64 = 5.0;

/// What is heard of a track, beats as on a stage.
pub fn listen(track: &Track) -> Vec<AudioFrame> {
    let mut analyser = Analyser::new(track.rate, 1).unwrap();
    let mut listener = BeatListener::new(track.rate).unwrap();
    let mut frames = Vec::new();
    analyser.process_interleaved(&track.samples, |frame| frames.push(*frame));
    frames.iter_mut().for_each(|frame| listener.hear(frame));
    frames
}

/// When the count passed each whole beat, seconds.
fn beat_times(frames: &[AudioFrame]) -> Vec<f64> {
    let mut times = Vec::new();
    for pair in frames.windows(2) {
        let (before, after) = (pair[0].beat.beats, pair[1].beat.beats);
        if after.floor() > before.floor() {
            let share = (after.floor() - before) / (after - before);
            let hop = (pair[1].position - pair[0].position) as f64;
            times.push((pair[0].position as f64 + share * hop) / RATE);
        }
    }
    times
}

/// The harmonic mean of precision and recall of `heard` against `true_beats` between two times.
fn f_measure(heard: &[f64], true_beats: &[f64], from: f64, to: f64) -> f64 {
    let within = |beats: &[f64]| -> Vec<f64> {
        let inside = |t: &&f64| (from..to).contains(*t);
        beats.iter().filter(inside).copied().collect()
    };
    let (heard, true_beats) = (within(heard), within(true_beats));
    let found = true_beats
        .iter()
        .filter(|&&t| heard.iter().any(|h| (h - t).abs() < TOLERANCE))
        .count();
    2.0 * found as f64 / (heard.len() + true_beats.len()) as f64
}

fn seconds(frame: &AudioFrame) -> f64 {
    frame.position as f64 / RATE
}

#[test]
fn drums_at_any_tempo_are_followed_after_five_seconds() {
    for tempo in [
        70.0, 84.0, 97.0, 110.0, 120.0, 128.0, 140.0, 155.0, 174.0, 180.0,
    ] {
        let mut track = Track::silence(RATE, 25.0);
        let beats = track.rock(tempo, 0.3, 25.0);
        let frames = listen(&track);
        // Kicks and snares by turns at so many a minute are tapped at half of that by some.
        let taps = if tempo > 170.0 { vec![1, 2] } else { vec![1] };
        let found = taps.into_iter().find(|&every| {
            let tapped: Vec<f64> = beats.iter().copied().step_by(every).collect();
            f_measure(&beat_times(&frames), &tapped, LOCK, 24.8) > 0.9
        });
        let every = found.unwrap_or_else(|| panic!("the beat at {tempo} is not found"));
        for frame in frames.iter().filter(|frame| seconds(frame) > LOCK) {
            let off = f64::from(frame.beat.tempo) * every as f64 / tempo - 1.0;
            assert!(off.abs() < 0.02, "{} at {tempo}", frame.beat.tempo);
        }
    }
}

#[test]
fn clicks_at_any_tempo_are_followed_after_five_seconds() {
    for tempo in [75.0, 92.0, 118.0, 133.0, 165.0] {
        let mut track = Track::silence(RATE, 20.0);
        let beats: Vec<f64> = (0..)
            .map(|n| 0.4 + 60.0 / tempo * f64::from(n))
            .take_while(|&t| t < 20.0)
            .collect();
        beats.iter().for_each(|&t| track.click(t));
        let frames = listen(&track);
        let f = f_measure(&beat_times(&frames), &beats, LOCK, 19.8);
        assert!(f > 0.9, "F {f:.2} at {tempo}");
        let last = frames.last().unwrap().beat;
        assert!((f64::from(last.tempo) / tempo - 1.0).abs() < 0.02);
        assert!(last.confidence > 0.6, "{}", last.confidence);
    }
}

#[test]
fn beats_are_heard_on_time_on_average() {
    let mut track = Track::silence(RATE, 20.0);
    let beats = track.rock(122.0, 0.2, 20.0);
    let heard = beat_times(&listen(&track));
    let errors: Vec<f64> = heard
        .iter()
        .filter(|&&t| t > LOCK)
        .map(|h| {
            let nearest = |a: &f64, b: &f64| (h - a).abs().total_cmp(&(h - b).abs());
            h - beats.iter().copied().min_by(nearest).unwrap()
        })
        .collect();
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    assert!(mean.abs() < 0.010, "{mean:.4} s late");
}

#[test]
fn a_change_of_tempo_is_followed() {
    for (first, second) in [(120.0, 132.0), (95.0, 140.0), (150.0, 100.0)] {
        let mut track = Track::silence(RATE, 36.0);
        track.rock(first, 0.0, 16.0);
        let beats = track.rock(second, 16.0, 36.0);
        let frames = listen(&track);
        let f = f_measure(&beat_times(&frames), &beats, 24.0, 35.8);
        assert!(f > 0.9, "F {f:.2} from {first} to {second}");
    }
}

#[test]
fn the_downbeat_is_guessed_from_chords_and_kicks() {
    let mut track = Track::silence(RATE, 40.0);
    let beats = track.rock(120.0, 0.2, 40.0);
    let frames = listen(&track);
    let at = |time: f64| frames.iter().find(|frame| seconds(frame) > time).unwrap();
    for (n, time) in beats
        .iter()
        .enumerate()
        .filter(|(_, t)| (20.0..39.0).contains(*t))
    {
        assert_eq!(at(time + 0.1).beat.in_bar as usize, n % 4);
    }
}

#[test]
fn what_has_no_beat_gives_low_confidence() {
    let mut noise = Track::silence(RATE, 20.0);
    noise.noise(0.3);
    let mut chord = Track::silence(RATE, 20.0);
    chord.chord(0.0, 20.0, 220.0);
    for track in [noise, chord, Track::silence(RATE, 20.0)] {
        for frame in listen(&track) {
            assert!(frame.beat.confidence < 0.25, "{}", frame.beat.confidence);
        }
    }
}

#[test]
fn the_count_runs_on_at_the_last_tempo_when_the_music_stops() {
    let mut track = Track::silence(RATE, 30.0);
    track.rock(140.0, 0.0, 15.0);
    let frames = listen(&track);
    let last = frames.last().unwrap();
    assert!(
        (last.beat.tempo / 140.0 - 1.0).abs() < 0.02,
        "{}",
        last.beat.tempo
    );
    assert!(last.beat.confidence < 0.1);
    let before = &frames[frames.len() - 500];
    let went = last.beat.beats - before.beat.beats;
    let expected = (seconds(last) - seconds(before)) * f64::from(last.beat.tempo) / 60.0;
    assert!((went - expected).abs() < 0.01);
}

#[test]
fn the_count_never_jumps_and_the_tempo_stays_in_range() {
    let mut track = Track::silence(RATE, 40.0);
    track.rock(175.0, 0.0, 10.0);
    track.rock(60.0, 12.0, 20.0);
    track.rock(101.0, 20.3, 40.0);
    for pair in listen(&track).windows(2) {
        let step = pair[1].beat.beats - pair[0].beat.beats;
        assert!(step > 0.0 && step < 0.07, "{step}");
        assert!((40.0..=240.0).contains(&pair[1].beat.tempo));
        assert!(pair[1].beat.in_bar < pair[1].beat.per_bar);
    }
}
