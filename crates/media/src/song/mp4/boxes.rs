//! Boxes: names, sizes and what is in them.

use std::fs::File;
use std::io;

use super::super::chunks::{Fields, bytes_at};

/// A `moov` or `moof` larger than this is not read, bytes. Ten hours of AAC need about 7 MB.
const LARGEST_INDEX: u64 = 256 << 20;

/// The boxes at the top of a file.
#[derive(Default)]
pub(super) struct Boxes {
    pub(super) moov: Option<Vec<u8>>,
    /// Each fragment's index, and where it begins in the file.
    pub(super) moofs: Vec<(u64, Vec<u8>)>,
    /// Whether it is QuickTime's and not ISO's.
    pub(super) quicktime: bool,
    /// The size of the file, bytes.
    pub(super) end: u64,
}

impl Boxes {
    pub(super) fn read(file: &mut File) -> io::Result<Self> {
        let end = file.metadata()?.len();
        let mut boxes = Self {
            quicktime: true,
            end,
            ..Self::default()
        };
        let mut at = 0;
        while at + 8 <= end {
            let head = bytes_at(file, at, 16)?;
            let fields = Fields(&head);
            let (Some(size), Some(kind)) = (fields.be32(0), fields.name(4)) else {
                break;
            };
            let (size, header) = match size {
                // Up to the end of the file.
                0 => (end - at, 8),
                1 => (fields.be64(8).unwrap_or(0), 16),
                size => (size.into(), 8),
            };
            if size < header {
                break;
            }
            let whole = size <= end - at;
            let body = (size - header).min(LARGEST_INDEX);
            match &kind {
                b"ftyp" => boxes.quicktime = bytes_at(file, at + header, 4)? == b"qt  ",
                b"moov" if whole && boxes.moov.is_none() => {
                    boxes.moov = Some(bytes_at(file, at + header, body)?);
                }
                b"moof" if whole => boxes.moofs.push((at, bytes_at(file, at + header, body)?)),
                _ => {}
            }
            at = at.saturating_add(size);
        }
        Ok(boxes)
    }
}

/// The boxes within a body: kinds and bodies.
pub(super) fn all(boxes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = boxes;
    std::iter::from_fn(move || {
        let (kind, body, after) = next_box(rest)?;
        rest = after;
        Some((kind, body))
    })
}

/// The body of the first box of this kind among `boxes`.
pub(super) fn child<'a>(boxes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    all(boxes)
        .find(|(found, _)| found == kind)
        .map(|(_, body)| body)
}

/// Splits `boxes` into the first box's kind, its body, and what follows.
pub(super) fn next_box(boxes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let fields = Fields(boxes);
    let kind = fields.name(4)?;
    let (size, header) = match fields.be32(0)? as usize {
        0 => (boxes.len(), 8),
        1 => (usize::try_from(fields.be64(8)?).ok()?, 16),
        size => (size, 8),
    };
    Some((kind, boxes.get(header..size)?, boxes.get(size..)?))
}

/// Ticks a second, from an `mvhd` or `mdhd`.
pub(super) fn timescale(header: &[u8]) -> Option<u32> {
    let fields = Fields(header);
    let at = if fields.u8(0)? == 1 { 20 } else { 12 };
    fields.be32(at).filter(|&scale| scale > 0)
}
