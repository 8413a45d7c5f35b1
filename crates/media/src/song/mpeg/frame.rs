//! Headers of MPEG audio frames, and of AAC in ADTS.

use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3,
};

use super::super::aac;

/// Bit rates, kbit/s: MPEG 1 layers 1 to 3, then MPEG 2 layer 1, and layers 2 and 3.
const BIT_RATES: [[u32; 15]; 5] = [
    [
        0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
    ],
    [
        0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
    ],
    [
        0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ],
    [
        0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
    ],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) rate: u32,
    /// 0 where an AAC packet tells.
    pub(super) channels: u8,
    /// Of the whole frame with its header.
    pub(super) bytes: u32,
    /// Frames of sound.
    pub(super) sound: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// MPEG 1, 2 or 2.5 (1, 2, 3), and its layer.
    Mpeg { version: u8, layer: u8 },
    /// The header's own length, 7 or 9 bytes.
    Adts { header: u8 },
}

impl Header {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [first, second, third, fourth, ..] = *bytes else {
            return None;
        };
        if first != 0xff || second & 0xe0 != 0xe0 {
            return None;
        }
        let layer = 4 - (second >> 1 & 3);
        if layer == 4 {
            return Self::adts(bytes);
        }
        let version = match second >> 3 & 3 {
            0 => 3,
            2 => 2,
            3 => 1,
            _ => return None,
        };
        let (index, rate) = (usize::from(third >> 4), usize::from(third >> 2 & 3));
        let rate = *[44_100, 48_000, 32_000].get(rate)? >> (version - 1);
        let column = match (version, layer) {
            (1, layer) => usize::from(layer) - 1,
            (_, 1) => 3,
            _ => 4,
        };
        let bit_rate = *BIT_RATES[column].get(index)? * 1000;
        if bit_rate == 0 {
            return None;
        }
        let padding = u32::from(third >> 1 & 1);
        let (sound, bytes) = match (layer, version) {
            (1, _) => (384, (12 * bit_rate / rate + padding) * 4),
            (3, 2 | 3) => (576, 72 * bit_rate / rate + padding),
            _ => (1152, 144 * bit_rate / rate + padding),
        };
        Some(Self {
            kind: Kind::Mpeg { version, layer },
            rate,
            channels: if fourth >> 6 == 3 { 1 } else { 2 },
            bytes,
            sound,
        })
    }

    fn adts(bytes: &[u8]) -> Option<Self> {
        // Twelve bits of sync, not eleven.
        if bytes.get(1)? & 0xf6 != 0xf0 {
            return None;
        }
        let config = aac::Config::of_adts(bytes)?;
        let length = u32::from(bytes[3] & 3) << 11
            | u32::from(*bytes.get(4)?) << 3
            | u32::from(*bytes.get(5)? >> 5);
        let header = if bytes[1] & 1 == 1 { 7 } else { 9 };
        let blocks = u32::from(*bytes.get(6)? & 3) + 1;
        (length > u32::from(header)).then_some(Self {
            kind: Kind::Adts { header },
            rate: config.rate,
            channels: config.channels,
            bytes: length,
            sound: 1024 * blocks,
        })
    }

    pub(super) fn codec(&self) -> AudioCodecId {
        match self.kind {
            Kind::Adts { .. } => CODEC_ID_AAC,
            Kind::Mpeg { layer: 1, .. } => CODEC_ID_MP1,
            Kind::Mpeg { layer: 2, .. } => CODEC_ID_MP2,
            Kind::Mpeg { .. } => CODEC_ID_MP3,
        }
    }

    /// Whether both may belong to one stream.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.rate == other.rate
    }

    /// Whether a decoder of one cannot go on with the other: another layer, rate or channels.
    pub(super) fn changes(&self, other: &Self) -> bool {
        !self.is_like(other) || self.channels != other.channels
    }

    /// Whether ffmpeg takes both for one stream.
    pub(super) fn is_kin(&self, other: &Self) -> bool {
        matches!(self.kind, Kind::Adts { .. }) == matches!(other.kind, Kind::Adts { .. })
    }
}
