//! Opus packets to samples (RFC 6716), for what the demuxers find in Ogg, WebM and MP4.

use ropus::OpusMSDecoder;

use super::layout;
use synopsia_signal::Layout;

/// Opus always decodes at this rate, Hz, whatever the encoder was fed.
pub(super) const RATE: u32 = 48_000;

/// The longest packet: 120 ms.
const MOST_FRAMES: usize = RATE as usize / 1000 * 120;

/// Full scale of what the decoder gives.
const FULL: f32 = 32_768.0;

/// Decodes packets to interleaved samples, surround or not.
pub(super) struct OpusPackets {
    decoder: OpusMSDecoder,
    layout: Layout,
    pre_skip: u32,
    /// What every sample is multiplied with: the header's output gain, and full scale.
    gain: f32,
    demixing: Option<Demixing>,
    pcm: Vec<i16>,
    interleaved: Vec<f32>,
}

/// How the channels of an Ambisonic field are made of what the streams hold (RFC 8486, 3.2).
struct Demixing {
    /// Channels that the streams hold.
    streamed: usize,
    /// For each of them what it gives to each channel of the field.
    columns: Vec<f32>,
}

/// A packet that cannot be decoded.
#[derive(Debug)]
pub(super) struct DamagedPacket;

impl OpusPackets {
    /// Reads gain and channels from `head`, the `OpusHead` of RFC 7845. `None` where it makes no
    /// sense.
    pub(super) fn new(head: &[u8]) -> Option<Self> {
        let head = head.strip_prefix(b"OpusHead").unwrap_or(head);
        let short = |at: usize| Some([*head.get(at)?, *head.get(at + 1)?]);
        let channels = usize::from(*head.get(1)?);
        let pre_skip = u32::from(u16::from_le_bytes(short(2)?));
        // In 256ths of a decibel.
        let decibels = f32::from(i16::from_le_bytes(short(8)?)) / 256.0;
        let family = *head.get(10)?;
        // Family 0 is mono or stereo; the others list streams, stereo streams, and which decoded
        // channel goes where.
        let (streams, coupled, mapping) = match (family, channels) {
            (0, 1) => (1, 0, vec![0]),
            (0, 2) => (1, 1, vec![0, 1]),
            (0, _) => return None,
            (3, _) => {
                let (streams, coupled) = (*head.get(11)?, *head.get(12)?);
                (
                    streams,
                    coupled,
                    (0..streams.checked_add(coupled)?).collect(),
                )
            }
            _ => {
                let mapping = head.get(13..13 + channels)?.to_vec();
                (*head.get(11)?, *head.get(12)?, mapping)
            }
        };
        let demixing = match family {
            3 => Some(Demixing::read(head.get(13..)?, mapping.len(), channels)?),
            _ => None,
        };
        let decoder = OpusMSDecoder::new(
            RATE as i32,
            mapping.len() as i32,
            streams.into(),
            coupled.into(),
            &mapping,
        );
        Some(Self {
            decoder: decoder.ok()?,
            layout: layout::of_opus(family, channels),
            pre_skip,
            gain: 10f32.powf(decibels / 20.0) / FULL,
            demixing,
            pcm: vec![0; MOST_FRAMES * mapping.len()],
            interleaved: Vec::new(),
        })
    }

    pub(super) fn channels(&self) -> usize {
        self.layout.count()
    }

    /// The loudspeakers of the channels, in their order.
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
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
        let streamed = match &self.demixing {
            Some(demixing) => demixing.streamed,
            None => self.layout.count(),
        };
        let samples = usize::try_from(frames).map_err(|_| DamagedPacket)? * streamed;
        let pcm = self.pcm.get(..samples).ok_or(DamagedPacket)?;
        self.interleaved.clear();
        match &self.demixing {
            None => {
                let scaled = pcm.iter().map(|&sample| self.gain * f32::from(sample));
                self.interleaved.extend(scaled);
            }
            Some(demixing) => {
                for frame in pcm.chunks_exact(streamed) {
                    demixing.mix(frame, self.gain, &mut self.interleaved);
                }
            }
        }
        Ok(&self.interleaved)
    }
}

