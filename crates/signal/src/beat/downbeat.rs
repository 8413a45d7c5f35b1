//! Which beat of four begins the bar: a guess from harmony and accent.

use super::super::bands::RunningMean;
use super::super::frame::CHROMA;

/// Beats in a bar; other metres are not told apart.
const BAR: usize = 4;

/// A beat is judged this far into it: onsets up to as long before it and all of its chroma count.
const JUDGED_AT: f64 = 0.75;

/// Onsets this far from the beat, in beats, are its own.
const OWN: f64 = 0.25;

/// Chords change on the first beat, kicks and accents favour it.
const CHANGE_WEIGHT: f32 = 1.0;
const BASS_WEIGHT: f32 = 0.6;
const ACCENT_WEIGHT: f32 = 0.3;

/// What is left of a score after a bar.
const MEMORY_PER_BAR: f32 = 0.85;

/// A new downbeat must lead the old one by this factor for this many beats.
const LEAD: f32 = 1.15;
const PATIENCE: u32 = 8;

/// Span of the means that evidence is measured by, beats.
const MEAN_BEATS: f32 = 32.0;

/// Evidence of one kind, in units of its own mean.
struct Evidence(RunningMean);

impl Evidence {
    fn relative(&mut self, x: f32) -> f32 {
        x / self.0.hear(x, MEAN_BEATS).max(1e-3)
    }
}

/// Guesses the downbeat.
pub(super) struct Downbeat {
    /// The beat being gathered, counted from the start.
    beat: u64,
    bass: f32,
    accent: f32,
    chroma: [f32; CHROMA],
    chroma_before: [f32; CHROMA],
    evidence: [Evidence; 3],
    /// Score of each beat number modulo four.
    scores: [f32; BAR],
    /// The beat number modulo four that begins the bar.
    first: usize,
    leading: u32,
}

impl Downbeat {
    pub(super) const NEW: Self = Self {
        beat: 0,
        bass: 0.0,
        accent: 0.0,
        chroma: [0.0; CHROMA],
        chroma_before: [0.0; CHROMA],
        evidence: [const { Evidence(RunningMean::NEW) }; 3],
        scores: [0.0; BAR],
        first: 0,
        leading: 0,
    };

    /// Takes a hop at position `beats`, its bass and overall onset strength and its chroma.
    /// Returns the number of the current beat within its bar.
    pub(super) fn hear(
        &mut self,
        beats: f64,
        confidence: f32,
        bass: f32,
        accent: f32,
        chroma: &[f32; CHROMA],
    ) -> u8 {
        let nearest = (beats + 1.0 - JUDGED_AT).floor();
        if nearest as u64 != self.beat {
            self.judge(confidence);
            self.beat = nearest as u64;
        }
        let from_beat = beats - nearest;
        if from_beat.abs() <= OWN {
            self.bass = self.bass.max(bass);
            self.accent = self.accent.max(accent);
        }
        if from_beat >= 0.0 {
            for (sum, now) in self.chroma.iter_mut().zip(chroma) {
                *sum += now;
            }
        }
        let beat = beats.max(0.0) as u64 as usize;
        ((beat + BAR - self.first) % BAR) as u8
    }

    /// Scores the beat that is complete, and begins the next.
    fn judge(&mut self, confidence: f32) {
        let norm = self.chroma.iter().map(|x| x * x).sum::<f32>().sqrt();
        if norm > 0.0 {
            self.chroma.iter_mut().for_each(|x| *x /= norm);
        }
        let alike: f32 = self
            .chroma
            .iter()
            .zip(&self.chroma_before)
            .map(|(a, b)| a * b)
            .sum();
        let [change, low, loud] = &mut self.evidence;
        let score = CHANGE_WEIGHT * change.relative(1.0 - alike)
            + BASS_WEIGHT * low.relative(self.bass)
            + ACCENT_WEIGHT * loud.relative(self.accent);
        let place = (self.beat % BAR as u64) as usize;
        self.scores[place] *= MEMORY_PER_BAR;
        self.scores[place] += (1.0 - MEMORY_PER_BAR) * confidence * score;
        self.chroma_before = self.chroma;
        self.chroma = [0.0; CHROMA];
        self.bass = 0.0;
        self.accent = 0.0;

        let best = (0..BAR).fold(0, |best, i| {
            if self.scores[i] > self.scores[best] {
                i
            } else {
                best
            }
        });
        if self.scores[best] > LEAD * self.scores[self.first] {
            self.leading += 1;
            if self.leading >= PATIENCE {
                self.first = best;
                self.leading = 0;
            }
        } else {
            self.leading = 0;
        }
    }
}
