//! What a VST3 host's audio thread is promised while all parameters move: no allocation, no wait,
//! no system call, no page that the system has to find; with the editor open and closed.

use crate::clap::allocations::allocations;
use crate::system_calls::{CHILD, MADE_IT, as_child, child};
use crate::vst3_host::{Buffers, Changes, Frame, Host};
use crate::{clap, display, eventually, fill, moving};
use vst3::ComPtr;
use vst3::Steinberg::Vst::IAudioProcessor;
use vst3::Steinberg::kResultOk;

const RATE: usize = 48_000;
const BLOCK: usize = 128;

/// Blocks in three seconds, after which the rings begin anew.
const BLOCKS: usize = 3 * RATE / BLOCK;

/// Points in each block for all parameters, of which the last is bypass.
fn all_params(host: &Host) -> Changes {
    let params = host.params();
    assert_eq!(params.last().map(|param| &*param.name), Some("Bypass"));
    let ids: Vec<u32> = params.iter().map(|param| param.id).collect();
    Changes::new(&ids, &[0, BLOCK as i32 / 2])
}

/// Plays `blocks`, in each of which all parameters move; nothing is bypassed for long.
fn play(
    processor: &ComPtr<IAudioProcessor>,
    buffers: &mut Buffers,
    changes: &Changes,
    blocks: std::ops::Range<usize>,
) {
    let bypass = changes.params() - 1;
    for block in blocks {
        fill(&mut buffers.input, block, RATE);
        changes.set(|param, point| {
            if param == bypass {
                f64::from(u8::from(block % 64 == 63))
            } else {
                moving(block, param, point)
            }
        });
        assert_eq!(buffers.process(processor, BLOCK, Some(changes)), kResultOk);
    }
}

#[test]
fn nothing_is_allocated_while_all_parameters_move() {
    let host = Host::new();
    let changes = all_params(&host);
    let mut buffers = Buffers::new(BLOCK);
    host.start(RATE as f64, BLOCK);
    let processor = &host.processor;
    let calls = std::thread::scope(|scope| {
        let work = || allocations(|| play(processor, &mut buffers, &changes, 0..BLOCKS));
        let audio = scope.spawn(work);
        audio.join().expect("the audio thread ends well")
    });
    host.stop();
    assert_eq!(calls, 0);
}

#[test]
fn nothing_is_allocated_for_more_points_than_can_be_queued() {
    let host = Host::new();
    let params = host.params();
    let ids: Vec<u32> = params.iter().map(|param| param.id).collect();
    let times: Vec<i32> = (0..BLOCK as i32).collect();
    let changes = Changes::new(&ids, &times);
    let mut buffers = Buffers::new(BLOCK);
    host.start(RATE as f64, BLOCK);
    let last = BLOCK - 1;
    // Off at the end, so that bypass hears what follows.
    changes.set(|param, point| {
        if point == last {
            0.25
        } else {
            moving(point, param, 0)
        }
    });
    let calls = allocations(|| {
        buffers.process(&host.processor, BLOCK, Some(&changes));
    });
    assert_eq!(calls, 0);
    // Each parameter is where its last point says.
    for param in params.iter().filter(|param| param.unit == "%") {
        let value = host.value(param);
        assert!((value - 0.25).abs() < 1e-3, "{}: {value}", param.name);
    }
    host.stop();
}

#[test]
#[cfg(target_arch = "x86_64")]
fn all_parameters_moving_make_no_system_call() {
    let Ok(what) = std::env::var(CHILD) else {
        for what in ["closed", "run loop", "no run loop"] {
            let test = "audio_thread::all_parameters_moving_make_no_system_call";
            let status = child(test, what);
            assert_eq!(status.code(), Some(MADE_IT), "{what}: {status}");
        }
        return;
    };
    let host = Host::new();
    let changes = all_params(&host);
    let mut buffers = Buffers::new(BLOCK);
    host.start(RATE as f64, BLOCK);
    let editor = (what != "closed").then(|| {
        display::ensure();
        let editor = host.open(Frame::new(what == "run loop"));
        eventually("many colours", || editor.parent.colours() > 100);
        editor
    });
    let processor = host.processor.clone();
    as_child(
        move || play(&processor, &mut buffers, &changes, 0..BLOCKS),
        || {
            if let Some(editor) = &editor {
                editor.frame.run_loop.turn();
            }
        },
    );
}

/// Pages that the system had to find for the calling thread.
fn faults() -> i64 {
    // SAFETY: the call fills in what it is handed.
    unsafe {
        let mut usage = std::mem::zeroed::<libc::rusage>();
        assert_eq!(libc::getrusage(libc::RUSAGE_THREAD, &mut usage), 0);
        usage.ru_minflt + usage.ru_majflt
    }
}

/// A thread's own beginnings: its stack, its part of the allocator, the code that nobody has run.
/// They are another instance's, so that of the one that is looked at everything counts.
const FIRST_BLOCKS: usize = 16;

/// The most that may come all the same: code of what happens now and then, a beat or a bar.
const FEW: i64 = 16;

/// Pages that the system finds while `play` plays the second of two instances from its first block
/// on, on a thread that has played a little of the first.
fn faults_of_the_second(mut play: impl FnMut(usize, std::ops::Range<usize>) + Send) -> i64 {
    std::thread::scope(|scope| {
        let audio = scope.spawn(|| {
            play(0, 0..FIRST_BLOCKS);
            let before = faults();
            play(1, 0..BLOCKS);
            faults() - before
        });
        audio.join().expect("the audio thread ends well")
    })
}

#[test]
fn the_system_finds_no_pages_for_vst3_in_the_first_seconds() {
    let hosts = [Host::new(), Host::new()];
    let changes = all_params(&hosts[0]);
    let mut buffers = Buffers::new(BLOCK);
    hosts.iter().for_each(|host| host.start(RATE as f64, BLOCK));
    let processors = hosts.each_ref().map(|host| &host.processor);
    let faults = faults_of_the_second(|number, blocks| {
        play(processors[number], &mut buffers, &changes, blocks);
    });
    hosts.iter().for_each(Host::stop);
    assert!(faults <= FEW, "{faults} pages");
}

#[test]
fn the_system_finds_no_pages_for_clap_in_the_first_seconds() {
    let mut hosts = [clap::Host::new(), clap::Host::new()];
    let mut processors = hosts.each_mut().map(|host| host.start(RATE as f64, BLOCK));
    let mut buffers = clap::Buffers::new(2, BLOCK, true);
    let faults = faults_of_the_second(|number, blocks| {
        for block in blocks {
            fill(&mut buffers.input, block, RATE);
            buffers.process(&mut processors[number], BLOCK, clap::With::default());
        }
    });
    for (host, processor) in hosts.iter_mut().zip(processors) {
        host.stop(processor);
    }
    assert!(faults <= FEW, "{faults} pages");
}
