//! Sample descriptions: how a track is coded.

use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::well_known::*;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};

use super::super::aac;
use super::super::chunks::Fields;
use super::super::pcm::{self, Coding};
use super::super::speakers;
use super::boxes::{all, child};

/// How a track is coded.
pub(super) enum Sound {
    Pcm {
        sample: pcm::Sample,
        channels: Channels,
    },
    Coded {
        params: Box<AudioCodecParameters>,
        channels: u16,
    },
    /// In a codec that nothing here decodes.
    Unknown(String),
}

impl Sound {
    pub(super) fn channels(&self) -> usize {
        match self {
            Self::Pcm { channels, .. } => channels.count(),
            Self::Coded { channels, .. } => usize::from(*channels),
            Self::Unknown(_) => 0,
        }
    }

    /// Frames of run-up, at 48 kHz, that an Opus decoder needs.
    pub(super) fn opus_run_up(&self) -> Option<u16> {
        match self {
            Self::Coded { params, .. } if params.codec == CODEC_ID_OPUS => {
                Fields(params.extra_data.as_deref()?).le16(10)
            }
            _ => None,
        }
    }
}

/// What the fixed part of an audio sample entry says.
struct Entry<'a> {
    kind: [u8; 4],
    channels: u16,
    bits: u32,
    rate: u32,
    /// The flags of a version 2 entry.
    flags: Option<u32>,
    /// The boxes behind it.
    rest: &'a [u8],
}

/// Reads the first description of an `stsd`. `scale` stands in for a rate that is too high for its
/// field.
pub(super) fn read(stsd: &[u8], scale: u32, quicktime: bool) -> Sound {
    let first = stsd.get(8..).and_then(|entries| all(entries).next());
    let entry = first.and_then(|(kind, body)| parse(kind, body, scale, quicktime));
    let Some(entry) = entry else {
        return Sound::Unknown("an unknown codec".into());
    };
    if let Some(sample) = entry.pcm() {
        return Sound::Pcm {
            sample,
            channels: entry.speakers(),
        };
    }
    entry.coded().unwrap_or_else(|| entry.unknown())
}

fn parse(kind: [u8; 4], body: &[u8], scale: u32, quicktime: bool) -> Option<Entry<'_>> {
    let fields = Fields(body);
    let version = fields.be16(8)?;
    let mut entry = Entry {
        kind,
        channels: fields.be16(16)?,
        bits: fields.be16(18)?.into(),
        rate: Some(fields.be32(24)? >> 16)
            .filter(|&rate| rate > 0)
            .unwrap_or(scale),
        flags: None,
        rest: body.get(28..)?,
    };
    match version {
        // ISO's version 1 has the same fields as version 0, QuickTime's has four more.
        1 if quicktime || all(entry.rest).next().is_none() => entry.rest = body.get(44..)?,
        2 => {
            entry.rate = fields.be_f64(32)?.round() as u32;
            entry.channels = u16::try_from(fields.be32(40)?).ok()?;
            entry.bits = fields.be32(48)?;
            entry.flags = fields.be32(52);
            entry.rest = body.get(64..)?;
        }
        _ => {}
    }
    Some(entry)
}