impl Demixing {
    /// Reads the matrix: column by column, as fractions of 32768.
    fn read(matrix: &[u8], streamed: usize, channels: usize) -> Option<Self> {
        let numbers = matrix.get(..2 * streamed * channels)?.chunks_exact(2);
        let columns = numbers.map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / FULL);
        Some(Self {
            streamed,
            columns: columns.collect(),
        })
    }

    /// Appends one frame of the field.
    fn mix(&self, frame: &[i16], gain: f32, out: &mut Vec<f32>) {
        let channels = self.columns.len() / self.streamed;
        let start = out.len();
        out.resize(start + channels, 0.0);
        for (&sample, column) in frame.iter().zip(self.columns.chunks_exact(channels)) {
            for (sum, part) in out[start..].iter_mut().zip(column) {
                *sum += gain * f32::from(sample) * part;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropus::{OPUS_APPLICATION_AUDIO, OpusMSEncoder};

    /// An `OpusHead` of three channels in a stereo stream and a mono one.
    fn head(channels: u8, gain: i16, family: u8, rest: &[u8]) -> Vec<u8> {
        let [low, high] = gain.to_le_bytes();
        let start = [1, channels, 0, 0, 0x80, 0xbb, 0, 0, low, high, family, 2, 1];
        [b"OpusHead", &start[..], rest].concat()
    }

    /// A packet of 20 ms of three tones.
    fn packet() -> Vec<u8> {
        let mapping = [0, 1, 2];
        let encoder = OpusMSEncoder::new(48_000, 3, 2, 1, &mapping, OPUS_APPLICATION_AUDIO);
        let mut encoder = encoder.unwrap();
        let tone = |n: usize| (8000.0 * (n as f32 * 0.05 * (n % 3 + 1) as f32).sin()) as i16;
        let pcm: Vec<i16> = (0..3 * 960).map(tone).collect();
        let mut packet = vec![0; 4000];
        let length = encoder.encode(&pcm, 960, &mut packet, 4000).unwrap();
        packet.truncate(length as usize);
        packet
    }

    fn decode(head: &[u8]) -> Vec<f32> {
        let mut opus = OpusPackets::new(head).unwrap();
        opus.decode(&packet()).unwrap().to_vec()
    }

    #[test]
    fn the_headers_gain_is_applied_in_256ths_of_a_decibel_up_and_down() {
        let plain = decode(&head(3, 0, 255, &[0, 1, 2]));
        assert!(plain.iter().any(|x| x.abs() > 0.05));
        for (gain, factor) in [(6 * 256, 1.995_262), (-20 * 256, 0.1), (-32_768, 3.981e-7)] {
            let louder = decode(&head(3, gain, 255, &[0, 1, 2]));
            for (a, b) in louder.iter().zip(&plain) {
                assert!(
                    (a - factor * b).abs() <= 1e-5 * b.abs(),
                    "{gain}: {a} of {b}"
                );
            }
        }
    }

    #[test]
    fn a_projected_field_is_what_its_matrix_makes_of_the_streams() {
        let streamed = decode(&head(3, 0, 255, &[0, 1, 2]));
        // For each of three streamed channels what it gives to the field's four.
        let columns = [[1, 0, 0, 0], [0, 0, -2, 0], [1, 0, 0, 3]];
        let matrix = columns.map(|column| column.map(|x: i16| (x * 8192).to_le_bytes()));
        let field = decode(&head(4, 0, 3, matrix.as_flattened().as_flattened()));
        assert_eq!(field.len() / 4, streamed.len() / 3);
        for (field, streamed) in field.chunks(4).zip(streamed.chunks(3)) {
            let [a, b, c] = [streamed[0], streamed[1], streamed[2]];
            let expected = [0.25 * (a + c), 0.0, -0.5 * b, 0.75 * c];
            assert!(
                field
                    .iter()
                    .zip(expected)
                    .all(|(x, y)| (x - y).abs() < 1e-6)
            );
        }
        assert!(OpusPackets::new(&head(4, 0, 3, &[0; 23])).is_none());
    }
}
