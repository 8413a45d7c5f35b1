//! FLAC of every width that there can be, as exact as samples of 32-bit floats are.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::frame::{crc8, crc16};
use crate::song::SongReader;

/// Frames of sound in a block, and Hz.
const BLOCK: usize = 192;
const RATE: u32 = 48_000;

/// Bits, first one first.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    /// The lowest `count` bits of `value`.
    fn put(&mut self, value: i64, count: u32) {
        self.0
            .extend((0..count).rev().map(|bit| value >> bit.min(63) & 1 == 1));
    }

    fn bytes(&self) -> Vec<u8> {
        let bit = |(place, bit): (usize, &bool)| u8::from(*bit) << (7 - place);
        let byte = |bits: &[bool]| bits.iter().enumerate().map(bit).sum();
        self.0.chunks(8).map(byte).collect()
    }

    fn verbatim(&mut self, samples: &[i64], width: u32) {
        self.put(1 << 1, 8);
        samples.iter().for_each(|sample| self.put(*sample, width));
    }

    /// Each sample as the difference from the one before, in Rice's code.
    fn differences(&mut self, samples: &[i64], width: u32) {
        self.put(9 << 1, 8);
        self.put(samples[0], width);
        // The second kind of residual, one partition, whose parameter is this.
        let rice = width.saturating_sub(6).min(30);
        self.put(1, 2);
        self.put(0, 4);
        self.put(rice.into(), 5);
        for pair in samples.windows(2) {
            let difference = pair[1] - pair[0];
            let folded = difference << 1 ^ difference >> 63;
            (0..folded >> rice).for_each(|_| self.0.push(false));
            self.0.push(true);
            self.put(folded, rice);
        }
    }

    /// Samples that end in `wasted` zeros, without them.
    fn shortened(&mut self, samples: &[i64], width: u32, wasted: u32) {
        self.put(1 << 1 | 1, 8);
        self.put(1, wasted);
        samples
            .iter()
            .for_each(|sample| self.put(*sample >> wasted, width - wasted));
    }
}

/// Soft and as loud as can be, in turn and against each other: `width` bits.
fn signal(width: u32, channel: usize) -> Vec<i64> {
    let (top, mut noise) = ((1i64 << (width - 1)) - 1, 7u64 + channel as u64);
    let sample = |n: usize| {
        noise = noise
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let wave = (0.013 * (1.0 + channel as f64) * n as f64).sin();
        match n / BLOCK % 3 {
            0 => (0.9 * top as f64 * wave) as i64,
            // The most that a difference of two channels can be.
            1 if (n + channel).is_multiple_of(2) => top,
            1 => -top - 1,
            _ => (noise >> (64 - width)) as i64 - top - 1,
        }
    };
    (0..12 * BLOCK).map(sample).collect()
}

/// A stream of `channels`; `named` headers say how wide samples are, others leave it to the stream.
fn stream(channels: &[Vec<i64>], width: u32, named: bool) -> Vec<u8> {
    let mut head = Bits::default();
    head.put(BLOCK as i64, 16);
    head.put(BLOCK as i64, 16);
    head.put(0, 48);
    head.put(RATE.into(), 20);
    head.put(channels.len() as i64 - 1, 3);
    head.put(i64::from(width) - 1, 5);
    head.put(channels[0].len() as i64, 36);
    head.put(0, 128);
    let mut bytes = [&b"fLaC\x80\0\0\x22"[..], &head.bytes()].concat();
    for number in 0..channels[0].len() / BLOCK {
        let block = |channel: &Vec<i64>| channel[number * BLOCK..][..BLOCK].to_vec();
        bytes.extend(frame(
            &channels.iter().map(block).collect::<Vec<_>>(),
            width,
            named,
            number,
        ));
    }
    bytes
}

