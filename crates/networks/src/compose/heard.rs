//! How an ear hears a score as it is played.

use super::asked::Asked;
use super::error::ComposeError;
use super::form::{PHRASE, phrases};
use super::instruments::{Instruments, SAMPLE_RATE};
use super::manner::distance;
use super::score::{STEP, Score};
use super::tokens::PLACES;
use crate::emotion::{Ear, Emotion, Listener};

/// The ear looks back over some seconds: what it says this long after a phrase began is not yet of that phrase alone.
const LATE: u64 = 2 * SAMPLE_RATE as u64;
/// What it counts that the course differs, beside the whole.
const COURSE: f32 = 0.3;

/// What an ear hears, beside usual music, -1 to 1: valence and arousal.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    pub whole: [f32; 2],
    /// Of each phrase.
    pub course: Vec<[f32; 2]>,
}

/// Means of estimates, and what they are beside usual music; nothing heard is usual.
#[derive(Clone, Copy, Default)]
struct Mean {
    sums: [f32; 3],
    count: f32,
}

impl Mean {
    fn add(&mut self, emotion: &Emotion) {
        let more = [emotion.valence, emotion.arousal, emotion.confidence];
        self.sums
            .iter_mut()
            .zip(more)
            .for_each(|(sum, x)| *sum += x);
        self.count += 1.0;
    }

    fn among_music(self) -> [f32; 2] {
        let [valence, arousal, confidence] = self.sums.map(|sum| sum / self.count.max(1.0));
        let among = Emotion::at(valence, arousal, confidence).among_music();
        [among.valence, among.arousal]
    }
}

impl Heard {
    /// Plays a score to an ear.
    ///
    /// # Errors
    /// When the instruments or the ear fail.
    pub fn of(score: &Score, instruments: &Instruments, ear: Ear) -> Result<Self, ComposeError> {
        let mut listener = Listener::of(ear, SAMPLE_RATE)?;
        let mut whole = Mean::default();
        let mut course = vec![Mean::default(); phrases(score.bars)];
        let phrase = |k: usize| score.sample_of((k * PHRASE * PLACES) as u32 * STEP);
        let bounds: Vec<u64> = (0..=course.len()).map(phrase).collect();
        let mut mono = Vec::new();
        instruments.play(score, |samples| {
            mono.clear();
            mono.extend(
                samples
                    .as_chunks()
                    .0
                    .iter()
                    .map(|[left, right]| 0.5 * (left + right)),
            );
            listener.listen(&mono, |at, emotion| {
                whole.add(&emotion);
                let within = |k: &usize| {
                    // A phrase that is over before the ear knows it is judged by its last second.
                    let late =
                        LATE.min((bounds[k + 1] - bounds[*k]).saturating_sub(SAMPLE_RATE.into()));
                    (bounds[*k] + late..bounds[k + 1]).contains(&at)
                };
                if let Some(k) = (0..course.len()).find(within) {
                    course[k].add(&emotion);
                }
            })?;
            Ok(())
        })?;
        Ok(Self {
            whole: whole.among_music(),
            course: course.into_iter().map(Mean::among_music).collect(),
        })
    }

    /// How far it is from what was asked: the whole, and less the course around it.
    pub fn distance(&self, asked: &Asked) -> f32 {
        let around = |mood: &[f32; 2], whole: [f32; 2]| [mood[0] - whole[0], mood[1] - whole[1]];
        let both = self.course.iter().zip(&asked.course);
        let off = both.map(|(heard, wanted)| {
            distance(around(heard, self.whole), around(wanted, asked.whole))
        });
        let course = off.sum::<f32>() / self.course.len().max(1) as f32;
        distance(self.whole, asked.whole) + COURSE * course
    }
}
