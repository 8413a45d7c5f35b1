//! Core Audio files and Sun's: uncompressed sound in them.

use std::fs::File;
use std::io;

use super::chunks::{Chunk, Fields, Style, bytes_at};
use super::pcm::{Coding, Pcm, Sample, channels};
use super::speakers::core_audio;

/// Reads a Core Audio file; `None` where there is no sound, or it is compressed.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn read_caf(file: &mut File) -> io::Result<Option<Pcm>> {
    let end = file.metadata()?.len();
    let (mut at, mut format, mut data, mut promised) = (8, None, None, None);
    let mut speakers = None;
    while at < end
        && let Some(chunk) = Chunk::at(file, at, Style::Caf)?
    {
        match &chunk.name {
            b"desc" => format = caf_format(&chunk.read(file)?),
            b"chan" => speakers = Some(chunk.read(file)?),
            b"data" => {
                // Behind the header: a count of edits.
                let start = chunk.body.start + 4;
                // A size of -1 reaches to the end of the file, and so does one of nought: it was
                // never filled in.
                if chunk.stated == 0 || chunk.stated > i64::MAX as u64 {
                    data = Some(start..end.max(start));
                    break;
                }
                data = Some(start..chunk.body.end.max(start));
                if chunk.body.start + chunk.stated > end {
                    promised = Some(chunk.stated.saturating_sub(4));
                }
            }
            _ => {}
        }
        at = chunk.next(file, Style::Caf)?;
    }
    let (Some((sample, rate, count)), Some(data)) = (format, data) else {
        return Ok(None);
    };
    let frame = u64::from(sample.bytes) * u64::from(count).max(1);
    Ok(Some(Pcm {
        sample,
        rate,
        channels: speakers
            .and_then(|body| core_audio(&body, count))
            .unwrap_or_else(|| channels(count, 0)),
        pieces: vec![data],
        promised: promised.map(|bytes| bytes / frame),
    }))
}

fn caf_format(body: &[u8]) -> Option<(Sample, u32, u16)> {
    let fields = Fields(body);
    let rate = fields.be_f64(0)?.round() as u32;
    let (flags, packet) = (fields.be32(12)?, fields.be32(16)?);
    let count = u16::try_from(fields.be32(24)?).ok()?;
    let bytes = packet / u32::from(count).max(1);
    let coding = match &fields.name(8)? {
        b"lpcm" if flags & 1 != 0 => Coding::Float,
        b"lpcm" => Coding::Signed,
        b"alaw" => Coding::ALaw,
        b"ulaw" => Coding::MuLaw,
        _ => return None,
    };
    let sample = Sample {
        coding,
        bytes,
        big_endian: flags & 2 == 0,
    };
    Some((sample, rate, count))
}

/// Reads a Sun (NeXT) file; `None` where it is compressed.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn read_au(file: &mut File) -> io::Result<Option<Pcm>> {
    let end = file.metadata()?.len();
    let head = bytes_at(file, 0, 24)?;
    Ok(au(&head, end))
}

fn au(head: &[u8], end: u64) -> Option<Pcm> {
    let fields = Fields(head);
    let (coding, bytes) = match fields.be32(12)? {
        1 => (Coding::MuLaw, 1),
        2 => (Coding::Signed, 1),
        3 => (Coding::Signed, 2),
        4 => (Coding::Signed, 3),
        5 => (Coding::Signed, 4),
        6 => (Coding::Float, 4),
        7 => (Coding::Float, 8),
        27 => (Coding::ALaw, 1),
        _ => return None,
    };
    let count = u16::try_from(fields.be32(20)?).ok()?;
    let start = u64::from(fields.be32(4)?).min(end);
    // A stream does not know its size.
    let size = Some(fields.be32(8)?).filter(|&size| size != 0 && size != u32::MAX);
    let stop = size.map_or(end, |size| start + u64::from(size));
    Some(Pcm {
        sample: Sample {
            coding,
            bytes,
            big_endian: true,
        },
        rate: fields.be32(16)?,
        channels: channels(count, 0),
        pieces: std::iter::once(start..stop.min(end)).collect(),
        promised: (stop > end).then(|| (stop - start) / u64::from(bytes * u32::from(count)).max(1)),
    })
}
