//! FLAC streams (RFC 9639): whole, holed, joined, or without a beginning.
//!
//! Each frame ends in a checksum of itself and says where it belongs, so that damage is known from
//! sound, and its length too.

mod frame;
#[cfg(test)]
mod tests;
mod wide;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::ops::Range;
use std::path::Path;

use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;
use symphonia::core::errors::{Error, Result};
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

pub(super) use self::frame::is_sound;
use self::frame::{Header, LONGEST_HEADER, crc16};
pub(super) use self::wide::WideFlac;
use super::chunks::Fields;
use super::demuxed::{Demuxed, Packets, TOLERATED_SHORTFALL, TRACK};
use super::layout::FLAC_MASK;
use super::tags;

const MARKER: &[u8] = b"fLaC";

/// A block of comments, and how much of it is looked at, bytes.
const COMMENT: u32 = 4;
const LONGEST_COMMENT: usize = 1 << 18;

/// How much is read of a file at once, bytes.
const WINDOW: usize = 1 << 16;

/// How far into a file without a beginning the first frame may lie, bytes.
const FARTHEST_START: u64 = 1 << 18;

/// A hole that is filled with silence is no longer, seconds.
const LONGEST_HOLE: u64 = 600;

/// What the stream's description says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Description {
    bytes: [u8; 34],
}

impl Description {
    fn rate(&self) -> u32 {
        u32::from_be_bytes([0, self.bytes[10], self.bytes[11], self.bytes[12]]) >> 4
    }

    fn channels(&self) -> u8 {
        (self.bytes[12] >> 1 & 7) + 1
    }

    fn bits(&self) -> u8 {
        ((self.bytes[12] & 1) << 4 | self.bytes[13] >> 4) + 1
    }

    /// Frames of sound, where they are known.
    fn total(&self) -> Option<u64> {
        let low = u32::from_be_bytes([
            self.bytes[14],
            self.bytes[15],
            self.bytes[16],
            self.bytes[17],
        ]);
        let total = u64::from(self.bytes[13] & 15) << 32 | u64::from(low);
        (total > 0).then_some(total)
    }

    /// Whether blocks differ in size: old streams say so nowhere else.
    fn varies(&self) -> bool {
        self.bytes[..2] != self.bytes[2..4]
    }

    /// The same, without trust in what it says of block sizes.
    fn for_decoder(&self) -> [u8; 34] {
        let mut bytes = self.bytes;
        bytes[..2].copy_from_slice(&16u16.to_be_bytes());
        bytes[2..4].copy_from_slice(&u16::MAX.to_be_bytes());
        bytes
    }

    /// What the first frame's header says, for a stream that has lost its description.
    fn of_frame(header: &Header) -> Option<Self> {
        let (rate, channels, bits) = (header.rate?, header.channels, header.bits?);
        let mut bytes = [0; 34];
        let packed = rate << 12 | u32::from(channels - 1) << 9 | u32::from(bits - 1) << 4;
        bytes[10..14].copy_from_slice(&packed.to_be_bytes());
        Some(Self { bytes })
    }

    /// Whether a frame's header fits.
    fn fits(&self, header: &Header) -> bool {
        header.channels == self.channels()
            && header.rate.is_none_or(|rate| rate == self.rate())
            && header.bits.is_none_or(|bits| bits == self.bits())
    }
}

/// Opens the FLAC stream in `range` of the file at `path`; `None` where there is none.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn open(path: &Path, range: Range<u64>) -> io::Result<Option<Box<dyn FormatReader>>> {
    let mut source = Source {
        file: BufReader::with_capacity(WINDOW, File::open(path)?),
        at: range.start,
        end: range.end,
        mask: None,
    };
    let description = if source.bytes(4)? == MARKER {
        source.describe()?
    } else {
        source.find_description()?
    };
    let Some(description) = description else {
        return Ok(None);
    };
    let (rate, channels, bits) = (
        description.rate(),
        description.channels(),
        description.bits(),
    );
    let mut params = AudioCodecParameters::new();
    params
        .for_codec(CODEC_ID_FLAC)
        .with_sample_rate(rate)
        .with_bits_per_sample(bits.into())
        .with_channels(Channels::Discrete(channels.into()))
        .with_extra_data(description.for_decoder().into());
    let length = description.total();
    let tag = source.mask.take().map(|mask| (FLAC_MASK, mask));
    let packets = FlacPackets {
        source,
        description,
        expected: None,
        position: 0,
        promised: length.unwrap_or(0),
        waiting: None,
    };
    Ok(Some(Demuxed::tagged(params, length, packets, tag)))
}

