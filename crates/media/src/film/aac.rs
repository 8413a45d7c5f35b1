//! AAC-LC by `syom`.

use syom::{EncodeOptions, Encoder};

use super::EncodeError;
use super::mp4::SoundTrack;
use super::sound::Accepts;

/// Samples in a frame of AAC-LC; its overlap makes the first frame run-up.
const FRAME: u32 = 1024;

/// Bits per second for each channel. Stereo music at 256 kb/s leaves nothing to hear.
const BITRATE_PER_CHANNEL: u32 = 128_000;

/// The most bits AAC-LC allows for each channel of a frame.
const MOST_BITS: u32 = 6144;

/// AAC in an MP4: the rates every player decodes, up to stereo.
pub(super) const ACCEPTS: Accepts = Accepts {
    rates: &[
        8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000,
    ],
    channels: 2,
    nameless: false,
};

/// Codes interleaved samples to frames of AAC.
pub(super) struct Aac {
    encoder: Encoder,
    track: SoundTrack,
    planes: Vec<Vec<f32>>,
    /// Frames of sound taken so far.
    taken: u64,
}

impl Aac {
    /// # Errors
    /// When the rate or channels are not among [`ACCEPTS`].
    pub(super) fn new(rate: u32, channels: usize) -> Result<Self, EncodeError> {
        // Low rates may not spend as much; nine tenths of what is allowed leaves room for padding.
        let allowed = u64::from(MOST_BITS) * u64::from(rate) / u64::from(FRAME) * 9 / 10;
        let each = u64::from(BITRATE_PER_CHANNEL).min(allowed) as u32;
        let bitrate = each * channels as u32;
        let options = EncodeOptions::raw()
            .with_bitrate_bps(bitrate)
            .with_lookahead(true)
            .with_short_group(true);
        let encoder = Encoder::new(rate, channels, &options).map_err(failed)?;
        let track = SoundTrack {
            rate,
            channels: channels as u16,
            frame: FRAME,
            priming: FRAME,
            config: encoder.asc().to_vec(),
            bitrate,
        };
        Ok(Self {
            encoder,
            track,
            planes: vec![Vec::new(); channels],
            taken: 0,
        })
    }

    pub(super) fn track(&self) -> &SoundTrack {
        &self.track
    }

    /// Codes `samples`, interleaved; `frame` is given each frame of AAC that is complete.
    ///
    /// # Errors
    /// When the encoder or `frame` fails.
    pub(super) fn encode(
        &mut self,
        samples: &[f32],
        mut frame: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<(), EncodeError> {
        let channels = self.planes.len();
        for (channel, plane) in self.planes.iter_mut().enumerate() {
            plane.clear();
            let own = samples.iter().skip(channel).step_by(channels);
            plane.extend(own.map(|sample| sample.clamp(-1.0, 1.0)));
        }
        self.taken += self.planes[0].len() as u64;
        let planes: Vec<&[f32]> = self.planes.iter().map(Vec::as_slice).collect();
        let mut written = Ok(());
        self.encoder
            .feed(&planes, |coded| {
                if written.is_ok() {
                    written = frame(coded.payload);
                }
                Ok(())
            })
            .map_err(failed)?;
        written.map_err(EncodeError::Write)
    }

    /// Codes what is left.
    ///
    /// # Errors
    /// When the encoder or `frame` fails.
    pub(super) fn finish(
        &mut self,
        mut frame: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<(), EncodeError> {
        if self.taken == 0 {
            return Ok(());
        }
        let mut written = Ok(());
        self.encoder
            .finish(|coded| {
                if written.is_ok() {
                    written = frame(coded.payload);
                }
                Ok(())
            })
            .map_err(failed)?;
        written.map_err(EncodeError::Write)
    }
}

fn failed(error: syom::AacError) -> EncodeError {
    EncodeError::Encoder(format!("the sound could not be coded: {error}"))
}
