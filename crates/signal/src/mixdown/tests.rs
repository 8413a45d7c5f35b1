use super::*;
use std::f32::consts::TAU;

const RATE: usize = 48_000;

/// Plucked chords over a bass and soft noise.
fn music(seconds: f32) -> Vec<f32> {
    let mut noise = 0x2545_F491u32;
    (0..(seconds * RATE as f32) as usize)
        .map(|n| {
            let t = n as f32 / RATE as f32;
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = noise as f32 / u32::MAX as f32 - 0.5;
            let pluck = (-5.0 * (t % 0.5)).exp();
            let chord = [220.0, 277.2, 329.6, 880.0, 3520.0].map(|f| (TAU * f * t).sin());
            0.3 * (TAU * 70.0 * t).sin() + 0.12 * pluck * chord.iter().sum::<f32>() + 0.03 * hiss
        })
        .collect()
}

fn mix(channels: &[&[f32]]) -> Vec<f32> {
    mix_of(channels, &Layout::usual(channels.len()))
}

fn mix_of(channels: &[&[f32]], layout: &Layout) -> Vec<f32> {
    let mut mixdown = Mixdown::new(RATE as f64, layout);
    let mut mono = Vec::new();
    mixdown.mix_planar(channels, |sample| mono.push(sample));
    mono
}

fn times(factor: f32, samples: &[f32]) -> Vec<f32> {
    samples.iter().map(|x| factor * x).collect()
}

/// Root mean square after the first `from` seconds.
fn level(samples: &[f32], from: f32) -> f32 {
    let samples = &samples[(from * RATE as f32) as usize..];
    (samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32).sqrt()
}

