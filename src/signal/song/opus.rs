//! Opus packets to samples (RFC 6716), for what the demuxers find in Ogg, WebM and MP4.

use ropus::OpusMSDecoder;

/// Opus always decodes at this rate, Hz, whatever the encoder was fed.
pub(super) const RATE: u32 = 48_000;

/// The longest packet: 120 ms.
const MOST_FRAMES: usize = RATE as usize / 1000 * 120;

/// Decodes packets to interleaved samples, surround or not.
pub(super) struct OpusPackets {
    decoder: OpusMSDecoder,
    channels: usize,
    pre_skip: u32,
    pcm: Vec<i16>,
    interleaved: Vec<f32>,
}

/// A packet that cannot be decoded.
#[derive(Debug)]
pub(super) struct DamagedPacket;

impl OpusPackets {
    /// Reads the channel layout from `head`, the `OpusHead` of RFC 7845. `None` where it makes no
    /// sense.
    pub(super) fn new(head: &[u8]) -> Option<Self> {
        let head = head.strip_prefix(b"OpusHead").unwrap_or(head);
        let channels = usize::from(*head.get(1)?);
        let pre_skip = u32::from(u16::from_le_bytes([*head.get(2)?, *head.get(3)?]));
        // Family 0 is mono or stereo; the others list streams, stereo streams, and which decoded
        // channel goes where.
        let (streams, coupled, mapping) = match (*head.get(10)?, channels) {
            (0, 1) => (1, 0, &[0][..]),
            (0, 2) => (1, 1, &[0, 1][..]),
            (0, _) => return None,
            _ => (*head.get(11)?, *head.get(12)?, head.get(13..13 + channels)?),
        };
        let decoder = OpusMSDecoder::new(
            RATE as i32,
            channels as i32,
            streams.into(),
            coupled.into(),
            mapping,
        );
        Some(Self {
            decoder: decoder.ok()?,
            channels,
            pre_skip,
            pcm: vec![0; MOST_FRAMES * channels],
            interleaved: Vec::new(),
        })
    }

    pub(super) fn channels(&self) -> usize {
        self.channels
    }

    /// Frames of encoder run-up at the start of the song.
    pub(super) fn pre_skip(&self) -> u32 {
        self.pre_skip
    }

    /// Decodes one packet.
    ///
    /// # Errors
    /// When the packet is damaged.
    pub(super) fn decode(&mut self, packet: &[u8]) -> Result<&[f32], DamagedPacket> {
        // An empty packet means "lost" to the decoder; a file that holds one is damaged.
        if packet.is_empty() {
            return Err(DamagedPacket);
        }
        let length = i32::try_from(packet.len()).map_err(|_| DamagedPacket)?;
        let frames = self
            .decoder
            .decode(
                Some(packet),
                length,
                &mut self.pcm,
                MOST_FRAMES as i32,
                false,
            )
            .map_err(|_| DamagedPacket)?;
        let samples = usize::try_from(frames).map_err(|_| DamagedPacket)? * self.channels;
        let pcm = self.pcm.get(..samples).ok_or(DamagedPacket)?;
        self.interleaved.clear();
        self.interleaved
            .extend(pcm.iter().map(|&sample| f32::from(sample) / 32_768.0));
        Ok(&self.interleaved)
    }
}
