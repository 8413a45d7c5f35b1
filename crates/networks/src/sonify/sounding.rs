//! A sound that grows, moment after moment.

use super::bands::{PER_OCTAVE, linear};
use super::error::SonifyError;
use super::network::{CONTEXT, Network, PART};
use super::phase::{HOP, LATE, Phases, SAMPLE_RATE};
use super::seen::Moment;
use super::told::{Moods, Told};
use synopsia_signal::Beat;

/// Frames that are taken for having been before the first, so that a sound is there at once.
const BEFORE: usize = LATE - 1;

/// What is painted is this much louder than what is heard, decibels: between tones a floor is as loud as the loudest bin
/// of a band was in training.
const LEVEL: f32 = -14.0;

/// A sound that grows.
pub struct Sounding<'a> {
    network: &'a Network,
    told: Told,
    /// Columns, of two frames each, that are painted.
    painted: usize,
    /// Decibels of the last frame.
    last: Option<Vec<f32>>,
    phases: Phases,
    /// Samples that are yet to be dropped, for they are before the first moment.
    early: usize,
}

impl<'a> Sounding<'a> {
    pub(super) fn new(network: &'a Network, light: [f32; 2], seed: u64) -> Self {
        Self {
            network,
            told: Told::new(light, seed),
            painted: 0,
            last: None,
            phases: Phases::new(seed),
            early: (BEFORE + LATE) * HOP,
        }
    }

    /// Seconds from a moment to the next.
    pub const STEP: f64 = (2 * HOP) as f64 / SAMPLE_RATE as f64;

    /// Moments that it was given.
    pub fn moments(&self) -> usize {
        self.told.frames()
    }

    /// Takes the next moment, what it is to feel like and, where it is known, the beat; the sound that is ready goes to `out`, in
    /// order: it lags behind by some seconds.
    ///
    /// # Errors
    /// When the network fails, which takes a lack of memory.
    pub fn add(
        &mut self,
        moment: &Moment,
        moods: &Moods,
        beat: Option<&Beat>,
        out: impl FnMut(&[f32]),
    ) -> Result<(), SonifyError> {
        self.told.add(moment, moods, beat);
        if self.told.frames() >= 2 * (self.painted + PART + CONTEXT) {
            return self.paint(PART, out);
        }
        Ok(())
    }

    /// Gives the rest: in all as many samples as its moments last.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn finish(mut self, mut out: impl FnMut(&[f32])) -> Result<(), SonifyError> {
        let columns = self.told.frames().div_ceil(2);
        while self.painted < columns {
            self.paint(PART.min(columns - self.painted), &mut out)?;
        }
        if let Some(last) = self.last.take() {
            let last = linear(&last);
            // The last moment's second half, and what makes up for being late.
            for _ in 0..=LATE {
                self.sound(&last, &mut out);
            }
        }
        Ok(())
    }

    /// Paints so many columns and lets them sound.
    fn paint(&mut self, columns: usize, mut out: impl FnMut(&[f32])) -> Result<(), SonifyError> {
        for magnitudes in self.spectra(columns)? {
            self.sound(&magnitudes, &mut out);
        }
        Ok(())
    }

    /// The magnitudes of so many more columns, a hop apart.
    fn spectra(&mut self, columns: usize) -> Result<Vec<Vec<f32>>, SonifyError> {
        let painted = self.network.paint(&self.told, self.painted, columns)?;
        let left = self.told.frames() - 2 * self.painted;
        let mut spectra = Vec::new();
        for (k, mut decibels) in painted.into_iter().enumerate().take(left) {
            let frame = 2 * self.painted + k;
            for (band, level) in decibels.iter_mut().enumerate() {
                *level += LEVEL + self.told.fade(frame, band, PER_OCTAVE);
            }
            match self.last.take() {
                None => spectra.resize(BEFORE + 1, linear(&decibels)),
                Some(last) => {
                    let between = last.iter().zip(&decibels).map(|(a, b)| (a + b) / 2.0);
                    spectra.push(linear(&between.collect::<Vec<_>>()));
                    spectra.push(linear(&decibels));
                }
            }
            self.last = Some(decibels);
        }
        self.painted += columns;
        Ok(spectra)
    }

    /// All magnitudes `[BINS]` of its moments, a hop apart, which the first that are as before it precede: for whoever looks for
    /// other phases.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn magnitudes(mut self) -> Result<Vec<Vec<f32>>, SonifyError> {
        let left = self.told.frames().div_ceil(2) - self.painted;
        self.spectra(left)
    }

    fn sound(&mut self, magnitudes: &[f32], out: &mut impl FnMut(&[f32])) {
        let sound = self.phases.next(magnitudes);
        let early = self.early.min(sound.len());
        self.early -= early;
        if early < sound.len() {
            out(&sound[early..]);
        }
    }
}
