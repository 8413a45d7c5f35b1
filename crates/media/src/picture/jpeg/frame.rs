//! What a picture's header says of it: size, components, tables (ITU-T T.81, annex B).

use super::huffman::Table;

/// Coefficients in a block.
pub const BLOCK: usize = 64;

/// The most blocks of one component that are walked through: larger pictures are refused elsewhere.
const MOST_BLOCKS: usize = 1 << 26;

/// The tables that are in force.
#[derive(Default)]
pub struct Tables {
    pub dc: [Option<Table>; 4],
    pub ac: [Option<Table>; 4],
    /// Steps of the first coefficients.
    steps: [Option<i32>; 4],
}

impl Tables {
    /// Takes the Huffman tables of a segment.
    pub fn take_codes(&mut self, mut segment: &[u8]) {
        while let Some((head, rest)) = segment.split_at_checked(17) {
            let count = head[1..].iter().map(|n| usize::from(*n)).sum();
            let Some((values, rest)) = rest.split_at_checked(count) else {
                return;
            };
            let kind = if head[0] >> 4 == 0 {
                &mut self.dc
            } else {
                &mut self.ac
            };
            kind[usize::from(head[0] & 3)] = Some(Table::new(&head[1..], values));
            segment = rest;
        }
    }

    /// Takes the quantization tables of a segment.
    pub fn take_steps(&mut self, mut segment: &[u8]) {
        while let Some(&head) = segment.first() {
            let bytes = if head >> 4 == 0 { 1 } else { 2 };
            let Some((table, rest)) = segment[1..].split_at_checked(bytes * BLOCK) else {
                return;
            };
            let step = table[..bytes]
                .iter()
                .fold(0, |step, byte| step << 8 | i32::from(*byte));
            self.steps[usize::from(head & 3)] = Some(step);
            segment = rest;
        }
    }
}

/// A picture's size and components.
pub struct Frame {
    pub progressive: bool,
    pub components: Vec<Component>,
    /// Units of interleaved scans, across and down.
    pub units: (usize, usize),
}

/// One colour of the picture.
pub struct Component {
    pub id: u8,
    /// Its blocks in a unit, across and down.
    pub sampling: (usize, usize),
    /// Its blocks in the picture, across and down.
    pub blocks: (usize, usize),
    /// Its blocks in a row of whole units.
    pub stride: usize,
    /// Which coefficients of each block are not nought: a bit each. Of progressive pictures only.
    pub set: Vec<u64>,
    /// For each coefficient how many lower bits are missing; none where nothing was sent.
    pub sent: [Option<u8>; BLOCK],
    table: usize,
    /// The step of its first coefficient.
    step: Option<i32>,
}

impl Component {
    /// Whether a block is brighter than white or darker than black can be, twice over: a first
    /// coefficient is eight times a block's mean.
    pub fn is_beyond_white(&self, coefficient: i32) -> bool {
        let step = self.step.unwrap_or(0);
        coefficient.saturating_mul(step).abs() > 8 * 256 + step
    }
}

impl Frame {
    /// Reads a frame's header, whose marker is `marker`; none where it is not coded in Huffman's
    /// codes, eight bits a colour.
    pub fn read(marker: u8, header: &[u8]) -> Option<Self> {
        let number = |at: usize| {
            let bytes = header.get(at..at + 2)?;
            Some(usize::from(u16::from_be_bytes([bytes[0], bytes[1]])))
        };
        let (high, wide) = (number(1)?, number(3)?);
        if !matches!(marker, 0xc0..=0xc2) || header[0] != 8 || high * wide == 0 {
            return None;
        }
        let count = usize::from(*header.get(5)?);
        let parts: Vec<&[u8]> = header.get(6..6 + 3 * count)?.chunks_exact(3).collect();
        let sampling = |part: &[u8]| (usize::from(part[1] >> 4), usize::from(part[1] & 15));
        let most = parts.iter().map(|part| sampling(part));
        let most = most.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))?;
        if parts
            .iter()
            .any(|part| sampling(part).0 * sampling(part).1 == 0)
        {
            return None;
        }
        let units = (wide.div_ceil(8 * most.0), high.div_ceil(8 * most.1));
        let progressive = marker == 0xc2;
        let components: Option<Vec<_>> = parts
            .iter()
            .map(|part| {
                let (h, v) = sampling(part);
                let blocks = (
                    (wide * h).div_ceil(most.0).div_ceil(8),
                    (high * v).div_ceil(most.1).div_ceil(8),
                );
                let all = units.0 * h * units.1 * v;
                let kept = if progressive { all } else { 0 };
                (all <= MOST_BLOCKS).then(|| Component {
                    id: part[0],
                    sampling: (h, v),
                    blocks,
                    stride: units.0 * h,
                    set: vec![0; kept],
                    sent: [None; BLOCK],
                    table: usize::from(part[2] & 3),
                    step: None,
                })
            })
            .collect();
        Some(Self {
            progressive,
            components: components?,
            units,
        })
    }

    /// Takes the steps that are in force when a scan begins.
    pub fn take_steps(&mut self, tables: &Tables) {
        for component in &mut self.components {
            component.step = tables.steps[component.table];
        }
    }

    /// Whether every component has come, to the last bit of what was begun of it, and the first
    /// wholly.
    pub fn is_complete(&self) -> bool {
        let begun = |sent: &Option<u8>| matches!(sent, None | Some(0));
        let complete = |component: &Component| {
            component.sent[0] == Some(0) && component.sent.iter().all(begun)
        };
        let first = &self.components[0];
        first.sent.iter().all(|sent| *sent == Some(0)) && self.components.iter().all(complete)
    }
}
