//! Which loudspeaker each channel of a song is for, as its container and codec say.
//!
//! Decoders hand out channels in orders of their own; a song has them in one (ffmpeg's and WAV's).

use symphonia::core::audio::{AmbisonicBFormat, ChannelLabel, Channels, Position};
use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_ALAC, CODEC_ID_FLAC};
use symphonia::core::formats::FormatReader;
use symphonia::core::meta::RawValue;

use synopsia_signal::{Layout, Speaker};

/// How the channels of a decoder become those of a song.
#[derive(Clone, Debug)]
pub(super) struct Arrangement {
    layout: Layout,
    /// Which of the decoder's channels each of the song's is; none where they are the same.
    order: Option<Vec<usize>>,
    frame: Vec<f32>,
}

impl Arrangement {
    /// Of a decoder whose channels are for these loudspeakers.
    pub(super) fn of(delivered: Layout) -> Self {
        let (layout, order) = match delivered.in_order() {
            Some((layout, order)) => (layout, Some(order)),
            None => (delivered, None),
        };
        Self {
            frame: vec![0.0; layout.count()],
            layout,
            order,
        }
    }

    /// The song's loudspeakers.
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Brings interleaved samples of the decoder into the song's order.
    pub(super) fn arrange(&mut self, samples: &mut [f32]) {
        let Some(order) = &self.order else {
            return;
        };
        for frame in samples.chunks_exact_mut(order.len()) {
            self.frame.copy_from_slice(frame);
            for (sample, &from) in frame.iter_mut().zip(order) {
                *sample = self.frame[from];
            }
        }
    }
}

/// The loudspeakers of what symphonia's decoder of `codec` hands out.
pub(super) fn delivered(codec: AudioCodecId, channels: &Channels) -> Layout {
    let layout = of_channels(channels);
    let name = layout.name();
    let name = match (codec, name.as_deref()) {
        // It puts these two layouts of ALAC into another order than it says.
        (CODEC_ID_ALAC, Some("6.1(back)")) => "FL+FR+FC+LFE+BC+BL+BR",
        (CODEC_ID_ALAC, Some("7.1(wide)")) => "FL+FR+FC+LFE+FLC+FRC+BL+BR",
        // FLAC calls the surrounds neither; ffmpeg has them at the sides.
        (CODEC_ID_FLAC, Some("5.0")) => "5.0(side)",
        (CODEC_ID_FLAC, Some("5.1")) => "5.1(side)",
        _ => return layout,
    };
    named(name, layout)
}

/// The layout of so many channels of FLAC, where no tag says another one.
pub(super) fn of_flac(channels: usize) -> Layout {
    let usual = Layout::usual(channels);
    match channels {
        3 => named("3.0", usual),
        4 => named("quad", usual),
        5 => named("5.0(side)", usual),
        6 => named("5.1(side)", usual),
        _ => usual,
    }
}

fn named(name: &str, otherwise: Layout) -> Layout {
    Layout::from_name(name).unwrap_or(otherwise)
}

/// The layout that a tag of a FLAC stream names instead of the usual one for so many channels.
pub(super) fn of_tags(
    codec: AudioCodecId,
    channels: usize,
    stream: &mut dyn FormatReader,
) -> Option<Layout> {
    if codec != CODEC_ID_FLAC {
        return None;
    }
    let mut metadata = stream.metadata();
    let revision = metadata.skip_to_latest()?;
    let per_track = revision
        .per_track
        .iter()
        .flat_map(|track| &track.metadata.tags);
    let mut tags = revision.media.tags.iter().chain(per_track);
    tags.find_map(|tag| {
        let RawValue::String(value) = &tag.raw.value else {
            return None;
        };
        tag.raw
            .key
            .eq_ignore_ascii_case(FLAC_MASK)
            .then(|| of_mask_in_hex(value, channels))?
    })
}

/// The name of the tag.
pub(super) const FLAC_MASK: &str = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK";

/// A layout of so many channels by a mask that is written as `0x3f`.
pub(super) fn of_mask_in_hex(text: &str, channels: usize) -> Option<Layout> {
    let digits = text
        .trim()
        .strip_prefix("0x")
        .or(text.trim().strip_prefix("0X"))?;
    let layout = Layout::from_mask(u32::from_str_radix(digits, 16).ok()?.into());
    layout.filter(|layout| layout.count() == channels)
}

/// The layout of an Opus stream (RFC 7845, 5.1.1): Vorbis' order, an Ambisonic field (RFC 8486), or
/// nothing in particular.
pub(super) fn of_opus(family: u8, channels: usize) -> Layout {
    let usual = || Layout::usual(channels);
    match family {
        0 | 1 => of_xiph(channels),
        2 | 3 => ambisonic(channels).unwrap_or_else(usual),
        _ => usual(),
    }
}

