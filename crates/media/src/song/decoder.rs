//! Decoders: packets to interleaved samples, whichever library knows the codec.

use symphonia::core::codecs::audio::well_known::{CODEC_ID_FLAC, CODEC_ID_OPUS, CODEC_ID_VORBIS};
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::formats::{FormatReader, Track};
use symphonia::core::packet::Packet;

use super::demuxed::Reader;
use super::flac::{self, WideFlac};
use super::layout;
use super::opus::{self, OpusPackets};
use super::track::{audio_params, length_is_guessed};
use super::vorbis::VorbisPackets;
use synopsia_signal::Layout;

/// The decoder of one track.
pub(super) enum Decoder {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Box<OpusPackets>),
    Vorbis(Box<VorbisPackets>),
    Flac(Box<WideFlac>),
}

/// What a packet was decoded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// Frames per second, Hz.
    pub(super) rate: u32,
    pub(super) channels: usize,
    /// Frames, with those that are not to be heard.
    pub(super) frames: usize,
}

impl Decoder {
    /// The decoder of `track`; `None` where no library here knows its codec.
    pub(super) fn new(track: &Track, reader: Reader) -> Option<Self> {
        let params = audio_params(track)?;
        if params.codec == CODEC_ID_OPUS {
            return OpusPackets::new(params.extra_data.as_deref()?)
                .map(|opus| Self::Opus(Box::new(opus)));
        }
        if params.codec == CODEC_ID_VORBIS
            && let Some(vorbis) = VorbisPackets::new(params.extra_data.as_deref()?)
        {
            return Some(Self::Vorbis(Box::new(vorbis)));
        }
        if params.codec == CODEC_ID_FLAC
            && let Some(flac) = WideFlac::new(params.extra_data.as_deref()?)
        {
            return Some(Self::Flac(Box::new(flac)));
        }
        // Gapless decoding ends the song at its length, which must not be a guess. Vorbis drops
        // its first packet, which is half of an overlap.
        let gapless = params.codec == CODEC_ID_VORBIS
            || reader == Reader::Symphonia && !length_is_guessed(track);
        let options = AudioDecoderOptions::default().gapless(gapless);
        symphonia::default::get_codecs()
            .make_audio_decoder(params, &options)
            .ok()
            .map(Self::Symphonia)
    }

    /// Decodes `packet` into `block`, which is empty: interleaved samples, all that there are,
    /// unless the decoder [trims](Self::trims). `None` where it cannot be decoded.
    pub(super) fn decode(&mut self, packet: &Packet, block: &mut Vec<f32>) -> Option<Decoded> {
        let (rate, channels) = match self {
            Self::Symphonia(decoder) => {
                // Symphonia looks at no checksum: a damaged frame would be noise, or a panic.
                let flac = decoder.codec_params().codec == CODEC_ID_FLAC;
                if packet.data.is_empty() || flac && !flac::is_sound(&packet.data) {
                    return None;
                }
                let sound = decoder.decode(packet).ok()?;
                sound.copy_to_vec_interleaved(block);
                (sound.spec().rate(), sound.spec().channels().count())
            }
            Self::Opus(opus) => {
                block.extend_from_slice(opus.decode(&packet.data).ok()?);
                (opus::RATE, opus.channels())
            }
            Self::Vorbis(vorbis) => {
                block.extend_from_slice(vorbis.decode(&packet.data).ok()?);
                (vorbis.rate(), vorbis.layout().count())
            }
            Self::Flac(flac) => {
                block.extend_from_slice(flac.decode(&packet.data).ok()?);
                (flac.rate(), flac.layout().count())
            }
        };
        Some(Decoded {
            rate,
            channels,
            frames: block.len().checked_div(channels).unwrap_or(0),
        })
    }

    /// Forgets the packets before a seek. Nobody seeks in Opus or Vorbis, and frames
    /// of FLAC stand alone.
    pub(super) fn reset(&mut self) {
        if let Self::Symphonia(decoder) = self {
            decoder.reset();
        }
    }

    /// Whether the decoder itself drops what packets of `reader` say is not to be heard.
    pub(super) fn trims(&self, reader: Reader) -> bool {
        match self {
            Self::Symphonia(decoder) => {
                let vorbis = decoder.codec_params().codec == CODEC_ID_VORBIS;
                vorbis || reader == Reader::Symphonia
            }
            _ => false,
        }
    }

    /// The loudspeakers of what was decoded last, a packet of `stream`.
    pub(super) fn delivered(&self, stream: &mut dyn FormatReader) -> Layout {
        match self {
            Self::Opus(opus) => opus.layout().clone(),
            Self::Vorbis(vorbis) => vorbis.layout().clone(),
            Self::Flac(flac) => {
                let usual = flac.layout();
                layout::of_tags(CODEC_ID_FLAC, usual.count(), stream)
                    .unwrap_or_else(|| usual.clone())
            }
            Self::Symphonia(decoder) => {
                let codec = decoder.codec_params().codec;
                let decoded = decoder.last_decoded();
                let channels = decoded.spec().channels();
                layout::of_tags(codec, channels.count(), stream)
                    .unwrap_or_else(|| layout::delivered(codec, channels))
            }
        }
    }
}

/// Drops from `block` what `packet` says is not to be heard.
pub(super) fn trim(block: &mut Vec<f32>, channels: usize, packet: &Packet) {
    let samples = |frames: u64| frames as usize * channels;
    let end = block.len().saturating_sub(samples(packet.trim_end.get()));
    block.truncate(end);
    block.drain(..samples(packet.trim_start.get()).min(end));
}
