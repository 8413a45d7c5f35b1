//! Headers of FLAC frames, and checksums.

/// The longest header, bytes.
pub(super) const LONGEST_HEADER: usize = 16;

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Whether blocks differ in size: then the number counts frames of sound, and else blocks.
    pub(super) variable: bool,
    pub(super) number: u64,
    /// Frames of sound.
    pub(super) sound: u32,
    /// Hz and bits; `None` where the stream's description tells.
    pub(super) rate: Option<u32>,
    pub(super) bits: Option<u8>,
    pub(super) channels: u8,
    /// Of the header.
    pub(super) bytes: usize,
}

impl Header {
    /// Reads a header, if its checksum is right.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let &[0xff, second, third, fourth, ..] = bytes else {
            return None;
        };
        if second & 0xfe != 0xf8 || fourth & 1 != 0 {
            return None;
        }
        let channels = match fourth >> 4 {
            count @ 0..=7 => count + 1,
            8..=10 => 2,
            _ => return None,
        };
        let bits = match fourth >> 1 & 7 {
            0 => None,
            1 => Some(8),
            2 => Some(12),
            4 => Some(16),
            5 => Some(20),
            6 => Some(24),
            7 => Some(32),
            _ => return None,
        };
        let (number, length) = number(bytes.get(4..)?)?;
        let mut at = 4 + length;
        let mut take = |count: usize| {
            let field = bytes.get(at..at + count)?;
            at += count;
            Some(
                field
                    .iter()
                    .fold(0u32, |value, &byte| value << 8 | u32::from(byte)),
            )
        };
        let sound = match third >> 4 {
            0 => return None,
            1 => 192,
            power @ 2..=5 => 576 << (power - 2),
            6 => take(1)? + 1,
            7 => take(2)? + 1,
            power => 256 << (power - 8),
        };
        let rate = match third & 15 {
            0 => None,
            index @ 1..=11 => Some(RATES[usize::from(index) - 1]),
            12 => Some(take(1)? * 1000),
            13 => Some(take(2)?),
            14 => Some(take(2)? * 10),
            _ => return None,
        };
        let (header, rest) = bytes.split_at_checked(at)?;
        let right = header.iter().fold(0, |crc, &byte| crc8(crc, byte)) == *rest.first()?;
        right.then_some(Self {
            variable: second & 1 == 1,
            number,
            sound,
            rate,
            bits,
            channels,
            bytes: at + 1,
        })
    }
}

/// Rates by index, Hz.
const RATES: [u32; 11] = [
    88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000,
];

/// A number as UTF-8 would code a character, of up to 36 bits, and its length.
fn number(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = match first.leading_ones() as usize {
        0 => return Some((first.into(), 1)),
        length @ 2..=7 => length,
        _ => return None,
    };
    let start = u64::from(first) & ((1 << (7 - length)) - 1);
    let rest = bytes.get(1..length)?;
    let number = rest.iter().try_fold(start, |number, &byte| {
        (byte & 0xc0 == 0x80).then_some(number << 6 | u64::from(byte & 0x3f))
    })?;
    Some((number, length))
}

/// One byte more of the header's checksum: x^8 + x^2 + x + 1.
pub(super) fn crc8(crc: u8, byte: u8) -> u8 {
    (0..8).fold(crc ^ byte, |crc, _| match crc & 0x80 {
        0 => crc << 1,
        _ => crc << 1 ^ 0x07,
    })
}

const CRC16: [u16; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x8005
            };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

/// Whether the checksum of a whole frame, its last two bytes, is right.
pub(in super::super) fn is_sound(frame: &[u8]) -> bool {
    frame.iter().fold(0, |crc, &byte| crc16(crc, byte)) == 0
}

/// One byte more of the frame's checksum: x^16 + x^15 + x^2 + 1. It is 0 over a whole frame.
pub(super) fn crc16(crc: u16, byte: u8) -> u16 {
    crc << 8 ^ CRC16[usize::from((crc >> 8) as u8 ^ byte)]
}
