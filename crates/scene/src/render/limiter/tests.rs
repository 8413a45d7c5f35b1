//! What is seen of pictures that flash, as somebody counts who knows nothing of the limiter.

use super::*;
use crate::gpu::{GpuContext, Preference};
use crate::render::Pixels;
use crate::render::picture::Keepsake;
use crate::show::{Controls, Timeline};
use std::sync::{Arc, LazyLock};

const SIZE: [usize; 2] = [72, 40];
const BLACK: [u8; 3] = [0; 3];
const WHITE: [u8; 3] = [255; 3];
const RED: [u8; 3] = [255, 0, 0];

fn scene(flash_limiter: bool) -> Scene {
    let controls = Controls {
        flash_limiter,
        ..Controls::default()
    };
    Timeline::new(1, 48_000.0).scene(0, &controls)
}

/// Left, top, right and bottom of what flashes, in shares of the picture.
type Part = [f64; 4];
const ALL: Part = [0.0, 0.0, 1.0, 1.0];
const A_QUARTER: Part = [0.25, 0.25, 0.75, 0.75];
const A_TENTH: Part = [0.1, 0.6, 0.42, 0.92];
/// A fifth of a field of ten degrees.
const LITTLE: Part = [0.4, 0.4, 0.55, 0.55];

/// A picture of which one part is `one` mixed with so much of `other`.
fn picture(part: Part, [one, other]: [[u8; 3]; 2], share: f64) -> Pixels {
    let mut pixels = Pixels::black(SIZE);
    for (i, pixel) in pixels.rgba.chunks_exact_mut(4).enumerate() {
        let x = (i % SIZE[0]) as f64 / SIZE[0] as f64;
        let y = (i / SIZE[0]) as f64 / SIZE[1] as f64;
        let inside = x >= part[0] && y >= part[1] && x < part[2] && y < part[3];
        for k in 0..3 {
            let [from, to] = [one[k], other[k]].map(f64::from);
            pixel[k] = match inside {
                true => (from + (to - from) * share).round() as u8,
                false => 60,
            };
        }
    }
    pixels
}

/// What is on and off at this place of a period, 0 to 1.
type Wave = fn(f64) -> f64;
const SQUARE: Wave = |at| f64::from(u8::from(at < 0.5));
const SINE: Wave = |at| 0.5 - 0.5 * (at * std::f64::consts::TAU).cos();
const STAB: Wave = |at| (1.0 - 4.0 * at).max(0.0);

/// Pictures of `seconds` in which a part goes from one colour to the other so often in a second.
fn strobe(
    (hz, wave): (f64, Wave),
    colours: [[u8; 3]; 2],
    part: Part,
    (fps, seconds): (f64, f64),
) -> Vec<Pixels> {
    let at = |n: usize| wave((n as f64 / fps * hz + 1e-9).fract());
    let pictures = 0..(seconds * fps) as usize;
    pictures.map(|n| picture(part, colours, at(n))).collect()
}

/// What is seen of pictures, and how many were held back.
fn limited(pictures: &[Pixels], fps: f64) -> (Vec<Pixels>, u64) {
    let (mut limiter, scene) = (Limiter::default(), scene(true));
    let seen = pictures.iter().map(|pixels| {
        let mut picture = Picture::from(pixels.clone());
        let limited = limiter.limit(&scene, 1.0, 1.0 / fps as f32, &mut picture);
        limited.expect("memory is never lost");
        picture.pixels().expect("in memory").clone()
    });
    let seen = seen.collect();
    (seen, limiter.held())
}

/// The light of each code, by IEC 61966-2-1.
static LIGHT: LazyLock<[f64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let code = code as f64 / 255.0;
        match code <= 0.04045 {
            true => code / 12.92,
            false => ((code + 0.055) / 1.055).powf(2.4),
        }
    })
});

/// Relative luminance, and 320 times how much more red there is than the rest where that is saturated.
fn measures(pixel: &[u8]) -> [f64; 2] {
    let [r, g, b] = [0, 1, 2].map(|k| LIGHT[usize::from(pixel[k])]);
    let saturated = r + g + b > 0.0 && r / (r + g + b) >= 0.8;
    let red = if saturated { (r - g - b) * 320.0 } else { 0.0 };
    [0.2126 * r + 0.7152 * g + 0.0722 * b, red]
}

/// The numbers of pictures at which a series turns by at least `change`: the zigzag through it.
fn turns(series: &[f64], change: f64, dark: f64) -> Vec<usize> {
    let mut turns = Vec::new();
    let (mut extreme, mut up) = (series[0], None);
    for (n, &value) in series.iter().enumerate() {
        let on = match up {
            Some(true) => value > extreme,
            Some(false) => value < extreme,
            None => false,
        };
        if on {
            extreme = value;
        } else if (value - extreme).abs() >= change && value.min(extreme) < dark {
            turns.push(n);
            up = Some(value > extreme);
            extreme = value;
        }
    }
    turns
}

