//! Events in every form that a host sends them.

use crate::host::{Buffers, Host, Param, Random, With, change, same_bits};
use clack_extensions::params::{ParamInfoBuffer, PluginParams};
use clack_host::events::event_types::ParamValueEvent;
use clack_host::prelude::*;
use clap_sys::events::clap_event_header;

/// Each parameter at some place of its range.
fn places(params: &[Param], random: &mut Random) -> Vec<f64> {
    let place = |param: &Param| match param.is_stepped {
        true => random.below(param.max as usize + 1) as f64,
        false => random.between(0.0, param.max),
    };
    params.iter().map(place).collect()
}

/// Changes of all parameters to `places`, at sample `time`.
fn changes(params: &[Param], places: &[f64], time: u32) -> Vec<ParamValueEvent> {
    let pairs = params.iter().zip(places);
    pairs
        .map(|(param, place)| change(time, param, *place))
        .collect()
}

/// Whether all parameters are where an instance has them that was told so at rest.
fn is_at(host: &mut Host, params: &[Param], places: &[f64]) -> bool {
    let mut idle = Host::new();
    let values: Vec<_> = params.iter().zip(places.iter().copied()).collect();
    idle.set(&values);
    let mut all = params.iter();
    all.all(|param| host.value(param) == idle.value(param))
}

#[test]
fn a_block_without_samples_sets_parameters() {
    let mut host = Host::new();
    let mut random = Random(31);
    let params = host.params();
    let mut processor = host.start(48_000.0, 64);
    let mut buffers = Buffers::new(2, 64, false);
    // With ports, and without any.
    for ports in [2, 0] {
        let places = places(&params, &mut random);
        let events = changes(&params, &places, 0);
        let with = With {
            events: &events,
            may_allocate: true,
            ..With::default()
        };
        Buffers::new(ports, 64, false).process(&mut processor, 0, with);
        assert!(is_at(&mut host, &params, &places), "{ports} channels");
    }
    buffers.input[0].fill(0.25);
    buffers.process(&mut processor, 64, With::default());
    assert!(same_bits(&buffers.input[0], &buffers.output[0]));
    host.stop(processor);
}

#[test]
fn parameters_are_flushed_on_the_audio_thread() {
    let mut host = Host::new();
    let mut random = Random(32);
    let params = host.params();
    let handle = host.instance.plugin_handle();
    let extension: PluginParams = handle.get_extension().expect("parameters");
    let mut processor = host.start(48_000.0, 64);
    for _ in 0..20 {
        let places = places(&params, &mut random);
        let events = changes(&params, &places, 0);
        processor = std::thread::scope(|scope| {
            let audio = scope.spawn(|| {
                extension.flush_active(
                    &mut processor.plugin_handle(),
                    &InputEvents::from_buffer(&events),
                    &mut OutputEvents::void(),
                );
                processor
            });
            // Meanwhile the main thread asks.
            for param in &params {
                assert!((0.0..=param.max).contains(&host.value(param)));
            }
            audio.join().expect("the audio thread ends well")
        });
        assert!(is_at(&mut host, &params, &places));
    }
    host.stop(processor);
}

#[test]
fn events_of_another_namespace_are_left_alone() {
    let mut host = Host::new();
    let params = host.params();
    let before: Vec<f64> = params.iter().map(|param| host.value(param)).collect();
    let places = places(&params, &mut Random(33));
    let mut events = changes(&params, &places, 0);
    for event in &mut events {
        // SAFETY: every event begins with its header.
        unsafe { (*(&raw mut *event).cast::<clap_event_header>()).space_id = 0xB33F };
    }
    let mut processor = host.start(48_000.0, 64);
    let with = With {
        events: &events,
        ..With::default()
    };
    Buffers::new(2, 64, false).process(&mut processor, 64, with);
    for (param, before) in params.iter().zip(before) {
        assert_eq!(host.value(param), before, "{}", param.name);
    }
    host.stop(processor);
}

#[test]
fn events_with_cookies_do_what_those_without_do() {
    let (mut host, mut other) = (Host::new(), Host::new());
    let params = host.params();
    let handle = host.instance.plugin_handle();
    let extension: PluginParams = handle.get_extension().expect("parameters");
    let cookies: Vec<_> = (0..extension.count(&handle))
        .map(|index| {
            let mut buffer = ParamInfoBuffer::new();
            let info = extension.get_info(&handle, index, &mut buffer);
            info.expect("a parameter").cookie
        })
        .collect();
    let places = places(&params, &mut Random(34));
    let without = changes(&params, &places, 0);
    let pairs = without.iter().zip(cookies);
    // SAFETY: each cookie is the plugin's own for that parameter.
    let with: Vec<_> = pairs
        .map(|(event, cookie)| unsafe { event.with_cookie(cookie) })
        .collect();
    for (host, events) in [(&mut host, &with), (&mut other, &without)] {
        let mut processor = host.start(48_000.0, 64);
        let with = With {
            events,
            ..With::default()
        };
        Buffers::new(2, 64, false).process(&mut processor, 64, with);
        host.stop(processor);
    }
    assert!(is_at(&mut host, &params, &places));
    assert_eq!(host.save(), other.save());
}

#[test]
fn events_beyond_the_block_do_no_harm() {
    let mut host = Host::new();
    let mut random = Random(35);
    let params = host.params();
    let mut processor = host.start(48_000.0, 64);
    let mut buffers = Buffers::new(2, 64, false);
    for time in [63, 64, 65, 1_000_000, u32::MAX] {
        let places = places(&params, &mut random);
        let events = changes(&params, &places, time);
        let with = With {
            events: &events,
            may_allocate: true,
            ..With::default()
        };
        for sample in &mut buffers.input[0] {
            *sample = random.between(-1.0, 1.0) as f32;
        }
        buffers.process(&mut processor, 64, with);
        assert!(same_bits(&buffers.input[0], &buffers.output[0]), "{time}");
        // What was meant for later is not lost.
        buffers.process(&mut processor, 64, With::default());
        assert!(is_at(&mut host, &params, &places), "{time}");
    }
    host.stop(processor);
}
