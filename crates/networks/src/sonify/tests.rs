use super::bands::{BANDS, linear};

use super::phase::WINDOW;
use super::*;
use crate::chance::Chance;
use crate::emotion::Emotion;
use crate::weights::Header;
use candle_core::{Device, Tensor};
use realfft::RealFftPlanner;
use safetensors::SafeTensors;
use std::f32::consts::TAU;

fn magnitudes(sound: &[f32]) -> Vec<Vec<f32>> {
    let forward = RealFftPlanner::<f32>::new().plan_fft_forward(WINDOW);
    let window: Vec<f32> = (0..WINDOW)
        .map(|k| 0.5 - 0.5 * (TAU * k as f32 / WINDOW as f32).cos())
        .collect();
    let scale = 2.0 / window.iter().sum::<f32>();
    (0..(sound.len() - WINDOW) / HOP + 1)
        .map(|frame| {
            let mut input: Vec<f32> = (sound[frame * HOP..].iter().zip(&window))
                .map(|(x, w)| x * w)
                .collect();
            let mut output = forward.make_output_vec();
            forward.process(&mut input, &mut output).unwrap();
            output.iter().map(|x| x.norm() * scale).collect()
        })
        .collect()
}

/// Feeds frames one by one; how far the sound's magnitudes are from what was asked, in shares.
fn distance(asked: &[Vec<f32>]) -> f32 {
    let mut phases = Phases::new(1);
    let sound: Vec<f32> = asked.iter().flat_map(|frame| phases.next(frame)).collect();
    let heard = magnitudes(&sound);
    let mut least = f32::MAX;
    // Frames come out late by a whole number of hops.
    for late in 0..3 {
        let pairs = asked.iter().zip(&heard[late..]).skip(10).take(20);
        let (mut apart, mut all) = (0.0, 0.0);
        for (asked, heard) in pairs {
            for (asked, heard) in asked.iter().zip(heard) {
                apart += (asked - heard) * (asked - heard);
                all += asked * asked;
            }
        }
        least = least.min((apart / all).sqrt());
    }
    least
}

fn chord(tones: &[f32]) -> Vec<Vec<f32>> {
    let sample = |k: usize| {
        let turns = |hertz: &f32| (TAU * hertz * k as f32 / SAMPLE_RATE as f32).sin();
        tones.iter().map(turns).sum::<f32>() * 0.2
    };
    magnitudes(&(0..WINDOW + 44 * HOP).map(sample).collect::<Vec<_>>())
}

#[test]
fn the_magnitudes_of_a_sine_give_back_a_sine() {
    let off = distance(&chord(&[441.3]));
    assert!(off < 0.05, "{off}");
}

#[test]
fn a_chord_comes_back_better_than_griffin_lims_first_guess() {
    let asked = chord(&[220.0, 277.2, 329.6, 880.0]);
    let off = distance(&asked);
    // With phases of chance neighbouring frames cancel.
    let scrambled = {
        let inverse = RealFftPlanner::<f32>::new().plan_fft_inverse(WINDOW);
        let mut chance = Chance(3);
        let mut sound = vec![0.0f32; WINDOW + asked.len() * HOP];
        for (frame, asked) in asked.iter().enumerate() {
            let mut spectrum = inverse.make_input_vec();
            for (to, &size) in spectrum.iter_mut().zip(asked) {
                *to = realfft::num_complex::Complex32::from_polar(
                    size * WINDOW as f32 / 4.0,
                    TAU * chance.next(),
                );
            }
            spectrum[0].im = 0.0;
            spectrum[BINS - 1].im = 0.0;
            let mut samples = inverse.make_output_vec();
            inverse.process(&mut spectrum, &mut samples).unwrap();
            for (k, x) in samples.iter().enumerate() {
                let w = 0.5 - 0.5 * (TAU * k as f32 / WINDOW as f32).cos();
                sound[frame * HOP + k] += x * w / (3.0 * WINDOW as f32);
            }
        }
        let heard = magnitudes(&sound);
        let (mut apart, mut all) = (0.0, 0.0);
        for (asked, heard) in asked.iter().zip(&heard).skip(10).take(20) {
            for (asked, heard) in asked.iter().zip(heard) {
                apart += (asked - heard) * (asked - heard);
                all += asked * asked;
            }
        }
        (apart / all).sqrt()
    };
    assert!(off < 0.5 * scrambled, "{off} {scrambled}");
}

#[test]
fn silence_stays_silence() {
    let mut phases = Phases::new(1);
    for _ in 0..12 {
        assert!(phases.next(&vec![0.0; BINS]).iter().all(|&x| x == 0.0));
    }
}

#[test]
fn whatever_comes_in_is_finite_when_it_comes_out() {
    let mut phases = Phases::new(1);
    let odd = [f32::NAN, f32::INFINITY, -3.0, 1e30, f32::MIN_POSITIVE];
    for length in [0, 1, 700, BINS, BINS + 9] {
        let frame: Vec<f32> = (0..length).map(|k| odd[k % odd.len()]).collect();
        assert!(phases.next(&frame).iter().all(|x| x.is_finite()));
    }
    let bands: Vec<f32> = (0..BANDS).map(|k| odd[k % odd.len()]).collect();
    assert!(linear(&bands).iter().all(|x| x.is_finite()));
}

