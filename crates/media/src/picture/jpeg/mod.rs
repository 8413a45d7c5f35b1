//! JPEG (ITU-T T.81), as far as it takes to tell whether a picture is whole.

mod fault;
mod frame;
mod huffman;
mod scan;

pub use fault::Fault;

use frame::{Frame, Tables};
use scan::Scan;

/// Markers that stand alone, without a length: restarts, the start of the picture, and one for
/// private use.
const ALONE: [std::ops::RangeInclusive<u8>; 2] = [0xd0..=0xd8, 0x01..=0x01];
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const HUFFMAN_TABLES: u8 = 0xc4;
const QUANTIZATION_TABLES: u8 = 0xdb;
const RESTART_INTERVAL: u8 = 0xdd;

/// Starts of frame of any process; between them are tables and an extension.
const FRAME_FIRST: u8 = 0xc0;
const FRAME_LAST: u8 = 0xcf;
const NO_FRAMES: [u8; 3] = [HUFFMAN_TABLES, 0xc8, 0xcc];

/// Whether all of a picture is there: whether, past all of its segments and scans, the marker is
/// there that ends it, and its scans hold its blocks, no fewer and no more. What is missing or
/// nonsense a decoder paints grey or in any colour, without a word.
///
/// # Errors
/// When it is not, which of the two.
pub fn check(bytes: &[u8]) -> Result<(), Fault> {
    let (mut tables, mut frame, mut interval) = (Tables::default(), None::<Frame>, 0);
    // Of codes other than Huffman's nothing is known.
    let (mut known, mut scans, mut fault) = (true, 0, None);
    let mut at = 0;
    while let Some((marker, body)) = next_marker(bytes, at) {
        if marker == END {
            let complete = frame.is_none_or(|frame| frame.is_complete());
            return match fault {
                Some(fault) => Err(fault),
                None if known && scans > 0 && !complete => Err(Fault::Truncated),
                None => Ok(()),
            };
        }
        if ALONE.iter().any(|alone| alone.contains(&marker)) {
            at = body;
            continue;
        }
        let end = body + length(bytes, body);
        let segment = bytes.get(body + 2..end).unwrap_or_default();
        at = end;
        match marker {
            HUFFMAN_TABLES => tables.take_codes(segment),
            QUANTIZATION_TABLES => tables.take_steps(segment),
            RESTART_INTERVAL => interval = length(segment, 0),
            FRAME_FIRST..=FRAME_LAST if !NO_FRAMES.contains(&marker) => {
                frame = Frame::read(marker, segment);
                known &= frame.is_some();
            }
            SCAN => {
                at = end_of_scan(bytes, end);
                scans += 1;
                let data = bytes.get(end..at).unwrap_or_default();
                let walked = frame.as_mut().and_then(|frame| {
                    frame.take_steps(&tables);
                    let scan = Scan::read(segment, frame, &tables)?;
                    Some(scan.walk(frame, data, interval))
                });
                known &= walked.is_some();
                fault = fault.or(walked.and_then(Result::err));
            }
            _ => {}
        }
    }
    Err(Fault::Truncated)
}

/// How many colours a pixel has; none where no frame says so.
pub fn components(bytes: &[u8]) -> Option<u8> {
    let mut at = 0;
    while let Some((marker, body)) = next_marker(bytes, at) {
        if matches!(marker, FRAME_FIRST..=FRAME_LAST) && !NO_FRAMES.contains(&marker) {
            return bytes.get(body + 7).copied();
        }
        if matches!(marker, END | SCAN) {
            return None;
        }
        let alone = ALONE.iter().any(|alone| alone.contains(&marker));
        at = if alone {
            body
        } else {
            body + length(bytes, body)
        };
    }
    None
}

/// The next marker from `at` on, and where what follows it begins.
fn next_marker(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let from = at + bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
    // Any number of fill bytes may stand before it.
    let fill = bytes[from..].iter().position(|byte| *byte != 0xff)?;
    Some((bytes[from + fill], from + fill + 1))
}

/// The length of the segment at `body`, which counts itself.
fn length(bytes: &[u8], body: usize) -> usize {
    match bytes.get(body..body + 2) {
        Some(length) => usize::from(u16::from_be_bytes([length[0], length[1]])),
        None => 2,
    }
}

/// The first marker after the coded data at `at` that is neither a restart nor a stuffed byte.
fn end_of_scan(bytes: &[u8], at: usize) -> usize {
    let data = bytes.get(at..).unwrap_or_default();
    let mut pairs = data.windows(2);
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    at + pairs.position(ends).unwrap_or(data.len())
}

#[cfg(test)]
mod tests;