/// The mask of loudspeakers that a block of comments states, as it is written there.
pub(super) fn mask_in(comment: &[u8]) -> Option<String> {
    let name = FLAC_MASK.as_bytes();
    let found = comment
        .windows(name.len())
        .position(|text| text.eq_ignore_ascii_case(name))?;
    let value = comment[found + name.len()..].strip_prefix(b"=")?;
    let digits = value.iter().take_while(|c| c.is_ascii_alphanumeric());
    Some(digits.map(|&c| char::from(c)).collect())
}

/// A file that is read in windows.
struct Source {
    file: BufReader<File>,
    at: u64,
    end: u64,
    /// The mask of loudspeakers that a comment states.
    mask: Option<String>,
}

impl Source {
    /// The next `count` bytes, or as many as there are; stays where it is.
    fn bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let here = self.file.stream_position()?;
        self.file.seek_relative(self.at as i64 - here as i64)?;
        let mut bytes = Vec::with_capacity(count);
        let count = (count as u64).min(self.end.saturating_sub(self.at));
        (&mut self.file).take(count).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads the metadata behind a marker and goes to the first frame.
    fn describe(&mut self) -> io::Result<Option<Description>> {
        self.at += MARKER.len() as u64;
        let mut description = None;
        loop {
            let head = self.bytes(38)?;
            let Some(size) = Fields(&head).be32(0) else {
                return Ok(description);
            };
            if size >> 24 & 0x7f == 0
                && let Some(bytes) = head.get(4..38).and_then(|bytes| bytes.try_into().ok())
            {
                description = Some(Description { bytes });
            }
            if size >> 24 & 0x7f == COMMENT {
                // Behind the block's header of four bytes.
                let length = (size as usize & 0xff_ffff).min(LONGEST_COMMENT);
                let comment = self.bytes(4 + length)?;
                self.mask = self.mask.take().or_else(|| mask_in(&comment));
            }
            self.at += 4 + u64::from(size & 0xff_ffff);
            if size >> 31 == 1 {
                return Ok(description);
            }
        }
    }

    /// Finds the first whole frame of a stream that has lost its beginning, and goes there.
    fn find_description(&mut self) -> io::Result<Option<Description>> {
        let last = self.end.min(self.at + FARTHEST_START);
        while let Some(header) = self.find_frame(last)? {
            if let Some(description) = Description::of_frame(&header)
                && self.frame(&header, &description)?.is_some()
            {
                return Ok(Some(description));
            }
            self.at += 1;
        }
        Ok(None)
    }

    /// Goes to the next frame's header before `last`.
    fn find_frame(&mut self, last: u64) -> io::Result<Option<Header>> {
        while self.at < last {
            let window = self.bytes(WINDOW)?;
            for at in 0..window.len() {
                if window[at] == 0xff
                    && let Some(header) = Header::read(&window[at..])
                {
                    self.at += at as u64;
                    return Ok(Some(header));
                }
            }
            // A header may lie across two windows.
            let whole = window.len() < WINDOW;
            let step = if whole {
                window.len()
            } else {
                WINDOW - LONGEST_HEADER
            };
            self.at += step.max(1) as u64;
        }
        Ok(None)
    }

    /// The frame that begins here, if it is whole: its checksum is right, and another frame or the
    /// end follows.
    fn frame(&mut self, header: &Header, description: &Description) -> io::Result<Option<Vec<u8>>> {
        // No frame is longer than its sound would be uncompressed, with its headers.
        let bits = u32::from(header.bits.unwrap_or(description.bits())) + 1;
        let most = header.sound as usize * usize::from(header.channels) * bits as usize / 8 + 1024;
        let mut window = self.bytes(most.min(WINDOW) + LONGEST_HEADER)?;
        let (mut crc, mut at) = (0, 0);
        loop {
            while at < window.len() {
                crc = crc16(crc, window[at]);
                at += 1;
                if crc == 0 && at > header.bytes && self.follows(&window, at)? {
                    window.truncate(at);
                    return Ok(Some(window));
                }
            }
            if window.len() >= most || self.at + window.len() as u64 >= self.end {
                return Ok(None);
            }
            window = self.bytes((window.len() * 4).min(most + LONGEST_HEADER))?;
        }
    }

