//! How a track of Matroska is coded.

use symphonia::core::codecs::audio::well_known::*;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};

use super::super::aac;
use super::super::pcm::{Coding, Sample, channels};
use super::super::wave::{self, Wave};
use super::track::Track;

pub(super) enum Coded {
    Here(Box<AudioCodecParameters>),
    /// In a codec of this name.
    Foreign(String),
}

/// Reads how `track` is coded.
pub(super) fn read(track: &Track) -> Coded {
    let here = match track.codec.as_str() {
        "A_PCM/INT/LIT" => pcm(track, Coding::Signed, false),
        "A_PCM/INT/BIG" => pcm(track, Coding::Signed, true),
        "A_PCM/FLOAT/IEEE" => pcm(track, Coding::Float, false),
        "A_MS/ACM" => acm(track),
        "A_MPEG/L1" => Some(coded(track, CODEC_ID_MP1, None)),
        "A_MPEG/L2" => Some(coded(track, CODEC_ID_MP2, None)),
        "A_MPEG/L3" => Some(coded(track, CODEC_ID_MP3, None)),
        // A marker and a block's header come before the stream's description.
        "A_FLAC" => track
            .private
            .get(8..42)
            .map(|info| coded(track, CODEC_ID_FLAC, Some(info))),
        "A_ALAC" => {
            let cookie = match track.private.get(4..8) {
                Some(b"alac") => track.private.get(12..),
                _ => Some(&track.private[..]),
            };
            cookie.map(|cookie| coded(track, CODEC_ID_ALAC, Some(cookie)))
        }
        "A_VORBIS" => vorbis(&track.private).map(|head| coded(track, CODEC_ID_VORBIS, Some(&head))),
        "A_OPUS" => {
            let mut params = coded(track, CODEC_ID_OPUS, Some(&track.private));
            params.with_sample_rate(48_000);
            Some(params)
        }
        name if name.starts_with("A_AAC") => {
            let config = aac::Config::read(&track.private);
            match config {
                Some(config) if config.is_plain() && !name.ends_with("/SBR") => {
                    let mut params = coded(track, CODEC_ID_AAC, Some(&track.private));
                    params
                        .with_sample_rate(config.rate)
                        .with_channels(channels(config.channels.into(), 0));
                    Some(params)
                }
                Some(config) => return Coded::Foreign(config.name().into()),
                None => return Coded::Foreign("a kind of AAC".into()),
            }
        }
        _ => None,
    };
    match here {
        Some(params) => Coded::Here(Box::new(params)),
        None => Coded::Foreign(name(&track.codec)),
    }
}

fn name(codec: &str) -> String {
    let known = [
        ("A_AC3", "Dolby Digital (AC-3)"),
        ("A_EAC3", "Dolby Digital Plus (E-AC-3)"),
        ("A_TRUEHD", "Dolby TrueHD"),
        ("A_DTS", "DTS"),
        ("A_WAVPACK4", "WavPack"),
        ("A_TTA1", "True Audio"),
        ("A_MPC", "Musepack"),
        ("A_MS/ACM", "a codec of Windows"),
    ];
    let found = known.iter().find(|(id, _)| codec.starts_with(id));
    found.map_or_else(|| format!("“{codec}”"), |(_, name)| (*name).into())
}

fn coded(track: &Track, codec: AudioCodecId, extra: Option<&[u8]>) -> AudioCodecParameters {
    let mut params = AudioCodecParameters::new();
    params
        .for_codec(codec)
        .with_sample_rate(track.rate.round() as u32)
        .with_channels(channels(track.channels, 0));
    if let Some(extra) = extra {
        params.with_extra_data(extra.into());
    }
    params
}

fn pcm(track: &Track, coding: Coding, big_endian: bool) -> Option<AudioCodecParameters> {
    let coding = match (coding, track.bits) {
        (Coding::Signed, 1..=8) => Coding::Unsigned,
        (coding, _) => coding,
    };
    let sample = Sample {
        coding,
        bytes: track.bits.div_ceil(8),
        big_endian,
    };
    sample.params(track.rate.round() as u32, channels(track.channels, 0))
}

/// What a WAV would be: its format chunk is the description.
fn acm(track: &Track) -> Option<AudioCodecParameters> {
    let nowhere = std::iter::once(0..0).collect();
    match wave::sound(&track.private, nowhere, None, false)? {
        Wave::Pcm(pcm) => pcm.sample.params(pcm.rate, pcm.channels),
        Wave::Mpeg(_) => Some(coded(track, CODEC_ID_MP3, None)),
        Wave::Other => None,
    }
}

/// The first and the third of Vorbis's three headers, which are laced.
fn vorbis(private: &[u8]) -> Option<Vec<u8>> {
    let mut at = 1;
    let mut lengths = [0; 2];
    for length in &mut lengths {
        loop {
            let byte = usize::from(*private.get(at)?);
            at += 1;
            *length += byte;
            if byte < 255 {
                break;
            }
        }
    }
    let [first, second] = lengths;
    let mut head = private.get(at..at + first)?.to_vec();
    head.extend(private.get(at + first + second..)?);
    Some(head)
}