/// A frame, whose number says what stands in it, and how.
fn frame(channels: &[Vec<i64>], width: u32, named: bool, number: usize) -> Vec<u8> {
    let code = [(8, 1), (12, 2), (16, 4), (20, 5), (24, 6), (32, 7)];
    let code = code.iter().find(|(known, _)| named && *known == width);
    // Left and side, side and right, mid and side, or each by itself.
    let assignment = match channels.len() {
        2 if !number.is_multiple_of(4) => 7 + number as i64 % 4,
        count => count as i64 - 1,
    };
    let mut head = Bits::default();
    // 192 frames of sound at 48 kHz.
    head.put(0xfff8, 16);
    head.put(0x1a, 8);
    head.put(assignment, 4);
    head.put(code.map_or(0, |(_, code)| *code), 3);
    head.put(0, 1);
    head.put(number as i64, 8);
    let mut bytes = head.bytes();
    bytes.push(bytes.iter().fold(0, |crc, &byte| crc8(crc, byte)));

    let mut parts: Vec<(Vec<i64>, u32)> = channels.iter().map(|c| (c.clone(), width)).collect();
    if let (8.., [left, right]) = (assignment, channels) {
        let pairs = || left.iter().zip(right);
        let side = pairs().map(|(l, r)| l - r).collect();
        let middle = pairs().map(|(l, r)| (l + r) >> 1).collect();
        match assignment {
            9 => parts[0] = (side, width + 1),
            _ => parts[1] = (side, width + 1),
        }
        if assignment == 10 {
            parts[0].0 = middle;
        }
    }
    let mut body = Bits::default();
    for (samples, width) in &parts {
        // All that they have in common at their ends.
        let wasted = samples
            .iter()
            .fold(0, |all, sample| all | sample)
            .trailing_zeros();
        match number % 3 {
            0 => body.differences(samples, *width),
            _ if (1..*width).contains(&wasted) => body.shortened(samples, *width, wasted),
            _ => body.verbatim(samples, *width),
        }
    }
    bytes.extend(body.bytes());
    let checksum = bytes.iter().fold(0, |crc, &byte| crc16(crc, byte));
    bytes.extend(checksum.to_be_bytes());
    bytes
}

/// What is to be heard of `channels`.
fn expected(channels: &[Vec<i64>], width: u32) -> Vec<f32> {
    let full_scale = (1u64 << (width - 1)) as f64;
    let turns = (0..channels[0].len()).flat_map(|n| channels.iter().map(move |c| c[n]));
    turns
        .map(|sample| (sample as f64 / full_scale) as f32)
        .collect()
}

fn heard(path: &Path) -> Vec<f32> {
    let mut song = SongReader::open(path).unwrap();
    let mut samples = Vec::new();
    while song.read(&mut samples).unwrap() > 0 {}
    assert_eq!(song.warnings(), Vec::<String>::new(), "{}", path.display());
    samples
}

#[test]
fn every_width_of_flac_is_decoded_bit_by_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.flac");
    for width in 4..=32 {
        for count in [1, 2, 6] {
            let channels: Vec<_> = (0..count).map(|channel| signal(width, channel)).collect();
            for named in [true, false] {
                fs::write(&path, stream(&channels, width, named)).unwrap();
                let equal = heard(&path) == expected(&channels, width);
                assert!(equal, "{width} bits, {count} channels, named: {named}");
            }
        }
    }
}

#[test]
fn flac_of_32_bits_is_decoded_in_other_containers_too() {
    let folder = tempfile::tempdir().unwrap();
    let channels = [0, 1].map(|channel| signal(32, channel));
    // ffmpeg knows no such header, and puts what it does not know into another container as it is.
    let from = folder.path().join("wide.flac");
    fs::write(&from, stream(&channels, 32, false)).unwrap();
    for name in ["wide.ogg", "wide.mp4", "wide.mkv"] {
        let to = folder.path().join(name);
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-nostdin", "-v", "error", "-i"]).arg(&from);
        let status = ffmpeg
            .args(["-c", "copy", "-strict", "-2"])
            .arg(&to)
            .status();
        assert!(status.unwrap().success(), "{name}");
        assert!(heard(&to) == expected(&channels, 32), "{name}");
    }
}

#[test]
fn going_to_a_place_in_flac_of_32_bits_is_exact() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.flac");
    let channels = [0, 1].map(|channel| signal(32, channel));
    fs::write(&path, stream(&channels, 32, true)).unwrap();
    let mut song = SongReader::open(&path).unwrap();
    song.skip_to(1000.0 / f64::from(RATE)).unwrap();
    let mut rest = Vec::new();
    while song.read(&mut rest).unwrap() > 0 {}
    assert!(rest == expected(&channels, 32)[2000..]);
}
