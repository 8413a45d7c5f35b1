//! Matrices of the small networks, which hear beats and read words, and how they are read.

use crate::simd::{Aligned, LANES, Lanes, exp};
use std::ops::Range;

use crate::weights::{Format, Header, WeightsFault};

/// `V` times sixteen numbers.
pub(crate) type Numbers<const V: usize> = [[f32; LANES]; V];

/// A matrix of at most `V` times sixteen columns, filled up with zeros, a row for each input; and what is added.
pub(crate) struct Dense<const V: usize> {
    rows: Aligned,
    bias: Numbers<V>,
}

impl<const V: usize> Dense<V> {
    /// `weight(input, output)` and `bias(output)` of so many inputs and outputs.
    fn new(
        inputs: usize,
        outputs: usize,
        weight: impl Fn(usize, usize) -> f32,
        bias: impl Fn(usize) -> f32,
    ) -> Self {
        let mut rows = Aligned::zeros(inputs * V * LANES);
        for (input, row) in rows.chunks_exact_mut(V * LANES).enumerate() {
            for (output, slot) in row[..outputs].iter_mut().enumerate() {
                *slot = weight(input, output);
            }
        }
        let mut added = [[0.0; LANES]; V];
        for (output, slot) in added.as_flattened_mut()[..outputs].iter_mut().enumerate() {
            *slot = bias(output);
        }
        Self { rows, bias: added }
    }

    /// What it makes of `x`, and `to`, but for the bias. Numbers of `x` beyond its inputs do not count.
    #[inline(always)]
    pub fn add<L: Lanes>(&self, x: &[f32], to: &Numbers<V>) -> Numbers<V> {
        let mut sums = to.map(|to| L::load(&to));
        for (&x, row) in x.iter().zip(self.rows.chunks_exact(V * LANES)) {
            let x = L::splat(x);
            for (sum, weights) in sums.iter_mut().zip(row.chunks_exact(LANES)) {
                *sum = x.mul_add(L::load(weights), *sum);
            }
        }
        let mut out = [[0.0; LANES]; V];
        for (out, sum) in out.iter_mut().zip(sums) {
            sum.store(out);
        }
        out
    }

    /// What is added, and `to`.
    #[inline(always)]
    pub fn and(&self, to: &Numbers<V>) -> Numbers<V> {
        let mut sums = self.bias;
        for (sum, to) in sums.as_flattened_mut().iter_mut().zip(to.as_flattened()) {
            *sum += to;
        }
        sums
    }

    /// What it makes of `x`.
    #[inline(always)]
    pub fn of<L: Lanes>(&self, x: &[f32]) -> Numbers<V> {
        self.add::<L>(x, &self.bias)
    }
}

#[inline(always)]
pub(crate) fn elu(x: f32) -> f32 {
    if x > 0.0 { x } else { exp(x) - 1.0 }
}

#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// A file that is being read.
pub(crate) struct File<'a> {
    pub header: Header,
    bytes: &'a [u8],
}

impl<'a> File<'a> {
    /// Reads the header of a file of this format.
    ///
    /// # Errors
    /// When it is no such file.
    pub fn new(format: &'static Format, mut bytes: &'a [u8]) -> Result<Self, WeightsFault> {
        let header = Header::read(format, bytes.len() as u64, &mut bytes)?;
        Ok(Self { header, bytes })
    }

    /// The rows `of` a matrix that is stored as `[out, in]`, and what is added as `[out]`.
    ///
    /// # Errors
    /// When they are not there in this shape.
    pub fn dense<const V: usize>(
        &self,
        (weight, bias): (&str, &str),
        (outputs, inputs): (usize, usize),
        of: Range<usize>,
    ) -> Result<Dense<V>, WeightsFault> {
        let weights = self.read(weight, &[outputs, inputs])?;
        let biases = self.read(bias, &[outputs])?;
        let first = of.start;
        let weight = |input, output| weights[(first + output) * inputs + input];
        Ok(Dense::new(inputs, of.len(), weight, |output| {
            biases[first + output]
        }))
    }

    /// The taps of a convolution that is stored as `[out, in, taps]`.
    ///
    /// # Errors
    /// As [`dense`](Self::dense).
    pub fn convolution<const V: usize, const TAPS: usize>(
        &self,
        name: &str,
        (outputs, inputs): (usize, usize),
    ) -> Result<[Dense<V>; TAPS], WeightsFault> {
        let weights = self.read(&format!("{name}.weight"), &[outputs, inputs, TAPS])?;
        let biases = self.read(&format!("{name}.bias"), &[outputs])?;
        Ok(std::array::from_fn(|tap| {
            let weight = |input, output| weights[(output * inputs + input) * TAPS + tap];
            Dense::new(inputs, outputs, weight, |output| biases[output])
        }))
    }

    /// The numbers of a tensor of this shape.
    ///
    /// # Errors
    /// When it is not there.
    pub fn read(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsFault> {
        self.header.check(name, shape)?;
        self.header.floats(self.bytes, name)
    }

    /// The bytes of a tensor of this shape, as they are stored.
    ///
    /// # Errors
    /// When it is not there.
    pub fn bytes(&self, name: &str, shape: &[usize]) -> Result<&'a [u8], WeightsFault> {
        self.header.check(name, shape)?;
        self.header.bytes(self.bytes, name)
    }
}
