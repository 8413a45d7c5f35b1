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
use network::{Memory, PLACES};
use places::{Belief, likeliest};

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

/// The bars of a song that is known to its end.
pub(super) struct WholeBars {
    input: BarInput,
    memory: Memory,
    told: Vec<[f32; PLACES]>,
}

impl WholeBars {
    pub fn new() -> Self {
        Self {
            input: BarInput::NEW,
            memory: Memory::NEW,
            told: Vec::new(),
        }
    }

    /// As [`Bars::hear`].
    pub fn hear(&mut self, network: &BarNetwork, heard: &[f32; INPUTS], phase: f64, is_beat: bool) {
        if let Some(numbers) = self.input.hear(heard, phase, is_beat) {
            self.told.push(network.hear(&mut self.memory, numbers));
        }
    }

    /// Of each beat its number within the bar, and how many that has; as many beats as one likes.
    pub fn end(&self) -> impl Iterator<Item = (u8, u8)> {
        likeliest(&self.told)
    }
}
