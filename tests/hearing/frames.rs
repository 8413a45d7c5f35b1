//! What frames say of sounds whose properties are known.

use std::f64::consts::TAU;

use crate::sound::{Noise, Track};
use synopsia::signal::{Analyser, AnalyserError, AudioFrame};

const RATE: f64 = 48_000.0;

fn listen(rate: f64, samples: &[f32]) -> Vec<AudioFrame> {
    let mut analyser = Analyser::new(rate, 1).unwrap();
    let mut frames = Vec::new();
    analyser.process_interleaved(samples, |frame| frames.push(*frame));
    frames
}

fn last(samples: &[f32]) -> AudioFrame {
    *listen(RATE, samples).last().unwrap()
}

fn sine(frequency: f64, amplitude: f64) -> Vec<f32> {
    (0..RATE as usize)
        .map(|n| (amplitude * (TAU * frequency * n as f64 / RATE).sin()) as f32)
        .collect()
}

fn white_noise() -> Vec<f32> {
    let mut noise = Noise::new(3);
    (0..2 * RATE as usize)
        .map(|_| 0.3 * noise.sample())
        .collect()
}

/// Every number of a frame.
fn numbers(frame: &AudioFrame) -> Vec<f64> {
    let mut all = vec![frame.beat.beats];
    let ranges = [frame.bass, frame.mid, frame.treble];
    let single = [
        frame.loudness,
        frame.peak,
        frame.onset,
        frame.centroid,
        frame.flatness,
        frame.harmonic,
        frame.beat.tempo,
        frame.beat.confidence,
    ];
    all.extend(single.map(f64::from));
    all.extend(ranges.map(|range| f64::from(range.level)));
    all.extend(ranges.map(|range| f64::from(range.ratio)));
    all.extend(frame.bands.map(f64::from));
    all.extend(frame.onsets.map(f64::from));
    all.extend(frame.chroma.map(f64::from));
    all
}

#[test]
fn any_cut_into_blocks_gives_the_same_frames_to_the_bit() {
    let mut track = Track::silence(44_100.0, 6.0);
    track.rock(126.0, 0.1, 6.0);
    let stereo: Vec<f32> = track.samples.iter().flat_map(|&x| [x, 0.5 * x]).collect();
    let right: Vec<f32> = track.samples.iter().map(|&x| 0.5 * x).collect();

    let mut whole = Vec::new();
    let mut analyser = Analyser::new(44_100.0, 2).unwrap();
    analyser.process_interleaved(&stereo, |frame| whole.push(*frame));
    assert_eq!(whole.len(), track.samples.len() / analyser.hop());

    for block in [1, 7, 64, 519, 1000, 8192] {
        let mut cut = Vec::new();
        analyser.reset();
        for (left, right) in track.samples.chunks(block).zip(right.chunks(block)) {
            analyser.process_planar(&[left, right], |frame| cut.push(*frame));
        }
        assert!(cut == whole, "blocks of {block}");
    }
}

#[test]
fn work_that_is_spread_over_blocks_gives_the_same_frames_a_short_block_later() {
    let mut track = Track::silence(RATE, 2.0);
    track.rock(126.0, 0.1, 2.0);
    let whole = listen(RATE, &track.samples);
    for block in [1, 64, 100, 2048] {
        let (mut cut, mut heard) = (Vec::new(), 0);
        let mut analyser = Analyser::new(RATE, 1).unwrap();
        analyser.spread();
        for samples in track.samples.chunks(block).chain([&[][..]]) {
            let begun = heard;
            heard += samples.len() as u64;
            analyser.process_planar(&[samples], |frame| {
                assert!(frame.position + block as u64 > begun, "late by a block");
                cut.push(*frame);
            });
        }
        assert!(cut == whole, "blocks of {block}");
    }
}

#[test]
fn a_hop_that_waits_to_be_described_is_forgotten_with_the_rest() {
    let mut analyser = Analyser::new(RATE, 1).unwrap();
    analyser.spread();
    let hop = analyser.hop();
    for samples in sine(440.0, 0.5)[..hop.next_multiple_of(64)].chunks(64) {
        analyser.process_planar(&[samples], |_| panic!("it comes in the block after"));
    }
    analyser.reset();
    analyser.process_planar(&[], |_| panic!("what was before is forgotten"));
}

