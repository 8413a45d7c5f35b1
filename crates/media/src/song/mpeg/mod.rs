//! MPEG audio streams: MP1, MP2, MP3, and AAC in ADTS, with whatever is tagged before, behind and
//! between.
//!
//! Frames follow one another, and each tells its length: where the next is not at once, what lies
//! between is a tag, zeros, or damage. Another file's frames may follow the first one's; where they
//! have another layer, another rate or other channels, the stream ends, and says so.

mod frame;
mod info;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::ops::Range;
use std::path::Path;

use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};
use symphonia::core::errors::{Error, Result};
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::{Packet, PacketBuilder};
use symphonia::core::units::{Duration, Timestamp};

use self::frame::{Header, Kind};
use self::info::Info;
use super::chunks::bytes_at;
use super::demuxed::{Demuxed, Packets, TOLERATED_SHORTFALL, TRACK};
use super::{aac, tags};

/// How far into a file the first frame may lie, behind its tags, bytes.
const FARTHEST_START: u64 = 1 << 20;

/// Frames that must follow one another for a file to be a song of this kind.
const CONVINCING: usize = 4;

/// Frames that must follow one another for a stream to have changed its format. Fewer are damage.
const SUSTAINED: usize = 8;

/// What the stream's end is called where frames of another layer, rate or channels follow, and where
/// AAC follows MP3, or the other way round: ffmpeg reads the one and not the other.
const CHANGES: &str = "mpeg: the format changes";
pub(super) const OTHER_CODEC: &str = "mpeg: the codec changes";

/// How much of a file is looked at for damage, bytes.
const LOOKED_AT: u64 = 4 << 20;

/// Packets that are looked at for spectral band replication.
const INSPECTED: usize = 24;

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
        changes: None,
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
    let mut info = frames.info(&header)?.unwrap_or_default();
    if frames.is_mostly_damage()? {
        return Ok(None);
    }
    let stream = frames.end.saturating_sub(frames.at);
    // Much more than the encoder counted is another file's: nothing is padding then.
    let more = info.bytes.is_some_and(|bytes| stream > bytes + bytes / 16);
    let changes = std::mem::take(&mut frames.changes);
    if more || changes.is_some() {
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

/// The frames of a stream, one after another.
struct Frames {
    file: BufReader<File>,
    at: u64,
    end: u64,
    like: Option<Header>,
    /// Bytes that belonged to nothing so far.
    damage: u64,
    /// Why the stream ended, where frames of another format follow.
    changes: Option<&'static str>,
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

    /// Whether a run of frames begins here with `header`, which is of another format. A short one must
    /// fill the rest of the file, or be followed by a tag or another run.
    fn changes_to(&mut self, header: &Header) -> io::Result<bool> {
        if !self.like.is_some_and(|like| header.changes(&like)) {
            return Ok(false);
        }
        let mut next = self.at + u64::from(header.bytes);
        for follower in 1..SUSTAINED {
            if next >= self.end {
                // The last frame may be cut off.
                return Ok(next == self.end || follower > CONVINCING / 2);
            }
            match Header::read(&self.bytes(next, 10)?) {
                Some(found) if !found.changes(header) => next += u64::from(found.bytes),
                _ if follower < CONVINCING / 2 => return Ok(false),
                _ if tags::at(&mut self.file, next, self.end)?.is_some() => return Ok(true),
                _ => return Ok(self.header(next, CONVINCING)?.is_some()),
            }
        }
        Ok(true)
    }

    /// The next frame, and how many bytes of damage lay before it. `None` at the end, and where
    /// the format [changes](Self::changes).
    fn next(&mut self) -> io::Result<Option<(Header, Vec<u8>, u64)>> {
        let before = self.damage;
        while self.at + 4 <= self.end {
            let head = self.bytes(self.at, 10)?;
            let header = Header::read(&head);
            if let Some(header) = &header
                && self.changes_to(header)?
            {
                let kin = self.like.is_some_and(|like| header.is_kin(&like));
                self.changes = Some(if kin { CHANGES } else { OTHER_CODEC });
                return Ok(None);
            }
            let header = header.filter(|header| {
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
        self.changes = None;
        Ok(match config {
            Some(config) if !config.is_plain() => Some(config.name()),
            Some(_) if aac::has_sbr(packets.iter().map(Vec::as_slice)) => Some("HE-AAC"),
            _ => None,
        })
    }

    /// Whether more of the first mebibytes is damage than sound.
    fn is_mostly_damage(&mut self) -> io::Result<bool> {
        let (start, like) = (self.at, self.like);
        let (mut sound, mut changes) = (0, None);
        while self.at < start + LOOKED_AT {
            if let Some((header, ..)) = self.next()? {
                sound += u64::from(header.bytes);
                continue;
            }
            // What follows may be sound of another format, or look like it for a moment.
            let Some(change) = self.changes.take() else {
                break;
            };
            changes = changes.or(Some(change));
            self.like = Header::read(&self.bytes(self.at, 10)?);
        }
        let damage = std::mem::take(&mut self.damage);
        (self.at, self.like, self.changes) = (start, like, changes);
        Ok(damage > sound)
    }

    /// Reads the encoder's header frame, if the stream begins with one, and passes over it.
    fn info(&mut self, header: &Header) -> io::Result<Option<Info>> {
        let start = self.at;
        let Some((_, data, _)) = self.next()? else {
            return Ok(None);
        };
        let info = Info::read(header, &data);
        if info.is_none() {
            self.at = start;
        } else if let Some(sound) = Header::read(&self.bytes(self.at, 10)?)
            && sound.is_like(header)
        {
            // The encoder's frame need not have the channels of the sound.
            self.like = Some(sound);
        }
        Ok(info)
    }
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
            if let Some(changes) = self.frames.changes {
                return Err(Error::Unsupported(changes));
            }
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
        if Info::read(&header, &data).is_some() {
            // Another file begins here: what its encoder says of itself is no sound.
            return self.next();
        }
        if let Kind::Adts { header } = header.kind {
            data.drain(..usize::from(header));
        }
        Ok(Some(self.packet(header.sound.into(), data)))
    }
}
