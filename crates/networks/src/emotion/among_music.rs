//! What an estimate says beside what other music is estimated.
//!
//! People who rate music keep near the middle of the scale, and most of it pleases them; an ear that learned from them does
//! the same. So what tells one song from another is how far it lies from usual music, in usual deviations, and that is what
//! is shown, painted and written everywhere: -1 to 1, 0 being usual. The estimate itself keeps to what people would rate.

use super::circumplex::Emotion;

/// Confidence from which on the whole of an estimate counts: below that of nearly all rated music, and above silence,
/// noise and a window that is still filling.
const TRUSTED_CONFIDENCE: f32 = 0.25;

/// Middle and deviation of usual music, for valence and arousal: those of the network's judgements of unheard tracks
/// (`training/emotion/logs/predictions.csv`: means 0.20 and 0.01, deviations 0.10 and 0.20).
pub const USUAL_MOOD: [f32; 2] = [0.20, 0.01];
const USUAL_DEVIATION: [f32; 2] = [0.10, 0.20];

/// An estimate as far as it is to be trusted: without any certainty it is what music usually is.
pub fn trusted(estimate: &Emotion) -> [f32; 2] {
    let share = (estimate.confidence / TRUSTED_CONFIDENCE).min(1.0);
    let [valence, arousal] = USUAL_MOOD;
    [
        valence + share * (estimate.valence - valence),
        arousal + share * (estimate.arousal - arousal),
    ]
}

/// A point of the estimate's plane on the scale of usual music.
pub fn among_music(point: [f32; 2]) -> [f32; 2] {
    among(point, USUAL_MOOD, USUAL_DEVIATION)
}

/// A point on the scale of others, whose middle and deviation these are.
pub(crate) fn among(point: [f32; 2], middle: [f32; 2], deviation: [f32; 2]) -> [f32; 2] {
    [0, 1].map(|axis| ((point[axis] - middle[axis]) / deviation[axis]).tanh())
}

impl Emotion {
    /// The same on the scale of usual music, as far as it is to be trusted.
    pub fn among_music(&self) -> Self {
        let [valence, arousal] = among_music(trusted(self));
        Self::at(valence, arousal, self.confidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::{CLASS_NAMES, CLASSES};

    #[test]
    fn usual_music_is_in_the_middle_and_so_is_what_nobody_is_certain_of() {
        let [valence, arousal] = USUAL_MOOD;
        for emotion in [
            Emotion::at(valence, arousal, 1.0),
            Emotion::at(-1.0, 1.0, 0.0),
        ] {
            let among = emotion.among_music();
            assert_eq!([among.valence, among.arousal], [0.0; 2]);
            assert_eq!(among.confidence, emotion.confidence);
        }
        let far = Emotion::at(-1.0, 1.0, 1.0).among_music();
        assert!(far.valence < -0.99 && far.arousal > 0.99);
    }

    /// Estimates of tracks that the network had not heard.
    fn estimates() -> Vec<Emotion> {
        let table = include_str!("../../../../training/emotion/logs/predictions.csv");
        let mut lines = table.lines().map(|line| line.split(','));
        let names: Vec<&str> = lines.next().unwrap().collect();
        let column = |name| names.iter().position(|&n| n == name).unwrap();
        let (valence, arousal) = (column("guess_valence"), column("guess_arousal"));
        let estimate = |fields: std::str::Split<'_, char>| {
            let fields: Vec<&str> = fields.collect();
            let number = |at: usize| fields[at].parse().unwrap();
            Emotion::at(number(valence), number(arousal), 1.0)
        };
        lines.map(estimate).collect()
    }

    #[test]
    fn no_class_leads_in_more_than_a_third_of_music_and_none_in_nearly_nothing() {
        let estimates = estimates();
        let mut led = [0usize; CLASSES];
        for estimate in &estimates {
            led[estimate.among_music().strongest()] += 1;
        }
        for (led, name) in led.into_iter().zip(CLASS_NAMES) {
            let share = led as f32 / estimates.len() as f32;
            assert!((0.03..=0.33).contains(&share), "{name} leads in {share}");
        }
    }
}