fn difference(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn decibels(a: f32, b: f32) -> f32 {
    20.0 * (a / b).log10()
}

/// `samples` through a one-pole low pass.
fn low(samples: &[f32], hz: f32) -> Vec<f32> {
    let mut state = 0.0;
    let follow = |x: &f32| {
        state += (1.0 - (-TAU * hz / RATE as f32).exp()) * (x - state);
        state
    };
    samples.iter().map(follow).collect()
}

#[test]
fn ordinary_stereo_is_exactly_its_mean() {
    let (centre, left, right) = (music(6.0), music(7.0), music(8.0));
    // Voices on either side, at times alone, and late ones on the right.
    let mut sides = [left[7_000..].to_vec(), right[90_000..].to_vec()];
    for (side, sign) in sides.iter_mut().zip([1.0, -1.0]) {
        for (n, sample) in side.iter_mut().enumerate() {
            let pan = 0.5 + 0.5 * sign * (n as f32 / RATE as f32).sin();
            *sample = 0.6 * centre.get(n).copied().unwrap_or_default() + pan * *sample;
        }
    }
    let [left, right] = sides;
    let mono = mix(&[&left, &right]);
    let mean = |n: usize| 0.5 * (left[n] + right.get(n).copied().unwrap_or_default());
    for (n, sample) in mono.iter().enumerate() {
        assert_eq!(*sample, mean(n), "sample {n}");
    }
    // Two songs at once have nothing to do with each other, and yet.
    let mono = mix(&[&centre, &sides_of(&centre)]);
    assert!(
        mono.iter()
            .zip(centre.iter().zip(&sides_of(&centre)))
            .all(|(m, (l, r))| *m == 0.5 * (l + r))
    );
}

/// Noise that has nothing to do with `samples`, as long.
fn sides_of(samples: &[f32]) -> Vec<f32> {
    let mut state = 9u32;
    samples
        .iter()
        .map(|_| {
            state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            0.3 * (state as f32 / u32::MAX as f32 - 0.5)
        })
        .collect()
}

#[test]
fn mono_is_as_it_is() {
    let song = music(1.0);
    assert_eq!(mix(&[&song]), song);
}

#[test]
fn opposite_phase_is_heard_as_loud_as_one_phase() {
    let song = music(4.0);
    for (left, right) in [(1.0, -1.0), (-1.0, 1.0), (1.0, -0.7), (0.5, -1.0)] {
        let mono = mix(&[&times(left, &song), &times(right, &song)]);
        let expected = 0.5 * (left.abs() + right.abs());
        let heard = decibels(level(&mono, 1.5), expected * level(&song, 1.5));
        assert!(heard.abs() < 0.1, "{left} {right}: {heard} dB");
        // It is the song itself, not just its level.
        let rest = mono
            .iter()
            .zip(&song)
            .map(|(m, s)| m - left.signum() * expected * s);
        let rest: Vec<f32> = rest.collect();
        assert!(level(&rest, 1.5) < 1e-3, "{left} {right}");
    }
    // It does not take long.
    let mono = mix(&[&song, &times(-1.0, &song)]);
    assert!(level(&mono, 0.2) > 0.9 * level(&song, 0.2));
}

#[test]
fn what_codecs_leave_of_opposite_phase_is_heard_too() {
    let song = music(4.0);
    let noise = times(0.05, &sides_of(&song));
    let right: Vec<f32> = song.iter().zip(&noise).map(|(x, e)| e - x).collect();
    let mono = mix(&[&song, &right]);
    assert!(decibels(level(&mono, 0.5), level(&song, 0.5)).abs() < 0.2);
}

#[test]
fn one_speaking_channel_is_heard_as_it_is() {
    let song = music(0.8);
    let silence = vec![0.0; song.len()];
    let layouts = ["stereo", "3.0", "5.1", "7.1"];
    for layout in layouts.map(|name| Layout::from_name(name).unwrap()) {
        for speaking in 0..layout.count() {
            let mut channels = vec![&silence[..]; layout.count()];
            channels[speaking] = &song;
            let mono = mix_of(&channels, &layout);
            let start = RATE / 2;
            assert_eq!(mono[start..], song[start..], "{layout:?} {speaking}");
        }
    }
}

#[test]
fn what_codecs_leak_into_an_empty_channel_does_not_count() {
    let song = music(3.0);
    let leak = times(1e-4, &sides_of(&song));
    let mono = mix(&[&song, &leak, &leak, &leak, &leak, &leak]);
    assert!(decibels(level(&mono, 0.5), level(&song, 0.5)).abs() < 0.01);
}

#[test]
fn a_channel_that_pauses_counts_on_and_one_that_is_gone_does_not() {
    let song = music(8.0);
    let mut right = song.clone();
    right[RATE..].fill(0.0);
    let mono = mix(&[&song, &right]);
    // A second and a half of pause.
    let pause = RATE..5 * RATE / 2;
    assert!(pause.into_iter().all(|n| mono[n] == 0.5 * song[n]));
    assert_eq!(mono[4 * RATE..], song[4 * RATE..]);
}

#[test]
fn surround_is_the_mean_of_what_sounds_whatever_its_phase() {
    let song = music(6.0);
    let inverse = times(-1.0, &song);
    let silence = vec![0.0; song.len()];
    let (a, b, none): (&[f32], &[f32], &[f32]) = (&song, &inverse, &silence);
    // The subwoofer, here silent, is the fourth.
    for channels in [
        [a, a, none, none, none, none],
        [a, b, none, none, none, none],
        [none, none, none, none, a, b],
        [a, b, a, none, b, a],
        [a, b, b, none, b, b],
        [b, a, a, none, a, a],
        [a, b, none, none, a, b],
        [a, a, b, none, a, a],
    ] {
        let mono = mix(&channels);
        let heard = decibels(level(&mono, 3.0), level(&song, 3.0));
        assert!(heard.abs() < 0.1, "{heard} dB");
    }
}

#[test]
fn the_subwoofer_makes_the_others_no_softer() {
    let song = music(2.0);
    let bass = times(0.3, &low(&song, 80.0));
    let silence = vec![0.0; song.len()];
    let mono = mix(&[&silence, &silence, &song, &bass, &silence, &silence]);
    let both: Vec<f32> = song.iter().zip(&bass).map(|(a, b)| a + b).collect();
    assert_eq!(mono[RATE / 2..], both[RATE / 2..]);
}

#[test]
fn of_an_ambisonic_field_what_comes_from_everywhere_is_heard() {
    let song = music(1.0);
    let field = Layout::new([0, 1, 2, 3].map(crate::Speaker::Ambisonic));
    assert_eq!(
        mix_of(&[&song, &times(-1.0, &song), &song, &song], &field),
        song
    );
}

#[test]
fn one_band_in_opposite_phase_is_not_lost() {
    let song = music(4.0);
    for hz in [160.0, 400.0, 1000.0] {
        let below = low(&low(&song, hz), hz);
        let above = difference(&song, &below);
        for right in [difference(&above, &below), difference(&below, &above)] {
            let mono = mix(&[&song, &right]);
            let plain: Vec<f32> = song
                .iter()
                .zip(&right)
                .map(|(l, r)| 0.5 * (l + r))
                .collect();
            // Both what is below and what is above are there, within 4.5 dB.
            for part in [
                |x: &[f32]| low(&low(x, 120.0), 120.0),
                |x: &[f32]| difference(x, &low(x, 3000.0)),
            ] {
                let (heard, all) = (level(&part(&mono), 2.0), level(&part(&song), 2.0));
                let loss = decibels(heard, all);
                let before = decibels(level(&part(&plain), 2.0), all);
                assert!(
                    loss.abs() < 4.5,
                    "{hz} Hz: {loss} dB, {before} dB by a plain mean"
                );
            }
        }
    }
}

#[test]
fn a_quarter_turn_loses_half_the_power_and_no_more() {
    let n = 6 * RATE;
    let tone = |phase: f32| -> Vec<f32> {
        let sine = |f: f32, t: f32| (TAU * f * t + phase).sin();
        (0..n)
            .map(|n| n as f32 / RATE as f32)
            .map(|t| 0.1 * (sine(90.0, t) + sine(310.0, t) + sine(1400.0, t) + sine(5000.0, t)))
            .collect()
    };
    let (left, right) = (tone(0.0), tone(TAU / 4.0));
    let mono = mix(&[&left, &right]);
    let heard = decibels(level(&mono, 1.0), level(&left, 1.0));
    assert!((heard + 3.01).abs() < 0.1, "{heard} dB");
}

/// The largest second difference: how sharp the sharpest bend is.
fn bend(samples: &[f32]) -> f32 {
    let bends = samples.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs());
    bends.fold(0.0, f32::max)
}

