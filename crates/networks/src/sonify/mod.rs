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

use image::RgbImage;

use crate::emotion::Emotion;
use crate::weights::{Header, SONIFY};
use bands::linear;
pub use error::SonifyError;
use network::Network;
pub use phase::{BINS, HOP, Phases, SAMPLE_RATE};
use seen::Told;

/// The weights that come with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../models/sonify.safetensors");

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

#[cfg(test)]
mod tests;
