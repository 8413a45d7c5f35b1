//! WAV as it is in the wild: RIFF, RIFX, RF64, BW64 and Wave64, with sizes that lie.

use std::fs::File;
use std::io;
use std::ops::Range;

use super::chunks::{Chunk, Fields, Style, UNKNOWN, bytes_at};
use super::pcm::{Coding, Pcm, Sample, channels};

/// Format tags (mmreg.h).
const PCM: u16 = 1;
const FLOAT: u16 = 3;
const A_LAW: u16 = 6;
const MU_LAW: u16 = 7;
const MPEG: u16 = 0x50;
const MP3: u16 = 0x55;
const EXTENSIBLE: u16 = 0xfffe;

/// The rest of a subformat's GUID behind the two bytes of its tag.
const SUBFORMAT: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/// The rest of Wave64's names behind their four letters.
const WAVE64_RIFF: [u8; 12] = [
    0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0, 0,
];

/// What a WAV holds.
pub(super) enum Wave {
    Pcm(Pcm),
    /// An MPEG stream, at these bytes.
    Mpeg(Range<u64>),
    /// Something compressed.
    Other,
}

/// Whether `start`, the beginning of a file, is one of a WAV.
pub(super) fn is_wave(start: &[u8]) -> bool {
    let riff = matches!(start.get(..4), Some(b"RIFF" | b"RIFX" | b"RF64" | b"BW64"))
        && start.get(8..12) == Some(b"WAVE");
    riff || is_wave64(start)
}

fn is_wave64(start: &[u8]) -> bool {
    start.starts_with(b"riff") && start.get(4..16) == Some(&WAVE64_RIFF)
}

/// Reads the headers of a WAV that begins at `from`; `None` where it has no format or no sound.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn read(file: &mut File, from: u64) -> io::Result<Option<Wave>> {
    let start = bytes_at(file, from, 40)?;
    let style = match () {
        () if is_wave64(&start) => Style::Wave64,
        () if start.starts_with(b"RIFX") => Style::Iff,
        () => Style::Riff,
    };
    let end = file.metadata()?.len();
    let large = start.starts_with(b"RF64") || start.starts_with(b"BW64");
    let mut at = from + if style == Style::Wave64 { 40 } else { 12 };
    let (mut format, mut pieces, mut large_size) = (None, Vec::new(), None);
    let mut promised = None;
    while at < end
        && let Some(mut chunk) = Chunk::at(file, at, style)?
    {
        match &chunk.name {
            b"ds64" if large => {
                let body = chunk.read(file)?;
                large_size = Fields(&body)
                    .le64(8)
                    .filter(|&size| size > 0 && size <= i64::MAX as u64);
            }
            b"fmt " if format.is_none() => format = Some(chunk.read(file)?),
            b"data" => {
                let size = match large_size {
                    Some(size) if large => Some(size),
                    _ => Some(chunk.stated).filter(|&size| size != 0 && size != UNKNOWN),
                };
                // Without a size, what was piped or cut off reaches to the end of the file.
                chunk.stated = size.unwrap_or(end - chunk.body.start);
                chunk.body.end = chunk.body.start.saturating_add(chunk.stated).min(end);
                let missing = chunk.body.start.saturating_add(chunk.stated) > end;
                // A size of all ones, or nearly, is what streams write who know no better.
                if missing && chunk.stated < 0x7fff_0000 {
                    promised = Some(chunk.stated);
                }
                pieces.push(chunk.body.clone());
            }
            _ => {}
        }
        at = chunk.next(file, style)?;
    }
    let Some(format) = format.filter(|_| !pieces.is_empty()) else {
        return Ok(None);
    };
    Ok(sound(&format, pieces, promised, style == Style::Iff))
}

/// What the format chunk says about the sound.
pub(super) fn sound(
    format: &[u8],
    pieces: Vec<Range<u64>>,
    promised: Option<u64>,
    big_endian: bool,
) -> Option<Wave> {
    let fields = Fields(format);
    let short = |at| {
        if big_endian {
            fields.be16(at)
        } else {
            fields.le16(at)
        }
    };
    let long = |at| {
        if big_endian {
            fields.be32(at)
        } else {
            fields.le32(at)
        }
    };
    let (mut tag, mut mask) = (short(0)?, 0);
    let (count, rate, block, bits) = (short(2)?, long(4)?, short(12)?, short(14).unwrap_or(0));
    if tag == EXTENSIBLE {
        mask = long(20)?;
        tag = match format.get(26..40) {
            Some(rest) if rest == SUBFORMAT => short(24)?,
            _ => return Some(Wave::Other),
        };
    }
    let coding = match tag {
        PCM if bits <= 8 => Coding::Unsigned,
        PCM => Coding::Signed,
        FLOAT => Coding::Float,
        A_LAW => Coding::ALaw,
        MU_LAW => Coding::MuLaw,
        MPEG | MP3 => return Some(Wave::Mpeg(pieces[0].start..pieces.last()?.end)),
        _ => return Some(Wave::Other),
    };
    // 20 bits lie in three bytes and 24 may lie in four, at their upper end; the block knows.
    let by_bits = u32::from(bits).div_ceil(8);
    let by_block = u32::from(block) / u32::from(count).max(1);
    let bytes = match coding {
        Coding::ALaw | Coding::MuLaw => 1,
        _ if by_block >= by_bits
            && by_block <= 8
            && u32::from(block) == by_block * u32::from(count) =>
        {
            by_block
        }
        _ => by_bits,
    };
    let promised = promised.map(|size| size / u64::from(bytes * u32::from(count)).max(1));
    Some(Wave::Pcm(Pcm {
        sample: Sample {
            coding,
            bytes,
            big_endian,
        },
        rate,
        channels: channels(count, mask),
        pieces,
        promised,
    }))
}