#[test]
fn nothing_clicks_where_phase_turns_and_channels_come_and_go() {
    let tone: Vec<f32> = (0..9 * RATE)
        .map(|n| n as f32 / RATE as f32)
        .map(|t| 0.4 * (TAU * 200.0 * t).sin() + 0.2 * (TAU * 50.0 * t).sin())
        .collect();
    // The right side turns over and back where the tone is at nought, then is silent, then back.
    let mut right = tone.clone();
    right[2 * RATE..4 * RATE].iter_mut().for_each(|x| *x = -*x);
    right[5 * RATE..8 * RATE].fill(0.0);
    let mono = mix(&[&tone, &right]);
    // Where the right side starts, it has a bend of its own.
    let allowed = bend(&tone).max(0.5 * bend(&right)) * 1.1;
    assert!(bend(&mono) <= allowed, "{} of {allowed}", bend(&mono));
    // The song goes on where its phase turns: a quarter of a second later it is there again.
    for turn in [2.25, 4.25] {
        let at = (turn * RATE as f32) as usize;
        let (heard, all) = (
            level(&mono[at..at + RATE / 4], 0.0),
            level(&tone[at..at + RATE / 4], 0.0),
        );
        assert!(decibels(heard, all) > -1.0, "{} dB", decibels(heard, all));
    }
}

