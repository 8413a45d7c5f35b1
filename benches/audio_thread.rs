//! What the plugin costs the host's audio thread: `cargo bench --bench audio_thread`.
//!
//! A minute of music passes through the plugin's CLAP entry in blocks, each timed on its own, and
//! is shown as a share of the time that the block lasts. The other threads work meanwhile, as they
//! do while somebody looks. On a busy machine the slowest block is the scheduler's, not ours.

#[path = "../tests/host/mod.rs"]
mod host;

use host::{Buffers, Host, With, song};
use std::time::{Duration, Instant};

const RATE: usize = 48_000;
const SECONDS: usize = 60;

fn main() {
    println!("samples a block     usual     99.9 %    slowest   of the block's time");
    for block in [64, 128, 1024] {
        measure(block);
    }
}

fn measure(block: usize) {
    let mut host = Host::new();
    let mut processor = host.start(RATE as f64, block);
    let live = host.live();
    let mut buffers = Buffers::new(2, block, true);
    let mut state = 1u32;
    let mut times: Vec<f64> = (0..SECONDS * RATE / block)
        .map(|number| {
            live.look();
            // Noise that swells twice a second: every part has work to do.
            for (i, sample) in buffers.input.iter_mut().flatten().enumerate() {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let beat = (number * block + i % block) as f64 / RATE as f64 * 2.0;
                let noise = state as f32 / u32::MAX as f32 - 0.5;
                *sample = noise * (-8.0 * beat.fract()).exp() as f32;
            }
            let song = song((number * block) as f64 / RATE as f64 * 2.0, 120.0);
            let with = With {
                transport: Some(&song),
                ..With::default()
            };
            let start = Instant::now();
            buffers.process(&mut processor, block, with);
            let took = start.elapsed().as_secs_f64();
            // A tenth of the time that a host would wait for its next block.
            std::thread::sleep(Duration::from_secs_f64(0.1 * block as f64 / RATE as f64));
            100.0 * took * RATE as f64 / block as f64
        })
        .collect();
    host.stop(processor);
    times.sort_by(f64::total_cmp);
    println!(
        "{block:>15}  {:>6.2} %  {:>7.2} %  {:>7.2} %",
        times[times.len() / 2],
        times[times.len() * 999 / 1000],
        times[times.len() - 1],
    );
}
