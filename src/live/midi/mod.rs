//! MIDI: knobs and pads that move controls, by a map that is learned.
//!
//! All inputs of the system are listened to, also those that come later; a message moves what the map says at once, without
//! jumps, and what somebody else moves is told to motor faders and lit pads. While a control waits for a knob, the next one that
//! is moved has it from then on, and the map is kept.

mod devices;
mod hands;
mod map;
mod message;
mod moved;
mod outlet;
mod ready;
mod telling;

use super::control_source::ControlSource;
use super::keys::{BeatWish, KeyCommand};
use super::shared::Shared;
use crate::control::{Control, Setting, Snapshot};
use crate::signal::ClockMessage;
use crossbeam_channel::{Receiver, Sender, bounded};
pub(super) use devices::listen;
use hands::{Act, Hands};
use map::{Action, Binding, How, MidiMap, Target};
use message::{Knob, Message};
pub use outlet::MidiOutSetup;
pub(super) use outlet::tell;
use parking_lot::Mutex;
pub use ready::{ready_midi_map, ready_midi_maps};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Messages that may wait; more come only in a flood, in which the newest of each knob counts.
const WAITING: usize = 4096;

/// What an instance knows of MIDI.
pub struct Midi {
    hands: Mutex<Hands>,
    /// Where the map is kept.
    path: PathBuf,
    heard: Sender<Message>,
    /// The names of the devices that are listened to.
    devices: Mutex<Vec<String>>,
}

/// What was heard, as a source of controls.
struct Source {
    midi: Arc<Midi>,
    heard: Receiver<Message>,
    commands: Sender<KeyCommand>,
}

impl ControlSource for Source {
    fn is_open(&self) -> bool {
        // Of a map that another one has replaced nobody else knows.
        Arc::strong_count(&self.midi) > 1
    }

    fn moves(&mut self, now: &Snapshot) -> Vec<Setting> {
        let mut moved = *now;
        let mut moves: Vec<Setting> = Vec::new();
        let mut hands = self.midi.hands.lock();
        for message in self.heard.try_iter() {
            for act in hands.hear(&message, &moved) {
                match act {
                    Act::Set(setting) => {
                        setting.apply(&mut moved);
                        // The host need not hear of every step on the way.
                        moves.retain(|other| other.control != setting.control);
                        moves.push(setting);
                    }
                    Act::Do(action) => {
                        let command = match action {
                            Action::Tap => KeyCommand::Beat(BeatWish::Tap),
                            Action::Untap => KeyCommand::Beat(BeatWish::Release),
                            Action::Double => KeyCommand::Beat(BeatWish::Double),
                            Action::Halve => KeyCommand::Beat(BeatWish::Halve),
                            Action::Earlier => KeyCommand::Beat(BeatWish::Earlier),
                            Action::Later => KeyCommand::Beat(BeatWish::Later),
                            Action::Seed => KeyCommand::NewSeed,
                            Action::Still => KeyCommand::KeepStill,
                        };
                        // Nobody is there any more whom it could be told.
                        let _ = self.commands.try_send(command);
                    }
                }
            }
        }
        moves
    }
}

impl Midi {
    /// Goes by the map at `path` from now on; what of it is not understood is told.
    ///
    /// # Errors
    /// When there is something else, in a sentence.
    pub(super) fn open(path: PathBuf, shared: &Shared) -> Result<Arc<Self>, String> {
        let (map, said) = MidiMap::open(&path)?;
        said.into_iter().for_each(|said| shared.status.report(said));
        let (heard, hears) = bounded(WAITING);
        let midi = Arc::new(Self {
            hands: Mutex::new(Hands::new(map)),
            path,
            heard,
            devices: Mutex::default(),
        });
        shared.add_source(Source {
            midi: Arc::clone(&midi),
            heard: hears,
            commands: shared.commands(),
        });
        Ok(midi)
    }

    /// Takes one whole message of a device.
    pub(super) fn hear(&self, device: &str, bytes: &[u8], shared: &Shared) {
        if let Some(message) = ClockMessage::read(bytes) {
            let mut clocks = shared.clocks.lock();
            return clocks.hear_midi(device, message, Instant::now());
        }
        let Some(message) = message::read(bytes) else {
            return;
        };
        let mut hands = self.hands.lock();
        let taught = hands.is_taught_by(&message).then(|| hands.map.clone());
        let learns = hands.learning().is_some();
        // Whoever paints asks for it, and waits for no disk.
        drop(hands);
        if let Some(map) = taught {
            return self.keep(&map, shared);
        }
        if !learns {
            // A full queue has newer ones of the same knob soon.
            let _ = self.heard.try_send(message);
            shared.serve_sources();
        }
    }

    fn keep(&self, map: &MidiMap, shared: &Shared) {
        if let Err(problem) = map.save(&self.path) {
            shared.status.report(problem);
        }
    }

    /// Has the next knob that is moved move this control from then on; none for no more.
    pub fn learn(&self, control: Option<Control>) {
        self.hands.lock().learn(control);
    }

    /// The control that waits for a knob.
    pub fn learning(&self) -> Option<Control> {
        self.hands.lock().learning()
    }

    /// Has nothing move a control any more, and keeps the map so.
    ///
    /// # Errors
    /// When it cannot be kept, in a sentence.
    pub fn forget(&self, control: Control) -> Result<(), String> {
        let mut hands = self.hands.lock();
        let map = hands.forget(control).then(|| hands.map.clone());
        drop(hands);
        map.map_or(Ok(()), |map| map.save(&self.path))
    }

    /// What moves a control, in words: `CC 21, note 36`; empty for nothing.
    pub fn movers(&self, control: Control) -> String {
        let hands = self.hands.lock();
        let target = Target::Control(control);
        let its = hands.map.bindings.iter().filter(|it| it.target == target);
        let words = its.map(|binding| match binding.knob {
            Knob::Controller(number) => format!("CC {number}"),
            Knob::Note(number) => format!("note {number}"),
            Knob::Program(number) => format!("program {number}"),
            Knob::Bend => "pitch bend".to_owned(),
            Knob::Pressure => "aftertouch".to_owned(),
        });
        words.collect::<Vec<_>>().join(", ")
    }

    /// The names of the devices that are listened to.
    pub fn devices(&self) -> Vec<String> {
        self.devices.lock().clone()
    }

    /// What is told to devices of controls that were moved: whole messages.
    fn shown(&self, before: &Snapshot, now: &Snapshot) -> Vec<[u8; 3]> {
        let hands = self.hands.lock();
        let shown = |(n, binding): (usize, &Binding)| {
            let Target::Control(control) = binding.target else {
                return None;
            };
            let [was, is] = [before, now].map(|all| control.get(all));
            if was.to_bits() == is.to_bits() || !matches!(binding.how, How::Absolute | How::Hold) {
                return None;
            }
            let place = control.row().values.normalised(is);
            // A fader that is moved is not moved against its hand.
            if hands.has_put(n, place) {
                return None;
            }
            let value = (place * 127.0).round() as u8;
            let channel = binding.channel.unwrap_or(1) - 1;
            match binding.knob {
                Knob::Controller(number) => Some([0xb0 | channel, number, value]),
                Knob::Note(number) => Some([0x90 | channel, number, value]),
                _ => None,
            }
        };
        let bindings = hands.map.bindings.iter().enumerate();
        bindings.filter_map(shown).collect()
    }
}

#[cfg(test)]
mod tests;
