//! WebP: whether all of its data is used.
//!
//! Its codes are such that nearly anything can be decoded: zeros, say, to a flat colour. But a picture
//! that is decoded without the end of its data is not what was encoded.

use image::DynamicImage;
use image::codecs::webp::WebPDecoder;
use std::io::Cursor;

/// How much of the end is left out, bytes: more than encoders pad with.
const END: usize = 16;

/// Where a RIFF file's chunks begin, and what a chunk's header takes, bytes.
const CHUNKS: usize = 12;
const HEADER: usize = 8;

/// Whether the picture that `bytes` are can be decoded without the end of its data.
pub fn has_idle_data(bytes: &[u8]) -> bool {
    let Some(short) = without_end(bytes) else {
        return false;
    };
    let decoder = WebPDecoder::new(Cursor::new(short));
    decoder.and_then(DynamicImage::from_decoder).is_ok()
}

/// The same file without the end of its picture's data; none where that is short.
fn without_end(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = |at: usize| {
        let bytes = bytes.get(at + 4..at + HEADER)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
    };
    let mut at = CHUNKS;
    while !matches!(bytes.get(at..at + 4)?, b"VP8 " | b"VP8L") {
        at = (at + HEADER).checked_add(size(at)?.next_multiple_of(2))?;
    }
    let (all, length) = (size(0)?, size(at)?);
    let end = (at + HEADER).checked_add(length)?;
    if length < 3 * END || end > bytes.len() || all < end - HEADER {
        return None;
    }
    let mut short = bytes.to_vec();
    short.drain(end - END..end);
    let mut set = |at: usize, size: usize| {
        short[at + 4..at + HEADER].copy_from_slice(&(size as u32).to_le_bytes());
    };
    set(0, all - END);
    set(at, length - END);
    Some(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::webp::WebPEncoder;
    use image::{ExtendedColorType, ImageEncoder};

    #[test]
    fn a_picture_whose_second_half_is_zeros_has_idle_data() {
        let (wide, high) = (90u32, 70);
        let pixels: Vec<u8> = (0..3 * wide * high)
            // Some colours are more common than others, as in any picture.
            .map(|i| ((i * i * 7 + i / 5) % 256).pow(2) / 256)
            .map(|level| level as u8)
            .collect();
        let mut bytes = Vec::new();
        let encoder = WebPEncoder::new_lossless(&mut bytes);
        let kind = ExtendedColorType::Rgb8;
        encoder.write_image(&pixels, wide, high, kind).unwrap();
        assert!(!has_idle_data(&bytes));
        let middle = bytes.len() / 2;
        bytes[middle..].fill(0);
        assert!(has_idle_data(&bytes));
    }

    #[test]
    fn nothing_is_too_short_to_be_looked_at() {
        let whole = [
            b"RIFF\x40\0\0\0WEBPVP8L".as_slice(),
            &[0x34, 0, 0, 0],
            &[0; 52],
        ]
        .concat();
        for length in 0..whole.len() {
            assert!(!has_idle_data(&whole[..length]));
        }
    }
}
