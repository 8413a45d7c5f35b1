//! The vectors of words: of those in the list each its own, of others the mean of their pieces'.

use super::spelling;
use crate::dense::File;
use crate::weights::WeightsFault;

/// Numbers of a word's vector and of the layers.
pub(super) const WIDTH: usize = 96;

/// Most words of a file, and most buckets that their pieces fall into.
const MOST_WORDS: usize = 100_000;
const MOST_BUCKETS: usize = 1 << 16;

/// Most bytes of the list of words.
const LONGEST_LIST: usize = 1 << 22;

/// The list and the table: a row of bytes each, with what a step is worth.
pub(super) struct Vocabulary {
    /// In the order of their bytes.
    words: Vec<&'static str>,
    buckets: usize,
    rows: &'static [u8],
    steps: Vec<f32>,
}

impl Vocabulary {
    /// Reads it from a file of weights.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'static>) -> Result<Self, WeightsFault> {
        let fault = |what: &str| WeightsFault::Header(what.to_owned());
        let count = file.header.number("words", MOST_WORDS)?;
        let buckets = file.header.number("buckets", MOST_BUCKETS)?;
        let length = file.header.number("list", LONGEST_LIST)?;
        let list = std::str::from_utf8(file.bytes("words", &[length])?)
            .map_err(|_| fault("its list of words is not text"))?;
        let words: Vec<_> = list.split('\n').collect();
        if words.len() != count || !words.is_sorted() {
            return Err(fault("its list of words is not what it promises"));
        }
        Ok(Self {
            words,
            buckets,
            rows: file.bytes("table", &[count + buckets, WIDTH])?,
            steps: file.read("steps", &[count + buckets])?,
        })
    }

    /// The vector of a word without accents.
    pub fn vector(&self, word: &str) -> [f32; WIDTH] {
        let mut sum = [0.0; WIDTH];
        if let Ok(row) = self.words.binary_search(&word) {
            self.add(row, 1.0, &mut sum);
            return sum;
        }
        let pieces = spelling::pieces(word);
        for piece in &pieces {
            let bucket = spelling::hash(piece) as usize % self.buckets;
            self.add(
                self.words.len() + bucket,
                1.0 / pieces.len() as f32,
                &mut sum,
            );
        }
        sum
    }

    /// Whether a word without accents is in the list.
    pub fn knows(&self, word: &str) -> bool {
        self.words.binary_search(&word).is_ok()
    }

    fn add(&self, row: usize, weight: f32, sum: &mut [f32; WIDTH]) {
        let bytes = &self.rows[row * WIDTH..(row + 1) * WIDTH];
        let weight = weight * self.steps[row];
        for (sum, byte) in sum.iter_mut().zip(bytes) {
            *sum += weight * f32::from(byte.cast_signed());
        }
    }
}