/// The Ambisonic field that the beginning of an Ogg file says its Opus is: decoders that know nothing
/// of it hand it out as any channels.
pub(super) fn of_ogg_opus(start: &[u8], channels: u16) -> Option<Channels> {
    let segments = usize::from(*start.get(26)?);
    let head = start.get(27 + segments..)?.strip_prefix(b"OpusHead")?;
    let family = *head.get(10)?;
    let is_field = start.starts_with(b"OggS") && matches!(family, 2 | 3);
    is_field.then(|| channels_of(&of_opus(family, channels.into())))
}

/// The order of channels in Vorbis (Vorbis I, 4.3.9).
pub(super) fn of_xiph(channels: usize) -> Layout {
    let name = match channels {
        3 => "FL+FC+FR",
        4 => "quad",
        5 => "FL+FC+FR+BL+BR",
        6 => "FL+FC+FR+BL+BR+LFE",
        7 => "FL+FC+FR+SL+SR+BC+LFE",
        8 => "FL+FC+FR+SL+SR+BL+BR+LFE",
        _ => return Layout::usual(channels),
    };
    named(name, Layout::usual(channels))
}

/// An Ambisonic field of any order, and perhaps a stereo pair that turns with the head.
fn ambisonic(channels: usize) -> Option<Layout> {
    let side = channels.isqrt();
    let field = (side * side) as u8;
    let mut speakers: Vec<_> = (0..field).map(Speaker::Ambisonic).collect();
    match channels - side * side {
        0 => {}
        2 => speakers.extend([Speaker::FrontLeft, Speaker::FrontRight]),
        _ => return None,
    }
    Some(Layout::new(speakers))
}

pub(super) fn of_channels(channels: &Channels) -> Layout {
    match channels {
        // Mono is mono, on whichever side.
        _ if channels.count() == 1 => Layout::usual(1),
        Channels::Positioned(positions) => {
            Layout::new(positions.iter().map(speaker).collect::<Vec<_>>())
        }
        Channels::Ambisonic(_) => {
            ambisonic(channels.count()).unwrap_or_else(|| Layout::usual(channels.count()))
        }
        Channels::Custom(labels) => {
            let speakers: Vec<_> = labels.iter().map(of_label).collect();
            if speakers.iter().all(|speaker| *speaker == Speaker::Unknown) {
                return Layout::usual(speakers.len());
            }
            Layout::new(speakers)
        }
        _ => Layout::usual(channels.count()),
    }
}

fn of_label(label: &ChannelLabel) -> Speaker {
    match label {
        ChannelLabel::Positioned(position) => speaker(*position),
        ChannelLabel::Ambisonic(number) => {
            u8::try_from(*number).map_or(Speaker::Unknown, Speaker::Ambisonic)
        }
        ChannelLabel::AmbisonicBFormat(component) => Speaker::Ambisonic(match component {
            AmbisonicBFormat::W => 0,
            AmbisonicBFormat::Y => 1,
            AmbisonicBFormat::Z => 2,
            AmbisonicBFormat::X => 3,
            // Higher orders are mixed otherwise than by number, but never heard.
            _ => u8::MAX,
        }),
        _ => Speaker::Unknown,
    }
}

/// The same loudspeakers in symphonia's terms, in their order.
pub(super) fn channels_of(layout: &Layout) -> Channels {
    let wave = layout.mask().filter(|mask| mask >> 18 == 0);
    if let Some(positions) = wave.and_then(Position::from_bits) {
        return Channels::Positioned(positions);
    }
    let speakers = layout.speakers().iter().enumerate();
    let labels = speakers.map(|(number, wanted)| {
        if let Speaker::Ambisonic(component) = wanted {
            return ChannelLabel::Ambisonic((*component).into());
        }
        let mut positions = Position::all().iter();
        let found = positions.find(|position| speaker(*position) == *wanted);
        found.map_or(
            ChannelLabel::Discrete(number as u16),
            ChannelLabel::Positioned,
        )
    });
    Channels::Custom(labels.collect())
}

fn speaker(position: Position) -> Speaker {
    const BEYOND_WAVE: [(Position, Speaker); 8] = [
        (Position::LFE2, Speaker::Lfe2),
        (Position::TOP_SIDE_LEFT, Speaker::TopSideLeft),
        (Position::TOP_SIDE_RIGHT, Speaker::TopSideRight),
        (Position::BOTTOM_FRONT_CENTER, Speaker::BottomFrontCentre),
        (Position::BOTTOM_FRONT_LEFT, Speaker::BottomFrontLeft),
        (Position::BOTTOM_FRONT_RIGHT, Speaker::BottomFrontRight),
        (Position::FRONT_LEFT_WIDE, Speaker::WideLeft),
        (Position::FRONT_RIGHT_WIDE, Speaker::WideRight),
    ];
    // The first eighteen are WAV's.
    let wave = Layout::from_mask(position.bits() & 0x3_ffff);
    let wave = wave.and_then(|layout| layout.speakers().first().copied());
    let beyond = BEYOND_WAVE.iter().find(|(known, _)| *known == position);
    wave.or(beyond.map(|(_, speaker)| *speaker))
        .unwrap_or(Speaker::Unknown)
}