/// The most changes that any block of a picture, or all of it, makes in any second.
fn most_changes(pictures: &[Pixels], fps: f64) -> usize {
    const BLOCKS: [usize; 2] = [12, 9];
    let blocks = BLOCKS[0] * BLOCKS[1];
    let block = |i: usize| {
        let (x, y) = (i % SIZE[0], i / SIZE[0]);
        x * BLOCKS[0] / SIZE[0] + y * BLOCKS[1] / SIZE[1] * BLOCKS[0]
    };
    let mut series = vec![[Vec::new(), Vec::new()]; blocks + 1];
    for picture in pictures {
        let mut sums = vec![[0.0; 3]; blocks + 1];
        for (i, pixel) in picture.rgba.chunks_exact(4).enumerate() {
            let [luminance, red] = measures(pixel);
            for place in [block(i), blocks] {
                let sum = &mut sums[place];
                *sum = [sum[0] + luminance, sum[1] + red, sum[2] + 1.0];
            }
        }
        for (series, sum) in series.iter_mut().zip(sums) {
            series[0].push(sum[0] / sum[2]);
            series[1].push(sum[1] / sum[2]);
        }
    }
    let most = |turns: Vec<usize>| {
        let within = |i: usize| {
            let last = turns[i] + fps as usize;
            turns[i..].iter().filter(|n| **n < last).count()
        };
        (0..turns.len()).map(within).max().unwrap_or(0)
    };
    let counted = series.iter().map(|[luminance, red]| {
        most(turns(luminance, 0.1, 0.8)).max(most(turns(red, 20.0, f64::MAX)))
    });
    counted.max().expect("blocks")
}

#[test]
fn what_flashes_seldom_passes_bit_for_bit() {
    for (hz, seconds) in [(0.5, 6.0), (1.0, 8.0), (1.5, 8.0), (2.0, 3.0), (3.0, 2.5)] {
        for colours in [[BLACK, WHITE], [BLACK, RED], [RED, WHITE]] {
            for fps in [24.0, 30.0, 60.0] {
                let pictures = strobe((hz, SQUARE), colours, ALL, (fps, seconds));
                let (seen, held) = limited(&pictures, fps);
                assert!(seen == pictures, "{hz} Hz at {fps}: {held} held back");
            }
        }
    }
}

#[test]
fn what_flashes_little_passes_bit_for_bit() {
    // Too small a change, too bright, too small a part.
    let cases = [
        ([[150; 3], [165; 3]], ALL),
        ([[235; 3], WHITE], ALL),
        ([BLACK, WHITE], LITTLE),
        ([BLACK, RED], LITTLE),
    ];
    for (colours, part) in cases {
        let pictures = strobe((8.0, SQUARE), colours, part, (30.0, 4.0));
        let (seen, held) = limited(&pictures, 30.0);
        assert!(seen == pictures, "{colours:?} {part:?}: {held} held back");
    }
}

#[test]
fn slow_fades_pass_bit_for_bit() {
    for colours in [[BLACK, WHITE], [BLACK, RED]] {
        let pictures = strobe((0.4, SINE), colours, ALL, (30.0, 6.0));
        assert!(limited(&pictures, 30.0).0 == pictures);
    }
}

#[test]
fn nothing_flashes_more_than_three_times_a_second_however_pictures_do() {
    let colours = [
        [BLACK, WHITE],
        [[70; 3], [200; 3]],
        [BLACK, RED],
        [[0, 0, 255], RED],
        [RED, [255, 200, 200]],
    ];
    let parts = [ALL, A_QUARTER, A_TENTH];
    let waves = [SQUARE, SINE, STAB];
    let paces = [
        (30.0, 4.0),
        (30.0, 6.0),
        (30.0, 8.3),
        (30.0, 15.0),
        (60.0, 5.0),
        (60.0, 12.0),
        (24.0, 6.0),
    ];
    for (i, (fps, hz)) in paces.into_iter().enumerate() {
        for (j, colours) in colours.into_iter().enumerate() {
            for (k, part) in parts.into_iter().enumerate() {
                let wave = waves[(i + j + k) % 3];
                let pictures = strobe((hz, wave), colours, part, (fps, 3.0));
                let (seen, _) = limited(&pictures, fps);
                let most = most_changes(&seen, fps);
                assert!(
                    most <= 6,
                    "{most} at {hz} Hz, {fps} a second, {colours:?} in {part:?}"
                );
            }
        }
    }
    let flashing = strobe((8.0, SQUARE), [BLACK, WHITE], ALL, (30.0, 2.0));
    assert!(most_changes(&flashing, 30.0) > 14, "whoever counts, counts");
}