impl<'a> Entry<'a> {
    /// The body of a box behind the entry, or in QuickTime's `wave` box.
    fn child(&self, kind: &[u8; 4]) -> Option<&'a [u8]> {
        let within = || child(child(self.rest, b"wave")?, kind);
        child(self.rest, kind).or_else(within)
    }

    /// The loudspeakers of the channels, where the entry names them.
    fn speakers(&self) -> Channels {
        // Version and flags come before QuickTime's.
        let quicktime = self.child(b"chan").and_then(|body| body.get(4..));
        let quicktime = quicktime.and_then(|body| speakers::core_audio(body, self.channels));
        let iso = || speakers::iso(self.child(b"chnl")?, self.channels);
        quicktime
            .or_else(iso)
            .unwrap_or_else(|| pcm::channels(self.channels, 0))
    }

    fn pcm(&self) -> Option<pcm::Sample> {
        // QuickTime's integers and floats are big-endian unless `enda` says otherwise.
        let big = || {
            let little = self
                .child(b"enda")
                .is_some_and(|enda| enda.ends_with(&[0, 1]));
            !little
        };
        let by_bits = self.bits.div_ceil(8).max(1);
        let signed = |bytes, big_endian| (Coding::Signed, bytes, big_endian);
        let (coding, bytes, big_endian) = match &self.kind {
            b"raw " | b"NONE" if self.bits <= 8 => (Coding::Unsigned, 1, true),
            b"raw " | b"NONE" | b"twos" => signed(by_bits, true),
            b"sowt" => signed(by_bits, false),
            b"in24" => signed(3, big()),
            b"in32" => signed(4, big()),
            b"42ni" => signed(3, false),
            b"23ni" => signed(4, false),
            b"fl32" => (Coding::Float, 4, big()),
            b"fl64" => (Coding::Float, 8, big()),
            b"alaw" => (Coding::ALaw, 1, true),
            b"ulaw" => (Coding::MuLaw, 1, true),
            b"lpcm" => match self.flags {
                Some(flags) if flags & 1 != 0 => (Coding::Float, by_bits, flags & 2 != 0),
                Some(flags) if flags & 4 == 0 => (Coding::Unsigned, by_bits, flags & 2 != 0),
                Some(flags) => signed(by_bits, flags & 2 != 0),
                None => signed(by_bits, true),
            },
            // ISO/IEC 23003-5: version and flags, then whether it is little-endian, then the bits.
            b"ipcm" | b"fpcm" => {
                let config = Fields(self.child(b"pcmC")?);
                let big_endian = config.u8(4)? & 1 == 0;
                let bytes = u32::from(config.u8(5)?).div_ceil(8);
                let float = &self.kind == b"fpcm";
                let coding = if float { Coding::Float } else { Coding::Signed };
                (coding, bytes, big_endian)
            }
            _ => return None,
        };
        Some(pcm::Sample {
            coding,
            bytes,
            big_endian,
        })
    }

    fn coded(&self) -> Option<Sound> {
        match &self.kind {
            b"mp4a" => self.elementary(),
            b".mp3" | b"ms\0\x55" => Some(self.plain(CODEC_ID_MP3, None)),
            b"alac" => {
                // Version and flags come before the cookie.
                let cookie = self.child(b"alac")?.get(4..)?;
                let mut sound = self.plain(CODEC_ID_ALAC, Some(cookie));
                if let Sound::Coded { params, .. } = &mut sound {
                    params.sample_rate = Fields(cookie).be32(20);
                }
                Some(sound)
            }
            b"fLaC" => {
                // Version and flags, a block's header, then the stream's description.
                let info = self.child(b"dfLa")?.get(8..42)?;
                let mut sound = self.plain(CODEC_ID_FLAC, Some(info));
                if let Sound::Coded { params, .. } = &mut sound {
                    params.sample_rate = Some(Fields(info).be32(10)? >> 12);
                }
                Some(sound)
            }
            b"Opus" => {
                let head = opus_head(self.child(b"dOps")?)?;
                let mut sound = self.plain(CODEC_ID_OPUS, Some(&head));
                if let Sound::Coded { params, .. } = &mut sound {
                    params.sample_rate = Some(48_000);
                }
                Some(sound)
            }
            _ => None,
        }
    }

    fn plain(&self, codec: AudioCodecId, extra: Option<&[u8]>) -> Sound {
        let mut params = AudioCodecParameters::new();
        params
            .for_codec(codec)
            .with_sample_rate(self.rate)
            .with_channels(pcm::channels(self.channels, 0));
        if let Some(extra) = extra {
            params.with_extra_data(extra.into());
        }
        Sound::Coded {
            params: Box::new(params),
            channels: self.channels,
        }
    }

    /// MPEG's elementary streams: AAC and its relatives.
    fn elementary(&self) -> Option<Sound> {
        let stream = ElementaryStream::read(self.child(b"esds")?.get(4..)?)?;
        match stream.kind {
            // AAC of MPEG-4, and the three profiles of MPEG-2's.
            0x40 | 0x66..=0x68 => Some(match aac::Config::read(stream.config?) {
                Some(config) if config.is_plain() => {
                    let mut sound = self.plain(CODEC_ID_AAC, stream.config);
                    if let Sound::Coded { params, channels } = &mut sound {
                        params.sample_rate = Some(config.rate);
                        params.channels = Some(pcm::channels(config.channels.into(), 0));
                        *channels = config.channels.into();
                    }
                    sound
                }
                Some(config) => Sound::Unknown(config.name().into()),
                None => Sound::Unknown("a kind of AAC".into()),
            }),
            0x69 | 0x6b => Some(self.plain(CODEC_ID_MP3, None)),
            _ => None,
        }
    }

    fn unknown(&self) -> Sound {
        let name = match &self.kind {
            b"ac-3" => "Dolby Digital (AC-3)".into(),
            b"ec-3" => "Dolby Digital Plus (E-AC-3)".into(),
            b"ac-4" => "Dolby AC-4".into(),
            b"dtsc" | b"dtsh" | b"dtsl" | b"dtse" => "DTS".into(),
            b"ima4" | b"ms\0\x11" | b"ms\0\x02" => "ADPCM".into(),
            b"samr" | b"sawb" => "AMR".into(),
            b"drms" | b"enca" => "a form that is protected from copying".into(),
            kind => format!("“{}”", kind.escape_ascii()),
        };
        Sound::Unknown(name)
    }
}

