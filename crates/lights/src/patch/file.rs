//! A patch as a file holds it: JSON.

use super::lamps::{End, LAST_PORT, Lamp, Patch, SLOTS, UNIVERSES};
use super::words;
use serde::Deserialize;
use serde_json::Value;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Longer files are no patch.
pub(super) const LONGEST: u64 = 1 << 20;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PatchFile {
    lamps: Vec<LampFile>,
    #[serde(default = "default_rate")]
    rate: f64,
    #[serde(default = "default_priority")]
    priority: i64,
    #[serde(default = "default_port")]
    artnet_universe_1: i64,
    from: Option<Ipv4Addr>,
    end: Option<String>,
    #[serde(default = "default_end_ms")]
    end_ms: f64,
    /// For all lamps that do not say so themselves.
    attack_ms: Option<f64>,
    release_ms: Option<f64>,
    gamma: Option<f32>,
    /// No lamp is brighter, whatever it says itself.
    max: Option<f32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LampFile {
    name: Option<String>,
    universe: i64,
    address: i64,
    channels: Value,
    bits: Option<u8>,
    shows: Value,
    colour: Option<String>,
    saturation: Option<f32>,
    gain: Option<f32>,
    range: Option<[f32; 2]>,
    max: Option<f32>,
    gamma: Option<f32>,
    attack_ms: Option<f64>,
    release_ms: Option<f64>,
}

fn default_rate() -> f64 {
    40.0
}

fn default_priority() -> i64 {
    100
}

fn default_port() -> i64 {
    1
}

fn default_end_ms() -> f64 {
    1000.0
}

/// Fast enough for a beat, slow enough that a cut is a soft one.
const ATTACK_MS: f64 = 40.0;
const RELEASE_MS: f64 = 250.0;

pub(super) fn read(text: &str) -> Result<Patch, String> {
    if text.len() as u64 > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    let file: PatchFile = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| error.to_string())?;
    let mut lamps = Vec::with_capacity(file.lamps.len());
    for (n, lamp) in file.lamps.iter().enumerate() {
        let name = lamp
            .name
            .clone()
            .unwrap_or_else(|| format!("lamp {}", n + 1));
        let made = lamp.made(name.clone(), &file);
        lamps.push(made.map_err(|why| format!("{name}: {why}"))?);
    }
    let within = |what: &str, x: f64, low: f64, high: f64| {
        let sentence = || format!("{what} is from {low} to {high}, not {x}");
        (low..=high).contains(&x).then_some(x).ok_or_else(sentence)
    };
    let priority = within("the priority", file.priority as f64, 0.0, 200.0)?;
    let first_port = within(
        "the Art-Net port address of universe 1",
        file.artnet_universe_1 as f64,
        0.0,
        LAST_PORT.into(),
    )?;
    let end_ms = within("end_ms", file.end_ms, 0.0, 10_000.0)?;
    Ok(Patch {
        lamps,
        rate: within("the rate", file.rate, 1.0, 44.0)?,
        priority: priority as u8,
        first_port: first_port as u16,
        from: file.from,
        end: file.end.as_deref().map_or(Ok(End::Dark), words::end)?,
        end_fade: Duration::from_secs_f64(end_ms / 1e3),
    })
}

impl LampFile {
    fn made(&self, name: String, all: &PatchFile) -> Result<Lamp, String> {
        let place = |what: &str, n: i64, low: u16, high: u16| {
            let found = u16::try_from(n).ok().filter(|n| (low..=high).contains(n));
            found.ok_or_else(|| format!("{what} {n} is none, they go from {low} to {high}"))
        };
        let within = |what: &str, x: f32, low: f32, high: f32| {
            let sentence = || format!("its {what} is from {low} to {high}, not {x}");
            (low..=high).contains(&x).then_some(x).ok_or_else(sentence)
        };
        let seconds = |what: &str, ms: f64| {
            let sentence = || format!("its {what} is from 0 to 60000, not {ms}");
            (0.0..=60_000.0)
                .contains(&ms)
                .then_some(ms / 1e3)
                .ok_or_else(sentence)
        };
        let [dark, bright] = self.range.unwrap_or([0.0, 1.0]);
        let max = self.max.unwrap_or(1.0).min(all.max.unwrap_or(1.0));
        Ok(Lamp {
            name,
            universe: place(
                "universe",
                self.universe,
                *UNIVERSES.start(),
                *UNIVERSES.end(),
            )?,
            address: place("address", self.address, 1, SLOTS)?,
            channels: words::channels(&self.channels, self.bits.unwrap_or(8))?,
            shows: words::shows(&self.shows, self.colour.as_deref())?,
            saturation: within("saturation", self.saturation.unwrap_or(1.0), 0.0, 4.0)?,
            gain: within("gain", self.gain.unwrap_or(1.0), 0.0, 16.0)?,
            range: [
                within("range", dark, 0.0, 1.0)?,
                within("range", bright, 0.0, 1.0)?,
            ],
            max: within("max", max, 0.0, 1.0)?,
            gamma: within("gamma", self.gamma.or(all.gamma).unwrap_or(1.0), 0.25, 4.0)?,
            attack: seconds(
                "attack_ms",
                self.attack_ms.or(all.attack_ms).unwrap_or(ATTACK_MS),
            )?,
            release: seconds(
                "release_ms",
                self.release_ms.or(all.release_ms).unwrap_or(RELEASE_MS),
            )?,
        })
    }
}
