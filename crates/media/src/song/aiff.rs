//! AIFF and AIFF-C.

use std::fs::File;
use std::io;

use super::chunks::{Chunk, Fields, Style, UNKNOWN, bytes_at};
use super::pcm::{Coding, Pcm, Sample, channels};
use super::speakers::core_audio;

/// Whether `start`, the beginning of a file, is one of an AIFF.
pub(super) fn is_aiff(start: &[u8]) -> bool {
    start.starts_with(b"FORM") && matches!(start.get(8..12), Some(b"AIFF" | b"AIFC"))
}

/// What the common chunk says.
struct Common {
    count: u16,
    bits: u16,
    rate: u32,
    compression: [u8; 4],
}

/// Reads the headers of a file that begins at `from`; `None` where there is no sound, or it is compressed.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn read(file: &mut File, from: u64) -> io::Result<Option<Pcm>> {
    let compressed = bytes_at(file, from + 8, 4)? == b"AIFC";
    let end = file.metadata()?.len();
    let (mut at, mut common, mut data, mut promised) = (from + 12, None, None, None);
    let mut speakers = None;
    while at < end
        && let Some(mut chunk) = Chunk::at(file, at, Style::Iff)?
    {
        match &chunk.name {
            b"COMM" => common = parse_common(&chunk.read(file)?, compressed),
            b"CHAN" => speakers = Some(chunk.read(file)?),
            b"SSND" if data.is_none() => {
                // Behind the header: an offset, and a block size that nobody uses.
                let head = bytes_at(file, chunk.body.start, 8)?;
                let offset = u64::from(Fields(&head).be32(0).unwrap_or(0));
                if chunk.stated == 0 || chunk.stated == UNKNOWN {
                    chunk.stated = end - chunk.body.start;
                    chunk.body.end = end;
                }
                let start = (chunk.body.start + 8).saturating_add(offset);
                data = (start <= chunk.body.end).then_some(start..chunk.body.end);
                if chunk.body.start + chunk.stated > end {
                    promised = Some(chunk.stated.saturating_sub(8 + offset));
                }
            }
            _ => {}
        }
        at = chunk.next(file, Style::Iff)?;
    }
    let (Some(common), Some(data)) = (common, data) else {
        return Ok(None);
    };
    let Some(sample) = sample(&common) else {
        return Ok(None);
    };
    let frame = u64::from(sample.bytes) * u64::from(common.count).max(1);
    Ok(Some(Pcm {
        sample,
        rate: common.rate,
        channels: speakers
            .and_then(|body| core_audio(&body, common.count))
            .unwrap_or_else(|| channels(common.count, 0)),
        pieces: vec![data],
        promised: promised.map(|bytes| bytes / frame),
    }))
}

fn parse_common(body: &[u8], compressed: bool) -> Option<Common> {
    let fields = Fields(body);
    // An 80-bit float: a biased exponent, then the mantissa with its leading one.
    let exponent = i32::from(fields.be16(8)? & 0x7fff) - 16_383 - 63;
    let rate = fields.be64(10)? as f64 * 2f64.powi(exponent);
    Some(Common {
        count: fields.be16(0)?,
        bits: fields.be16(6)?,
        rate: rate.round() as u32,
        compression: match compressed {
            true => fields.name(18)?,
            false => *b"NONE",
        },
    })
}

fn sample(common: &Common) -> Option<Sample> {
    let whole = u32::from(common.bits).div_ceil(8);
    let (coding, bytes, big_endian) = match &common.compression {
        b"NONE" | b"none" | b"twos" => (Coding::Signed, whole, true),
        b"sowt" => (Coding::Signed, whole, false),
        b"raw " => (Coding::Unsigned, whole, true),
        b"in24" => (Coding::Signed, 3, true),
        b"in32" => (Coding::Signed, 4, true),
        b"42ni" => (Coding::Signed, 3, false),
        b"23ni" => (Coding::Signed, 4, false),
        b"fl32" | b"FL32" => (Coding::Float, 4, true),
        b"fl64" | b"FL64" => (Coding::Float, 8, true),
        b"alaw" | b"ALAW" => (Coding::ALaw, 1, true),
        b"ulaw" | b"ULAW" => (Coding::MuLaw, 1, true),
        _ => return None,
    };
    Some(Sample {
        coding,
        bytes,
        big_endian,
    })
}
