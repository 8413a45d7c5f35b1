//! Beats in sounds that are hard to hear one in, as on a stage, some seconds behind, and with the whole song known.

use crate::beat::listen;
use crate::sound::{Noise, Track};
use synopsia::beat::{LOOK_AHEAD_SECONDS, LookAhead, hear_whole};
use synopsia::signal::{Analyser, AudioFrame};

/// What is heard of a track in each of the three ways.
fn heard(track: &Track) -> [(&'static str, Vec<AudioFrame>); 3] {
    let live = listen(track);
    let mut whole = frames(track);
    hear_whole(&mut whole, track.rate).unwrap();
    [("live", live), ("behind", behind(track)), ("whole", whole)]
}

fn frames(track: &Track) -> Vec<AudioFrame> {
    let mut frames = Vec::new();
    let mut analyser = Analyser::new(track.rate, 1).unwrap();
    analyser.process_interleaved(&track.samples, |frame| frames.push(*frame));
    frames
}

fn behind(track: &Track) -> Vec<AudioFrame> {
    let mut frames = frames(track);
    let mut ahead = LookAhead::new(track.rate, LOOK_AHEAD_SECONDS).unwrap();
    let mut told = Vec::new();
    for frame in &frames {
        ahead.hear(frame, |beat| told.push(beat));
    }
    ahead.end(|beat| told.push(beat));
    assert_eq!(told.len(), frames.len());
    for (frame, beat) in frames.iter_mut().zip(told) {
        frame.beat = beat;
    }
    frames
}

/// The count goes on, and nothing in it is out of range.
fn assert_sane(name: &str, frames: &[AudioFrame]) {
    for pair in frames.windows(2) {
        let step = pair[1].beat.beats - pair[0].beat.beats;
        assert!((0.0..0.2).contains(&step), "{name}: {:?}", pair[1].beat);
    }
    for frame in frames {
        let beat = &frame.beat;
        assert!((40.0..=240.0).contains(&beat.tempo), "{name}: {beat:?}");
        assert!((0.0..=1.0).contains(&beat.confidence), "{name}: {beat:?}");
        assert!(beat.in_bar < beat.per_bar, "{name}: {beat:?}");
    }
}

/// The most certain that a beat is after some seconds.
fn certainty(frames: &[AudioFrame], rate: f64) -> f32 {
    let later = frames
        .iter()
        .filter(|frame| frame.position as f64 > 2.0 * rate);
    later.fold(0.0, |most, frame| most.max(frame.beat.confidence))
}

/// When the count passes each whole beat, seconds.
fn beat_times(frames: &[AudioFrame], rate: f64) -> Vec<f64> {
    let passes = frames.windows(2).filter_map(|pair| {
        let (before, after) = (pair[0].beat.beats, pair[1].beat.beats);
        let share = (after.floor() - before) / (after - before);
        let hop = (pair[1].position - pair[0].position) as f64;
        let passed = after.floor() > before.floor();
        passed.then(|| (pair[0].position as f64 + share * hop) / rate)
    });
    passes.collect()
}

/// Which share of `beats` between two times has a counted one within 70 ms, and the other way round, on average (F).
fn found(heard: &[f64], beats: &[f64], from: f64, to: f64) -> f64 {
    let within = |times: &[f64]| -> Vec<f64> {
        let inside = |t: &&f64| (from..to).contains(*t);
        times.iter().filter(inside).copied().collect()
    };
    let near = |t: &f64, others: &[f64]| others.iter().any(|other| (other - t).abs() < 0.070);
    let (heard_in, beats_in) = (within(heard), within(beats));
    let hits = beats_in.iter().filter(|t| near(t, heard)).count();
    2.0 * hits as f64 / (heard_in.len() + beats_in.len()) as f64
}

/// Many hands that clap when they like.
fn applause(seconds: f64) -> Track {
    let mut track = Track::silence(22_050.0, seconds);
    let mut chance = Noise::new(11);
    let mut at = 0.0;
    while at < seconds {
        track.hat(at);
        track.snare(at + 0.003);
        at += 0.002 - 0.03 * f64::from(0.5 + 0.499 * chance.sample()).ln();
    }
    track.samples.iter_mut().for_each(|x| *x *= 0.2);
    track
}

/// Syllables of a gliding voice and of noise, at odd times, with pauses.
fn speech(seconds: f64) -> Track {
    let mut track = Track::silence(22_050.0, seconds);
    let mut chance = Noise::new(5);
    let mut at = 0.2;
    while at < seconds - 1.0 {
        track.chord(at, 0.16, 110.0 * f64::from(1.0 + 0.4 * chance.sample()));
        if chance.sample() > 0.0 {
            track.hat(at + 0.1);
        }
        at += 0.18 + f64::from(0.12 * (1.0 + chance.sample()));
        if chance.sample() > 0.7 {
            at += 0.8;
        }
    }
    track
}

#[test]
fn in_applause_and_speech_no_beat_is_certain() {
    for (name, track) in [("applause", applause(24.0)), ("speech", speech(24.0))] {
        for (way, frames) in heard(&track) {
            assert_sane(name, &frames);
            let most = certainty(&frames, track.rate);
            assert!(most < 0.5, "{name}, {way}: {most}");
        }
    }
}

#[test]
fn free_time_and_clicks_beyond_any_tempo_are_counted_without_a_leap() {
    let mut free = Track::silence(22_050.0, 20.0);
    let mut chance = Noise::new(3);
    let mut at = 0.3;
    while at < 19.0 {
        free.chord(at, 1.5, 220.0 * f64::from(1.0 + 0.3 * chance.sample()));
        at += f64::from(1.1 + 0.8 * chance.sample());
    }
    let mut clicks = Track::silence(22_050.0, 20.0);
    (0..133).for_each(|n| clicks.click(f64::from(n) * 0.15));
    for (name, track) in [("free time", free), ("400 clicks a minute", clicks)] {
        for (_, frames) in heard(&track) {
            assert_sane(name, &frames);
        }
    }
}

#[test]
fn after_a_silence_the_beat_is_found_again_within_four_seconds() {
    let mut track = Track::silence(22_050.0, 38.0);
    track.rock(128.0, 0.3, 13.0);
    let again = track.rock(128.0, 22.1, 38.0);
    for (way, frames) in heard(&track) {
        assert_sane(way, &frames);
        let silent =
            |frame: &&AudioFrame| (17.5..19.5).contains(&(frame.position as f64 / 22_050.0));
        let certain = frames.iter().filter(silent);
        let most = certain.fold(0.0, |most: f32, frame| most.max(frame.beat.confidence));
        assert!(most < 0.1, "{way}: {most} in silence");
        // What follows is known to all but who hears it live.
        let from = if way == "live" { 26.1 } else { 22.0 };
        let f = found(&beat_times(&frames, 22_050.0), &again, from, 37.5);
        assert!(f > 0.9, "{way}: F {f:.2}");
    }
}

#[test]
fn of_two_songs_that_are_cross_faded_the_second_is_followed() {
    for (first, second) in [(120.0, 133.0), (128.0, 98.0)] {
        let mut track = Track::silence(22_050.0, 36.0);
        track.rock(first, 0.0, 18.0);
        let mut other = Track::silence(22_050.0, 36.0);
        let beats = other.rock(second, 12.1, 36.0);
        // Six seconds of both.
        for (n, (one, two)) in track.samples.iter_mut().zip(&other.samples).enumerate() {
            let share = ((n as f32 / 22_050.0 - 12.0) / 6.0).clamp(0.0, 1.0);
            *one = *one * (1.0 - share) + two * share;
        }
        for (way, frames) in heard(&track) {
            assert_sane(way, &frames);
            let from = if way == "live" { 24.0 } else { 19.0 };
            let f = found(&beat_times(&frames, 22_050.0), &beats, from, 35.5);
            assert!(f > 0.9, "{way}, {first} to {second}: F {f:.2}");
        }
    }
}

#[test]
fn a_recording_of_8_khz_is_heard_as_one_of_44_is() {
    for tempo in [96.0, 124.0] {
        let times = [8_000.0, 44_100.0].map(|rate| {
            let mut track = Track::silence(rate, 18.0);
            track.rock(tempo, 0.2, 18.0);
            heard(&track).map(|(_, frames)| beat_times(&frames, rate))
        });
        for (way, (low, full)) in times[0].iter().zip(&times[1]).enumerate() {
            let f = found(low, full, 5.0, 17.5);
            assert!(f > 0.9, "way {way}, {tempo}: F {f:.2}");
        }
    }
}

#[test]
fn songs_of_a_second_or_three_are_heard() {
    for seconds in [0.004, 0.02, 1.0, 3.0] {
        let mut track = Track::silence(22_050.0, seconds);
        track.rock(120.0, 0.0, seconds);
        for (way, frames) in heard(&track) {
            assert_sane(way, &frames);
        }
    }
    let mut track = Track::silence(22_050.0, 3.0);
    let beats = track.rock(132.0, 0.1, 3.0);
    for (way, frames) in &heard(&track)[1..] {
        let f = found(&beat_times(frames, 22_050.0), &beats, 0.0, 2.9);
        assert!(f > 0.7, "{way}: F {f:.2}");
    }
}
