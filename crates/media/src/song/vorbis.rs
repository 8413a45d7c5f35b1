//! Vorbis of more than two channels, through `lewton`: symphonia's decoder loses some of them.

use lewton::audio::{PreviousWindowRight, read_audio_packet_generic};
use lewton::header::{IdentHeader, SetupHeader, read_header_ident, read_header_setup};
use lewton::samples::InterleavedSamples;

use super::layout;
use synopsia_signal::Layout;

/// Bytes of the identification header; the setup header follows it in what demuxers hand over.
const IDENTIFICATION: usize = 30;

/// Decodes packets to interleaved samples.
pub(super) struct VorbisPackets {
    identification: IdentHeader,
    setup: SetupHeader,
    /// The half of the last block that overlaps with the next one.
    overlap: PreviousWindowRight,
    layout: Layout,
    samples: Vec<f32>,
}

/// A packet that cannot be decoded.
#[derive(Debug)]
pub(super) struct DamagedPacket;

impl VorbisPackets {
    /// A decoder for a stream with these `headers`; `None` where they make no sense, or there are
    /// no more than two channels.
    pub(super) fn new(headers: &[u8]) -> Option<Self> {
        let (identification, setup) = headers.split_at_checked(IDENTIFICATION)?;
        let identification = read_header_ident(identification).ok()?;
        let channels = identification.audio_channels;
        if channels <= 2 {
            return None;
        }
        let blocks = (identification.blocksize_0, identification.blocksize_1);
        Some(Self {
            setup: read_header_setup(setup, channels, blocks).ok()?,
            identification,
            overlap: PreviousWindowRight::new(),
            layout: layout::of_xiph(channels.into()),
            samples: Vec::new(),
        })
    }

    /// The loudspeakers of the channels, in their order.
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Hz.
    pub(super) fn rate(&self) -> u32 {
        self.identification.audio_sample_rate
    }

    /// Decodes one packet. The first one gives nothing: it has nothing to overlap with.
    ///
    /// # Errors
    /// When the packet is damaged.
    pub(super) fn decode(&mut self, packet: &[u8]) -> Result<&[f32], DamagedPacket> {
        let decoded: InterleavedSamples<f32> =
            read_audio_packet_generic(&self.identification, &self.setup, packet, &mut self.overlap)
                .map_err(|_| DamagedPacket)?;
        self.samples = decoded.samples;
        Ok(&self.samples)
    }
}
