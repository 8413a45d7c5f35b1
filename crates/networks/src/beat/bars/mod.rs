//! Which beat of the bar it is, and how many a bar has.
//!
//! `network` tells of each beat, from what was heard since the last one, how likely it has which place in which bar;
//! `places` knows how bars follow one another.

mod input;
mod network;
mod places;

pub(super) use network::BarNetwork;

use super::input::INPUTS;
use input::BarInput;
use network::Memory;
use places::{Belief, Ways};

/// Follows the bars of a stream.
pub(super) struct Bars {
    input: BarInput,
    memory: Memory,
    belief: Belief,
}

impl Bars {
    pub const NEW: Self = Self {
        input: BarInput::NEW,
        memory: Memory::NEW,
        belief: Belief::NEW,
    };

    /// A beat has come.
    pub fn advance(&mut self) {
        self.belief.advance();
    }

    /// Takes in a hop that tells of `phase` of a beat, the first that does where it `is_beat`.
    pub fn hear(&mut self, network: &BarNetwork, heard: &[f32; INPUTS], phase: f64, is_beat: bool) {
        if let Some(numbers) = self.input.hear(heard, phase, is_beat) {
            let told = network.hear(&mut self.memory, numbers);
            self.belief.observe(&told);
        }
    }

    /// The number of the beat within the bar, and how many a bar has: foreseen at first, and soon after the beat as it
    /// was heard.
    pub fn place(&self) -> (u8, u8) {
        self.belief.place()
    }
}

/// The bars of a song of which what follows is known.
pub(super) struct WholeBars {
    input: BarInput,
    memory: Memory,
    ways: Ways,
}

impl WholeBars {
    pub fn new() -> Self {
        Self {
            input: BarInput::NEW,
            memory: Memory::NEW,
            ways: Ways::new(),
        }
    }

    /// As [`Bars::hear`].
    pub fn hear(&mut self, network: &BarNetwork, heard: &[f32; INPUTS], phase: f64, is_beat: bool) {
        if let Some(numbers) = self.input.hear(heard, phase, is_beat) {
            self.ways.hear(&network.hear(&mut self.memory, numbers));
        }
    }

    /// Of each beat but the last `lag` its number within the bar, and how many that has, from the first that was not
    /// told: they stay as they are, whatever comes.
    pub fn decide(&mut self, lag: usize) -> Vec<(u8, u8)> {
        self.ways.decide(lag)
    }

    /// Bytes that are kept of beats.
    #[cfg(test)]
    pub fn kept(&self) -> usize {
        self.ways.kept()
    }

    /// The same of those that are not told, and then of as many as one likes.
    pub fn end(mut self) -> impl Iterator<Item = (u8, u8)> {
        let rest = self.ways.decide(0);
        rest.into_iter().chain(self.ways.on())
    }
}
