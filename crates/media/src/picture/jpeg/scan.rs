//! Walks through the coded data of a scan as a decoder would, without making pixels of it: there must
//! be as many blocks as the picture has, each a possible one, and nothing else.

use super::Fault;
use super::frame::{BLOCK, Component, Frame, Tables};
use super::huffman::{Bits, Table};

/// Some writers leave a few bytes too many behind a scan.
const SPARE: usize = 8;

/// One walk through the picture, or through some of its components or coefficients.
pub struct Scan<'a> {
    /// Which components, with their tables for the first coefficient of a block and for the others.
    parts: Vec<Part<'a>>,
    /// The first and the last coefficient.
    first: usize,
    last: usize,
    /// Whether a scan before has had the higher bits.
    refines: bool,
    /// How many lower bits come in other scans.
    low: u8,
}

struct Part<'a> {
    component: usize,
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
    /// The first coefficient of the block before.
    before: i32,
}

impl<'a> Scan<'a> {
    /// Reads a scan's header; none where it makes no sense or lacks tables.
    pub fn read(header: &[u8], frame: &Frame, tables: &'a Tables) -> Option<Self> {
        let count = usize::from(*header.first()?);
        let parts = header.get(1..1 + 2 * count)?.chunks_exact(2);
        let parts: Option<Vec<_>> = parts
            .map(|part| {
                let component = frame.components.iter().position(|c| c.id == part[0])?;
                let table =
                    |tables: &'a [Option<Table>], i: u8| tables.get(usize::from(i))?.as_ref();
                Some(Part {
                    component,
                    dc: table(&tables.dc, part[1] >> 4),
                    ac: table(&tables.ac, part[1] & 15),
                    before: 0,
                })
            })
            .collect();
        let [first, last, bits] = header.get(1 + 2 * count..4 + 2 * count)?.try_into().ok()?;
        let (first, last) = match frame.progressive {
            true => (usize::from(first), usize::from(last)),
            false => (0, BLOCK - 1),
        };
        let scan = Self {
            parts: parts?,
            first,
            last,
            refines: frame.progressive && bits >> 4 != 0,
            low: if frame.progressive { bits & 15 } else { 0 },
        };
        scan.is_possible(frame.progressive).then_some(scan)
    }

    fn is_possible(&self, progressive: bool) -> bool {
        let (dc, ac) = match progressive {
            true => (self.first == 0 && !self.refines, self.first > 0),
            false => (true, true),
        };
        let tables = |part: &Part| (!dc || part.dc.is_some()) && (!ac || part.ac.is_some());
        let of_one_kind = !progressive
            || match self.first {
                0 => self.last == 0,
                _ => self.parts.len() == 1 && self.last < BLOCK && self.first <= self.last,
            };
        !self.parts.is_empty() && of_one_kind && self.low < 14 && self.parts.iter().all(tables)
    }

    /// Walks through the coded data, with a restart after each `interval` of units, if any.
    ///
    /// # Errors
    /// When it does not give the picture's blocks.
    pub fn walk(mut self, frame: &mut Frame, data: &[u8], interval: usize) -> Result<(), Fault> {
        let mut pieces = pieces(data);
        let mut bits = Bits::new(pieces.next().map_or(&[], |(_, piece)| piece));
        let mut ends = 0;
        let mut restarts = 0;
        let alone = self.parts.len() == 1;
        let (across, down) = match alone {
            true => frame.components[self.parts[0].component].blocks,
            false => frame.units,
        };
        for unit in 0..across * down {
            if interval > 0 && unit > 0 && unit % interval == 0 {
                let next = pieces.next().filter(|(marker, _)| marker & 7 == restarts);
                let (_, piece) = next.ok_or(Fault::Damaged)?;
                if bits.left() > SPARE || ends > 0 {
                    return Err(Fault::Damaged);
                }
                bits = Bits::new(piece);
                restarts = (restarts + 1) % 8;
                self.parts.iter_mut().for_each(|part| part.before = 0);
            }
            let (column, row) = (unit % across, unit / across);
            for i in 0..self.parts.len() {
                let component = &mut frame.components[self.parts[i].component];
                let (wide, high) = if alone { (1, 1) } else { component.sampling };
                for (x, y) in (0..wide * high).map(|at| (at % wide, at / wide)) {
                    let block = (row * high + y) * component.stride + column * wide + x;
                    self.block(i, component, block, &mut bits, &mut ends)?;
                }
            }
        }
        let more = pieces.any(|(_, piece)| piece.len() > SPARE);
        if bits.left() > SPARE || ends > 0 || more {
            return Err(Fault::Damaged);
        }
        for part in &self.parts {
            let sent = &mut frame.components[part.component].sent;
            sent[self.first..=self.last].fill(Some(self.low));
        }
        Ok(())
    }