#[test]
fn position_counts_samples_to_the_end_of_each_hop() {
    let mut analyser = Analyser::new(RATE, 1).unwrap();
    let hop = analyser.hop() as u64;
    let mut expected = 0;
    analyser.process_interleaved(&sine(440.0, 0.5), |frame| {
        expected += hop;
        assert_eq!(frame.position, expected);
    });
    assert_eq!(expected, RATE as u64 / hop * hop);
}

#[test]
fn hostile_input_gives_finite_frames_and_is_counted() {
    let inputs: [(&str, Vec<f32>, u64); 8] = [
        ("silence", vec![0.0; 48_000], 0),
        ("NaN", vec![f32::NAN; 48_000], 48_000),
        ("infinity", vec![f32::NEG_INFINITY; 48_000], 48_000),
        ("denormals", vec![1e-40; 48_000], 0),
        ("offset", vec![1.0; 48_000], 0),
        ("the largest number", vec![f32::MAX; 48_000], 0),
        (
            "a square wave at full scale",
            (0..48_000)
                .map(|n| if n / 100 % 2 == 0 { 1.0 } else { -1.0 })
                .collect(),
            0,
        ),
        (
            "music with some NaN",
            (0..48_000)
                .map(|n| {
                    if n % 4800 == 7 {
                        f32::NAN
                    } else {
                        (n as f32 * 0.05).sin()
                    }
                })
                .collect(),
            10,
        ),
    ];
    for rate in [8_000.0, 48_000.0, 384_000.0] {
        for (name, samples, rejected) in &inputs {
            let mut analyser = Analyser::new(rate, 1).unwrap();
            analyser.process_interleaved(samples, |frame| {
                let finite = numbers(frame).iter().all(|x| x.is_finite());
                assert!(finite, "{name} at {rate} Hz: {frame:?}");
            });
            assert_eq!(analyser.rejected(), *rejected, "{name}");
        }
    }
}

#[test]
fn music_after_nan_is_heard_as_if_after_silence() {
    let mut track = Track::silence(RATE, 4.0);
    track.rock(120.0, 1.0, 4.0);
    let silent_start = listen(RATE, &track.samples);
    track.samples[..40_000].fill(f32::NAN);
    assert!(listen(RATE, &track.samples) == silent_start);
}

#[test]
fn levels_and_ratios_stay_in_their_ranges() {
    let mut track = Track::silence(RATE, 6.0);
    track.rock(120.0, 0.0, 6.0);
    track.samples.extend(white_noise());
    for frame in listen(RATE, &track.samples) {
        let within = |values: &[f32], high: f32| values.iter().all(|x| (0.0..=high).contains(x));
        assert!(within(&frame.bands, 1.0));
        assert!(within(&frame.chroma, 1.0));
        assert!(within(&frame.onsets, 2.0) && within(&[frame.onset], 2.0));
        assert!(within(&[frame.flatness, frame.harmonic], 1.0));
        for range in [frame.bass, frame.mid, frame.treble] {
            assert!(within(&[range.level], 1.0) && within(&[range.ratio], 8.0));
        }
    }
}

#[test]
fn a_tone_lifts_its_own_band_and_range_only() {
    let cases = [
        (45.0, 0),
        (100.0, 1),
        (210.0, 2),
        (480.0, 3),
        (1000.0, 4),
        (9000.0, 7),
    ];
    for (frequency, band) in cases {
        let bands = last(&sine(frequency, 0.3)).bands;
        assert!(bands[band] > 0.7, "{frequency} Hz: {bands:?}");
        let others = (0..bands.len()).filter(|&other| other != band);
        for other in others {
            assert!(
                bands[other] < bands[band] - 0.15,
                "{frequency} Hz: {bands:?}"
            );
        }
    }
    for (frequency, loudest) in [(60.0, 0), (700.0, 1), (5000.0, 2)] {
        let frame = last(&sine(frequency, 0.3));
        let levels = [frame.bass, frame.mid, frame.treble].map(|range| range.level);
        assert!(levels.iter().all(|&level| level <= levels[loudest]));
        assert!(
            levels.iter().filter(|&&level| level > 0.6).count() == 1,
            "{levels:?}"
        );
    }
}

#[test]
fn a_steady_sound_has_ratio_one_and_twice_its_energy_has_two() {
    let quiet = sine(100.0, 0.2);
    let mut samples: Vec<f32> = quiet.iter().cycle().take(6 * 48_000).copied().collect();
    let steady = last(&samples).bass.ratio;
    assert!((steady - 1.0).abs() < 0.05, "{steady}");
    let louder = sine(100.0, 0.2 * 2f64.sqrt());
    samples.extend(&louder[..4800]);
    let doubled = last(&samples).bass.ratio;
    assert!((1.8..2.05).contains(&doubled), "{doubled}");
}

