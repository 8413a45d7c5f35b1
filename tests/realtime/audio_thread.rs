//! What the host's audio thread is promised: no allocation, no wait, no system call, and music that
//! passes whatever becomes of the other threads.

use crate::alone::alone;
use crate::host::allocations::allocations;
use crate::host::{Buffers, Handlers, Host, With, change, same_bits, song};
use clack_host::process::StartedPluginAudioProcessor;
use std::time::Duration;
use synopsia::emotion::Ear;
use synopsia::live::{Part, Setup, panic_next};

const RATE: usize = 48_000;
const BLOCK: usize = 128;

/// A beat twice a second over a chord, made without allocating.
fn fill(buffers: &mut Buffers, block: usize) {
    let channels = buffers.input.iter_mut().chain(&mut buffers.sidechain);
    for (number, channel) in channels.enumerate() {
        for (i, sample) in channel.iter_mut().enumerate() {
            let at = block * BLOCK + i;
            let seconds = at as f32 / RATE as f32;
            let beat = (-20.0 * (seconds % 0.5)).exp() * (seconds * 377.0).sin();
            *sample = 0.5 * beat + 0.2 * (seconds * (1382.0 + 700.0 * number as f32)).sin();
        }
    }
}

/// What changes from block to block, prepared beforehand.
struct Minute {
    transports: Vec<clack_host::events::event_types::TransportEvent>,
    changes: Vec<[clack_host::events::event_types::ParamValueEvent; 2]>,
}

impl Minute {
    const BLOCKS: usize = 60 * RATE / BLOCK;

    fn new(host: &mut Host) -> Self {
        let params = [host.param("Valence"), host.param("Zoom")];
        let events = |block: usize| {
            let value = (block as f64 * 0.01).sin() * 0.5 + 0.5;
            [
                change(0, &params[0], value),
                change(BLOCK as u32 / 2, &params[1], value),
            ]
        };
        let beats = |block: usize| (block * BLOCK) as f64 / RATE as f64 * 2.0;
        Self {
            transports: (0..Self::BLOCKS).map(|b| song(beats(b), 120.0)).collect(),
            changes: (0..Self::BLOCKS).map(events).collect(),
        }
    }

    /// Plays it all: the song runs in all blocks but each seventh, parameters move in each
    /// sixteenth. (The framework queues each move for the host's main thread, which does nothing
    /// here; a debug build writes to its log when the queue is full.)
    fn play(
        &self,
        processor: &mut StartedPluginAudioProcessor<Handlers>,
        buffers: &mut Buffers,
        mut after_block: impl FnMut(&Buffers),
    ) {
        for (block, (transport, changes)) in self.transports.iter().zip(&self.changes).enumerate() {
            fill(buffers, block);
            let with = With {
                events: if block % 16 == 0 { changes } else { &[] },
                transport: (block % 7 != 0).then_some(transport),
                ..With::default()
            };
            buffers.process(processor, BLOCK, with);
            after_block(buffers);
        }
    }
}

/// Plays a minute on a thread of its own, while `meanwhile` is done again and again on this one; calls
/// to the allocator in it.
fn allocations_in_a_minute(host: &mut Host, mut meanwhile: impl FnMut()) -> usize {
    let minute = Minute::new(host);
    let mut processor = host.start(RATE as f64, BLOCK);
    let mut buffers = Buffers::new(2, BLOCK, true);
    let (processor, calls) = std::thread::scope(|scope| {
        let audio = scope.spawn(|| {
            let calls = allocations(|| minute.play(&mut processor, &mut buffers, |_| ()));
            (processor, calls)
        });
        while !audio.is_finished() {
            meanwhile();
            std::thread::sleep(Duration::from_millis(20));
        }
        audio.join().expect("the audio thread ends well")
    });
    host.stop(processor);
    calls
}

#[test]
fn the_counter_counts() {
    assert!(allocations(|| drop(std::hint::black_box(vec![1]))) >= 2);
}

#[test]
fn nothing_is_allocated_while_the_other_threads_work() {
    let mut host = Host::new();
    let live = host.live();
    live.look();
    assert_eq!(allocations_in_a_minute(&mut host, || ()), 0);
}

#[test]
fn nothing_is_allocated_while_another_ear_is_chosen_again_and_again() {
    let mut host = Host::new();
    let live = host.live();
    let mut choices = Ear::ALL.into_iter().cycle();
    let choose = || {
        live.look();
        let setup = live.setup();
        let ear = choices.next().unwrap_or_default();
        live.set_setup(Setup { ear, ..setup });
    };
    assert_eq!(allocations_in_a_minute(&mut host, choose), 0);
    assert_eq!(host.status().problem, None);
    assert!(host.status().ear.is_some());
}

