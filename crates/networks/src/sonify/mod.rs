//! What a picture sounds like.
//!
//! A picture is read column by column: what is bright sounds, high above low, its hues choose the chords of a
//! key whose mode follows the picture's valence, and its arousal the tempo. A U-Net with skip connections, trained
//! against a critic, paints quarter tones of that. Its tones are set as those of a window, and phase gradient heap
//! integration finds the phases ([`Phases`]). `training/sonify` made the network, `models/sonify.md` says how good it is.

mod bands;
mod error;
mod network;
mod phase;
mod seen;
mod sounding;
mod told;

use image::RgbImage;

use crate::weights::{Header, Papers, SONIFY, WeightsFault};
pub use error::SonifyError;
use network::Network;
pub use phase::{BINS, HOP, LATE, Phases, SAMPLE_RATE, WINDOW};
pub use seen::Moment;
use seen::columns;
pub use sounding::Sounding;
pub use told::Moods;

/// The weights that come with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../models/sonify.safetensors");

/// What the file of these weights says of them.
///
/// # Errors
/// When the file that was built in is damaged, which a test rules out.
pub fn papers() -> Result<Papers, WeightsFault> {
    Papers::of(&SONIFY, BUILT_IN)
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
        Self::read(BUILT_IN)
    }

    /// One whose file holds these bytes.
    ///
    /// # Errors
    /// When that is no such file, or damaged.
    pub fn read(mut data: &[u8]) -> Result<Self, SonifyError> {
        let header = Header::read(&SONIFY, data.len() as u64, &mut data)?;
        header.check("light", &[2])?;
        let light = header.floats(data, "light")?;
        Ok(Self {
            network: Network::new(&header, data)?,
            light: [light[0], light[1]],
        })
    }

    /// A sound that grows with what is seen; `seed` chooses the key and all that is chance.
    pub fn begin(&self, seed: u64) -> Sounding<'_> {
        Sounding::new(&self.network, self.light, seed)
    }

    /// The sound of a picture of any size, mono, -1 to 1, at [`SAMPLE_RATE`]: `seconds` of it, read from left to right. `moods`
    /// are the picture's; `seed` chooses the key and all that is chance. `done` is told how much is finished, 0 to 1.
    ///
    /// # Errors
    /// When the network fails, which takes a lack of memory.
    pub fn sound(
        &self,
        picture: &RgbImage,
        moods: &Moods,
        (seconds, seed): (f64, u64),
        mut done: impl FnMut(f64),
    ) -> Result<Vec<f32>, SonifyError> {
        let samples = (seconds * f64::from(SAMPLE_RATE)).round() as usize;
        let moments = samples.div_ceil(2 * HOP).max(1);
        let columns = columns(picture, moments);
        let mut sounding = self.begin(seed);
        let mut sound = Vec::with_capacity(samples + 2 * HOP);
        for k in 0..moments {
            let column = columns.get(k * columns.len() / moments);
            let moment = column.copied().unwrap_or_default();
            sounding.add(&moment, moods, None, |more| {
                sound.extend_from_slice(more);
                done(sound.len() as f64 / samples as f64);
            })?;
        }
        sounding.finish(|more| {
            sound.extend_from_slice(more);
            done((sound.len() as f64 / samples as f64).min(1.0));
        })?;
        sound.resize(samples, 0.0);
        let loudness = (sound.iter().map(|x| x * x).sum::<f32>() / samples.max(1) as f32).sqrt();
        let gain = (LOUDNESS / loudness.max(1e-9)).min(MOST_GAIN);
        sound.iter_mut().for_each(|x| *x *= gain);
        for (k, x) in sound.iter_mut().enumerate() {
            *x = mastered(*x, k as u64, samples as u64);
        }
        Ok(sound)
    }
}

/// Root mean square of a picture's sound. Its lightness does not make all of it louder: what is dark excites more often than not.
const LOUDNESS: f32 = 0.1;
/// What is nearly black stays soft.
const MOST_GAIN: f32 = 4.0;
/// Louder samples are drawn in, so that none is beyond full scale.
const LOUD: f32 = 0.8;
/// Samples in which a sound comes and goes.
const FADE: f32 = 220.0;

/// Sample number `at` of `all` as it is to be heard: drawn in where it is loud, without a click at the ends.
pub fn mastered(sample: f32, at: u64, all: u64) -> f32 {
    let from_end = at.min(all.saturating_sub(at + 1)) as f32;
    let beyond = (sample.abs() - LOUD).max(0.0) / (1.0 - LOUD);
    let soft = sample.abs().min(LOUD) + (1.0 - LOUD) * beyond.tanh();
    soft.copysign(sample) * (from_end / FADE).min(1.0)
}

#[cfg(test)]
mod tests;
