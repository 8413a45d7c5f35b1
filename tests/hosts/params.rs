//! What a host shows of parameters and buses, and what it may ask.

use crate::clap;
use crate::vst3_host::{Buffers, Changes, Host};
use synopsia::gan::Catalog;
use vst3::Steinberg::Vst::{BusInfo_, IEditControllerTrait, SpeakerArr};
use vst3::Steinberg::kResultOk;

const BLOCK: usize = 64;

#[test]
fn speakers_are_taken_as_the_plugin_has_them_and_no_others() {
    use SpeakerArr::{k51, kEmpty, kMono, kStereo};
    let host = Host::new();
    assert!(host.arrange(&[kStereo, kStereo], &[kStereo]));
    assert_eq!([0, 1].map(|bus| host.arrangement(bus)), [kStereo, kStereo]);
    assert!(host.arrange(&[kMono, kMono], &[kMono]));
    assert_eq!([0, 1].map(|bus| host.arrangement(bus)), [kMono, kMono]);
    // What is refused changes nothing.
    for sidechain in [k51, kStereo] {
        assert!(!host.arrange(&[kMono, sidechain], &[kMono]), "{sidechain}");
    }
    assert!(!host.arrange(&[kStereo, kMono], &[kStereo]));
    assert!(!host.arrange(&[kMono, kMono], &[kStereo]));
    assert!(!host.arrange(&[kStereo, kStereo], &[kMono]));
    assert!(!host.arrange(&[k51, k51], &[k51]));
    assert!(!host.arrange(&[kEmpty, kStereo], &[kStereo]));
    assert!(!host.arrange(&[kStereo], &[kStereo]));
    assert_eq!([0, 1].map(|bus| host.arrangement(bus)), [kMono, kMono]);
}

#[test]
fn a_sidechain_may_be_empty() {
    use SpeakerArr::{kEmpty, kMono, kStereo};
    let host = Host::new();
    for main in [kStereo, kMono] {
        assert!(host.arrange(&[main, kEmpty], &[main]));
        assert_eq!([0, 1].map(|bus| host.arrangement(bus)), [main, kEmpty]);
        assert_eq!(host.input(1).unwrap().channelCount, 0);
    }
    // Music passes all the same.
    assert!(host.arrange(&[kStereo, kEmpty], &[kStereo]));
    host.start(48_000.0, BLOCK);
    let mut buffers = Buffers::new(BLOCK);
    crate::fill(&mut buffers.input, 0, 48_000);
    assert_eq!(buffers.process(&host.processor, BLOCK, None), kResultOk);
    assert!(clap::same_bits(&buffers.input[1], &buffers.output[1]));
    host.stop();
    assert!(host.arrange(&[kStereo, kStereo], &[kStereo]));
    assert_eq!(host.arrangement(1), kStereo);
}

#[test]
fn the_main_bus_is_active_by_default_and_the_sidechain_is_not() {
    let host = Host::new();
    let active = |bus| {
        let flags = host.input(bus).expect("a bus").flags;
        flags & BusInfo_::BusFlags_::kDefaultActive != 0
    };
    assert!(active(0));
    assert!(!active(1));
    assert!(host.input(2).is_none());
    assert!(host.input(-1).is_none());
}

#[test]
fn what_a_host_sets_while_the_plugin_processes_takes_effect() {
    let host = Host::new();
    host.start(48_000.0, BLOCK);
    let mut buffers = Buffers::new(BLOCK);
    let params = host.params();
    for param in &params {
        let value = if host.value(param) > 0.5 { 0.0 } else { 1.0 };
        host.set(param, value);
        buffers.process(&host.processor, BLOCK, None);
        let set = host.value(param);
        assert!((set - value).abs() < 1e-6, "{}: {set}", param.name);
    }
    host.stop();
}

#[test]
fn what_a_host_sets_after_its_last_block_is_in_what_it_saves() {
    let host = Host::new();
    host.start(48_000.0, BLOCK);
    let mut buffers = Buffers::new(BLOCK);
    let params = host.params();
    let ids: Vec<u32> = params.iter().map(|param| param.id).collect();
    let changes = Changes::new(&ids, &[0]);
    changes.set(|_, _| 0.0);
    buffers.process(&host.processor, BLOCK, Some(&changes));
    let before = host.save();
    params.iter().for_each(|param| host.set(param, 1.0));
    let after = host.save();
    for (saved, value) in [(&before, 0.0), (&after, 1.0)] {
        let other = Host::new();
        other.load(saved);
        for param in &params {
            assert_eq!(other.value(param), value, "{}", param.name);
        }
    }

    // What was set before a project is loaded is not set in it.
    buffers.process(&host.processor, BLOCK, Some(&changes));
    params.iter().for_each(|param| host.set(param, 1.0));
    host.load(&before);
    assert!(host.save() == before);
    host.stop();
}