/// An `OpusHead` of a `dOps`, whose numbers are the other way round.
fn opus_head(config: &[u8]) -> Option<Vec<u8>> {
    let fields = Fields(config);
    let mut head = b"OpusHead\x01".to_vec();
    head.push(fields.u8(1)?);
    head.extend(fields.be16(2)?.to_le_bytes());
    head.extend(fields.be32(4)?.to_le_bytes());
    head.extend(fields.be16(8)?.to_le_bytes());
    head.extend(config.get(10..)?);
    Some(head)
}

/// What an elementary stream descriptor says (ISO/IEC 14496-1, 7.2.6).
struct ElementaryStream<'a> {
    kind: u8,
    config: Option<&'a [u8]>,
}

impl<'a> ElementaryStream<'a> {
    fn read(descriptors: &'a [u8]) -> Option<Self> {
        let (3, body, _) = descriptor(descriptors)? else {
            return None;
        };
        // A number, then flags that tell which of three optional fields follow.
        let flags = *body.get(2)?;
        let mut at = 3;
        if flags & 0x80 != 0 {
            at += 2;
        }
        if flags & 0x40 != 0 {
            at += 1 + usize::from(*body.get(at)?);
        }
        if flags & 0x20 != 0 {
            at += 2;
        }
        let (4, decoder, _) = descriptor(body.get(at..)?)? else {
            return None;
        };
        let config = match decoder.get(13..).and_then(descriptor) {
            Some((5, config, _)) => Some(config),
            _ => None,
        };
        Some(Self {
            kind: *decoder.first()?,
            config,
        })
    }
}

/// A descriptor's tag and body, and what follows.
fn descriptor(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let tag = *bytes.first()?;
    let (mut size, mut at) = (0, 1);
    loop {
        let byte = *bytes.get(at)?;
        size = size << 7 | usize::from(byte & 0x7f);
        at += 1;
        if byte & 0x80 == 0 || at > 4 {
            break;
        }
    }
    let end = (at + size).min(bytes.len());
    Some((tag, bytes.get(at..end)?, bytes.get(end..)?))
}