#[test]
fn the_centroid_of_a_tone_is_its_frequency() {
    for frequency in [300.0, 1000.0, 6000.0] {
        let centroid = f64::from(last(&sine(frequency, 0.5)).centroid);
        assert!((centroid / frequency - 1.0).abs() < 0.1, "{centroid}");
    }
    assert_eq!(last(&vec![0.0; 48_000]).centroid, 0.0);
}

#[test]
fn noise_is_flat_and_a_tone_is_not() {
    assert!(last(&white_noise()).flatness > 0.9);
    assert!(last(&sine(1000.0, 0.5)).flatness < 0.1);
}

#[test]
fn a_tone_is_harmonic_clicks_are_percussive_and_noise_is_neither() {
    assert!(last(&sine(440.0, 0.5)).harmonic > 0.9);
    let noise = last(&white_noise()).harmonic;
    assert!((0.4..0.6).contains(&noise), "{noise}");
    let mut track = Track::silence(RATE, 1.02);
    track.click(0.9);
    let click = listen(RATE, &track.samples);
    let most_percussive = click.iter().map(|frame| frame.harmonic).fold(1.0, f32::min);
    assert!(most_percussive < 0.2, "{most_percussive}");
}

#[test]
fn a_start_after_silence_is_a_clear_onset_and_sustain_is_none() {
    let mut track = Track::silence(RATE, 3.0);
    track.chord(1.0, 2.0, 220.0);
    let frames = listen(RATE, &track.samples);
    let strongest = |from: f64, to: f64| {
        let inside = |frame: &&AudioFrame| (from..to).contains(&(frame.position as f64 / RATE));
        frames
            .iter()
            .filter(inside)
            .map(|frame| frame.onset)
            .fold(0.0, f32::max)
    };
    assert!(strongest(1.0, 1.1) > 0.8);
    assert!(strongest(1.4, 2.9) < 0.3);
    assert_eq!(strongest(0.0, 0.99), 0.0);
}

#[test]
fn a_quiet_copy_has_the_same_onsets() {
    let mut track = Track::silence(RATE, 5.0);
    track.rock(110.0, 0.0, 5.0);
    let loud = listen(RATE, &track.samples);
    let quiet: Vec<f32> = track.samples.iter().map(|x| 0.1 * x).collect();
    for (a, b) in loud.iter().zip(&listen(RATE, &quiet)) {
        let (a, b) = (a.onset, b.onset);
        assert!((a - b).abs() < 0.1, "{a} and {b}");
    }
}

#[test]
fn sound_in_opposite_phase_is_heard() {
    let tone = sine(440.0, 0.5);
    let inverse: Vec<f32> = tone.iter().map(|x| -x).collect();
    let mut analyser = Analyser::new(RATE, 2).unwrap();
    let mut levels = Vec::new();
    analyser.process_planar(&[&tone, &inverse], |frame| levels.push(frame.mid.level));
    assert!(*levels.last().unwrap() > 0.8);
}

#[test]
fn missing_and_short_channels_are_silent() {
    let tone = sine(440.0, 0.5);
    let silence = vec![0.0; tone.len()];
    let listen = |block: &[&[f32]]| {
        let mut analyser = Analyser::new(RATE, 2).unwrap();
        let mut frames = Vec::new();
        analyser.process_planar(block, |frame| frames.push(*frame));
        frames
    };
    let whole = listen(&[&tone, &silence]);
    assert!(listen(&[&tone]) == whole);
    assert!(listen(&[&tone, &silence[..100]]) == whole);
    assert!(listen(&[]).is_empty());
}

#[test]
fn rates_and_channel_counts_out_of_range_are_refused_in_a_sentence() {
    let refused = |rate: f64, channels: usize| Analyser::new(rate, channels).err();
    for rate in [0.0, 7_999.0, 384_001.0, f64::INFINITY] {
        assert_eq!(refused(rate, 2), Some(AnalyserError::SampleRate(rate)));
    }
    assert!(refused(f64::NAN, 2).is_some());
    for channels in [0, 65] {
        assert_eq!(
            refused(RATE, channels),
            Some(AnalyserError::Channels(channels))
        );
    }
    let sentence = AnalyserError::Channels(0).to_string();
    assert!(sentence.ends_with('.') && sentence.contains("0 channels"));
}
