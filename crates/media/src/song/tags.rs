//! Tags: what is written before, behind and between the sound.

use std::io::{self, Read, Seek, SeekFrom};

use super::chunks::Fields;

/// An ID3v1 tag's size, bytes.
const ID3V1: u64 = 128;

/// The size of an APE tag's header and of its footer, bytes.
const APE: u64 = 32;

/// A Lyrics3 block is no larger, bytes.
const LONGEST_LYRICS: u64 = 1 << 20;

/// The end of the tag that begins at `at`, in a file that ends at `end`; `None` where none begins.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn at<F: Read + Seek>(file: &mut F, at: u64, end: u64) -> io::Result<Option<u64>> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(APE.min(end.saturating_sub(at)))
        .read_to_end(&mut head)?;
    let size = match head.get(..8) {
        Some(name) if name.starts_with(b"ID3") => id3v2(&head),
        Some(name) if name.starts_with(b"TAG+") => Some(227),
        Some(name) if name.starts_with(b"TAG") => Some(ID3V1),
        Some(b"APETAGEX") => ape(&head),
        Some(b"LYRICSBE") => return lyrics(file, at, end),
        _ => None,
    };
    Ok(size.map(|size| at.saturating_add(size).min(end)))
}

/// The end of all tags that follow one another from `start`.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn after_all<F: Read + Seek>(file: &mut F, start: u64, end: u64) -> io::Result<u64> {
    let mut here = start;
    while let Some(next) = at(file, here, end)?.filter(|&next| next > here) {
        here = next;
    }
    Ok(here)
}

fn id3v2(head: &[u8]) -> Option<u64> {
    let size = head.get(6..10)?;
    if head[3] == 0xff || size.iter().any(|&byte| byte & 0x80 != 0) {
        return None;
    }
    let size = size
        .iter()
        .fold(0, |size, &byte| size << 7 | u64::from(byte));
    let footer = if head[5] & 0x10 != 0 { 10 } else { 0 };
    Some(10 + size + footer)
}

fn ape(head: &[u8]) -> Option<u64> {
    let fields = Fields(head);
    // The size counts the footer and not the header.
    let (size, flags) = (fields.le32(12)?, fields.le32(20)?);
    let is_header = flags & 1 << 29 != 0;
    Some(if is_header {
        APE + u64::from(size)
    } else {
        APE
    })
}

fn lyrics<F: Read + Seek>(file: &mut F, at: u64, end: u64) -> io::Result<Option<u64>> {
    let mut body = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(LONGEST_LYRICS.min(end - at))
        .read_to_end(&mut body)?;
    let ending = |mark: &[u8]| body.windows(9).position(|nine| nine == mark);
    let found = ending(b"LYRICS200").or_else(|| ending(b"LYRICSEND"));
    Ok(found.map(|found| at + found as u64 + 9))
}

/// Where the tags begin that end with the file, at `end`; `end` where there are none.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn before_end<F: Read + Seek>(file: &mut F, start: u64, end: u64) -> io::Result<u64> {
    let mut here = end;
    while let Some(size) = footer(file, start, here)?.filter(|&size| size <= here - start) {
        here -= size;
    }
    Ok(here)
}

/// The size of the tag that ends at `end`.
fn footer<F: Read + Seek>(file: &mut F, start: u64, end: u64) -> io::Result<Option<u64>> {
    let mut before = |count: u64| -> io::Result<Vec<u8>> {
        let from = end.saturating_sub(count).max(start);
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(from))?;
        file.by_ref().take(end - from).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    if before(ID3V1)?.starts_with(b"TAG") {
        return Ok(Some(ID3V1));
    }
    let last = before(APE)?;
    if last.starts_with(b"APETAGEX") {
        let fields = Fields(&last);
        let (size, flags) = (fields.le32(12).unwrap_or(0), fields.le32(20).unwrap_or(0));
        let header = if flags & 1 << 31 != 0 { APE } else { 0 };
        return Ok((size > 0).then_some(u64::from(size) + header));
    }
    if last.ends_with(b"LYRICS200") {
        // Six digits count what comes before them.
        let digits = last.get(APE as usize - 15..APE as usize - 9);
        let size = digits.and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u64>().ok());
        return Ok(size.map(|size| size + 15));
    }
    let last = before(10)?;
    if last.starts_with(b"3DI") {
        let size = last[6..10]
            .iter()
            .fold(0, |size, &byte| size << 7 | u64::from(byte & 0x7f));
        return Ok(Some(size + 20));
    }
    Ok(None)
}
