//! Huffman codes and the bits they are written in (ITU-T T.81, annexes C and F).

use super::Fault;

/// The longest code, bits.
const LONGEST: usize = 16;

/// A table of codes, shortest first.
#[derive(Clone)]
pub struct Table {
    /// The first 16 bits that are beyond the codes of each length.
    beyond: [u32; LONGEST],
    /// What is taken from a code of each length to be the number of its value.
    offset: [i32; LONGEST],
    values: Vec<u8>,
}

impl Table {
    /// The table that has `counts` codes of one bit, two bits and so on, for `values` in their order.
    pub fn new(counts: &[u8], values: &[u8]) -> Self {
        let (mut beyond, mut offset) = ([0; LONGEST], [0; LONGEST]);
        let (mut code, mut number) = (0, 0);
        for (i, count) in counts.iter().take(LONGEST).enumerate() {
            offset[i] = code - number;
            code += i32::from(*count);
            number += i32::from(*count);
            beyond[i] = (code as u32) << (LONGEST - 1 - i);
            code <<= 1;
        }
        Self {
            beyond,
            offset,
            values: values.to_vec(),
        }
    }

    /// The value of the code that comes next.
    ///
    /// # Errors
    /// When there is no such code, or it is cut off.
    pub fn next(&self, bits: &mut Bits) -> Result<u8, Fault> {
        let ahead = bits.ahead();
        let shorter = self.beyond.iter().position(|beyond| ahead < *beyond);
        let i = shorter.ok_or(Fault::Damaged)?;
        let code = bits.take(i as u32 + 1)? as i32;
        let value = self.values.get((code - self.offset[i]) as usize);
        value.copied().ok_or(Fault::Damaged)
    }
}

/// Coded data between two markers.
pub struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// Bits that were taken from the data and are still to be read: the lowest of `held`.
    count: u32,
    held: u64,
}

impl<'a> Bits<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            count: 0,
            held: 0,
        }
    }

    fn fill(&mut self) {
        while self.count <= 48
            && let Some(byte) = self.data.get(self.at)
        {
            self.held = self.held << 8 | u64::from(*byte);
            self.count += 8;
            // A byte of nought is stuffed behind each of ones, which would be a marker.
            self.at += if *byte == 0xff { 2 } else { 1 };
        }
    }

    /// The 16 bits that come next; noughts behind the end.
    fn ahead(&mut self) -> u32 {
        self.fill();
        let all = match self.count.checked_sub(16) {
            Some(more) => self.held >> more,
            None => self.held << (16 - self.count),
        };
        all as u32 & 0xffff
    }

    /// The next `count` bits, 16 at most.
    ///
    /// # Errors
    /// When the data ends before.
    pub fn take(&mut self, count: u32) -> Result<u32, Fault> {
        self.fill();
        self.count = self.count.checked_sub(count).ok_or(Fault::Damaged)?;
        Ok((self.held >> self.count) as u32 & ((1 << count) - 1))
    }

    /// Whole bytes that nobody has read.
    pub fn left(&self) -> usize {
        self.data.len().saturating_sub(self.at) + self.count as usize / 8
    }
}
