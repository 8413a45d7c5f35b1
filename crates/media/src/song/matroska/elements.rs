//! EBML elements (RFC 8794): numbers, sizes and what is in them.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// A header element that is read whole is no larger, bytes.
const LARGEST_BODY: u64 = 64 << 20;

/// An element in a file.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) id: u32,
    /// Where it begins, where its body begins, and its size, where that is known.
    pub(super) start: u64,
    pub(super) body: u64,
    pub(super) size: Option<u64>,
}

/// Elements of a file, one after another.
pub(super) struct Elements {
    file: BufReader<File>,
    at: u64,
    pub(super) end: u64,
}

impl Elements {
    pub(super) fn open(file: File) -> io::Result<Self> {
        let end = file.metadata()?.len();
        Ok(Self {
            file: BufReader::with_capacity(1 << 16, file),
            at: 0,
            end,
        })
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn go_to(&mut self, at: u64) {
        self.at = at;
    }

    pub(super) fn bytes(&mut self, at: u64, count: u64) -> io::Result<Vec<u8>> {
        // Stays within the buffer where it can.
        let here = self.file.stream_position()?;
        match i64::try_from(i128::from(at) - i128::from(here)) {
            Ok(by) => self.file.seek_relative(by)?,
            Err(_) => {
                self.file.seek(SeekFrom::Start(at))?;
            }
        }
        let mut bytes = Vec::new();
        let count = count.min(self.end.saturating_sub(at));
        (&mut self.file).take(count).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The next element, behind the one before; `None` at the end of the file and in damage.
    pub(super) fn next(&mut self) -> io::Result<Option<Element>> {
        if self.at >= self.end {
            return Ok(None);
        }
        let head = self.bytes(self.at, 12)?;
        let Some((id, size, header)) = header(&head) else {
            return Ok(None);
        };
        let body = self.at + header;
        let element = Element {
            id,
            start: self.at,
            body,
            size,
        };
        self.at = body.saturating_add(size.unwrap_or(0));
        Ok(Some(element))
    }

    /// Goes on with what is within `element`.
    pub(super) fn enter(&mut self, element: &Element) {
        self.at = element.body;
    }

    /// The body of `element`, or as much of it as there is.
    pub(super) fn body(&mut self, element: &Element) -> io::Result<Vec<u8>> {
        let size = element.size.unwrap_or(0).min(LARGEST_BODY);
        self.bytes(element.body, size)
    }

    /// Where the next of these bytes is, from `at` on.
    pub(super) fn search(&mut self, wanted: &[u8], mut at: u64) -> io::Result<Option<u64>> {
        loop {
            let window = self.bytes(at, 512)?;
            if window.is_empty() {
                return Ok(None);
            }
            if let Some(found) = window.iter().position(|byte| wanted.contains(byte)) {
                return Ok(Some(at + found as u64));
            }
            at += window.len() as u64;
        }
    }
}

/// An element's name, its size unless that is unknown, and the size of both.
fn header(bytes: &[u8]) -> Option<(u32, Option<u64>, u64)> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    if length > 4 {
        return None;
    }
    let id = bytes
        .get(..length)?
        .iter()
        .fold(0, |id, &byte| id << 8 | u32::from(byte));
    let (size, more) = size(bytes.get(length..)?)?;
    Some((id, size, (length + more) as u64))
}

/// A number of variable length, unless all its bits are set, and its own length.
pub(super) fn size(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    if length > 8 {
        return None;
    }
    let all = bytes
        .get(..length)?
        .iter()
        .fold(0, |all, &byte| all << 8 | u64::from(byte));
    let mask = (1 << (7 * length)) - 1;
    Some(((all & mask != mask).then_some(all & mask), length))
}

/// The elements within a body: names and bodies.
pub(super) fn all(body: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let (id, size, header) = header(rest)?;
        let body = rest.get(header as usize..)?;
        let size = usize::try_from(size?).ok()?.min(body.len());
        let (body, after) = body.split_at(size);
        rest = after;
        Some((id, body))
    })
}

/// The body of the first element of this name within `body`.
pub(super) fn find(body: &[u8], wanted: u32) -> Option<&[u8]> {
    all(body)
        .find(|(id, _)| *id == wanted)
        .map(|(_, body)| body)
}

/// An unsigned number.
pub(super) fn number(body: &[u8]) -> u64 {
    body.iter()
        .take(8)
        .fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// A signed number.
pub(super) fn signed(body: &[u8]) -> i64 {
    let bits = 8 * body.len().clamp(1, 8) as u32;
    (number(body) << (64 - bits)) as i64 >> (64 - bits)
}

/// A float of four or eight bytes.
pub(super) fn float(body: &[u8]) -> f64 {
    match body.len() {
        4 => f64::from(f32::from_bits(number(body) as u32)),
        8 => f64::from_bits(number(body)),
        _ => 0.0,
    }
}
