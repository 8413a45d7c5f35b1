//! Lamps, where they listen, and what each of them shows.

use crate::colour::{Colour, Part};
use crate::moment::Moment;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Slots of a universe.
pub(crate) const SLOTS: u16 = 512;

/// Universes of sACN, of which Art-Net has fewer.
pub(crate) const UNIVERSES: std::ops::RangeInclusive<u16> = 1..=63_999;

/// The last port address of Art-Net.
pub(crate) const LAST_PORT: u16 = 0x7fff;

/// All lamps, and how they are spoken to.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    pub lamps: Vec<Lamp>,
    /// How often a second lamps are told what is new, at most; DMX itself takes 44.
    pub rate: f64,
    /// Whom lamps follow where there are several sources (sACN): 0 to 200, the highest.
    pub priority: u8,
    /// The Art-Net port address of universe 1.
    pub first_port: u16,
    /// By which of this machine's addresses lamps are reached, where it has several.
    pub from: Option<Ipv4Addr>,
    /// What lamps do when nothing more is to be shown, and how long they take to it.
    pub end: End,
    pub end_fade: Duration,
}

/// What lamps do in the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    Dark,
    Keep,
    /// All the same, in linear light.
    Colour(Colour),
}

/// A lamp: what it is, where it listens and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Lamp {
    /// What it is called in sentences.
    pub name: String,
    pub universe: u16,
    /// Of its first channel, 1 to 512.
    pub address: u16,
    pub(crate) channels: Vec<Channel>,
    pub(crate) shows: Shows,
    /// What it shows is as colourful, and as bright, as it was, times these.
    pub(crate) saturation: f32,
    pub(crate) gain: f32,
    /// How bright it is where it shows black (white light), and where it shows white.
    pub(crate) range: [f32; 2],
    /// It is no brighter, in any colour.
    pub(crate) max: f32,
    /// Its light is its value to the power of this.
    pub(crate) gamma: f32,
    /// Seconds in which it comes by 63 % closer to what is brighter, and to what is darker.
    pub(crate) attack: f64,
    pub(crate) release: f64,
}

/// One slot of a lamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// The coarse or only byte.
    Coarse(Part),
    /// What a byte leaves over, in 256ths of its step.
    Fine(Part),
    Fixed(u8),
}

impl Channel {
    pub fn part(self) -> Option<Part> {
        match self {
            Self::Coarse(part) | Self::Fine(part) => Some(part),
            Self::Fixed(_) => None,
        }
    }
}

/// What a lamp shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shows {
    /// Left, top, right and bottom of a part of the picture, as shares of it.
    Region([f32; 4]),
    /// A colour of the palette, from 0 on.
    Palette(usize),
    Mood,
    /// A level in a colour of its own.
    Level(Heard, Colour),
}

/// A level of what is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// From 0 on.
    Band(usize),
    Beat,
    Onset,
    Loudness,
}

impl Shows {
    /// What it is at this moment, 0 to 1.
    pub fn colour(self, moment: &Moment) -> Colour {
        let colour = match self {
            Self::Region(part) => moment.picture.mean(part),
            Self::Palette(number) => moment.palette[number],
            Self::Mood => crate::colour::of_mood(moment.mood.map(finite)),
            Self::Level(heard, colour) => {
                let levels = &moment.levels;
                let level = match heard {
                    Heard::Band(number) => levels.bands[number],
                    Heard::Beat => levels.beat,
                    Heard::Onset => levels.onset,
                    Heard::Loudness => levels.loudness,
                };
                colour.map(|c| c * finite(level).clamp(0.0, 1.0))
            }
        };
        colour.map(|c| finite(c).clamp(0.0, 1.0))
    }
}

fn finite(x: f32) -> f32 {
    if x.is_finite() { x } else { 0.0 }
}

impl Lamp {
    /// The slot behind its last one, counted from 0.
    pub(crate) fn end(&self) -> usize {
        usize::from(self.address) - 1 + self.channels.len()
    }
}

impl Patch {
    /// Its universes, each once, in order.
    pub(crate) fn universes(&self) -> Vec<u16> {
        let mut all: Vec<u16> = self.lamps.iter().map(|lamp| lamp.universe).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The Art-Net port address of a universe of the patch, where Art-Net has one.
    pub(crate) fn port(&self, universe: u16) -> Option<u16> {
        let port = (universe - 1).checked_add(self.first_port)?;
        (port <= LAST_PORT).then_some(port)
    }
}
