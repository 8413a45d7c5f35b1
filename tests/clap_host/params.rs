//! Parameters as a host sees and writes them.

use crate::host::{Host, Param};
use clack_extensions::params::PluginParams;
use clack_extensions::remote_controls::{PluginRemoteControls, RemoteControlsPageBuffer};
use std::ffi::CString;
use synopsia::live::Setup;

/// What a parameter's value is in words.
fn text(host: &mut Host, param: &Param, value: f64) -> String {
    let handle = host.instance.plugin_handle();
    let params: PluginParams = handle.get_extension().expect("parameters");
    let mut buffer = [0; 256];
    let text = params
        .value_to_text(&handle, param.id, value, &mut buffer)
        .expect("a text");
    String::from_utf8(text.to_vec()).expect("a text in UTF-8")
}

/// The value that a text says.
fn value(host: &mut Host, param: &Param, text: &str) -> Option<f64> {
    let handle = host.instance.plugin_handle();
    let params: PluginParams = handle.get_extension().expect("parameters");
    let text = CString::new(text).expect("a text without zeros");
    params.text_to_value(&handle, param.id, &text)
}

#[test]
fn every_text_that_a_host_shows_is_understood_when_typed() {
    let mut host = Host::new();
    for param in host.params() {
        for step in 0..=100 {
            let at = f64::from(step) / 100.0 * param.max;
            let shown = text(&mut host, &param, at);
            let typed = value(&mut host, &param, &shown);
            let typed = typed.unwrap_or_else(|| panic!("{}: {shown}", param.name));
            assert_eq!(text(&mut host, &param, typed), shown, "{}", param.name);
        }
    }
}

#[test]
fn text_that_means_nothing_is_refused_or_lands_in_range() {
    let mut host = Host::new();
    let nonsense = [
        "",
        " ",
        "%",
        ">",
        "a > b 3 %",
        "Own look > ",
        "Own look > Own look inf %",
        "NaN",
        "-NaN",
        "inf",
        "-inf",
        "1e30",
        "-1e30",
        "1e-40",
        "99999999999999999999",
        "-1",
        "0x10",
        "1,5",
        "🦀",
        "None",
        "on off",
        "12 sectors 12",
    ];
    for param in host.params() {
        for typed in nonsense {
            if let Some(at) = value(&mut host, &param, typed) {
                assert!(
                    (0.0..=param.max).contains(&at),
                    "{}: “{typed}” became {at}",
                    param.name
                );
            }
        }
    }
}

#[test]
fn values_that_no_host_should_send_leave_parameters_in_range() {
    let mut host = Host::new();
    let params = host.params();
    for bad in [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e300,
        -1e30,
        -0.5,
        1e9,
    ] {
        let values: Vec<_> = params.iter().map(|param| (param, bad)).collect();
        host.set(&values);
        for param in &params {
            let now = host.value(param);
            assert!((0.0..=param.max).contains(&now), "{}: {now}", param.name);
        }
    }
    // What was loaded with such values can be saved and loaded again.
    let saved = host.save();
    assert!(Host::new().load(&saved));
}

#[test]
fn parameters_begin_where_they_say_they_do() {
    let mut host = Host::new();
    let params = host.params();
    assert!(params.len() > 20);
    for param in &params {
        assert!(
            (host.value(param) - param.default).abs() < 1e-6,
            "{}",
            param.name
        );
    }
}

#[test]
fn a_key_of_the_output_window_moves_the_parameter_that_the_host_knows() {
    let mut host = Host::new();
    for (key, name) in [("b", "Blackout"), ("Space", "Freeze")] {
        let param = host.param(name);
        for expected in [1.0, 0.0, 1.0] {
            host.live().press(key);
            assert_eq!(host.value(&param), expected, "{name}");
        }
    }
    let mut other = Host::new();
    assert!(other.load(&host.save()));
    let blackout = other.param("Blackout");
    assert_eq!(other.value(&blackout), 1.0);
}

#[test]
fn a_key_is_seen_before_the_host_calls_back_and_what_the_host_sets_then_stays() {
    let mut host = Host::new();
    let blackout = host.param("Blackout");
    host.live().set_setup(Setup {
        size: Some([64, 36]),
        ..Setup::default()
    });
    host.live().press("b");
    host.look_until(|status| status.blackout);
    host.set(&[(&blackout, 0.0)]);
    host.look_until(|status| !status.blackout);
    host.instance.call_on_main_thread_callback();
    assert_eq!(host.value(&blackout), 0.0);
    // The next one finds it as the host has left it.
    host.live().press("b");
    assert_eq!(host.value(&blackout), 1.0);
    host.look_until(|status| status.blackout);
}

#[test]
fn remote_control_pages_hold_parameters_that_there_are() {
    let mut host = Host::new();
    let params = host.params();
    let handle = host.instance.plugin_handle();
    let pages: PluginRemoteControls = handle.get_extension().expect("remote controls");
    let mut names = Vec::new();
    for index in 0..pages.count(&handle) {
        let mut buffer = RemoteControlsPageBuffer::default();
        let page = pages.get(&handle, index, &mut buffer).expect("a page");
        names.push(String::from_utf8_lossy(page.page_name).into_owned());
        let slots: Vec<_> = page.param_ids.iter().flatten().collect();
        assert!(!slots.is_empty());
        for id in slots {
            assert!(params.iter().any(|param| param.id == *id));
        }
    }
    assert_eq!(
        names,
        ["Emotion", "Stage", "Motion", "Picture", "Form", "Words"]
    );
}
