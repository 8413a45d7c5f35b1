//! What the emotion network costs: `cargo bench --bench emotion`.
//!
//! With `--paced=1`, computes one full window for every line on standard input and answers with its
//! milliseconds, for `benches/onnxruntime.py`.

use std::time::Instant;
use synopsia::emotion::{Listener, Network};

fn main() {
    let network = Network::built_in().expect("the built-in network is whole");
    let rate = network.sample_rate;
    let music: Vec<f32> = (0..12 * rate as usize)
        .map(|i| 0.3 * (i as f32 * 0.09).sin() * (i as f32 * 2e-4).sin())
        .collect();
    let window = || {
        let started = Instant::now();
        let frames = network.frames(&music[..network.window]);
        let estimate = frames.and_then(|frames| network.judge(&frames));
        std::hint::black_box(estimate.expect("the network runs"));
        1e3 * started.elapsed().as_secs_f64()
    };
    if std::env::args().any(|arg| arg.starts_with("--paced")) {
        for _ in std::io::stdin().lines() {
            println!("{:.4}", window());
        }
        return;
    }
    let mut times: Vec<f64> = (0..41).map(|_| window()).collect();
    times.sort_by(f64::total_cmp);
    println!("full window      {:8.2} ms", times[times.len() / 2]);
    let mut listener = Listener::new(rate).expect("16 kHz is a fine rate");
    let started = Instant::now();
    let listened = listener.listen(&music, |_, _| {});
    listened.expect("the network runs");
    let second = started.elapsed().as_secs_f64() / 12.0;
    println!("stream           {:8.2} ms a second of audio", 1e3 * second);
    println!("                 {:8.2} % of one core", 100.0 * second);
}
