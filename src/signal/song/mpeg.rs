//! MPEG audio streams: MP1, MP2, MP3, and AAC in ADTS, with whatever is tagged before, behind and
//! between.
//!
//! Frames follow one another, and each tells its length: where the next is not at once, what lies
//! between is a tag, zeros, or damage. Another file's frames may follow the first one's.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::ops::Range;
use std::path::Path;

use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::well_known::*;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};
use symphonia::core::errors::Result;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::{Packet, PacketBuilder};
use symphonia::core::units::{Duration, Timestamp};

use super::chunks::{Fields, bytes_at};
use super::demuxed::{Demuxed, Packets, TOLERATED_SHORTFALL, TRACK};
use super::{aac, tags};

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

/// How far into a file the first frame may lie, behind its tags, bytes.
const FARTHEST_START: u64 = 1 << 20;

/// Frames that must follow one another for a file to be a song of this kind.
const CONVINCING: usize = 4;

/// How much of a file is looked at for damage, bytes.
const LOOKED_AT: u64 = 4 << 20;

/// Packets that are looked at for spectral band replication.
const INSPECTED: usize = 24;

/// The delay of the decoder itself, which encoders count on: frames.
const DECODER_DELAY: u32 = 529;

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    kind: Kind,
    rate: u32,
    /// 0 where an AAC packet tells.
    channels: u8,
    /// Of the whole frame with its header.
    bytes: u32,
    /// Frames of sound.
    sound: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// MPEG 1, 2 or 2.5 (1, 2, 3), and its layer.
    Mpeg { version: u8, layer: u8 },
    /// The header's own length, 7 or 9 bytes.
    Adts { header: u8 },
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
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

    fn codec(&self) -> AudioCodecId {
        match self.kind {
            Kind::Adts { .. } => CODEC_ID_AAC,
            Kind::Mpeg { layer: 1, .. } => CODEC_ID_MP1,
            Kind::Mpeg { layer: 2, .. } => CODEC_ID_MP2,
            Kind::Mpeg { .. } => CODEC_ID_MP3,
        }
    }

    /// Whether both may belong to one stream.
    fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.rate == other.rate
    }
}

/// What an MPEG stream holds.
pub(super) enum Mpeg {
    Stream(Box<dyn FormatReader>),
    /// AAC of a kind that is not decoded here.
    Foreign(&'static str),
}

/// Opens the MPEG stream in `range` of the file at `path`; `None` where there is none.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn open(path: &Path, range: Range<u64>) -> io::Result<Option<Mpeg>> {
    let mut frames = Frames {
        file: BufReader::with_capacity(1 << 16, File::open(path)?),
        at: range.start,
        end: range.end,
        like: None,
        damage: 0,
    };
    let Some(header) = frames.find_start()? else {
        return Ok(None);
    };
    frames.like = Some(header);
    let mut params = AudioCodecParameters::new();
    params
        .with_sample_rate(header.rate)
        .with_channels(Channels::Discrete(header.channels.into()));
    params.for_codec(header.codec());
    if matches!(header.kind, Kind::Adts { .. })
        && let Some(name) = frames.foreign_aac()?
    {
        return Ok(Some(Mpeg::Foreign(name)));
    }
    if frames.is_mostly_damage()? {
        return Ok(None);
    }
    let mut info = frames.info(&header)?.unwrap_or_default();
    let stream = frames.end.saturating_sub(frames.at);
    // Much more than the encoder counted is another file's: nothing is padding then.
    if info.bytes.is_some_and(|bytes| stream > bytes + bytes / 16) {
        (info.all, info.padding) = (None, 0);
    }
    let packets = MpegPackets {
        frames,
        info,
        decoded: 0,
        waiting: None,
    };
    let length = info.length();
    Ok(Some(Mpeg::Stream(Demuxed::boxed(params, length, packets))))
}

/// The codec of the MPEG audio frame at a place in a file; `None` where there is none.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn codec_at(path: &Path, at: u64) -> io::Result<Option<AudioCodecId>> {
    let head = bytes_at(&mut File::open(path)?, at, 10)?;
    Ok(Header::read(&head).map(|header| header.codec()))
}

/// What the encoder says of its stream in the first frame.
#[derive(Clone, Copy, Debug, Default)]
struct Info {
    /// Frames of run-up, the decoder's own among them.
    delay: u32,
    /// Frames of padding at the end, less the decoder's delay.
    padding: u32,
    /// Frames in all, with both.
    all: Option<u64>,
    /// Bytes of the stream.
    bytes: Option<u64>,
}

impl Info {
    /// Frames of sound.
    fn length(&self) -> Option<u64> {
        let around = u64::from(self.delay) + u64::from(self.padding);
        self.all.map(|all| all.saturating_sub(around))
    }
}

