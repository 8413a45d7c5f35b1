//! The network that hears: a filter bank on the raw waveform, then narrow convolutions, and beside
//! them the keys that the filter bank's tones fit.
//!
//! Its layers are read from the model file's `architecture` string. Nothing before the pool looks
//! at the whole window, so a [`Stream`] keeps the end of what each layer has read and computes only
//! what is new. Activations are `[time, channel]`: what a convolution reads for one result is one
//! run of numbers, so that a layer is a matrix product whose rows overlap.

mod keys;
mod layers;
mod pool;
mod product;
mod stream;

pub use stream::Stream;

use super::ear::Ear;
use super::model::{Model, NetworkError};
use crate::simd::Isa;
use layers::Layers;
use pool::Pool;
use product::Apply;

/// What the network says of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// -1 to 1.
    pub valence: f32,
    /// -1 to 1.
    pub arousal: f32,
    /// Standard deviation of valence that the network expects of itself.
    pub sigma_valence: f32,
    /// Standard deviation of arousal that the network expects of itself.
    pub sigma_arousal: f32,
}

/// The emotion network.
pub struct Network {
    layers: Layers,
    isa: Isa,
    /// Samples a second that the network expects.
    pub sample_rate: u32,
    /// Samples that an estimate looks at.
    pub window: usize,
    /// Samples from one estimate to the next.
    pub hop: usize,
    /// Samples from one frame to the next; divides `hop`.
    pub frame_stride: usize,
    /// Samples that one frame sees.
    pub frame_length: usize,
}

impl Network {
    /// The network of an ear that comes with Synopsia.
    ///
    /// # Errors
    /// When the file that was built in is damaged, which a test rules out.
    pub fn of(ear: Ear) -> Result<Self, NetworkError> {
        Self::new(&Model::of(ear)?)
    }

    /// Reads a network from the bytes of a model file.
    ///
    /// # Errors
    /// When the file is damaged, of another format or version, holds what is not a number, or its
    /// layers do not fit each other.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NetworkError> {
        Self::new(&Model::from_bytes(bytes)?)
    }

    fn new(model: &Model) -> Result<Self, NetworkError> {
        let layers = Layers::read(&model.layers)?;
        let (frame_length, frame_stride) = (layers.frame_length, layers.frame_stride);
        let Model {
            sample_rate,
            window,
            hop,
            ..
        } = *model;
        if sample_rate == 0
            || hop == 0
            || !hop.is_multiple_of(frame_stride)
            || window < frame_length
        {
            return Err(NetworkError::contradicts(
                "its window and hop do not fit its layers",
            ));
        }
        Ok(Self {
            layers,
            isa: Isa::best(),
            sample_rate,
            window,
            hop,
            frame_stride,
            frame_length,
        })
    }

    /// Numbers that a frame takes up.
    pub fn frame_width(&self) -> usize {
        self.layers.frame_width()
    }

    /// A stream of which nothing was heard yet.
    pub fn stream(&self) -> Stream {
        Stream::new(&self.layers, self.hop)
    }

    /// Hears the samples (mono, at [`Self::sample_rate`]) that follow in a stream of this network,
    /// and hands out each frame that they complete: [`Self::frame_width`] numbers. Frames are the
    /// same, to the last bit, however the samples are cut.
    pub fn hear(&self, stream: &mut Stream, samples: &[f32], mut each: impl FnMut(&[f32])) {
        for block in samples.chunks(stream.block) {
            let made = stream.read(&self.layers, self.isa, block);
            if made > 0 {
                stream.hand_out(&self.layers, made, &mut each);
            }
        }
    }

    /// What the network says of a run of frames, laid one after the other; nothing of none.
    pub fn judge(&self, stream: &mut Stream, frames: &[f32]) -> Option<Estimate> {
        let width = self.frame_width();
        if frames.len() < width {
            return None;
        }
        let Stream {
            pooled, answers, ..
        } = stream;
        let (moments, tonal) = pooled.split_at_mut(2 * self.layers.trunk_width());
        self.isa.run(Pool {
            frames,
            width,
            floor: self.layers.floor,
            pooled: moments,
        });
        tonal.copy_from_slice(&self.layers.keys.features(frames, width));
        let mut input: &[f32] = pooled;
        let [from, to] = answers;
        let (mut from, mut to) = (from, to);
        for product in &self.layers.head {
            self.isa.run(Apply {
                product,
                input,
                count: 1,
                output: &mut to[..product.outputs()],
            });
            std::mem::swap(&mut from, &mut to);
            input = from;
        }
        Some(Estimate {
            valence: input[0].clamp(-1.0, 1.0),
            arousal: input[1].clamp(-1.0, 1.0),
            sigma_valence: input[2].clamp(-4.0, 1.0).exp(),
            sigma_arousal: input[3].clamp(-4.0, 1.0).exp(),
        })
    }

    /// What the network says of a window; nothing of one that is shorter than a frame.
    pub fn estimate(&self, samples: &[f32]) -> Option<Estimate> {
        let mut stream = Stream::new(&self.layers, samples.len().clamp(1, self.window));
        let mut frames = Vec::new();
        self.hear(&mut stream, samples, |frame| {
            frames.extend_from_slice(frame);
        });
        self.judge(&mut stream, &frames)
    }
}

#[cfg(test)]
mod tests;
