//! H.264 by Cisco's openh264, built from source with the crate.

use openh264::OpenH264API;
use openh264::encoder::{
    Complexity, Encoder, EncoderConfig, FrameRate, FrameType, IntraFramePeriod, QpRange,
    RateControlMode, VuiConfig,
};
use openh264::formats::YUVSource;

use super::mp4::ParameterSets;
use super::yuv::Planes;
use super::{EncodeError, FilmQuality, Fps};

/// Seconds from one keyframe to the next: how finely a player can seek.
const KEYFRAME_SECONDS: f64 = 2.0;

/// The start of a NAL unit in Annex B.
const START: [u8; 3] = [0, 0, 1];

/// Kinds of NAL unit.
const SPS: u8 = 7;
const PPS: u8 = 8;

/// Codes pictures of one size, one in, one out.
pub(super) struct H264 {
    encoder: Encoder,
    planes: Planes,
    sets: ParameterSets,
}

impl H264 {
    /// # Errors
    /// When openh264 refuses.
    pub(super) fn new(
        width: usize,
        height: usize,
        fps: Fps,
        quality: FilmQuality,
    ) -> Result<Self, EncodeError> {
        let quantiser = quality.quantiser();
        let keyframes = (KEYFRAME_SECONDS * fps.hz()).ceil() as u32;
        let config = EncoderConfig::new()
            .complexity(Complexity::Medium)
            // Every picture as good as the next: rate control would let the first second and every
            // cut swim. This mode with an empty range is openh264's constant quantiser; with no
            // rate control at all it ignores the range.
            .rate_control_mode(RateControlMode::Bufferbased)
            .qp(QpRange::new(quantiser, quantiser))
            .max_frame_rate(FrameRate::from_hz(fps.hz() as f32))
            .intra_frame_period(IntraFramePeriod::from_num_frames(keyframes.max(1)))
            .skip_frames(false)
            // Background detection leaves smears where paint moves slowly.
            .background_detection(false)
            .num_threads(1)
            .vui(VuiConfig::bt709());
        let encoder = Encoder::with_api_config(OpenH264API::from_source(), config)
            .map_err(|e| EncodeError::Encoder(e.to_string()))?;
        Ok(Self {
            encoder,
            planes: Planes::new(width, height),
            sets: ParameterSets::default(),
        })
    }

    /// Codes `rgba` into `coded`, each NAL unit behind its length; returns whether it is a
    /// keyframe.
    ///
    /// # Errors
    /// When openh264 fails.
    pub(super) fn encode(&mut self, rgba: &[u8], coded: &mut Vec<u8>) -> Result<bool, EncodeError> {
        self.planes.convert(rgba);
        let stream = self
            .encoder
            .encode(&Source(&self.planes))
            .map_err(|e| EncodeError::Encoder(e.to_string()))?;
        coded.clear();
        for layer in (0..stream.num_layers()).filter_map(|i| stream.layer(i)) {
            for unit in (0..layer.nal_count()).filter_map(|i| layer.nal_unit(i)) {
                let Some(unit) = without_start(unit) else {
                    continue;
                };
                match unit[0] & 0x1f {
                    SPS => self.sets.sps = unit.to_vec(),
                    PPS => self.sets.pps = unit.to_vec(),
                    _ => {
                        coded.extend((unit.len() as u32).to_be_bytes());
                        coded.extend(unit);
                    }
                }
            }
        }
        if coded.is_empty() {
            return Err(EncodeError::Encoder("a picture was dropped".to_string()));
        }
        Ok(matches!(stream.frame_type(), FrameType::IDR))
    }

    /// What the decoder needs first; known once a picture was coded.
    pub(super) fn parameter_sets(&self) -> &ParameterSets {
        &self.sets
    }
}

/// The NAL unit behind its start code; `None` if it is empty.
fn without_start(unit: &[u8]) -> Option<&[u8]> {
    let at = unit.windows(3).position(|bytes| bytes == START)?;
    let unit = &unit[at + START.len()..];
    (!unit.is_empty()).then_some(unit)
}

/// Planes as openh264 wants to see them.
struct Source<'a>(&'a Planes);

impl YUVSource for Source<'_> {
    fn dimensions(&self) -> (usize, usize) {
        (self.0.width, self.0.height)
    }

    fn strides(&self) -> (usize, usize, usize) {
        (self.0.width, self.0.width / 2, self.0.width / 2)
    }

    fn y(&self) -> &[u8] {
        &self.0.y
    }

    fn u(&self) -> &[u8] {
        &self.0.u
    }

    fn v(&self) -> &[u8] {
        &self.0.v
    }
}