/// The frames of a stream, one after another.
struct Frames {
    file: BufReader<File>,
    at: u64,
    end: u64,
    like: Option<Header>,
    /// Bytes that belonged to nothing so far.
    damage: u64,
}

impl Frames {
    fn bytes(&mut self, at: u64, count: u64) -> io::Result<Vec<u8>> {
        // Stays within the buffer where it can.
        let here = self.file.stream_position()?;
        self.file.seek_relative(at as i64 - here as i64)?;
        let mut bytes = Vec::new();
        let count = count.min(self.end.saturating_sub(at));
        (&mut self.file).take(count).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The header at `at`, if there is one, and one like it behind its frame, or the end.
    fn header(&mut self, at: u64, followers: usize) -> io::Result<Option<Header>> {
        let Some(header) = Header::read(&self.bytes(at, 10)?) else {
            return Ok(None);
        };
        let mut next = at + u64::from(header.bytes);
        for follower in 0..followers {
            if next >= self.end {
                // The file ends with a whole frame, or within the last of some.
                return Ok((next == self.end || follower > 1).then_some(header));
            }
            match Header::read(&self.bytes(next, 10)?) {
                Some(found) if found.is_like(&header) => next += u64::from(found.bytes),
                _ if follower > 0 && tags::at(&mut self.file, next, self.end)?.is_some() => break,
                _ => return Ok(None),
            }
        }
        Ok(Some(header))
    }

    /// Finds the first frame of a stream and goes there.
    fn find_start(&mut self) -> io::Result<Option<Header>> {
        let last = self.end.min(self.at + FARTHEST_START);
        while self.at < last {
            let window = self.bytes(self.at, 1 << 12)?;
            let Some(sync) = window.iter().position(|&byte| byte == 0xff) else {
                self.at += window.len().max(1) as u64;
                continue;
            };
            self.at += sync as u64;
            if let Some(header) = self.header(self.at, CONVINCING)? {
                return Ok(Some(header));
            }
            self.at += 1;
        }
        Ok(None)
    }

    /// The next frame, and how many bytes of damage lay before it.
    fn next(&mut self) -> io::Result<Option<(Header, Vec<u8>, u64)>> {
        let before = self.damage;
        while self.at + 4 <= self.end {
            let head = self.bytes(self.at, 10)?;
            let header = Header::read(&head).filter(|header| {
                // After damage, the first that comes need not be one.
                self.like.is_none_or(|like| header.is_like(&like))
            });
            let header = match header {
                Some(_) if self.damage > before => self.header(self.at, 2)?,
                header => header,
            };
            if let Some(header) = header {
                let data = self.bytes(self.at, header.bytes.into())?;
                self.at += u64::from(header.bytes);
                let whole = data.len() == header.bytes as usize;
                return Ok(whole.then_some((header, data, self.damage - before)));
            }
            if let Some(end) = tags::at(&mut self.file, self.at, self.end)? {
                self.at = end;
                continue;
            }
            // Zeros are padding, however many.
            self.damage += u64::from(head[0] != 0);
            let window = self.bytes(self.at + 1, 1 << 12)?;
            let skip = window
                .iter()
                .position(|&byte| byte != 0 && head[0] == 0 || byte == 0xff);
            let skip = skip.unwrap_or(window.len());
            self.damage += if head[0] == 0 { 0 } else { skip as u64 };
            self.at += 1 + skip as u64;
        }
        Ok(None)
    }

    /// Why the AAC from here on is not decoded here, if so.
    fn foreign_aac(&mut self) -> io::Result<Option<&'static str>> {
        let start = self.at;
        let mut packets = Vec::new();
        let mut config = None;
        while packets.len() < INSPECTED
            && let Some((header, mut data, _)) = self.next()?
        {
            config = config.or_else(|| aac::Config::of_adts(&data));
            if let Kind::Adts { header } = header.kind {
                packets.push(data.split_off(header.into()));
            }
        }
        self.at = start;
        Ok(match config {
            Some(config) if !config.is_plain() => Some(config.name()),
            Some(_) if aac::has_sbr(packets.iter().map(Vec::as_slice)) => Some("HE-AAC"),
            _ => None,
        })
    }

    /// Whether more of the first mebibytes is damage than sound.
    fn is_mostly_damage(&mut self) -> io::Result<bool> {
        let start = self.at;
        let mut sound = 0;
        while self.at < start + LOOKED_AT
            && let Some((header, ..)) = self.next()?
        {
            sound += u64::from(header.bytes);
        }
        let damage = std::mem::take(&mut self.damage);
        self.at = start;
        Ok(damage > sound)
    }

