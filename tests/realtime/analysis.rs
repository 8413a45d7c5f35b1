//! The analyser may run on an audio thread: it does not allocate, and its work by block is
//! bounded.

use crate::host::allocations::allocations;
use crate::sound::Track;
use synopsia::beat::BeatListener;
use synopsia::signal::{Analyser, Layout, LiveStructure, Mixdown, SongClock};

#[test]
fn the_counter_counts() {
    assert!(allocations(|| drop(std::hint::black_box(vec![1]))) >= 2);
}

#[test]
fn analysis_does_not_allocate_at_any_rate_and_channel_count() {
    for (rate, channels) in [(8_000.0, 1), (44_100.0, 2), (48_000.0, 6), (384_000.0, 8)] {
        let mut track = Track::silence(rate, 3.0);
        track.rock(120.0, 0.0, 2.0);
        track.samples[1000] = f32::NAN;
        let planar: Vec<&[f32]> = vec![&track.samples; channels];
        let mut analyser = Analyser::new(rate, channels).unwrap();
        let mut clock = SongClock::new(rate);
        let mut frames = 0;
        let calls = allocations(|| {
            analyser.process_planar(&planar, |frame| {
                clock.hear(frame, None);
                frames += 1;
            });
            analyser.process_interleaved(&track.samples, |_| frames += 1);
            analyser.reset();
        });
        assert!(frames > 200);
        assert_eq!(calls, 0, "at {rate} Hz");
    }
}

#[test]
fn hearing_a_structure_live_does_not_allocate_and_costs_next_to_nothing() {
    let mut track = Track::silence(22_050.0, 60.0);
    track.rock(120.0, 0.0, 24.0);
    track.rock(90.0, 30.0, 60.0);
    let mut analyser = Analyser::new(track.rate, 1).unwrap();
    let mut beats = BeatListener::new(track.rate).unwrap();
    let mut frames = Vec::new();
    analyser.process_interleaved(&track.samples, |frame| {
        let mut frame = *frame;
        beats.hear(&mut frame);
        frames.push(frame);
    });
    let mut live = LiveStructure::new(track.rate);
    let (mut sections, mut passed) = (0, std::time::Duration::ZERO);
    let calls = allocations(|| {
        for frame in &frames {
            let started = std::time::Instant::now();
            live.hear(frame);
            sections = live.at(frame.position as f64 / track.rate).section;
            passed += started.elapsed();
        }
    });
    assert!(sections > 0, "nothing but one section was heard");
    assert_eq!(calls, 0);
    // A thousandth of a core is aimed at and a tenth of that reached; here others are at work, too.
    assert!(passed.as_secs_f64() < 0.01 * 60.0, "{passed:?} in a minute");
}

#[test]
fn mixing_down_does_not_allocate_whatever_is_turned_over() {
    for (rate, channels) in [(8_000.0, 1), (44_100.0, 2), (48_000.0, 6), (384_000.0, 8)] {
        let mut track = Track::silence(rate, 2.0);
        track.rock(120.0, 0.0, 2.0);
        track.samples[1000] = f32::NAN;
        let inverse: Vec<f32> = track.samples.iter().map(|x| -x).collect();
        let mut planar: Vec<&[f32]> = vec![&track.samples; channels];
        planar[channels - 1] = &inverse;
        let mut mixdown = Mixdown::new(rate, &Layout::usual(channels));
        let mut sum = 0.0;
        let calls = allocations(|| {
            mixdown.mix_planar(&planar, |sample| sum += sample.abs());
            mixdown.mix_interleaved(&track.samples, |sample| sum += sample.abs());
            mixdown.reset();
        });
        assert!(sum > 100.0);
        assert_eq!(calls, 0, "at {rate} Hz");
    }
}

#[test]
fn a_hop_of_silence_after_music_costs_no_more_than_one_of_music() {
    // Denormal numbers would make filters that die away some ten times slower.
    let mut track = Track::silence(48_000.0, 4.0);
    track.rock(120.0, 0.0, 4.0);
    let mut analyser = Analyser::new(48_000.0, 1).unwrap();
    let hop = vec![0.0; analyser.hop()];
    let mut mixdown = Mixdown::new(48_000.0, &Layout::usual(2));
    let mut time = |analyser: &mut Analyser, block: &[f32]| {
        let start = std::time::Instant::now();
        analyser.process_interleaved(block, |_| ());
        mixdown.mix_planar(&[block, block], |_| ());
        start.elapsed()
    };
    let music = track.samples.chunks_exact(hop.len());
    let music = music.map(|block| time(&mut analyser, block)).min().unwrap();
    let hops = 8_000;
    let silence = (0..hops).map(|_| time(&mut analyser, &hop));
    let silence = silence.skip(hops / 2).min().unwrap();
    assert!(silence < 3 * music, "{silence:?} against {music:?}");
}
