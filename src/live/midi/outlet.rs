//! The MIDI port to which it is told what is heard.

use super::telling::Telling;
use crate::live::quiet_alsa;
use crate::live::shared::Shared;
use midir::{MidiOutput, MidiOutputConnection};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What we are called among the system's ports.
const NAME: &str = "Synopsia moods";

/// How often it is looked for a port that is not there.
const LOOK: Duration = Duration::from_secs(2);

/// To whom moods, beats and onsets are told by MIDI.
#[derive(Clone, Debug, PartialEq)]
pub struct MidiOutSetup {
    /// A part of the port's name; empty for a port of our own, which others connect to, where the system has such.
    pub port: String,
    /// 1 to 16.
    pub channel: u8,
    /// How often a second, at most.
    pub rate: f64,
}

/// Tells until told to stop.
pub(in crate::live) fn tell(setup: &MidiOutSetup, shared: &Shared, stop: &AtomicBool) {
    let _quiet = quiet_alsa();
    let mut telling = Telling::new(setup.channel);
    let mut port: Option<MidiOutputConnection> = None;
    let mut looked: Option<Instant> = None;
    let pause = Duration::from_secs_f64(1.0 / setup.rate.clamp(1.0, 200.0));
    while !stop.load(Ordering::Relaxed) {
        if port.is_none() && looked.is_none_or(|at| at.elapsed() >= LOOK) {
            looked = Some(Instant::now());
            match open(&setup.port) {
                // Whoever comes knows nothing yet.
                Ok(opened) => (port, telling) = (Some(opened), Telling::new(setup.channel)),
                Err(problem) => shared.status.report_once(problem),
            }
        }
        if let (Some(open), Some(now)) = (&mut port, shared.status.now()) {
            let told = telling.since(&now);
            if told.iter().any(|message| open.send(message).is_err()) {
                port = None;
            }
        }
        std::thread::park_timeout(pause);
    }
    if let Some(open) = &mut port {
        for message in telling.silence() {
            // It is gone with us.
            let _ = open.send(&message);
        }
    }
}

fn open(named: &str) -> Result<MidiOutputConnection, String> {
    let failed = |error: &dyn std::fmt::Display| format!("no MIDI can be told: {error}");
    let output = MidiOutput::new(NAME).map_err(|error| failed(&error))?;
    #[cfg(unix)]
    if named.is_empty() {
        use midir::os::unix::VirtualOutput;
        return output.create_virtual(NAME).map_err(|error| failed(&error));
    }
    #[cfg(not(unix))]
    if named.is_empty() {
        return Err(
            "no MIDI can be told: this system has no ports of one's own; name one".to_owned(),
        );
    }
    let ports = output.ports();
    let name_of = |port: &_| output.port_name(port).unwrap_or_default();
    let wanted = ports
        .iter()
        .find(|port| name_of(port).to_lowercase().contains(&named.to_lowercase()));
    let Some(port) = wanted.cloned() else {
        let names = ports.iter().map(name_of).collect::<Vec<_>>().join(", ");
        return Err(format!(
            "there is no MIDI output “{named}”; there are: {names}"
        ));
    };
    output.connect(&port, NAME).map_err(|error| failed(&error))
}