    /// Whether what follows the first `at` bytes of `window` may follow a frame.
    fn follows(&mut self, window: &[u8], at: usize) -> io::Result<bool> {
        let next = self.at + at as u64;
        if next >= self.end {
            return Ok(true);
        }
        match window.get(at..at + LONGEST_HEADER) {
            Some(rest) if rest[0] == 0xff => Ok(Header::read(rest).is_some()),
            Some(rest) if rest.starts_with(MARKER) => Ok(true),
            Some(_) => Ok(tags::at(&mut self.file, next, self.end)?.is_some()),
            // Too near to the window's end to tell: a longer one follows, or the file's end.
            None => {
                let here = self.at;
                self.at = next;
                let rest = self.bytes(LONGEST_HEADER)?;
                self.at = here;
                Ok(Header::read(&rest).is_some() || rest.starts_with(MARKER))
            }
        }
    }
}

struct FlacPackets {
    source: Source,
    description: Description,
    /// The number that the next frame should have.
    expected: Option<u64>,
    /// The next frame of sound.
    position: u64,
    /// Frames that the descriptions promise.
    promised: u64,
    /// A packet that comes after a hole.
    waiting: Option<Packet>,
}

impl FlacPackets {
    /// Passes over tags, and begins the next stream where one begins.
    fn pass_over(&mut self) -> Result<()> {
        let source = &mut self.source;
        if source.bytes(1)?.first() == Some(&0xff) {
            return Ok(());
        }
        while let Some(next) = tags::at(&mut source.file, source.at, source.end)? {
            if next <= source.at {
                break;
            }
            source.at = next;
        }
        if source.bytes(4)? == MARKER
            && let Some(next) = source.describe()?
        {
            let same = |a: &Description, b: &Description| {
                (a.rate(), a.channels(), a.bits()) == (b.rate(), b.channels(), b.bits())
            };
            if !same(&next, &self.description) {
                return Err(Error::Unsupported("flac: the format changes"));
            }
            self.expected = None;
            self.promised = self.position + next.total().unwrap_or(0);
        }
        Ok(())
    }

    /// How much sound is missing before a frame.
    fn hole(&mut self, header: &Header) -> u64 {
        // A number counts frames of sound, or else blocks, which are alike.
        let (step, unit) = match header.variable || self.description.varies() {
            true => (u64::from(header.sound), 1),
            false => (1, u64::from(header.sound)),
        };
        let due = self.expected.unwrap_or(header.number);
        self.expected = header.number.checked_add(step);
        let hole = header.number.saturating_sub(due).saturating_mul(unit);
        // Numbers that leap so far do not tell of a hole, but are wrong.
        let longest = LONGEST_HOLE * u64::from(self.description.rate());
        if hole > longest { 0 } else { hole }
    }
}

impl Packets for FlacPackets {
    fn next(&mut self) -> Result<Option<Packet>> {
        if let Some(packet) = self.waiting.take() {
            return Ok(Some(packet));
        }
        loop {
            self.pass_over()?;
            let end = self.source.end;
            let Some(header) = self.source.find_frame(end)? else {
                return match self.promised > self.position + TOLERATED_SHORTFALL {
                    true => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                    false => Ok(None),
                };
            };
            let Some(data) = self.source.frame(&header, &self.description)? else {
                self.source.at += 1;
                continue;
            };
            if !self.description.fits(&header) {
                return Err(Error::Unsupported("flac: the format changes"));
            }
            self.source.at += data.len() as u64;
            let hole = self.hole(&header);
            let (start, sound) = (self.position + hole, u64::from(header.sound));
            let stamp = |frame: u64| Timestamp::new(frame as i64);
            let packet = Packet::new(TRACK, stamp(start), Duration::new(sound), data);
            let before = std::mem::replace(&mut self.position, start + sound);
            if hole == 0 {
                return Ok(Some(packet));
            }
            self.waiting = Some(packet);
            // An empty packet is one that cannot be decoded: its time passes in silence.
            let silence = Packet::new(TRACK, stamp(before), Duration::new(hole), Vec::new());
            return Ok(Some(silence));
        }
    }

    fn seek(&mut self, frame: u64) -> Option<u64> {
        loop {
            let packet = self.next().ok()??;
            let start = packet.pts.get() as u64;
            if start + packet.dur.get() > frame {
                // What was read is handed out again; a hole before it has been passed.
                self.waiting = Some(packet);
                return Some(start);
            }
        }
    }
}
