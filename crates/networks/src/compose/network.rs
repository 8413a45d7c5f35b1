//! Two gated recurrent layers over tokens: `training/compose/network.py` is their definition.

use super::tokens::TOKENS;
use crate::dense::{File, sigmoid};
use crate::weights::WeightsFault;

/// Numbers of a layer's state.
const WIDTH: usize = 192;
/// What is told of a bar: its facts, its mood, and the pitch classes of its two chords.
pub const FACTS: usize = 14;
pub const TOLD: usize = FACTS + 2 + 24;

/// A matrix, a row for each input.
struct Matrix {
    rows: Vec<f32>,
    outputs: usize,
}

impl Matrix {
    fn read(
        file: &File<'_>,
        name: &str,
        outputs: usize,
        inputs: usize,
    ) -> Result<Self, WeightsFault> {
        let stored = file.read(name, &[outputs, inputs])?;
        let mut rows = vec![0.0; inputs * outputs];
        for (output, weights) in stored.chunks_exact(inputs).enumerate() {
            for (input, weight) in weights.iter().enumerate() {
                rows[input * outputs + output] = *weight;
            }
        }
        Ok(Self { rows, outputs })
    }

    /// Adds what it makes of `x` to `to`.
    fn add(&self, x: &[f32], to: &mut [f32]) {
        for (x, row) in x.iter().zip(self.rows.chunks_exact(self.outputs)) {
            if *x != 0.0 {
                to.iter_mut()
                    .zip(row)
                    .for_each(|(to, weight)| *to += x * weight);
            }
        }
    }
}

/// A gated recurrent unit (Cho et al. 2014), as PyTorch counts.
struct Gru {
    input: Matrix,
    state: Matrix,
    input_bias: Vec<f32>,
    state_bias: Vec<f32>,
}

impl Gru {
    fn read(file: &File<'_>, name: &str) -> Result<Self, WeightsFault> {
        let matrix =
            |of: &str| Matrix::read(file, &format!("{name}.weight_{of}_l0"), 3 * WIDTH, WIDTH);
        let bias = |of: &str| file.read(&format!("{name}.bias_{of}_l0"), &[3 * WIDTH]);
        Ok(Self {
            input: matrix("ih")?,
            state: matrix("hh")?,
            input_bias: bias("ih")?,
            state_bias: bias("hh")?,
        })
    }

    fn step(&self, x: &[f32], state: &mut [f32; WIDTH]) {
        let (mut from_x, mut from_state) = (self.input_bias.clone(), self.state_bias.clone());
        self.input.add(x, &mut from_x);
        self.state.add(state, &mut from_state);
        for (k, state) in state.iter_mut().enumerate() {
            let reset = sigmoid(from_x[k] + from_state[k]);
            let keep = sigmoid(from_x[WIDTH + k] + from_state[WIDTH + k]);
            let new = (from_x[2 * WIDTH + k] + reset * from_state[2 * WIDTH + k]).tanh();
            *state = new + keep * (*state - new);
        }
    }
}

/// The weights.
pub struct Network {
    token: Matrix,
    known: Matrix,
    known_bias: Vec<f32>,
    first: Gru,
    second: Gru,
    last: Matrix,
    last_bias: Vec<f32>,
}

/// What the network remembers.
#[derive(Clone)]
pub struct State {
    first: [f32; WIDTH],
    second: [f32; WIDTH],
}

impl Default for State {
    fn default() -> Self {
        Self {
            first: [0.0; WIDTH],
            second: [0.0; WIDTH],
        }
    }
}

impl Network {
    /// Reads it from a file of weights.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'_>) -> Result<Self, WeightsFault> {
        Ok(Self {
            token: Matrix::read(file, "token.weight", WIDTH, TOKENS)?,
            known: Matrix::read(file, "known.weight", WIDTH, TOLD)?,
            known_bias: file.read("known.bias", &[WIDTH])?,
            first: Gru::read(file, "first")?,
            second: Gru::read(file, "second")?,
            last: Matrix::read(file, "last.weight", TOKENS, WIDTH)?,
            last_bias: file.read("last.bias", &[TOKENS])?,
        })
    }

    /// Logits of the token after `token`, in a bar of which so much is told.
    pub fn step(&self, token: usize, told: &[f32; TOLD], state: &mut State) -> Vec<f32> {
        let mut x = self.known_bias.clone();
        self.known.add(told, &mut x);
        let row = self.token.rows.chunks_exact(WIDTH).nth(token);
        for (x, weight) in x.iter_mut().zip(row.unwrap_or_default()) {
            *x += weight;
        }
        self.first.step(&x, &mut state.first);
        x.iter_mut().zip(&state.first).for_each(|(x, y)| *x += y);
        self.second.step(&x, &mut state.second);
        let both: Vec<f32> = (state.first.iter().zip(&state.second))
            .map(|(a, b)| a + b)
            .collect();
        let mut logits = self.last_bias.clone();
        self.last.add(&both, &mut logits);
        logits
    }
}