    /// Reads the encoder's header frame, if the stream begins with one, and passes over it.
    fn info(&mut self, header: &Header) -> io::Result<Option<Info>> {
        let start = self.at;
        let Some((_, data, _)) = self.next()? else {
            return Ok(None);
        };
        let info = read_info(header, &data);
        if info.is_none() {
            self.at = start;
        }
        Ok(info)
    }
}

/// Reads an Info, Xing or VBRI frame; `None` where it is a frame of sound.
fn read_info(header: &Header, frame: &[u8]) -> Option<Info> {
    let Kind::Mpeg { version, layer: 3 } = header.kind else {
        return None;
    };
    let sound = u64::from(header.sound);
    if frame.get(36..40) == Some(b"VBRI") {
        let count = Fields(frame).be32(50)?;
        return Some(Info {
            all: Some(u64::from(count) * sound),
            ..Info::default()
        });
    }
    let side = match (version, header.channels) {
        (1, 1) => 17,
        (1, _) => 32,
        (_, 1) => 9,
        _ => 17,
    };
    let at = 4 + side;
    if !matches!(frame.get(at..at + 4), Some(b"Xing" | b"Info")) {
        return None;
    }
    let fields = Fields(frame);
    let flags = fields.be32(at + 4)?;
    let mut next = at + 8;
    let mut count = None;
    if flags & 1 != 0 {
        count = fields.be32(next);
        next += 4;
    }
    let mut bytes = None;
    if flags & 2 != 0 {
        bytes = fields.be32(next).map(u64::from).filter(|&bytes| bytes > 0);
        next += 4;
    }
    next += if flags & 4 != 0 { 100 } else { 0 };
    next += if flags & 8 != 0 { 4 } else { 0 };
    // LAME's extension: a name of nine bytes, then twelve of other matters, then delay and padding.
    let lame = frame
        .get(next..next + 4)
        .is_some_and(|name| name.starts_with(b"LA") || name == b"Lavf" || name == b"Lavc");
    let gap = Fields(frame).be32(next + 21).filter(|_| lame).unwrap_or(0) >> 8;
    let (delay, padding) = (gap >> 12, gap & 0xfff);
    let (delay, padding) = match gap {
        0 => (0, 0),
        _ => (delay + DECODER_DELAY, padding.saturating_sub(DECODER_DELAY)),
    };
    Some(Info {
        delay,
        padding,
        all: count
            .filter(|&count| count > 0)
            .map(|count| u64::from(count) * sound),
        bytes,
    })
}

struct MpegPackets {
    frames: Frames,
    info: Info,
    /// Frames decoded so far.
    decoded: u64,
    /// A frame that was found behind damage.
    waiting: Option<(Header, Vec<u8>)>,
}

impl MpegPackets {
    /// A packet of `sound` frames, without what is the encoder's own.
    fn packet(&mut self, sound: u64, data: Vec<u8>) -> Packet {
        let (start, end) = (self.decoded, self.decoded + sound);
        self.decoded = end;
        let before = u64::from(self.info.delay).saturating_sub(start).min(sound);
        let after = self.info.all.map_or(0, |all| {
            let padding = all.saturating_sub(self.info.padding.into());
            let silent = end.min(all).saturating_sub(start.max(padding));
            // Frames that follow the encoder's padding are heard.
            if end <= all {
                silent.min(sound - before)
            } else {
                0
            }
        });
        PacketBuilder::new()
            .track_id(TRACK)
            .pts(Timestamp::new(start as i64 - i64::from(self.info.delay)))
            .dur(Duration::new(sound - before - after))
            .trim_start(Duration::new(before))
            .trim_end(Duration::new(after))
            .data(data)
            .build()
    }
}

impl Packets for MpegPackets {
    fn next(&mut self) -> Result<Option<Packet>> {
        let waiting = self.waiting.take();
        let found = match waiting {
            Some((header, data)) => Some((header, data, 0)),
            None => self.frames.next()?,
        };
        let Some((header, mut data, junk)) = found else {
            let promised = self.info.all.unwrap_or(0);
            return match promised > self.decoded + TOLERATED_SHORTFALL {
                true => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                false => Ok(None),
            };
        };
        if junk > 0 {
            // An empty packet is one that cannot be decoded: its time passes in silence.
            let lost = (junk + u64::from(header.bytes) / 2) / u64::from(header.bytes);
            let most = u64::from(header.rate) / u64::from(header.sound);
            self.waiting = Some((header, data));
            let sound = lost.clamp(1, most.max(1)) * u64::from(header.sound);
            return Ok(Some(self.packet(sound, Vec::new())));
        }
        if read_info(&header, &data).is_some() {
            // Another file begins here: what its encoder says of itself is no sound.
            return self.next();
        }
        if let Kind::Adts { header } = header.kind {
            data.drain(..usize::from(header));
        }
        Ok(Some(self.packet(header.sound.into(), data)))
    }
}