#[test]
fn any_cut_into_blocks_gives_the_same_samples() {
    let song = music(4.0);
    let mut right = times(-0.8, &song);
    right[2 * RATE..].fill(0.0);
    let whole = mix(&[&song, &right]);
    let turns: Vec<f32> = song
        .iter()
        .zip(&right)
        .flat_map(|(l, r)| [*l, *r])
        .collect();
    for cut in [1, 2, 64, 239, 240, 241, 4096] {
        let layout = Layout::usual(2);
        let mut planar = Mixdown::new(RATE as f64, &layout);
        let mut interleaved = Mixdown::new(RATE as f64, &layout);
        // What was heard before a reset leaves nothing.
        planar.mix_planar(&[&song, &song[7..]], |_| ());
        planar.reset();
        let (mut by_channel, mut by_turn) = (Vec::new(), Vec::new());
        for (l, r) in song.chunks(cut).zip(right.chunks(cut)) {
            planar.mix_planar(&[l, r], |sample| by_channel.push(sample));
        }
        for turns in turns.chunks(2 * cut) {
            interleaved.mix_interleaved(turns, |sample| by_turn.push(sample));
        }
        assert!(by_channel == whole && by_turn == whole, "blocks of {cut}");
    }
}

#[test]
fn what_is_no_number_is_silence_and_leaves_nothing() {
    let song = music(3.0);
    let mut left = song.clone();
    for (n, bad) in [(100, f32::NAN), (5_000, f32::INFINITY), (9_000, -1e30)] {
        left[n] = bad;
    }
    let mono = mix(&[&left, &times(-1.0, &song)]);
    assert!(mono.iter().all(|x| x.is_finite() && x.abs() < 101.0));
    assert!(decibels(level(&mono, 1.0), level(&song, 1.0)).abs() < 0.1);
}

#[test]
fn constants_and_noise_floors_turn_nothing_over() {
    let song = music(4.0);
    let offset: Vec<f32> = song.iter().map(|x| 0.3 * x - 2e-3).collect();
    let other: Vec<f32> = song.iter().map(|x| 0.3 * x + 2e-3).collect();
    // A second in which only the constants are there.
    let pad = |value: f32, x: &[f32]| [&vec![value; RATE][..], x].concat();
    let (left, right) = (pad(-2e-3, &offset), pad(2e-3, &other));
    let mono = mix(&[&left, &right]);
    assert!(
        mono.iter()
            .zip(left.iter().zip(&right))
            .all(|(m, (l, r))| *m == 0.5 * (l + r))
    );
}

#[test]
fn a_step_that_ends_within_a_chunk_counts_each_sample_once() {
    // Steps of twenty samples: the second chunk has four, and the places behind them are still of the first.
    const RATE: f64 = 4_000.0;
    let tick = |n: usize| if n.is_multiple_of(2) { 1.0 } else { -1.0 };
    let at = |places: Range<usize>, power: f32| -> Vec<f32> {
        let peak = (power * 20.0 / places.len() as f32).sqrt();
        (0..4_000)
            .map(|n| f32::from(u8::from(places.contains(&(n % 20)))) * peak * tick(n))
            .collect()
    };
    let left = at(16..20, 0.05);
    // Of what was counted twice, the softer one would be 3 dB louder and sound.
    for (below, counts) in [(51.5, false), (48.5, true)] {
        let right = at(4..16, 0.05 * 10f32.powf(-0.1 * below));
        let mut mixdown = Mixdown::new(RATE, &Layout::usual(2));
        let mut mono = Vec::new();
        mixdown.mix_planar(&[&left, &right], |sample| mono.push(sample));
        let gain = if counts { 0.5 } else { 1.0 };
        for n in 2_000..4_000 {
            let expected = gain * (left[n] + right[n]);
            assert_eq!(mono[n], expected, "{below} dB below, sample {n}");
        }
    }
}

#[test]
fn silence_runs_on_no_denormal_numbers() {
    let mut mixdown = Mixdown::new(RATE as f64, &Layout::usual(2));
    let song = music(0.2);
    mixdown.mix_planar(&[&song, &song], |_| ());
    let mut hear = |sample: f32, what: &str| {
        for step in 0..400 {
            let block = [sample; RATE / 200];
            mixdown.mix_planar(&[&block, &block], |_| ());
            let newest = &mixdown.channels[1].newest;
            // Without its constant part silence is that part, turned over.
            let constant = newest.audible().map(|x| x - sample);
            let mut states = newest.bands.iter().chain([&constant]).flatten();
            assert!(
                !states.any(|state| state.is_subnormal()),
                "{what}, step {step}"
            );
        }
    };
    hear(0.0, "silence");
    hear(1e-40, "denormal samples");
    hear(0.0, "silence again");
}