#[test]
fn nothing_is_allocated_while_nobody_empties_the_rings() {
    let mut host = Host::new();
    let minute = Minute::new(&mut host);
    let mut processor = host.start(RATE as f64, BLOCK);
    host.live().finish();
    let mut buffers = Buffers::new(2, BLOCK, true);
    let calls = allocations(|| minute.play(&mut processor, &mut buffers, |_| ()));
    assert_eq!(calls, 0);
    // All but what the rings hold was dropped, and counted.
    let dropped = host.status().dropped;
    let samples = 55 * RATE as u64..60 * RATE as u64;
    assert!(samples.contains(&dropped.samples), "{dropped:?}");
    assert!(dropped.hops > 1000, "{dropped:?}");
    host.stop(processor);
}

#[test]
fn music_passes_while_other_parts_panic_and_the_status_tells() {
    // Other instances of this process would run into the panics.
    let test = "audio_thread::music_passes_while_other_parts_panic_and_the_status_tells";
    if !alone(test, &[]) {
        return;
    }
    let mut host = Host::new();
    let mut processor = host.start(RATE as f64, BLOCK);
    let mut buffers = Buffers::new(2, BLOCK, false);
    for part in [Part::Emotion, Part::Painting] {
        for _ in 0..2 {
            let before = host.status().problems;
            let mut block = 0;
            host.look_until(|status| {
                // Again and again, since an instance of another test may be hit.
                if block % 100 == 0 {
                    panic_next(part);
                }
                fill(&mut buffers, block);
                buffers.process(&mut processor, BLOCK, With::default());
                assert!(same_bits(&buffers.input[0], &buffers.output[0]));
                assert!(same_bits(&buffers.input[1], &buffers.output[1]));
                block += 1;
                let told = status.problem.as_ref().is_some_and(|problem| {
                    problem.contains(&format!("the {} part failed", part.name()))
                });
                status.problems > before && told
            });
        }
    }
    // Both parts go on.
    let number = host.live().shown().map_or(0, |shown| shown.number);
    let position = host.status().now.map_or(0, |now| now.frame.position);
    host.look_until(|status| {
        fill(&mut buffers, 0);
        buffers.process(&mut processor, BLOCK, With::default());
        let shown = host.live().shown().map_or(0, |shown| shown.number);
        shown != number && status.now.is_some_and(|now| now.frame.position > position)
    });
    host.stop(processor);
}

/// An audio thread that ends its process with any system call.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod system_calls_of_the_audio_thread {
    use super::*;
    use crate::system_calls::{CHILD, MADE_IT, as_child, child};
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn a_minute_of_audio_makes_none() {
        let Ok(who_works) = std::env::var(CHILD) else {
            for who_works in ["all", "none"] {
                let status = child(
                    "audio_thread::system_calls_of_the_audio_thread::a_minute_of_audio_makes_none",
                    who_works,
                );
                assert_eq!(status.code(), Some(MADE_IT), "{who_works}: {status}");
            }
            return;
        };
        let mut host = Host::new();
        let minute = Minute::new(&mut host);
        let mut processor = host.start(RATE as f64, BLOCK);
        let mut buffers = Buffers::new(2, BLOCK, true);
        if who_works == "none" {
            host.live().finish();
        } else {
            host.look_until(|status| status.fps > 0.0);
        }
        as_child(|| minute.play(&mut processor, &mut buffers, |_| ()), || ());
    }

    #[test]
    fn one_would_have_been_noticed() {
        let Ok(what) = std::env::var(CHILD) else {
            for what in ["wait", "write", "sleep", "allocate"] {
                let status = child(
                    "audio_thread::system_calls_of_the_audio_thread::one_would_have_been_noticed",
                    what,
                );
                assert_eq!(status.signal(), Some(libc::SIGSYS), "{what}: {status}");
            }
            let status = child(
                "audio_thread::system_calls_of_the_audio_thread::one_would_have_been_noticed",
                "nothing",
            );
            assert_eq!(status.code(), Some(MADE_IT));
            return;
        };
        let lock = std::sync::Mutex::new(());
        let _held = lock.lock();
        let work = || match what.as_str() {
            "wait" => drop(lock.lock()),
            "write" => eprintln!("a word"),
            "sleep" => std::thread::sleep(Duration::from_millis(1)),
            "allocate" => drop(std::hint::black_box(vec![0_u8; 1 << 26])),
            _ => {}
        };
        as_child(work, || ());
    }
}
