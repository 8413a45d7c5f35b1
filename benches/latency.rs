//! From an onset in the audio to the picture that shows it, with timestamps.
//!
//! `cargo bench --bench latency [-- OPTIONS]`
//!
//! A thread plays the part of a host: blocks of 512 samples at 48 kHz, in time. The music is a held
//! chord with a clap every 0.7 s or so. The clock starts when the host hands over the block in
//! which a clap begins (the sound card plays that block later than this), and stops when the first
//! picture is published whose scene flashes for it; with `--window`, also when the output window
//! has presented that picture or a later one. Before the claps it says when the first picture came
//! and when a graphics card took the painting over from the processor.
//!
//! `--claps N` measures so many (none: it ends with the takeover), and `--software` takes a
//! software adapter for a card.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use synopsia::live::{Live, Snapshot, Tap, take_software_for_a_card};

const RATE: f64 = 48_000.0;
const BLOCK: usize = 512;

/// What is played before the measurement, and how many claps are measured.
const WARM_UP: Duration = Duration::from_secs(5);
const CLAPS: usize = 40;

/// Longest that a clap is waited for, on average, and longest until somebody paints for good.
const PATIENCE: Duration = Duration::from_secs(2);
const LONGEST_START: Duration = Duration::from_secs(60);

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
fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot::default();
    snapshot.controls.mood_strength = 0.0;
    snapshot
}

struct Options {
    window: bool,
    software: bool,
    claps: usize,
}

impl Options {
    fn read() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            window: false,
            software: false,
            claps: CLAPS,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // `cargo bench` adds it.
                "--bench" => {}
                "--window" => options.window = true,
                "--software" => options.software = true,
                "--claps" => options.claps = arguments.next().ok_or("how many claps?")?.parse()?,
                other => return Err(format!("what is {other}?").into()),
            }
        }
        Ok(options)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read()?;
    if options.software {
        take_software_for_a_card();
    }
    let started = Instant::now();
    let live = Live::new(snapshot);
    let tap = live.connect(RATE, 2, false).expect("48 kHz is analysed");
    if options.window {
        live.open_window(None)?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let (clapped, claps) = unbounded();
    let host = std::thread::spawn(move || play(tap, &stopped, &clapped));
    let taken_over = see_it_begin(&live, started);
    let mut seen = Seen::default();
    if taken_over && options.claps > 0 {
        seen = Seen::measure(
            &live,
            &claps,
            started.elapsed().max(WARM_UP),
            started,
            &options,
        );
    }
    stop.store(true, Ordering::Relaxed);
    host.join().expect("the host's thread does not fail");
    let status = live.status();
    println!("{}; {}", status.painter, status.renderer);
    println!(
        "{}x{} pixels, {:.0} pictures a second, blocks of {BLOCK}\n",
        status.picture[0], status.picture[1], status.fps
    );
    if !taken_over {
        return Err("nobody paints for good".into());
    }
    if options.claps > 0 {
        println!("| | median | 95 % | slowest | of |\n|---|---|---|---|---|");
        report("picture is there", &mut seen.published);
    }
    if options.window {
        report("output window has presented it", &mut seen.presented);
    }
    let seen = seen.published.len();
    if seen < options.claps {
        let claps = options.claps;
        return Err(format!("only {seen} of {claps} claps were seen in a picture").into());
    }
    Ok(())
}

/// Plays in time until told to stop, and says when it hands over the beginning of a clap.
fn play(mut tap: Tap, stopped: &AtomicBool, clapped: &Sender<Instant>) {
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
        tap.hear(&both, &both, None, &snapshot());
        due += Duration::from_secs_f64(BLOCK as f64 / RATE);
    }
}

/// Looks until a picture has come and a card, where there is one, has got ready; says when.
fn see_it_begin(live: &Live, started: Instant) -> bool {
    let mut first = None;
    while started.elapsed() < LONGEST_START {
        live.look();
        if first.is_none() && live.shown().is_some() {
            first = Some(started.elapsed());
            println!("first picture after {:.0} ms", ms(started.elapsed()));
        }
        // Who paints meanwhile says so.
        if first.is_some() && !live.status().painter.ends_with("gets ready") {
            println!("painted as it stays after {:.0} ms", ms(started.elapsed()));
            return true;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    false
}

/// How long after its clap each picture came.
#[derive(Default)]
struct Seen {
    published: Vec<Duration>,
    presented: Vec<Duration>,
}

impl Seen {
    /// Looks until enough claps were seen; those before `warm` are not counted.
    fn measure(
        live: &Live,
        claps: &Receiver<Instant>,
        warm: Duration,
        started: Instant,
        options: &Options,
    ) -> Self {
        let mut seen = Self::default();
        let mut waiting: Option<Instant> = None;
        let mut last = (0, 0.0f32);
        let longest = warm + PATIENCE * options.claps as u32;
        while seen.published.len() < options.claps && started.elapsed() < longest {
            live.look();
            if let Ok(at) = claps.try_recv() {
                waiting = (started.elapsed() > warm).then_some(at);
            }
            if let Some(shown) = live.shown().filter(|shown| shown.number != last.0) {
                let now = Instant::now();
                let risen = shown.scene.flash > last.1 + RISE;
                last = (shown.number, shown.scene.flash);
                if let (Some(at), true) = (waiting, risen) {
                    seen.published.push(now - at);
                    waiting = None;
                    if options.window {
                        while live.presented().is_none_or(|last| last < now)
                            && at.elapsed().as_secs() < 1
                        {
                            std::thread::sleep(Duration::from_micros(200));
                        }
                        seen.presented
                            .extend(live.presented().map(|last| last - at));
                    }
                }
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        seen
    }
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: f64| {
        let index = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(index).map_or(f64::NAN, |&time| ms(time))
    };
    println!(
        "| {what} | {:.1} ms | {:.1} ms | {:.1} ms | {} |",
        at(0.5),
        at(0.95),
        at(1.0),
        times.len()
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
