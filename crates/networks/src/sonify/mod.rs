//! What a picture sounds like.
//!
//! A picture is read column by column ([`seen`](self)): what is bright sounds, high above low, its hues choose the chords of a
//! key whose mode follows the picture's valence, and its arousal the tempo. A U-Net with skip connections, trained
//! against a critic, paints quarter tones of that. Its tones are set as those of a window, and phase gradient heap
//! integration finds the phases ([`Phases`]). `training/sonify` made the network, `models/sonify.md` says how good it is.

mod bands;
mod network;
mod phase;
mod seen;

use candle_core::Error;
use image::RgbImage;
use std::fmt;

use crate::emotion::Emotion;
use crate::weights::{Header, SONIFY, WeightsFault};
use bands::linear;
use network::Network;
pub use phase::{BINS, HOP, Phases};
use seen::Told;

/// The weights that come with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../models/sonify.safetensors");

/// Samples a second of what comes out.
pub const SAMPLE_RATE: u32 = 44_100;

/// Why a picture was not turned into sound.
#[derive(Debug)]
pub enum SonifyError {
    /// The weights are damaged.
    Weights(WeightsFault),
    /// The network failed.
    Network(Error),
}

impl fmt::Display for SonifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weights(fault) => write!(f, "the network that sonifies {fault}"),
            Self::Network(error) => write!(f, "the network that sonifies failed: {error}"),
        }
    }
}

impl std::error::Error for SonifyError {}

impl From<WeightsFault> for SonifyError {
    fn from(fault: WeightsFault) -> Self {
        Self::Weights(fault)
    }
}

impl From<Error> for SonifyError {
    fn from(error: Error) -> Self {
        Self::Network(error)
    }
}

/// Turns pictures into sound.
pub struct Sonifier {
    network: Network,
    /// Mean and deviation of the lightness that it knows.
    light: [f32; 2],
}

impl Sonifier {
    /// The one that comes with Synopsia.
    ///
    /// # Errors
    /// When the program's own weights are damaged.
    pub fn built_in() -> Result<Self, SonifyError> {
        let mut data = BUILT_IN;
        let header = Header::read(&SONIFY, data.len() as u64, &mut data)?;
        header.check("light", &[2])?;
        let light = header.floats(data, "light")?;
        Ok(Self {
            network: Network::new(&header, data)?,
            light: [light[0], light[1]],
        })
    }

    /// The sound of a picture of any size, mono, -1 to 1, at [`SAMPLE_RATE`]: `seconds` of it, read from left to right. `mood`
    /// is the picture's, beside usual ones ([`Emotion::among_pictures`]); `seed` chooses the key and all that is chance.
    /// `done` is told how much is finished, 0 to 1.
    ///
    /// # Errors
    /// When the network fails, which takes a lack of memory.
    pub fn sound(
        &self,
        picture: &RgbImage,
        mood: &Emotion,
        (seconds, seed): (f64, u64),
        mut done: impl FnMut(f64),
    ) -> Result<Vec<f32>, SonifyError> {
        let samples = (seconds * f64::from(SAMPLE_RATE)).round() as usize;
        let frames = samples.div_ceil(2 * HOP) + 2;
        let told = Told::of(picture, self.light, mood, (frames, seed));
        let painted = self.network.paint(&told, |part| done(part * 0.5))?;
        let mut phases = Phases::new(seed);
        let mut sound = Vec::with_capacity(samples + 2 * HOP);
        for (k, pair) in painted.windows(2).enumerate() {
            for share in [0.0, 0.5] {
                let between = |(a, b): (&f32, &f32)| a + (b - a) * share;
                let decibels: Vec<f32> = pair[0].iter().zip(&pair[1]).map(between).collect();
                sound.extend(phases.next(&linear(&decibels)));
            }
            done(0.5 + 0.5 * k as f64 / painted.len() as f64);
        }
        sound.resize(samples, 0.0);
        let most = sound.iter().fold(0.0f32, |most, x| most.max(x.abs()));
        if most > LOUDEST {
            sound.iter_mut().for_each(|x| *x *= LOUDEST / most);
        }
        let fade = (samples / 2).min(FADE);
        for k in 0..fade {
            let share = k as f32 / fade as f32;
            sound[k] *= share;
            sound[samples - 1 - k] *= share;
        }
        Ok(sound)
    }
}

/// A sound that would be louder is made softer.
const LOUDEST: f32 = 0.9;
/// Samples in which a sound comes and goes.
const FADE: usize = 4410;

/// A stream of numbers that look random: splitmix64 (Steele et al. 2014).
struct Chance(u64);

impl Chance {
    /// Uniform, 0 to 1.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Normal, deviation 1.
    fn normal(&mut self) -> f32 {
        let (a, b) = (1.0 - self.next(), self.next());
        (-2.0 * a.ln()).sqrt() * (std::f32::consts::TAU * b).cos()
    }
}

#[cfg(test)]
mod tests;
