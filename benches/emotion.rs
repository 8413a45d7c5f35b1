//! What the emotion network costs: `cargo bench --bench emotion`.
//!
//! With `--paced=1`, computes one full window for every empty line on standard input, or a hop of
//! the stream for every other, and answers with its milliseconds, for `benches/onnxruntime.py`.

use std::time::Instant;
use synopsia::emotion::{Ear, Listener, Network};

/// Milliseconds that `work` takes.
fn timed(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    1e3 * started.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn music(rate: u32) -> Vec<f32> {
    (0..12 * rate)
        .map(|i| i as f32 * 16_000.0 / rate as f32)
        .map(|t| 0.3 * (t * 0.09).sin() * (t * 2e-4).sin())
        .collect()
}

/// Milliseconds that a listener takes for the next `length` samples, each time it is called.
fn stream(rate: u32, length: usize) -> impl FnMut() -> f64 {
    let music = music(rate);
    let mut listener = Listener::new(rate).expect("a fine rate");
    let mut at = 0;
    move || {
        let heard = &music[at..at + length];
        at = (at + length) % music.len();
        timed(|| listener.listen(heard, |_, _| {}).expect("the network runs"))
    }
}

fn main() {
    let network = Network::of(Ear::default()).expect("the built-in network is whole");
    let rate = network.sample_rate;
    let music = music(rate);
    let window = || {
        timed(|| {
            std::hint::black_box(network.estimate(&music[..network.window]));
        })
    };
    let mut hop = stream(rate, network.hop);
    if std::env::args().any(|arg| arg.starts_with("--paced")) {
        for line in std::io::stdin().lines() {
            let full = line.is_ok_and(|line| line.is_empty());
            println!("{:.4}", if full { window() } else { hop() });
        }
        return;
    }
    println!(
        "full window        {:8.3} ms",
        median((0..101).map(|_| window()).collect())
    );
    for rate in [rate, 44_100, 48_000] {
        let mut second = stream(rate, rate as usize);
        let cost = median((0..101).map(|_| second()).collect());
        let share = 0.1 * cost;
        println!("stream, {rate:6} Hz {cost:8.3} ms a second of audio, {share:.3} % of one core");
    }
}
