//! How a stage is reached, and tells, by MIDI.

use crate::folders;
use crate::live::{Live, MidiOutSetup, ready_midi_map, ready_midi_maps};
use std::path::PathBuf;

/// How others reach it by MIDI.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct MidiOption {
    /// Which MIDI knob moves what: the name of a controller for the map that comes with it (apc-mini, launch-control-xl, midimix,
    /// nanokontrol2, x-touch-mini; what is learned beside it is kept), or a file, which is made when the first knob is learned
    /// (MIDI in the editor); if not given, one among your data.
    #[arg(long, value_name = "NAME|FILE.json", conflicts_with = "no_midi")]
    midi_map: Option<PathBuf>,
    /// Do not listen to MIDI devices.
    #[arg(long)]
    pub(super) no_midi: bool,
    /// Tell what is heard and felt to the MIDI output whose name contains this, as controllers and notes; with an empty name to a
    /// port of one's own, which others connect to. The numbers are in docs/midi.md.
    #[arg(long, value_name = "NAME")]
    midi_to: Option<String>,
    /// The MIDI channel of what is told, 1 to 16.
    #[arg(long, value_name = "CHANNEL", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    midi_channel: u8,
}

/// How often a second a mood is told.
const RATE: f64 = 30.0;

impl MidiOption {
    /// Opens what is asked for.
    ///
    /// # Errors
    /// In a sentence, when a map cannot be read or there is none of that name.
    pub(super) fn open(&self, live: &Live) -> Result<(), String> {
        if let Some(map) = self.map()? {
            live.open_midi(map, true)?;
        }
        if let Some(port) = &self.midi_to {
            live.tell_midi(MidiOutSetup {
                port: port.clone(),
                channel: self.midi_channel,
                rate: RATE,
            })?;
        }
        Ok(())
    }

    /// Where the map is, or is to be; none where MIDI is not listened to.
    fn map(&self) -> Result<Option<PathBuf>, String> {
        let data = folders::data();
        if self.no_midi {
            return Ok(None);
        }
        let Some(named) = &self.midi_map else {
            return Ok(data.map(|folder| folder.join("midi.json")));
        };
        if named.exists() {
            return Ok(Some(named.clone()));
        }
        if let (Some(name), Some(folder)) = (named.to_str(), &data)
            && let Some(ready) = ready_midi_map(name, folder)?
        {
            return Ok(Some(ready));
        }
        if named.extension().is_none() {
            let ready = ready_midi_maps().collect::<Vec<_>>().join(", ");
            let named = named.display();
            return Err(format!(
                "there is no MIDI map “{named}”: a file {named}.json, or one of {ready}"
            ));
        }
        Ok(Some(named.clone()))
    }
}