#[test]
fn a_hosts_panel_that_lags_behind_automation_does_not_disturb_it() {
    let host = Host::new();
    host.start(48_000.0, BLOCK);
    let mut buffers = Buffers::new(BLOCK);
    let trails = host.param("Trails");
    let changes = Changes::new(&[trails.id], &[0, 32]);
    for block in 0..100 {
        let value = f64::from(block) / 100.0;
        changes.set(|_, _| value);
        buffers.process(&host.processor, BLOCK, Some(&changes));
        // A panel shows where automation was a moment ago.
        host.set(&trails, (value - 0.1).max(0.0));
        buffers.process(&host.processor, BLOCK, None);
        let set = host.value(&trails);
        assert!((set - value).abs() < 1e-6, "block {block}: {set}");
    }
    // It is heard again when automation has rested.
    for _ in 0..1500 {
        buffers.process(&host.processor, BLOCK, None);
    }
    host.set(&trails, 0.25);
    assert!((host.value(&trails) - 0.25).abs() < 1e-6);
    host.stop();
}

#[test]
fn units_stand_without_a_space_before_them() {
    let host = Host::new();
    for param in host.params() {
        assert_eq!(param.unit, param.unit.trim(), "{}", param.name);
    }
    assert_eq!(host.param("Trails").unit, "%");
}

#[test]
fn a_parameter_beyond_the_last_is_refused() {
    let host = Host::new();
    // SAFETY: the plugin fills in what it is handed.
    unsafe {
        let mut info = std::mem::zeroed();
        let count = host.controller.getParameterCount();
        for index in [-1, count, count + 1, i32::MAX] {
            assert_ne!(
                host.controller.getParameterInfo(index, &mut info),
                kResultOk
            );
        }
    }
}

/// What people type, and what is meant.
const TYPED: [(&str, &str, Option<f32>); 37] = [
    ("Valence", "0,5", Some(0.5)),
    ("Valence", "-0,25", Some(-0.25)),
    ("Valence", " + 0.5 ", Some(0.5)),
    ("Valence", "\u{2212}0.5", Some(-0.5)),
    ("Valence", "loud", None),
    ("Rotation", "45°", Some(45.0)),
    ("Rotation", "45 °", Some(45.0)),
    ("Rotation", "45 deg", Some(45.0)),
    ("Rotation", "45DEG", Some(45.0)),
    ("Rotation", "-12,5 degrees", Some(-12.5)),
    ("Rotation", "90", Some(90.0)),
    ("Rotation", "90 %", None),
    ("Trails", "50", Some(0.5)),
    ("Trails", "50%", Some(0.5)),
    ("Trails", "50,0 %", Some(0.5)),
    ("Trails", "NaN", None),
    ("Zoom", "2x", Some(2.0)),
    ("Zoom", "1,5 X", Some(1.5)),
    ("Zoom", "1.5", Some(1.5)),
    ("Emotion smoothing", "2,5 s", Some(2.5)),
    ("Emotion smoothing", "2 sec", Some(2.0)),
    ("Latent speed", "4 bars", Some(4.0)),
    ("Latent speed", "4 bars a keyframe", Some(4.0)),
    ("Symmetry", "None", Some(1.0)),
    ("Symmetry", "6", Some(6.0)),
    ("Symmetry", "6 Sectors", Some(6.0)),
    ("Loop", "8 bars", Some(8.0)),
    ("Loop", "12", Some(12.0)),
    ("Loop", "OFF", Some(0.0)),
    ("Loop", "for ever", None),
    ("Places", "New", Some(0.0)),
    ("Model", "1", Some(0.0)),
    ("Model", "a model that nobody has", None),
    ("Emotion source", "manual", Some(1.0)),
    ("Blackout", "ON", Some(1.0)),
    ("Blackout", "off", Some(0.0)),
    ("Blackout", "perhaps", None),
];

#[test]
fn texts_are_read_as_people_write_them() {
    let host = Host::new();
    let ours = Catalog::built_in();
    let (upper, wide) = (ours[0].to_uppercase(), format!(" {} ", ours[1]));
    let models = [("Model", &*upper, Some(0.0)), ("Model", &*wide, Some(1.0))];
    for (name, text, expected) in TYPED.into_iter().chain(models) {
        let param = host.param(name);
        let read = host.typed(&param, text);
        // SAFETY: a plain call.
        let plain = read
            .map(|value| unsafe { host.controller.normalizedParamToPlain(param.id, value) as f32 });
        let same = match (plain, expected) {
            (Some(plain), Some(expected)) => (plain - expected).abs() < 1e-3,
            (plain, expected) => plain == expected,
        };
        assert!(same, "{name}: “{text}” is read as {plain:?}");
    }
}

#[test]
fn each_value_of_a_choice_has_a_text_of_its_own_that_is_read_back() {
    let host = Host::new();
    for param in host.params().iter().filter(|param| param.steps > 0) {
        let value = |step| f64::from(step) / f64::from(param.steps);
        let texts: Vec<String> = (0..=param.steps)
            .map(|step| host.shown(param, value(step)))
            .collect();
        for (step, text) in texts.iter().enumerate() {
            assert!(
                !text.is_empty() && text.parse::<f64>().is_err(),
                "{}: {text}",
                param.name
            );
            let first = texts.iter().position(|other| other == text);
            assert_eq!(first, Some(step), "{}: {text}", param.name);
            let read = host.typed(param, text).expect("a value");
            let same = (read - value(step as i32)).abs() < 1e-6;
            assert!(same, "{}: {text} is {read}", param.name);
        }
    }
}