    /// Walks through a block; `ends` counts how many that follow have nothing more.
    fn block(
        &mut self,
        part: usize,
        component: &mut Component,
        block: usize,
        bits: &mut Bits,
        ends: &mut u32,
    ) -> Result<(), Fault> {
        if self.first > 0 {
            let table = self.parts[part].ac.ok_or(Fault::Damaged)?;
            let set = component.set.get_mut(block).ok_or(Fault::Damaged)?;
            return match self.refines {
                true => self.refine(table, set, bits, ends),
                false => self.send(table, set, bits, ends),
            };
        }
        if self.refines {
            return bits.take(1).map(drop);
        }
        let part = &mut self.parts[part];
        let size = part.dc.ok_or(Fault::Damaged)?.next(bits)?;
        part.before += signed(size, bits)?;
        if component.is_beyond_white(part.before << self.low) {
            return Err(Fault::Damaged);
        }
        match self.last {
            0 => Ok(()),
            _ => whole_block(part.ac.ok_or(Fault::Damaged)?, bits),
        }
    }

    /// The higher bits of coefficients (T.81, figure G.3); `set` are those that are not nought.
    fn send(
        &self,
        table: &Table,
        set: &mut u64,
        bits: &mut Bits,
        ends: &mut u32,
    ) -> Result<(), Fault> {
        if *ends > 0 {
            *ends -= 1;
            return Ok(());
        }
        let mut k = self.first;
        while k <= self.last {
            match split(table.next(bits)?) {
                (15, 0) => k += 16,
                (run, 0) => {
                    *ends = (1 << run) - 1 + bits.take(run.into())?;
                    return Ok(());
                }
                (run, size) => {
                    k += usize::from(run);
                    if k > self.last {
                        return Err(Fault::Damaged);
                    }
                    bits.take(size.into())?;
                    *set |= 1 << k;
                    k += 1;
                }
            }
        }
        // A run of noughts may end with the block, and not beyond it.
        if k > self.last + 1 {
            Err(Fault::Damaged)
        } else {
            Ok(())
        }
    }

    /// A lower bit of coefficients (T.81, figure G.7): a bit for each that is set, and codes for those
    /// that become so.
    fn refine(
        &self,
        table: &Table,
        set: &mut u64,
        bits: &mut Bits,
        ends: &mut u32,
    ) -> Result<(), Fault> {
        let mut k = self.first;
        while *ends == 0 && k <= self.last {
            let (mut run, size) = split(table.next(bits)?);
            match size {
                0 if run < 15 => {
                    *ends = (1 << run) + bits.take(run.into())?;
                    break;
                }
                0 => {}
                1 => drop(bits.take(1)?),
                _ => return Err(Fault::Damaged),
            }
            while k <= self.last {
                if *set >> k & 1 == 1 {
                    bits.take(1)?;
                } else if run == 0 {
                    break;
                } else {
                    run -= 1;
                }
                k += 1;
            }
            if size == 1 {
                if k > self.last {
                    return Err(Fault::Damaged);
                }
                *set |= 1 << k;
            }
            k += 1;
        }
        if *ends > 0 {
            let later = (k..=self.last).filter(|k| *set >> k & 1 == 1).count();
            for _ in 0..later {
                bits.take(1)?;
            }
            *ends -= 1;
        }
        Ok(())
    }
}

/// The coefficients of a block behind its first (T.81, figure F.13).
fn whole_block(table: &Table, bits: &mut Bits) -> Result<(), Fault> {
    let mut k = 1;
    while k < BLOCK {
        match split(table.next(bits)?) {
            (0, 0) => return Ok(()),
            (15, 0) => k += 16,
            (_, 0) => return Err(Fault::Damaged),
            (run, size) => {
                k += usize::from(run) + 1;
                bits.take(size.into())?;
            }
        }
    }
    // A run of noughts may end with the block, and not beyond it.
    if k > BLOCK {
        Err(Fault::Damaged)
    } else {
        Ok(())
    }
}

/// A code's run of noughts and the size of what follows them, bits.
fn split(value: u8) -> (u8, u8) {
    (value >> 4, value & 15)
}

/// A number of `size` bits, whose highest is nought where it is negative.
fn signed(size: u8, bits: &mut Bits) -> Result<i32, Fault> {
    if size > 15 {
        return Err(Fault::Damaged);
    }
    let value = bits.take(size.into())? as i32;
    let negative = size > 0 && value >> (size - 1) == 0;
    Ok(if negative {
        value + 1 - (1 << size)
    } else {
        value
    })
}

/// Coded data, cut at its restarts, each with the marker before it.
fn pieces(data: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = Some((0, data));
    std::iter::from_fn(move || {
        let (marker, data) = rest.take()?;
        let cut = data
            .windows(2)
            .position(|pair| pair[0] == 0xff && is_restart(pair[1]));
        let end = cut.unwrap_or(data.len());
        rest = cut.map(|cut| (data[cut + 1], &data[cut + 2..]));
        // Fill bytes may stand before a marker.
        let end = data[..end].iter().rposition(|byte| *byte != 0xff);
        Some((marker, &data[..end.map_or(0, |end| end + 1)]))
    })
}

/// Whether a marker is a restart within a scan.
fn is_restart(marker: u8) -> bool {
    matches!(marker, 0xd0..=0xd7)
}
