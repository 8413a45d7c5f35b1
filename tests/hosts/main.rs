//! Hosts of their own in the tests' process: VST3 with and without a run loop, and CLAP beside it
//! where both are to keep the same promise.

#![cfg(target_os = "linux")]

#[path = "../host/mod.rs"]
mod clap;
#[path = "../display/mod.rs"]
mod display;
#[path = "../system_calls/mod.rs"]
mod system_calls;
#[path = "../common/turns.rs"]
mod turns;
#[path = "vst3/mod.rs"]
mod vst3_host;

mod audio_thread;
mod editor;
mod params;
mod size;

use turns::{eventually, take_turn};

/// A beat twice a second over a chord, made without allocating.
fn fill(channels: &mut [Vec<f32>], block: usize, rate: usize) {
    for (number, channel) in channels.iter_mut().enumerate() {
        let length = channel.len();
        for (i, sample) in channel.iter_mut().enumerate() {
            let seconds = (block * length + i) as f32 / rate as f32;
            let beat = (-20.0 * (seconds % 0.5)).exp() * (seconds * 377.0).sin();
            *sample = 0.5 * beat + 0.2 * (seconds * (1382.0 + 700.0 * number as f32)).sin();
        }
    }
}

/// A value for a parameter's point that moves with each block.
fn moving(block: usize, param: usize, point: usize) -> f64 {
    let phase = block as f64 * 0.05 + param as f64 + 0.3 * point as f64;
    phase.sin() * 0.5 + 0.5
}
