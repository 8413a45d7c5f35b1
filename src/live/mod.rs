//! How it runs while the music plays: the threads between an audio callback and a picture.
//!
//! [`Live`] is one instance. Its [`Tap`] belongs to the audio thread: it analyses what passes and
//! hands on samples and hops over rings, and nothing else. An emotion thread
//! listens to the samples, a painting thread composes, paints and renders; both poll their rings,
//! so that the audio thread wakes nobody, and rest when nobody looks. Pictures go to every
//! [sink](crate::output::PictureSink) that watches: an editor's preview, an output window, a recording.

mod clocks;
mod control_source;
mod course;
mod course_midi;
mod exit;
mod film_setup;
mod filming;
mod glide;
mod hearing;
mod instance;
mod kept;
mod keys;
mod lane;
mod lights;
mod listening;
mod lit;
mod lyrics;
mod midi;
mod moodboard;
mod osc;
mod pace;
mod painting;
mod playhead;
mod quiet;
mod recording;
mod remote;
mod remote_served;
mod rings;
mod setup;
mod shared;
mod status;
mod tap;
mod windowing;
mod wired;

pub use crate::control::Snapshot;
pub use crate::control::{MODELS, Preset, model_index, model_name, model_names};
pub use crate::faults::{
    Part, fail_pictures, failed_pictures, hold_films, hold_loading, panic_next,
    take_software_for_a_card,
};
pub use crate::frame::lose_device;
pub use clocks::Clock;
pub use course::{Cell, Course};
pub use film_setup::FilmSetup;
pub use instance::{Live, instances};
pub use keys::BeatWish;
pub use lane::read_lane;
pub use midi::{Midi, MidiOutSetup, ready_midi_map, ready_midi_maps};
pub use moodboard::read_moodboard;
pub use osc::{Allowed, OscSetup};
pub use quiet::quiet_alsa;
pub use remote::{OscQuerySetup, RemoteSetup};
pub use remote_served::Remote;
pub use setup::Setup;
pub use shared::Shown;
pub use status::{Dropped, Filming, HeardNow, Status, TempoSource};
pub use tap::Tap;
