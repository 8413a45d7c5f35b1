//! Matrices of the networks that hear beats and bars, and how they are read.

use crate::weights::{BEAT, Header, WeightsFault};

/// A matrix of `OUT` columns, a row for each input, and what is added.
pub(super) struct Dense<const OUT: usize> {
    rows: Box<[[f32; OUT]]>,
    bias: [f32; OUT],
}

impl<const OUT: usize> Dense<OUT> {
    /// Adds what it makes of `x` but for the bias.
    pub fn add(&self, x: &[f32], out: &mut [f32; OUT]) {
        for (x, row) in x.iter().zip(&self.rows) {
            for (out, weight) in out.iter_mut().zip(row) {
                *out += x * weight;
            }
        }
    }

    pub fn of(&self, x: &[f32]) -> [f32; OUT] {
        let mut out = self.bias;
        self.add(x, &mut out);
        out
    }
}

pub(super) fn elu(x: f32) -> f32 {
    if x > 0.0 { x } else { x.exp_m1() }
}

pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// A file that is being read.
pub(super) struct File<'a> {
    pub header: Header,
    bytes: &'a [u8],
}

impl<'a> File<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// When it is no such file.
    pub fn new(mut bytes: &'a [u8]) -> Result<Self, WeightsFault> {
        let header = Header::read(&BEAT, bytes.len() as u64, &mut bytes)?;
        Ok(Self { header, bytes })
    }

    /// A matrix that is stored as `[out, in]`, and what is added as `[out]`.
    ///
    /// # Errors
    /// When they are not there in this shape.
    pub fn dense<const OUT: usize>(
        &self,
        weight: &str,
        bias: &str,
        inputs: usize,
    ) -> Result<Dense<OUT>, WeightsFault> {
        let weights = self.read(weight, &[OUT, inputs])?;
        self.tap(&weights, bias, inputs, (0, 1))
    }

    /// The taps of a convolution that is stored as `[out, in, taps]`.
    ///
    /// # Errors
    /// As [`dense`](Self::dense).
    pub fn convolution<const OUT: usize, const TAPS: usize>(
        &self,
        name: &str,
        inputs: usize,
    ) -> Result<[Dense<OUT>; TAPS], WeightsFault> {
        let weights = self.read(&format!("{name}.weight"), &[OUT, inputs, TAPS])?;
        let bias = format!("{name}.bias");
        let mut taps = Vec::with_capacity(TAPS);
        for tap in 0..TAPS {
            taps.push(self.tap(&weights, &bias, inputs, (tap, TAPS))?);
        }
        let taps = taps.try_into();
        taps.map_err(|_| WeightsFault::Header(format!("{name} lacks taps")))
    }

    fn tap<const OUT: usize>(
        &self,
        weights: &[f32],
        bias: &str,
        inputs: usize,
        (tap, taps): (usize, usize),
    ) -> Result<Dense<OUT>, WeightsFault> {
        let biases = self.read(bias, &[OUT])?;
        let at = |input: usize, out: usize| weights[(out * inputs + input) * taps + tap];
        let row = |input| std::array::from_fn(|out| at(input, out));
        Ok(Dense {
            rows: (0..inputs).map(row).collect(),
            bias: std::array::from_fn(|out| biases[out]),
        })
    }

    fn read(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsFault> {
        self.header.check(name, shape)?;
        self.header.floats(self.bytes, name)
    }
}
