//! What an MP4's edit list says about encoder delay.
//!
//! AAC needs about a thousand samples of run-up before the first sample of the song. An MP4 (M4A)
//! says in its edit list how many, and how long the song is; the demuxer leaves it to its caller.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// A `moov` box larger than this is not read, bytes. Ten hours of AAC need about 7 MB.
const LARGEST_MOOV: u64 = 64 << 20;

/// The part of a track that is to be heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edit {
    /// Seconds of decoded sound to drop from the start.
    pub(super) skip: f64,
    /// Seconds to keep from there; `None` up to the end.
    pub(super) keep: Option<f64>,
}

/// The first edit of the first audio track of the MP4 in `file`; `None` when there is none or the
/// file is no MP4. Leaves `file` at an arbitrary position.
pub(super) fn first_audio_edit(file: &mut File) -> Option<Edit> {
    let moov = read_moov(file).ok()??;
    let movie_scale = timescale(child(&moov, b"mvhd")?)?;
    let mut rest = &moov[..];
    while let Some((kind, body, after)) = next_box(rest) {
        rest = after;
        if &kind != b"trak" {
            continue;
        }
        let Some(media) = child(body, b"mdia") else {
            continue;
        };
        // hdlr: version and flags, a reserved word, then the kind of track.
        if child(media, b"hdlr").and_then(|hdlr| hdlr.get(8..12)) != Some(b"soun") {
            continue;
        }
        let media_scale = timescale(child(media, b"mdhd")?)?;
        let list = child(child(body, b"edts")?, b"elst")?;
        return first_edit(list, movie_scale, media_scale);
    }
    None
}

/// The first edit of an `elst` that plays media (an empty one only delays the track).
fn first_edit(list: &[u8], movie_scale: f64, media_scale: f64) -> Option<Edit> {
    let wide = *list.first()? == 1;
    let size = if wide { 20 } else { 12 };
    for entry in list.get(8..)?.chunks_exact(size) {
        let (duration, start) = if wide {
            let duration = u64::from_be_bytes(entry[..8].try_into().ok()?);
            (duration, i64::from_be_bytes(entry[8..16].try_into().ok()?))
        } else {
            let duration = u32::from_be_bytes(entry[..4].try_into().ok()?);
            let start = i32::from_be_bytes(entry[4..8].try_into().ok()?);
            (u64::from(duration), i64::from(start))
        };
        if start >= 0 {
            return Some(Edit {
                skip: start as f64 / media_scale,
                keep: (duration > 0).then(|| duration as f64 / movie_scale),
            });
        }
    }
    None
}

/// Ticks per second, from an `mvhd` or `mdhd`.
fn timescale(header: &[u8]) -> Option<f64> {
    let at = if *header.first()? == 1 { 20 } else { 12 };
    let scale = u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?);
    (scale > 0).then_some(f64::from(scale))
}

fn read_moov(file: &mut File) -> io::Result<Option<Vec<u8>>> {
    let end = file.metadata()?.len();
    let mut at = 0;
    while at + 8 <= end {
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let [a, b, c, d, kind @ ..] = head;
        let (mut size, mut header) = (u64::from(u32::from_be_bytes([a, b, c, d])), 8);
        if size == 1 {
            let mut large = [0; 8];
            file.read_exact(&mut large)?;
            (size, header) = (u64::from_be_bytes(large), 16);
        }
        if size < header || !kind.is_ascii() {
            return Ok(None);
        }
        if &kind == b"moov" {
            if size > LARGEST_MOOV {
                return Ok(None);
            }
            let mut body = Vec::new();
            file.take(size - header).read_to_end(&mut body)?;
            return Ok(Some(body));
        }
        at = match at.checked_add(size) {
            Some(next) => next,
            None => return Ok(None),
        };
    }
    Ok(None)
}

/// The body of the first box of this kind among `boxes`.
fn child<'a>(boxes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    let mut rest = boxes;
    while let Some((found, body, after)) = next_box(rest) {
        if &found == kind {
            return Some(body);
        }
        rest = after;
    }
    None
}

/// Splits `boxes` into the first box's kind, its body, and what follows.
fn next_box(boxes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let size = u32::from_be_bytes(boxes.get(..4)?.try_into().ok()?) as usize;
    let kind = boxes.get(4..8)?.try_into().ok()?;
    Some((kind, boxes.get(8..size)?, boxes.get(size..)?))
}
