//! From an onset in the audio to the picture that shows it, with timestamps.
//!
//! `cargo bench --bench latency [-- --window]`
//!
//! A thread plays the part of a host: blocks of 512 samples at 48 kHz, in time. The music is a held
//! chord with a clap every 0.7 s or so. The clock starts when the host hands over the block in
//! which a clap begins (the sound card plays that block later than this), and stops when the first
//! picture is published whose scene flashes for it; with `--window`, also when the output window
//! has presented that picture or a later one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::unbounded;
use synopsia::live::{Desk, Live};

const RATE: f64 = 48_000.0;
const BLOCK: usize = 512;

/// Seconds that are played before the measurement, and claps that are measured.
const WARM_UP: Duration = Duration::from_secs(5);
const CLAPS: usize = 40;

/// Seconds from clap to clap, on average.
const EVERY: f64 = 0.7;

/// Rise of a scene's flash that shows a clap.
const RISE: f32 = 0.01;

/// Noise of -1 to 1 that is the same each time (a linear congruential generator).
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// Knobs that let every clap flash, however calm the chord is felt to be.
fn desk() -> Desk {
    let mut desk = Desk::default();
    desk.controls.mood_strength = 0.0;
    desk
}

fn main() {
    let window = std::env::args().any(|argument| argument == "--window");
    let live = Live::new(desk);
    let mut tap = live.connect(RATE, 2, false).expect("48 kHz is analysed");
    if window {
        live.open_window(None).unwrap_or_else(|e| panic!("{e}"));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let (clapped, claps) = unbounded();
    let started = Instant::now();
    let host = std::thread::spawn(move || {
        let mut noise = Noise(1);
        let mut block = [[0.0f32; BLOCK]; 2];
        let (mut sample, mut clap_at) = (0u64, RATE as u64);
        let mut due = Instant::now();
        while !stopped.load(Ordering::Relaxed) {
            let mut begins = false;
            let [left, right] = &mut block;
            for (left, right) in left.iter_mut().zip(right) {
                let t = sample as f64 / RATE;
                let chord = [220.0, 277.2, 329.6].map(|hz| (t * hz * std::f64::consts::TAU).sin());
                let since = sample.saturating_sub(clap_at) as f64 / RATE;
                let clap = if sample >= clap_at {
                    0.8 * (-since * 40.0).exp() as f32 * noise.next()
                } else {
                    0.0
                };
                begins |= sample == clap_at;
                let value = 0.1 * chord.iter().sum::<f64>() as f32 + clap;
                (*left, *right) = (value, value);
                sample += 1;
                if since > 0.5 {
                    let jitter = 1.0 + 0.3 * f64::from(noise.next());
                    clap_at = sample + ((EVERY - 0.5) * jitter * RATE) as u64 + 1;
                }
            }
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if begins && clapped.send(Instant::now()).is_err() {
                return;
            }
            let both: [&[f32]; 2] = [&block[0], &block[1]];
            tap.hear(&both, &both, None, &desk());
            due += Duration::from_secs_f64(BLOCK as f64 / RATE);
        }
    });

    let (mut published, mut presented) = (Vec::new(), Vec::new());
    let mut waiting: Option<Instant> = None;
    let mut last = (0, 0.0f32);
    while published.len() < CLAPS && started.elapsed() < WARM_UP + Duration::from_secs(90) {
        live.look();
        if let Ok(at) = claps.try_recv() {
            waiting = (started.elapsed() > WARM_UP).then_some(at);
        }
        if let Some(shown) = live.shown().filter(|shown| shown.number != last.0) {
            let now = Instant::now();
            let risen = shown.scene.flash > last.1 + RISE;
            last = (shown.number, shown.scene.flash);
            if let (Some(at), true) = (waiting, risen) {
                published.push(now - at);
                waiting = None;
                if window {
                    while live.presented().is_none_or(|last| last < now)
                        && at.elapsed().as_secs() < 1
                    {
                        std::thread::sleep(Duration::from_micros(200));
                    }
                    presented.extend(live.presented().map(|last| last - at));
                }
            }
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    stop.store(true, Ordering::Relaxed);
    host.join().expect("the host's thread does not fail");
    let status = live.status();
    println!("{}; {}", status.painter, status.renderer);
    println!(
        "{}x{} pixels, {:.0} pictures a second, blocks of {BLOCK}",
        status.picture[0], status.picture[1], status.fps
    );
    report("onset to picture", &mut published);
    if window {
        report("onset to presented", &mut presented);
    }
    if published.len() < CLAPS {
        println!(
            "only {} of {CLAPS} claps were seen in a picture",
            published.len()
        );
        std::process::exit(1);
    }
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: f64| {
        let index = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(index).map_or(f64::NAN, |t| t.as_secs_f64() * 1e3)
    };
    println!(
        "{what:<20} median {:>6.1} ms   95 % {:>6.1} ms   worst {:>6.1} ms   ({} onsets)",
        at(0.5),
        at(0.95),
        at(1.0),
        times.len()
    );
}
