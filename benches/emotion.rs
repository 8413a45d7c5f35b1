//! What the emotion network costs: `cargo bench --bench emotion`.
//!
//! With `--window`, prints only the median milliseconds of one full window, for
//! `benches/onnxruntime.py`.

use std::time::Instant;
use synopsia::emotion::{Listener, Network};

fn main() {
    let network = Network::built_in().expect("the built-in network is whole");
    let rate = network.sample_rate;
    let music: Vec<f32> = (0..12 * rate as usize)
        .map(|i| 0.3 * (i as f32 * 0.09).sin() * (i as f32 * 2e-4).sin())
        .collect();
    let window = &music[..network.window];
    let mut times: Vec<f64> = (0..41)
        .map(|_| {
            let started = Instant::now();
            let frames = network.frames(window).expect("the network runs");
            std::hint::black_box(network.judge(&frames).expect("the network runs"));
            1e3 * started.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let full = times[times.len() / 2];
    if std::env::args().any(|arg| arg == "--window") {
        println!("{full:.4}");
        return;
    }
    let mut listener = Listener::with_network(network, rate).expect("16 kHz is a fine rate");
    let started = Instant::now();
    listener
        .listen(&music, |_, _| {})
        .expect("the network runs");
    let second = started.elapsed().as_secs_f64() / 12.0;
    println!("full window      {full:8.2} ms");
    println!("stream           {:8.2} ms a second of audio", 1e3 * second);
    println!("                 {:8.2} % of one core", 100.0 * second);
}
