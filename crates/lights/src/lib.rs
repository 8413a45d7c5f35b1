//! Lamps that follow the picture: the light and the picture from one mood.
//!
//! A [`Patch`] says which lamps there are and what each shows: a part of the picture, a colour of the palette, the mood, or
//! how strong a band or the beat is. [`Lights`] is a thread that makes DMX of the newest [`Moment`] and sends it by sACN (ANSI
//! E1.31) and Art-Net 4, no oftener than lamps take it, and again while nothing changes. No lamp flashes more than three
//! times a second (`flashing`), whatever it is to show.

mod artnet;
mod colour;
mod flashing;
mod moment;
mod outputs;
mod patch;
mod rig;
mod sacn;
mod sender;
mod stream;
#[cfg(test)]
mod tests;

pub use moment::{BANDS, Levels, Moment, PALETTE, SmallPicture};
pub use outputs::Target;
pub use patch::{End, Lamp, Patch};
pub use sender::Lights;
