//! What a hop of analysis costs, what hearing the beat in it does, and the mixdown for the ear: `cargo bench --bench analysis`.
//!
//! Times every hop on its own, because an audio thread cares for the slowest as much as for the
//! usual one. On a busy machine the slowest is the scheduler's, not ours; of the mixdown, whose work is
//! the same for every sample, the quickest of many seconds is taken.

use std::time::Instant;

use synopsia::beat::{BeatListener, hear_whole};
use synopsia::signal::{Analyser, AudioFrame, Layout, Mixdown};

const SECONDS: usize = 20;

fn main() {
    println!("rate       channels  hop      usual       99 %    slowest   of one core");
    for (rate, channels) in [
        (44_100.0, 1),
        (48_000.0, 2),
        (96_000.0, 2),
        (48_000.0, 8),
        (384_000.0, 2),
    ] {
        measure(rate, channels);
    }
    measure_beats();
    println!("mixdown at 48 kHz           a sample   of one core");
    for (name, channels, opposite) in [
        ("stereo", 2, false),
        ("opposite phase", 2, true),
        ("5.1", 6, false),
    ] {
        measure_mixdown(name, channels, opposite);
    }
}

/// The beat of music at 48 kHz: as it plays, and of all of it.
fn measure_beats() {
    const RATE: f64 = 48_000.0;
    let (Ok(mut analyser), Ok(mut listener)) = (Analyser::new(RATE, 1), BeatListener::new(RATE))
    else {
        return;
    };
    let samples = swelling_noise(RATE, 1);
    let mut frames: Vec<AudioFrame> = Vec::new();
    analyser.process_interleaved(&samples, |frame| frames.push(*frame));
    let mut times: Vec<f64> = (frames.iter_mut())
        .map(|frame| {
            let start = Instant::now();
            listener.hear(frame);
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let usual = times[times.len() / 2];
    let start = Instant::now();
    let whole = hear_whole(&mut frames, RATE).map_or(0.0, |()| start.elapsed().as_secs_f64());
    println!(
        "beats      {:.1} µs a hop, {:.2} % of one core; of a whole song {:.2} %",
        1e6 * usual,
        100.0 * usual * RATE / analyser.hop() as f64,
        100.0 * whole / SECONDS as f64,
    );
}

fn measure_mixdown(name: &str, channels: usize, opposite: bool) {
    const RATE: usize = 48_000;
    let mut state = 1u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state as f32 / u32::MAX as f32 - 0.5
    };
    let mut song: Vec<Vec<f32>> = (0..channels)
        .map(|_| (0..RATE).map(|_| noise()).collect())
        .collect();
    if opposite {
        song[1] = song[0].iter().map(|sample| -sample).collect();
    }
    let mut mixdown = Mixdown::new(RATE as f64, &Layout::usual(channels));
    let second = |_| {
        let start = Instant::now();
        for from in (0..RATE).step_by(64) {
            let block: Vec<&[f32]> = song
                .iter()
                .map(|channel| &channel[from..from + 64])
                .collect();
            mixdown.mix_planar(&block, |sample| {
                std::hint::black_box(sample);
            });
        }
        start.elapsed().as_secs_f64()
    };
    let least = (0..300).map(second).fold(f64::INFINITY, f64::min);
    println!(
        "{name:<24}  {:>8.1} ns  {:>10.3} %",
        1e9 * least / RATE as f64,
        100.0 * least
    );
}

fn measure(rate: f64, channels: usize) {
    let Ok(mut analyser) = Analyser::new(rate, channels) else {
        return;
    };
    let samples = swelling_noise(rate, channels);
    let hop = analyser.hop();
    let mut times: Vec<f64> = samples
        .chunks_exact(hop * channels)
        .map(|block| {
            let start = Instant::now();
            analyser.process_interleaved(block, |frame| {
                std::hint::black_box(frame);
            });
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let usual = times[times.len() / 2];
    println!(
        "{rate:>6} Hz  {channels:>8}  {:>4.1} ms  {usual:>6.1} µs  {:>6.1} µs  {:>6.1} µs  {:>8.2} %",
        hop as f64 / rate * 1e3,
        times[times.len() * 99 / 100],
        times[times.len() - 1],
        usual * 1e-4 / (hop as f64 / rate),
    );
}

/// Noise that swells twice a second: every part has work to do.
fn swelling_noise(rate: f64, channels: usize) -> Vec<f32> {
    let mut state = 1u32;
    (0..SECONDS * rate as usize * channels)
        .map(|n| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let beat = n as f64 / (channels as f64 * rate) * 2.0;
            let noise = state as f32 / u32::MAX as f32 - 0.5;
            noise * (-8.0 * beat.fract()).exp() as f32
        })
        .collect()
}
