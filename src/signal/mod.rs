//! What is heard right now.
//!
//! Samples come in, in blocks of any size; an [`AudioFrame`] leaves on every hop. Nothing here
//! allocates after construction, locks, logs or waits, so all of it may run on an audio thread
//! (all but [`song`], which reads files).

mod clock;
mod frame;
pub mod song;

pub use clock::SongTime;
pub use frame::{AudioFrame, BANDS, Beat, CHROMA, Level};
