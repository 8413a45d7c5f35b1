//! A ramp of known values at four lamps, for `scripts/lights.py`: by sACN to the universe's group and an address, and by
//! Art-Net to this machine and an address.
//!
//!     lamps SACN_ADDRESS ART_NET_ADDRESS SECONDS_OF_RAMP SECONDS_OF_REST

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use synopsia_lights::{Levels, Lights, Moment, Patch, Target};

const PATCH: &str = r#"{"attack_ms": 0, "release_ms": 0, "end_ms": 500, "lamps": [
    {"universe": 1, "address": 1, "channels": "d", "shows": {"band": 1}},
    {"universe": 1, "address": 2, "channels": "d", "shows": {"band": 2}},
    {"universe": 1, "address": 3, "channels": [51, 102, "dimmer"], "shows": {"band": 3}},
    {"universe": 1, "address": 512, "channels": "d", "shows": {"band": 4}}]}"#;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, sacn, art_net, ramp, rest] = arguments.as_slice() else {
        return Err(
            "lamps SACN_ADDRESS ART_NET_ADDRESS SECONDS_OF_RAMP SECONDS_OF_REST".to_owned(),
        );
    };
    let seconds = |text: &str| {
        text.parse()
            .map(Duration::from_secs)
            .map_err(|e| format!("{text}: {e}"))
    };
    let (ramp, rest) = (seconds(ramp)?, seconds(rest)?);
    let targets = vec![
        Target::sacn(None)?,
        Target::sacn(Some(sacn))?,
        Target::art_net("127.0.0.1")?,
        Target::art_net(art_net)?,
    ];
    let lights = Lights::new(Patch::read(PATCH, "the ramp")?, targets)?;
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| lights.serve(&stop));
        let begun = Instant::now();
        while begun.elapsed() < ramp {
            // A whole step of a byte, so that all values are exact.
            let red = (255.0 * begun.elapsed().as_secs_f32() / ramp.as_secs_f32()).floor();
            let level = red / 255.0;
            let bands = [level, 1.0 - level, 0.0, 0.8, 0.0, 0.0, 0.0, 0.0];
            let levels = Levels {
                bands,
                ..Levels::default()
            };
            lights.show(Moment {
                levels,
                ..Moment::default()
            });
            std::thread::sleep(Duration::from_micros(16_667));
        }
        std::thread::sleep(rest);
        stop.store(true, Ordering::Relaxed);
    });
    lights.trouble().map_or(Ok(()), Err)
}
