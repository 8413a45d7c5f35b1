//! The network that hears bars: a recurrent one that goes from beat to beat.

use super::super::dense::{Dense, File, elu, sigmoid};
use super::input::INPUTS;
use crate::weights::WeightsFault;

/// Numbers that what was heard is squeezed to, and that are remembered.
const SQUEEZED: usize = 48;
const STATE: usize = 64;

/// Beats of the bars that are told apart.
pub(super) const METRES: [usize; 6] = [2, 3, 4, 5, 6, 7];

/// Places in all of them.
pub(super) const PLACES: usize = 27;

/// The weights.
pub(in super::super) struct BarNetwork {
    squeeze: Dense<SQUEEZED>,
    /// Of what comes in and of what is remembered: reset, update, new.
    incoming: Dense<{ 3 * STATE }>,
    remembered: Dense<{ 3 * STATE }>,
    last: Dense<PLACES>,
}

/// What the network remembers.
#[derive(Clone, Copy)]
pub(super) struct Memory([f32; STATE]);

impl Memory {
    pub const NEW: Self = Self([0.0; STATE]);
}

impl BarNetwork {
    /// Reads it from a file of weights.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'_>) -> Result<Self, WeightsFault> {
        let gates = |kind: &str, inputs| {
            let weight = format!("bars.memory.weight_{kind}_l0");
            file.dense(&weight, &format!("bars.memory.bias_{kind}_l0"), inputs)
        };
        Ok(Self {
            squeeze: file.dense("bars.squeeze.weight", "bars.squeeze.bias", INPUTS)?,
            incoming: gates("ih", SQUEEZED)?,
            remembered: gates("hh", STATE)?,
            last: file.dense("bars.last.weight", "bars.last.bias", STATE)?,
        })
    }

    /// How likely a beat has each place in a bar of each metre; all together 1.
    pub(super) fn hear(&self, memory: &mut Memory, numbers: &[f32; INPUTS]) -> [f32; PLACES] {
        let x = self.squeeze.of(numbers).map(elu);
        let (incoming, remembered) = (self.incoming.of(&x), self.remembered.of(&memory.0));
        for (k, state) in memory.0.iter_mut().enumerate() {
            let gate = |n: usize| incoming[n * STATE + k] + remembered[n * STATE + k];
            let (reset, update) = (sigmoid(gate(0)), sigmoid(gate(1)));
            let new = incoming[2 * STATE + k] + reset * remembered[2 * STATE + k];
            *state = (1.0 - update) * new.tanh() + update * *state;
        }
        let logits = self.last.of(&memory.0);
        let most = logits.iter().fold(f32::MIN, |a, &b| a.max(b));
        let likely = logits.map(|logit| (logit - most).exp());
        let total: f32 = likely.iter().sum();
        likely.map(|likely| likely / total)
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
