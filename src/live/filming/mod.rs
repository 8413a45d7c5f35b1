//! Films of what is played: a recording of what is seen live, and a film of a bounce.
//!
//! Both are made on threads of their own, and both have the sample clock for their time: picture
//! `n` is what belongs to `n / fps` seconds after the first sample. A recording takes the pictures
//! that the painting thread shows and repeats them where they come late; a bounce paints each
//! picture itself, and the host waits for it. A film is at its place when it is whole, however it
//! ends: stopped, cut short by a full disk, or with the instance.

mod beats;
mod bounce;
mod encoder;
mod finish;
mod job;
mod recorder;
mod sound;

pub(super) use bounce::{BounceInput, bounce};
pub(super) use recorder::{reconnect, record, stop};
