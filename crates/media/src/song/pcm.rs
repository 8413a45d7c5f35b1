//! Uncompressed sound, wherever its container keeps it.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use symphonia::core::audio::{Channels, Position};
use symphonia::core::codecs::audio::well_known::*;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};
use symphonia::core::errors::Result;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::demuxed::{Demuxed, Packets, TOLERATED_SHORTFALL, TRACK};

/// Frames in a packet.
const PACKET: u64 = 2048;

/// How samples are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Signed,
    Unsigned,
    Float,
    ALaw,
    MuLaw,
}

/// One sample: how it is written, in how many bytes, in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) coding: Coding,
    pub(super) bytes: u32,
    pub(super) big_endian: bool,
}

impl Sample {
    /// The codec's name in symphonia; `None` for a width that does not exist.
    pub(super) fn codec(self) -> Option<AudioCodecId> {
        use Coding::*;
        Some(match (self.coding, self.bytes, self.big_endian) {
            (Signed, 1, _) => CODEC_ID_PCM_S8,
            (Signed, 2, false) => CODEC_ID_PCM_S16LE,
            (Signed, 2, true) => CODEC_ID_PCM_S16BE,
            (Signed, 3, false) => CODEC_ID_PCM_S24LE,
            (Signed, 3, true) => CODEC_ID_PCM_S24BE,
            (Signed, 4, false) => CODEC_ID_PCM_S32LE,
            (Signed, 4, true) => CODEC_ID_PCM_S32BE,
            (Unsigned, 1, _) => CODEC_ID_PCM_U8,
            (Unsigned, 2, false) => CODEC_ID_PCM_U16LE,
            (Unsigned, 2, true) => CODEC_ID_PCM_U16BE,
            (Unsigned, 3, false) => CODEC_ID_PCM_U24LE,
            (Unsigned, 3, true) => CODEC_ID_PCM_U24BE,
            (Unsigned, 4, false) => CODEC_ID_PCM_U32LE,
            (Unsigned, 4, true) => CODEC_ID_PCM_U32BE,
            (Float, 4, false) => CODEC_ID_PCM_F32LE,
            (Float, 4, true) => CODEC_ID_PCM_F32BE,
            (Float, 8, false) => CODEC_ID_PCM_F64LE,
            (Float, 8, true) => CODEC_ID_PCM_F64BE,
            (ALaw, 1, _) => CODEC_ID_PCM_ALAW,
            (MuLaw, 1, _) => CODEC_ID_PCM_MULAW,
            _ => return None,
        })
    }

    /// What symphonia's decoder needs to know.
    pub(super) fn params(self, rate: u32, channels: Channels) -> Option<AudioCodecParameters> {
        let mut params = AudioCodecParameters::new();
        params
            .for_codec(self.codec()?)
            .with_sample_rate(rate)
            .with_channels(channels)
            .with_max_frames_per_packet(PACKET);
        Some(params)
    }
}

/// Channels in WAVE's order: by speakers where `mask` names as many as there are.
pub(super) fn channels(count: u16, mask: u32) -> Channels {
    match Position::from_bits(mask.into()) {
        Some(speakers) if mask.count_ones() == u32::from(count) => Channels::Positioned(speakers),
        _ => Channels::Discrete(count),
    }
}

/// Uncompressed sound in a file.
#[derive(Clone, Debug)]
pub(super) struct Pcm {
    pub(super) sample: Sample,
    pub(super) rate: u32,
    pub(super) channels: Channels,
    /// Where the sound lies in the file, bytes; several pieces follow each other.
    pub(super) pieces: Vec<Range<u64>>,
    /// Frames that the header promises, where it promises more than there are.
    pub(super) promised: Option<u64>,
}

impl Pcm {
    /// Bytes of one frame.
    pub(super) fn frame_bytes(&self) -> u64 {
        u64::from(self.sample.bytes) * self.channels.count() as u64
    }

    /// Opens the sound; `None` where nothing can decode it.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub(super) fn open(self, path: &Path) -> io::Result<Option<Box<dyn FormatReader>>> {
        let frame_bytes = self.frame_bytes();
        let params = self.sample.params(self.rate, self.channels.clone());
        let Some(params) = params.filter(|_| frame_bytes > 0) else {
            return Ok(None);
        };
        let mut ends = Vec::new();
        let mut frames = 0;
        for piece in &self.pieces {
            frames += (piece.end - piece.start) / frame_bytes;
            ends.push(frames);
        }
        let length = self
            .promised
            .map_or(frames, |promised| promised.max(frames));
        let packets = PcmPackets {
            file: BufReader::new(File::open(path)?),
            frame_bytes,
            pieces: self.pieces,
            ends,
            at: 0,
            settled: false,
            truncated: length > frames + TOLERATED_SHORTFALL,
        };
        Ok(Some(Demuxed::boxed(params, Some(length), packets)))
    }
}

struct PcmPackets {
    file: BufReader<File>,
    frame_bytes: u64,
    pieces: Vec<Range<u64>>,
    /// The frame with which each piece ends.
    ends: Vec<u64>,
    /// The next frame.
    at: u64,
    /// Whether the file stands at that frame.
    settled: bool,
    /// Whether the header promises more than there is.
    truncated: bool,
}

impl Packets for PcmPackets {
    fn next(&mut self) -> Result<Option<Packet>> {
        let piece = self.ends.partition_point(|&end| end <= self.at);
        let Some(range) = self.pieces.get(piece) else {
            return match self.truncated {
                true => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                false => Ok(None),
            };
        };
        let first = piece.checked_sub(1).map_or(0, |before| self.ends[before]);
        if !self.settled || self.at == first {
            let offset = range.start + (self.at - first) * self.frame_bytes;
            self.file.seek(SeekFrom::Start(offset))?;
            self.settled = true;
        }
        let frames = PACKET.min(self.ends[piece] - self.at);
        let mut data = vec![0; (frames * self.frame_bytes) as usize];
        self.file.read_exact(&mut data)?;
        let at = Timestamp::new(self.at as i64);
        self.at += frames;
        Ok(Some(Packet::new(TRACK, at, Duration::new(frames), data)))
    }

    fn seek(&mut self, frame: u64) -> Option<u64> {
        self.at = frame;
        self.settled = false;
        Some(frame)
    }
}
