//! What a Matroska file says of its tracks.

use super::elements::{self, float, number};

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

/// What is said of a track.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) number: u64,
    pub(super) default: bool,
    pub(super) codec: String,
    pub(super) private: Vec<u8>,
    pub(super) rate: f64,
    pub(super) channels: u16,
    pub(super) bits: u32,
    /// Bytes that go before every packet; `None` where packets are compressed.
    pub(super) prefix: Option<Vec<u8>>,
}

/// The tracks with sound of the list `body`.
pub(super) fn tracks(body: &[u8]) -> Vec<Track> {
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
