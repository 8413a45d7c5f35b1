//! Matroska and WebM (RFC 9559): finished, cut off, or never told where they end.

mod codec;
mod elements;
mod packets;

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_FLAC, CODEC_ID_OPUS};
use symphonia::core::formats::FormatReader;

use self::codec::Coded;
use self::elements::{Elements, float, number};
use self::packets::{Clock, MatroskaPackets};
use super::chunks::Fields;
use super::demuxed::{Demuxed, Packets};
use super::layout::FLAC_MASK;
use super::{aac, flac};

/// Elements of the segment.
const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_a966;
const DURATION: u32 = 0x4489;
const TRACKS: u32 = 0x1654_ae6b;
const CLUSTER: u32 = 0x1f43_b675;
const TIMESTAMP_SCALE: u32 = 0x2a_d7b1;

/// Elements of a track.
const ENTRY: u32 = 0xae;
const NUMBER: u32 = 0xd7;
const KIND: u32 = 0x83;
const DEFAULT: u32 = 0x88;
const CODEC: u32 = 0x86;
const PRIVATE: u32 = 0x63a2;
const AUDIO: u32 = 0xe1;
const RATE: u32 = 0xb5;
const CHANNELS: u32 = 0x9f;
const BITS: u32 = 0x6264;
const ENCODINGS: u32 = 0x6d80;
const ENCODING: u32 = 0x6240;
const COMPRESSION: u32 = 0x5034;
const ALGORITHM: u32 = 0x4254;
const SETTINGS: u32 = 0x4255;

/// A track with sound.
const SOUND: u64 = 2;

/// Compression that takes the same bytes off the start of every packet.
const HEADER_STRIPPING: u64 = 3;

/// Packets that are looked at for spectral band replication.
const INSPECTED: usize = 24;

/// What a Matroska file holds.
pub(super) enum Matroska {
    /// A track that is decoded here, and the frames of run-up before its first sample.
    Stream {
        stream: Box<dyn FormatReader>,
        run_up: u32,
    },
    /// A track in a codec of this name.
    Foreign(String),
    /// Tracks, but none with sound.
    Silent,
    /// No list of tracks.
    NoIndex,
}

/// What is said of a track.
#[derive(Debug)]
struct Track {
    number: u64,
    default: bool,
    codec: String,
    private: Vec<u8>,
    rate: f64,
    channels: u16,
    bits: u32,
    /// Bytes that go before every packet; `None` where packets are compressed.
    prefix: Option<Vec<u8>>,
}

/// Opens the sound of a Matroska file.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn open(path: &Path) -> io::Result<Matroska> {
    let mut elements = Elements::open(File::open(path)?)?;
    let (mut tracks, mut scale, mut duration) = (None, 1_000_000, None);
    let mut segment_end = u64::MAX;
    let first_cluster = loop {
        let Some(element) = elements.next()? else {
            break None;
        };
        match element.id {
            SEGMENT => {
                segment_end = element
                    .size
                    .map_or(u64::MAX, |size| element.body.saturating_add(size));
                elements.enter(&element);
            }
            CLUSTER => break Some(element.start),
            INFO => {
                let body = elements.body(&element)?;
                let stated = elements::all(&body).find(|(id, _)| *id == TIMESTAMP_SCALE);
                scale = stated.map_or(scale, |(_, body)| number(body).max(1));
                duration = elements::find(&body, DURATION).map(float);
            }
            TRACKS => tracks = Some(self::tracks(&elements.body(&element)?)),
            _ => {}
        }
    };
    let Some(tracks) = tracks else {
        return Ok(Matroska::NoIndex);
    };
    // The track that ffmpeg takes: a default one before others, then the one with most channels.
    let best = tracks.into_iter().reduce(|best, next| {
        let rank = |track: &Track| (track.default, track.channels);
        if rank(&next) > rank(&best) {
            next
        } else {
            best
        }
    });
    let Some(track) = best else {
        return Ok(Matroska::Silent);
    };
    let Some(first) = first_cluster else {
        return Ok(Matroska::Silent);
    };
    let clock = Clock {
        scale: scale.into(),
        end: duration.map(|ticks| (ticks * scale as f64) as i128),
    };
    track.open(path, first..segment_end, clock)
}

fn tracks(body: &[u8]) -> Vec<Track> {
    let entries = elements::all(body).filter(|(id, _)| *id == ENTRY);
    entries.filter_map(|(_, entry)| track(entry)).collect()
}

fn track(entry: &[u8]) -> Option<Track> {
    let find = |within: &[u8], wanted| elements::find(within, wanted).map(<[u8]>::to_vec);
    if number(&find(entry, KIND)?) != SOUND {
        return None;
    }
    let audio = find(entry, AUDIO).unwrap_or_default();
    let codec = String::from_utf8_lossy(&find(entry, CODEC)?).into_owned();
    Some(Track {
        number: number(&find(entry, NUMBER)?),
        default: find(entry, DEFAULT).is_none_or(|flag| number(&flag) == 1),
        codec: codec.trim_end_matches('\0').into(),
        private: find(entry, PRIVATE).unwrap_or_default(),
        rate: find(&audio, RATE).map_or(8000.0, |rate| float(&rate)),
        channels: find(&audio, CHANNELS).map_or(1, |count| number(&count) as u16),
        bits: find(&audio, BITS).map_or(0, |bits| number(&bits) as u32),
        prefix: match find(entry, ENCODINGS) {
            None => Some(Vec::new()),
            Some(encodings) => stripped(&encodings),
        },
    })
}

/// The bytes that were stripped off every packet; `None` for another encoding.
fn stripped(encodings: &[u8]) -> Option<Vec<u8>> {
    let compression = elements::find(elements::find(encodings, ENCODING)?, COMPRESSION)?;
    let algorithm = elements::find(compression, ALGORITHM).map_or(0, number);
    let settings = elements::find(compression, SETTINGS).unwrap_or_default();
    (algorithm == HEADER_STRIPPING).then(|| settings.to_vec())
}

impl Track {
    fn open(self, path: &Path, sound: Range<u64>, clock: Clock) -> io::Result<Matroska> {
        let Some(prefix) = self.prefix.clone() else {
            return Ok(Matroska::Foreign("compressed once more".into()));
        };
        let params = match codec::read(&self) {
            Coded::Here(params) => params,
            Coded::Foreign(name) => return Ok(Matroska::Foreign(name)),
        };
        let rate = params.sample_rate.unwrap_or(0);
        let packets =
            || MatroskaPackets::new(path, sound.clone(), self.number, &prefix, (clock, rate));
        if params.codec == CODEC_ID_AAC {
            let silent_about_it =
                aac::Config::read(&self.private).is_some_and(|config| config.sbr.is_none());
            let mut packets = packets()?;
            let mut seen = Vec::new();
            while silent_about_it
                && seen.len() < INSPECTED
                && let Ok(Some(packet)) = packets.next()
            {
                seen.push(packet.data);
            }
            if aac::has_sbr(seen.iter().map(|data| &data[..])) {
                return Ok(Matroska::Foreign("HE-AAC".into()));
            }
        }
        let run_up = match &params.extra_data {
            Some(head) if params.codec == CODEC_ID_OPUS => Fields(head).le16(10),
            _ => None,
        };
        let flac = params.codec == CODEC_ID_FLAC;
        let mask = flac.then(|| flac::mask_in(&self.private)).flatten();
        let tag = mask.map(|mask| (FLAC_MASK, mask));
        Ok(Matroska::Stream {
            stream: Demuxed::tagged(*params, None, packets()?, tag),
            run_up: run_up.unwrap_or(0).into(),
        })
    }
}