#[test]
fn the_network_agrees_with_pytorch() {
    let bytes = include_bytes!("../../../../tests/reference/sonify.safetensors");
    let reference = SafeTensors::deserialize(bytes).unwrap();
    let x = reference.tensor("x").unwrap();
    let halves = x.data().as_chunks().0.iter();
    let input: Vec<f32> = halves
        .map(|b| half::f16::from_le_bytes(*b).to_f32())
        .collect();
    let floats = reference
        .tensor("y")
        .unwrap()
        .data()
        .as_chunks()
        .0
        .iter()
        .map(|b| f32::from_le_bytes(*b))
        .collect::<Vec<_>>();
    let mut data = BUILT_IN;
    let header = Header::read(&SONIFY, data.len() as u64, &mut data).unwrap();
    let network = Network::new(&header, data).unwrap();
    let x = Tensor::from_vec(input, x.shape(), &Device::Cpu).unwrap();
    let y: Vec<f32> = network
        .forward(&x)
        .unwrap()
        .flatten_all()
        .unwrap()
        .to_vec1()
        .unwrap();
    assert_eq!(y.len(), floats.len());
    let off = y
        .iter()
        .zip(&floats)
        .fold(0.0f32, |off, (a, b)| off.max((a - b).abs()));
    assert!(off < 1e-3, "{off}");
}

fn of(picture: &RgbImage, seed: u64) -> Vec<f32> {
    let mood = Emotion::at(0.3, 0.1, 1.0);
    Sonifier::built_in()
        .unwrap()
        .sound(picture, &Moods::from(&mood), (1.0, seed), |_| ())
        .unwrap()
}

fn loudness(sound: &[f32]) -> f32 {
    (sound.iter().map(|x| x * x).sum::<f32>() / sound.len() as f32).sqrt()
}

#[test]
fn a_white_picture_sounds_a_black_one_hardly_and_one_pixel_is_enough() {
    let flat = |level| of(&RgbImage::from_pixel(1, 1, image::Rgb([level; 3])), 1);
    let (black, white) = (flat(0), flat(255));
    assert_eq!(white.len(), SAMPLE_RATE as usize);
    let both = white.iter().chain(&black);
    assert!(both.into_iter().all(|x| x.is_finite() && x.abs() <= 1.0));
    let (black, white) = (loudness(&black), loudness(&white));
    assert!(black < 0.003 && black < 0.01 * white, "{black} {white}");
}

#[test]
fn the_left_edge_sounds_at_once_and_the_right_one_to_the_end() {
    let sound = of(&RgbImage::from_pixel(8, 8, image::Rgb([220; 3])), 1);
    let usual = loudness(&sound[8_820..35_280]);
    for edge in [&sound[441..1_764], &sound[44_100 - 1_764..44_100 - 441]] {
        assert!(loudness(edge) > 0.25 * usual, "{} {usual}", loudness(edge));
    }
}

#[test]
fn what_lies_in_the_middle_of_a_picture_is_heard_in_the_middle_of_its_sound() {
    let half = |lit: fn(u32) -> bool| {
        let shade = |x, _| image::Rgb([if lit(x) { 230 } else { 0 }; 3]);
        of(&RgbImage::from_fn(128, 8, shade), 1)
    };
    let heard = |sound: &[f32], usual: f32| -> Vec<usize> {
        let parts = sound.chunks(441).enumerate();
        let loud = parts.filter(|(_, part)| loudness(part) > 0.25 * usual);
        loud.map(|(part, _)| part).collect()
    };
    let (comes, goes) = (half(|x| x >= 64), half(|x| x < 64));
    let first = heard(&comes, loudness(&comes[30_870..]))[0];
    let last = *heard(&goes, loudness(&goes[4_410..13_230])).last().unwrap();
    // Hundredths of a second. A window smears both by as much, each to its own side.
    assert!(
        first.abs_diff(50) < 10 && last.abs_diff(50) < 10,
        "{first} {last}"
    );
    assert!((first + last).abs_diff(100) < 8, "{first} {last}");
}

#[test]
fn a_sound_lasts_as_long_as_its_moments_however_many_there_are() {
    let sonifier = Sonifier::built_in().unwrap();
    let moods = Moods::from(&Emotion::at(0.0, 0.5, 1.0));
    for moments in [0, 1, 7, 330] {
        let mut sounding = sonifier.begin(1);
        let mut samples = 0;
        for k in 0..moments {
            let picture = RgbImage::from_pixel(1, 1, image::Rgb([(k % 256) as u8; 3]));
            let seen = Moment::of(&picture);
            let added = sounding.add(&seen, &moods, None, |more| samples += more.len());
            added.unwrap();
        }
        sounding.finish(|more| samples += more.len()).unwrap();
        assert_eq!(samples, moments * 2 * HOP);
    }
}

#[test]
fn the_same_seed_gives_the_same_samples_and_another_gives_others() {
    let picture = RgbImage::from_fn(9, 7, |x, y| {
        image::Rgb([(x * 28) as u8, (y * 36) as u8, 90])
    });
    let first = of(&picture, 5);
    assert_eq!(first, of(&picture, 5));
    assert_ne!(first, of(&picture, 6));
}