#[test]
fn parts_that_flash_by_turns_count_as_one() {
    let quarter = |n: usize| {
        let (x, y) = ((n % 2) as f64 / 2.0, (n / 2 % 2) as f64 / 2.0);
        [x, y, x + 0.5, y + 0.5]
    };
    let lit = |n: usize| f64::from(u8::from((n / 2).is_multiple_of(2)));
    let colours = [[60; 3], WHITE];
    let shown = |n: usize| picture(quarter(n / 4), colours, lit(n));
    let pictures: Vec<Pixels> = (0..150).map(shown).collect();
    let (seen, _) = limited(&pictures, 30.0);
    assert!(most_changes(&pictures, 30.0) > 12);
    assert!(most_changes(&seen, 30.0) <= 6);
}

#[test]
fn chance_never_flashes_more_than_three_times_a_second() {
    let mut state = 7_u64;
    let mut chance = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    for colours in [[BLACK, WHITE], [BLACK, RED]] {
        for _ in 0..2 {
            let pictures: Vec<Pixels> = (0..150).map(|_| picture(ALL, colours, chance())).collect();
            let (seen, held) = limited(&pictures, 30.0);
            assert!(held > 0 && most_changes(&seen, 30.0) <= 6);
        }
    }
}

#[test]
fn what_is_held_goes_on_and_is_let_go_when_it_is_calm() {
    let colours = [BLACK, WHITE];
    let mut pictures = strobe((8.0, SQUARE), colours, ALL, (30.0, 6.0));
    let calm = picture(ALL, colours, 0.7);
    pictures.extend(std::iter::repeat_n(calm.clone(), 60));
    let (seen, _) = limited(&pictures, 30.0);
    // Neither black nor white: the mean of both, which goes on changing a little.
    let grey = |pixels: &Pixels| measures(&pixels.rgba)[0];
    let late: Vec<f64> = seen[120..180].iter().map(grey).collect();
    assert!(
        late.iter().all(|grey| (0.05..0.6).contains(grey)),
        "{late:?}"
    );
    assert!(late.windows(2).any(|pair| pair[0] != pair[1]));
    assert!(*seen.last().unwrap() == calm);
}

#[test]
fn switched_off_it_does_nothing_and_forgets() {
    let (mut limiter, off) = (Limiter::default(), scene(false));
    for n in 0..60 {
        let pixels = picture(ALL, [BLACK, WHITE], f64::from(n % 2));
        let mut picture = Picture::from(pixels.clone());
        limiter.limit(&off, 1.0, 1.0 / 30.0, &mut picture).unwrap();
        assert!(*picture.pixels().unwrap() == pixels);
    }
    assert_eq!((limiter.held(), limiter.holds_back()), (0, false));
}

#[test]
fn odd_times_and_sizes_are_borne() {
    let (mut limiter, on) = (Limiter::default(), scene(true));
    let sizes = [[1, 1], [0, 0], [3, 200], [97, 1], SIZE];
    for n in 0..200 {
        let size = sizes[n / 3 % sizes.len()];
        let mut pixels = Pixels::black(size);
        pixels.rgba.fill(if n % 2 == 0 { 255 } else { 0 });
        let dt = [f32::NAN, -1.0, f32::INFINITY, 0.0, 1.0 / 60.0][n % 5];
        let mut picture = Picture::from(pixels);
        limiter
            .limit(&on, f32::from(n as u16 % 3), dt, &mut picture)
            .unwrap();
        assert_eq!(picture.size(), size);
    }
}

/// A picture on a card.
fn on_card(gpu: &Arc<GpuContext>, pixels: &Pixels, keepsake: &Keepsake) -> Picture {
    let mut picture = Picture::default();
    let size = [pixels.width, pixels.height];
    let texture = picture.texture_mut(gpu, size, None, keepsake);
    gpu.queue.write_texture(
        texture.as_image_copy(),
        &pixels.rgba,
        wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(4 * size[0] as u32),
            rows_per_image: None,
        },
        crate::gpu::extent(size),
    );
    picture
}

#[test]
fn a_card_shows_what_the_processor_shows() {
    let Ok(gpu) = GpuContext::new(Preference::Software) else {
        return; // There is no adapter on this machine.
    };
    let keepsake = Keepsake::default();
    let scene = scene(true);
    for (colours, part) in [([BLACK, WHITE], A_QUARTER), ([[0, 90, 255], RED], A_TENTH)] {
        let [mut processor, mut card] = [(); 2].map(|()| Limiter::default());
        let mut pictures = strobe((5.0, SQUARE), colours, part, (10.0, 2.0));
        let last = pictures[3].clone();
        pictures.extend(std::iter::repeat_n(last, 18));
        for (n, pixels) in pictures.iter().enumerate() {
            let light = if n < 30 { 1.0 } else { 0.6 };
            let mut one = Picture::from(pixels.clone());
            let mut other = on_card(&gpu, pixels, &keepsake);
            processor.limit(&scene, light, 0.1, &mut one).unwrap();
            card.limit(&scene, light, 0.1, &mut other).unwrap();
            assert!(other.card().is_some());
            assert!(one == other, "picture {n} differs");
        }
        assert!(processor.held() > 10);
        assert_eq!(processor.held(), card.held());
    }
}
