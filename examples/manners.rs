//! How manners of making music are heard: `cargo run --release --example manners -- COUNT [FIRST [EAR]]`. A row a piece of eight
//! bars in a manner by chance: its cues, and the valence and arousal that the ear hears, beside usual music. `training/compose/export.py`
//! fits to that what `synopsia compose` goes by.

use std::error::Error;
use synopsia::compose::{Composer, Heard, Held, Instruments, Wishes};
use synopsia::emotion::Ear;

fn main() -> Result<(), Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let count: u64 = given.next().ok_or("COUNT is missing")?.parse()?;
    let first: u64 = given.next().map_or(Ok(0), |text| text.parse())?;
    let ear: Ear = given
        .next()
        .map_or(Ok(Ear::default()), |text| text.parse())?;
    let (composer, instruments) = (Composer::built_in()?, Instruments::built_in()?);
    for seed in first..first + count {
        let wishes = Wishes {
            bars: 8,
            tonic: None,
            held: Held::default(),
            seed,
        };
        let manner = Composer::any_manner(seed);
        let score = composer.in_manner(&manner, &wishes);
        let heard = Heard::of(&score, &instruments, ear)?;
        let row = manner.cues().into_iter().chain(heard.whole);
        println!(
            "{}",
            row.map(|x| x.to_string()).collect::<Vec<_>>().join(",")
        );
    }
    Ok(())
}
