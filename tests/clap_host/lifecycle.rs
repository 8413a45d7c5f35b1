//! Instances come, start, stop and go in any order.

use crate::host::{Buffers, Host, With, same_bits};
use clack_extensions::render::{PluginRender, RenderMode};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn passes(
    buffers: &mut Buffers,
    processor: &mut clack_host::process::StartedPluginAudioProcessor<crate::host::Handlers>,
) -> bool {
    let frames = buffers.input[0].len();
    for (i, sample) in buffers.input[0].iter_mut().enumerate() {
        *sample = (i as f32 * 0.1).sin();
    }
    buffers.process(processor, frames, With::default());
    same_bits(&buffers.input[0], &buffers.output[0])
}

#[test]
fn starting_stopping_and_resetting_in_any_order_does_no_harm() {
    let mut host = Host::new();
    let mut buffers = Buffers::new(2, 256, false);
    for (rate, longest) in [
        (48_000.0, 256),
        (48_000.0, 512),
        (96_000.0, 256),
        (22_050.0, 4096),
    ] {
        // Activated for nothing.
        let processor = host.activate(rate, longest);
        host.instance.deactivate(processor);
        // Started for nothing, reset before and after.
        let mut stopped = host.activate(rate, longest);
        stopped.reset();
        let mut started = stopped.start_processing().expect("it starts");
        started.reset();
        let mut stopped = started.stop_processing();
        stopped.reset();
        // Started again, reset in the middle, stopped and started without going to sleep.
        for _ in 0..3 {
            let mut started = stopped.start_processing().expect("it starts");
            assert!(passes(&mut buffers, &mut started));
            started.reset();
            started.reset();
            assert!(passes(&mut buffers, &mut started));
            stopped = started.stop_processing();
        }
        host.instance.deactivate(stopped);
    }
}

#[test]
fn activated_again_it_listens_on() {
    let mut host = Host::new();
    let mut buffers = Buffers::new(2, 512, false);
    for (rate, layout, channels) in [
        (48_000.0, 0, 2),
        (48_000.0, 1, 1),
        (44_100.0, 0, 2),
        (44_100.0, 0, 2),
    ] {
        host.choose_layout(layout);
        if buffers.input.len() != channels {
            buffers = Buffers::new(channels, 512, false);
        }
        let mut processor = host.start(rate, 512);
        let before = host.status().now.map(|now| now.frame.position);
        host.wait_until(|status| {
            assert!(passes(&mut buffers, &mut processor));
            status
                .now
                .is_some_and(|now| Some(now.frame.position) != before)
        });
        host.stop(processor);
    }
}

#[test]
fn at_a_rate_that_no_music_has_audio_passes_and_the_status_tells() {
    let mut buffers = Buffers::new(2, 64, false);
    for rate in [1.0, 1e7, 1e30] {
        let mut host = Host::new();
        let mut processor = host.start(rate, 64);
        assert!(passes(&mut buffers, &mut processor));
        let problem = host.status().problem.expect("a sentence");
        assert!(problem.contains("nothing is heard"), "{problem}");
        host.stop(processor);
        // At a usual one it listens again.
        let mut processor = host.start(44_100.0, 64);
        host.wait_until(|status| {
            assert!(passes(&mut buffers, &mut processor));
            status.now.is_some()
        });
        host.stop(processor);
    }
}

#[test]
fn an_instance_that_is_destroyed_while_active_ends_with_all_that_it_runs() {
    let mut host = Host::new();
    let mut processor = host.start(48_000.0, 512);
    let mut buffers = Buffers::new(2, 512, false);
    host.look_until(|status| {
        assert!(passes(&mut buffers, &mut processor));
        status.now.is_some()
    });
    let live = Arc::downgrade(&host.live());
    // As a host does that crashes or is in a hurry: without a word about processing or activation.
    let handle = host.instance.plugin_handle();
    let plugin = handle.as_raw_ptr();
    // SAFETY: nothing calls the plugin from here on: what would is forgotten.
    unsafe { ((*plugin).destroy.expect("a plugin can be destroyed"))(plugin) };
    std::mem::forget((host, processor));
    assert!(live.upgrade().is_none());
}

#[test]
fn thirty_two_instances_play_at_once() {
    let mut hosts: Vec<Host> = (0..32).map(|_| Host::new()).collect();
    let mut playing: Vec<_> = hosts
        .iter_mut()
        .map(|host| (host.start(48_000.0, 256), Buffers::new(2, 256, true)))
        .collect();
    std::thread::scope(|scope| {
        for instances in playing.chunks_mut(8) {
            scope.spawn(move || {
                for _ in 0..200 {
                    for (processor, buffers) in &mut *instances {
                        assert!(passes(buffers, processor));
                    }
                }
            });
        }
    });
    for (host, (processor, _)) in hosts.iter_mut().zip(playing) {
        host.stop(processor);
        host.wait_until(|status| status.now.is_some());
    }
    let start = Instant::now();
    drop(hosts);
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_bounce_passes_audio_and_is_heard() {
    let mut host = Host::new();
    let mut buffers = Buffers::new(2, 1024, false);
    for mode in [
        RenderMode::Offline,
        RenderMode::Realtime,
        RenderMode::Offline,
    ] {
        let handle = host.instance.plugin_handle();
        let render: PluginRender = handle.get_extension().expect("render modes");
        assert!(!render.has_realtime_requirement(&handle));
        render.set(&handle, mode).expect("the mode is known");
        let mut processor = host.start(48_000.0, 1024);
        for _ in 0..400 {
            assert!(passes(&mut buffers, &mut processor));
        }
        host.wait_until(|status| {
            assert!(passes(&mut buffers, &mut processor));
            status.now.is_some()
        });
        host.stop(processor);
    }
}
