//! The machine's audio inputs and outputs.

use crate::live::quiet_alsa;
use crate::output::window;
use crate::plugin::Project;
use cpal::Device;
use cpal::traits::{DeviceTrait, HostTrait};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) fn name_of(device: &Device) -> String {
    device.description().map_or_else(
        |_| "a device without a name".into(),
        |d| d.name().to_owned(),
    )
}

pub(super) fn find_output(wanted: Option<&str>) -> Result<Device, String> {
    let host = cpal::default_host();
    match wanted {
        None => host
            .default_output_device()
            .ok_or("there is no audio output".into()),
        Some(wanted) => named(host.output_devices(), wanted, "output"),
    }
}

pub(super) fn named(
    devices: Result<impl Iterator<Item = Device>, cpal::Error>,
    wanted: &str,
    kind: &str,
) -> Result<Device, String> {
    let devices = devices.map_err(|e| format!("the audio {kind}s cannot be listed: {e}"))?;
    let mut names = Vec::new();
    for device in devices {
        let name = name_of(&device);
        if name.to_lowercase().contains(&wanted.to_lowercase()) {
            return Ok(device);
        }
        names.push(name);
    }
    let there = if names.is_empty() {
        "there is none".into()
    } else {
        names.join(", ")
    };
    Err(format!(
        "no audio {kind} has “{wanted}” in its name: {there}"
    ))
}

/// Reports what goes wrong with a stream, and asks for another one.
pub(super) fn on_error(
    name: String,
    project: &Arc<Project>,
    lost: &Arc<AtomicBool>,
) -> impl FnMut(cpal::Error) + Send + 'static {
    let (project, lost) = (Arc::clone(project), Arc::clone(lost));
    move |error| {
        use cpal::ErrorKind::{DeviceChanged, RealtimeDenied, Xrun};
        if !matches!(error.kind(), DeviceChanged | RealtimeDenied | Xrun) {
            project.live.report(format!("{name} was lost: {error}"));
            lost.store(true, Ordering::Relaxed);
        }
    }
}

/// Inputs, outputs and monitors, one a line.
pub fn list() -> String {
    let _quiet = quiet_alsa();
    let host = cpal::default_host();
    let mut text = String::new();
    let mut lines = |title: &str, names: Vec<String>| {
        text.push_str(title);
        text.push('\n');
        for name in if names.is_empty() {
            vec!["none".into()]
        } else {
            names
        } {
            text.push_str(&format!("  {name}\n"));
        }
    };
    let names = |devices: Vec<Device>| devices.iter().map(name_of).collect();
    let inputs = host.input_devices().map(Iterator::collect);
    lines("Inputs", names(inputs.unwrap_or_default()));
    let outputs = host.output_devices().map(Iterator::collect);
    lines("Outputs", names(outputs.unwrap_or_default()));
    let monitors = window::monitors().unwrap_or_default().into_iter();
    lines(
        "Monitors",
        monitors
            .map(|m| format!("{} ({}x{})", m.name, m.size[0], m.size[1]))
            .collect(),
    );
    text
}
