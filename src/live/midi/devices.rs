//! The system's MIDI devices: all are listened to, as they come and go.

use super::Midi;
use crate::live::quiet_alsa;
use crate::live::shared::Shared;
use midir::{Ignore, MidiInput, MidiInputConnection, MidiOutput, MidiOutputConnection};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// What we are called among the system's ports.
const NAME: &str = "Synopsia";

/// How often it is looked which devices there are, and where controls stand.
const LOOK: Duration = Duration::from_secs(2);
const SHOW: Duration = Duration::from_millis(30);

/// A device that is listened to.
struct Device {
    id: String,
    name: String,
    _input: MidiInputConnection<()>,
    /// Its other direction, where it has one.
    output: Option<MidiOutputConnection>,
}

/// Listens to all devices until told to stop.
pub(in crate::live) fn listen(midi: &Arc<Midi>, shared: &Arc<Shared>, stop: &AtomicBool) {
    let _quiet = quiet_alsa();
    let mut devices: Vec<Device> = Vec::new();
    let mut looked: Option<Instant> = None;
    let mut shown = (shared.snapshot)();
    while !stop.load(Ordering::Relaxed) {
        if looked.is_none_or(|at| at.elapsed() >= LOOK) {
            looked = Some(Instant::now());
            look(&mut devices, midi, &Arc::downgrade(shared));
        }
        let now = (shared.snapshot)();
        for message in midi.shown(&shown, &now) {
            for output in devices
                .iter_mut()
                .filter_map(|device| device.output.as_mut())
            {
                // One that was pulled out is gone at the next look.
                let _ = output.send(&message);
            }
        }
        shown = now;
        std::thread::park_timeout(SHOW);
    }
}

/// Lets go of devices that are gone, and takes those that have come.
fn look(devices: &mut Vec<Device>, midi: &Arc<Midi>, shared: &Weak<Shared>) {
    let Ok(input) = MidiInput::new(NAME) else {
        return;
    };
    let ports = input.ports();
    devices.retain(|device| ports.iter().any(|port| port.id() == device.id));
    for port in ports {
        let id = port.id();
        let name = input.port_name(&port).unwrap_or_default();
        // Ours is nobody's device.
        if name.contains(NAME) || devices.iter().any(|device| device.id == id) {
            continue;
        }
        let Ok(mut own) = MidiInput::new(NAME) else {
            continue;
        };
        own.ignore(Ignore::SysexAndActiveSense);
        let (midi, shared) = (Arc::clone(midi), shared.clone());
        let from = name.clone();
        let hear = move |_: u64, bytes: &[u8], (): &mut ()| {
            let Some(shared) = shared.upgrade() else {
                return;
            };
            // The system's thread ends with a panic, and the process with it.
            let heard = catch_unwind(AssertUnwindSafe(|| midi.hear(&from, bytes, &shared)));
            if heard.is_err() {
                shared
                    .status
                    .report_once("a MIDI message could not be understood".to_owned());
            }
        };
        if let Ok(input) = own.connect(&port, NAME, hear, ()) {
            let output = output_called(&name);
            devices.push(Device {
                id,
                name,
                _input: input,
                output,
            });
        }
    }
    *midi.devices.lock() = devices.iter().map(|device| device.name.clone()).collect();
}

/// The output of the same name, by which a device is told.
fn output_called(name: &str) -> Option<MidiOutputConnection> {
    let output = MidiOutput::new(NAME).ok()?;
    let ports = output.ports();
    let its = |port: &&_| output.port_name(port).is_ok_and(|other| other == name);
    let port = ports.iter().find(its)?.clone();
    output.connect(&port, NAME).ok()
}
