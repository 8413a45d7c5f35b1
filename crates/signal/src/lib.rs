//! What is heard right now.
//!
//! Samples come in, in blocks of any size; an [`AudioFrame`] leaves on every hop. Nothing here
//! allocates after construction, locks, logs, waits or opens a file, so all of it may run on an audio
//! thread.

mod analyser;
mod bands;
mod chroma;
mod clock;
mod downmix;
mod frame;
mod harmonic;
mod layout;
mod lead;
mod loudness;
mod midi_clock;
mod mixdown;
mod onset;
mod resampler;
mod speaker;
mod spectrum;
mod structure;
mod tap;
mod timbre;

pub use analyser::{Analyser, AnalyserError, hop};
pub use clock::{SongClock, SongTime, Transport};
pub use downmix::StereoDownmix;
pub use frame::{AudioFrame, BANDS, Beat, CHROMA, Level, PARTS};
pub use layout::Layout;
pub use lead::{BeatLead, Led};
pub use midi_clock::{ClockMessage, MidiClock};
pub use mixdown::Mixdown;
pub use resampler::Resampler;
pub use rubato::FixedSync;
pub use speaker::Speaker;
pub use spectrum::WINDOW_SECONDS;
pub use structure::{
    Break, BuildUp, Drop, FormPoint, LiveStructure, Mark, Section, SectionName, Structure,
    StructureAnalyser,
};
pub use tap::TapTempo;
