//! JPEG's markers (ITU-T T.81, annex B), as far as they tell whether a picture is whole.

/// Markers that stand alone, without a length: restarts, the start of the picture, and one for
/// private use.
const ALONE: [std::ops::RangeInclusive<u8>; 2] = [0xd0..=0xd8, 0x01..=0x01];
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// Whether a picture goes to its end: whether, past all of its segments and scans, the marker is
/// there that ends it.
pub fn is_whole(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some((marker, body)) = next_marker(bytes, at) {
        if marker == END {
            return true;
        }
        let alone = ALONE.iter().any(|alone| alone.contains(&marker));
        at = if alone {
            body
        } else {
            body + length(bytes, body)
        };
        if marker == SCAN {
            at = end_of_scan(bytes, at);
        }
    }
    false
}

/// How many colours a pixel has; none where no frame says so.
pub fn components(bytes: &[u8]) -> Option<u8> {
    let mut at = 0;
    while let Some((marker, body)) = next_marker(bytes, at) {
        // Start of frame of any process; between them are tables and an extension.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
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
