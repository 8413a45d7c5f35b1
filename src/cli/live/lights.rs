//! Lamps that follow a stage.

use crate::lights::{Patch, Target};
use std::path::PathBuf;

/// Which lamps there are and how they are reached.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct LightsOption {
    /// Light lamps by sACN (E1.31): all that listen for the patch's universes, or those at an address (--sacn=10.0.0.20). May be
    /// given more than once.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, require_equals = true, default_missing_value = EVERYBODY, value_parser = sacn)]
    sacn: Vec<Target>,
    /// Light lamps by Art-Net, those at an address, or of the whole network (broadcast). May be given more than once.
    #[arg(long, value_name = "ADDRESS", value_parser = Target::art_net)]
    artnet: Vec<Target>,
    /// Which lamps there are and what each shows (docs/lights.md); if not given, four of three channels from address 1 of
    /// universe 1 on.
    #[arg(long, value_name = "PATCH.json")]
    lights: Option<PathBuf>,
}

/// What stands for all that listen.
const EVERYBODY: &str = "multicast";

fn sacn(text: &str) -> Result<Target, String> {
    Target::sacn((text != EVERYBODY).then_some(text))
}

impl LightsOption {
    /// The lamps and how they are reached; none where none are asked for.
    ///
    /// # Errors
    /// When the patch cannot be read or used, or nobody said how lamps are reached, in a sentence.
    pub(super) fn wanted(&self) -> Result<Option<(Patch, Vec<Target>)>, String> {
        let targets = [self.sacn.as_slice(), &self.artnet].concat();
        let patch = self.lights.as_deref().map(Patch::open).transpose()?;
        match (patch, targets.is_empty()) {
            (None, true) => Ok(None),
            (Some(_), true) => Err(
                "--lights says which lamps there are, and not how they are reached: add --sacn, or --artnet ADDRESS"
                    .to_owned(),
            ),
            (patch, false) => Ok(Some((patch.map_or_else(Patch::usual, Ok)?, targets))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        song: Option<PathBuf>,
        #[command(flatten)]
        lights: LightsOption,
    }

    fn targets(line: &str) -> Vec<String> {
        let line = Line::try_parse_from(line.split(' ')).unwrap();
        assert_eq!(line.song, Some("song.mp3".into()));
        let (_, targets) = line.lights.wanted().unwrap().unwrap();
        targets.iter().map(Target::to_string).collect()
    }

    #[test]
    fn a_song_behind_sacn_is_no_address() {
        assert_eq!(targets("live --sacn song.mp3"), ["sACN (multicast)"]);
        assert_eq!(
            targets("live --sacn=10.0.0.20 --artnet 10.0.0.21 --artnet broadcast song.mp3"),
            [
                "sACN to 10.0.0.20:5568",
                "Art-Net to 10.0.0.21:6454",
                "Art-Net to 255.255.255.255:6454"
            ]
        );
    }

    #[test]
    fn what_cannot_be_is_told_before_anything_is_sent() {
        for line in [
            "live --artnet lamp",
            "live --sacn=239.255.0.1",
            "live --artnet",
        ] {
            assert!(Line::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
        let wanted = |line: &str| {
            Line::try_parse_from(line.split(' '))
                .unwrap()
                .lights
                .wanted()
        };
        assert_eq!(wanted("live song.mp3"), Ok(None));
        let why = wanted("live --sacn --lights nowhere/tour.json").unwrap_err();
        assert!(
            why.starts_with("nowhere/tour.json cannot be read: "),
            "{why}"
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tour.json");
        std::fs::write(&path, r#"{"lamps": []}"#).unwrap();
        let line = format!("live --sacn --lights {}", path.display());
        let why = wanted(&line).unwrap_err();
        assert!(
            why.ends_with("tour.json cannot be used as a patch: it has no lamps"),
            "{why}"
        );
        std::fs::write(
            &path,
            include_str!("../../../crates/lights/src/patch/default.json"),
        )
        .unwrap();
        assert!(wanted(&line).is_ok());
        let alone = wanted(&line.replace("--sacn ", "")).unwrap_err();
        assert!(alone.contains("add --sacn"), "{alone}");
    }
}
