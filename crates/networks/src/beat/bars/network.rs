//! The network that hears bars: a recurrent one that goes from beat to beat.

use super::input::INPUTS;
use crate::dense::{Dense, File, Numbers, elu, sigmoid};
use crate::simd::{Isa, LANES, Lanes, Work, exp};
use crate::weights::WeightsFault;

/// Numbers that what was heard is squeezed to, and that are remembered.
const SQUEEZED: usize = 48;
const STATE: usize = 64;

/// Beats of the bars that are told apart.
pub(super) const METRES: [usize; 6] = [2, 3, 4, 5, 6, 7];

/// Places in all of them.
pub(super) const PLACES: usize = 27;

/// Times sixteen numbers of what is squeezed, of the memory, and of the answers.
const SQUEEZED_WIDTH: usize = SQUEEZED.div_ceil(LANES);
const WIDTH: usize = STATE.div_ceil(LANES);
const PLACES_WIDTH: usize = PLACES.div_ceil(LANES);

/// The weights.
pub(in super::super) struct BarNetwork {
    squeeze: Dense<SQUEEZED_WIDTH>,
    reset: Gate,
    update: Gate,
    new: Gate,
    last: Dense<PLACES_WIDTH>,
    isa: Isa,
}

/// What is made of what comes in and of what is remembered.
struct Gate {
    incoming: Dense<WIDTH>,
    remembered: Dense<WIDTH>,
}

/// What the network remembers.
#[derive(Clone, Copy)]
pub(super) struct Memory(Numbers<WIDTH>);

impl Memory {
    pub const NEW: Self = Self([[0.0; LANES]; WIDTH]);
}

impl BarNetwork {
    /// Reads it from a file of weights.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'_>) -> Result<Self, WeightsFault> {
        let part = |kind: &str, inputs, gate: usize| {
            let weight = format!("bars.memory.weight_{kind}_l0");
            let bias = format!("bars.memory.bias_{kind}_l0");
            let of = gate * STATE..(gate + 1) * STATE;
            file.dense((&weight, &bias), (3 * STATE, inputs), of)
        };
        let gate = |gate: usize| {
            Ok(Gate {
                incoming: part("ih", SQUEEZED, gate)?,
                remembered: part("hh", STATE, gate)?,
            })
        };
        let squeeze = ("bars.squeeze.weight", "bars.squeeze.bias");
        let last = ("bars.last.weight", "bars.last.bias");
        Ok(Self {
            squeeze: file.dense(squeeze, (SQUEEZED, INPUTS), 0..SQUEEZED)?,
            reset: gate(0)?,
            update: gate(1)?,
            new: gate(2)?,
            last: file.dense(last, (PLACES, STATE), 0..PLACES)?,
            isa: Isa::best(),
        })
    }

    /// How likely a beat has each place in a bar of each metre; all together 1.
    pub(super) fn hear(&self, memory: &mut Memory, numbers: &[f32; INPUTS]) -> [f32; PLACES] {
        let mut likely = [0.0; PLACES];
        self.isa.run(Hear {
            network: self,
            memory,
            numbers,
            likely: &mut likely,
        });
        likely
    }
}

/// A beat that is being heard.
struct Hear<'a> {
    network: &'a BarNetwork,
    memory: &'a mut Memory,
    numbers: &'a [f32; INPUTS],
    likely: &'a mut [f32; PLACES],
}

impl Work for Hear<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        let network = self.network;
        let mut x = network.squeeze.of::<L>(self.numbers);
        for number in x.as_flattened_mut() {
            *number = elu(*number);
        }
        let (x, state) = (x.as_flattened(), self.memory.0);
        let state = state.as_flattened();
        let parts = |gate: &Gate| (gate.incoming.of::<L>(x), gate.remembered.of::<L>(state));
        let [resets, updates, news] = [&network.reset, &network.update, &network.new].map(parts);
        for (k, state) in self.memory.0.as_flattened_mut().iter_mut().enumerate() {
            let at = |numbers: &Numbers<WIDTH>| numbers.as_flattened()[k];
            let gate = |(incoming, remembered)| sigmoid(at(incoming) + at(remembered));
            let reset = gate((&resets.0, &resets.1));
            let update = gate((&updates.0, &updates.1));
            let new = at(&news.0) + reset * at(&news.1);
            *state = (1.0 - update) * new.tanh() + update * *state;
        }
        let logits = network.last.of::<L>(self.memory.0.as_flattened());
        let logits = &logits.as_flattened()[..PLACES];
        let most = logits.iter().fold(f32::MIN, |a, &b| a.max(b));
        for (likely, logit) in self.likely.iter_mut().zip(logits) {
            *likely = exp(logit - most);
        }
        let total: f32 = self.likely.iter().sum();
        for likely in self.likely {
            *likely /= total;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Networks;
    use super::super::super::tests::reference;
    use super::*;

    #[test]
    fn the_network_tells_what_pytorch_tells() {
        let (beats, expected) = (reference("beats"), reference("places"));
        let network = &Networks::built_in().unwrap().bars;
        let mut memory = Memory::NEW;
        let beats = beats.as_chunks::<INPUTS>().0.iter();
        assert_eq!(beats.len(), 20);
        for (numbers, expected) in beats.zip(expected.chunks(PLACES)) {
            let told = network.hear(&mut memory, numbers);
            for (told, expected) in told.iter().zip(expected) {
                assert!((told - expected).abs() < 1e-4, "{told} {expected}");
            }
        }
    }
}
