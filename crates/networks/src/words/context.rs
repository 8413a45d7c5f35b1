//! A line among its neighbours: what says little by itself is meant as they are.

use super::language::Language;
use super::mood::WordMood;
use crate::emotion::CLASSES;

/// How much of a neighbour's mood a line has, by how far it is away, against its own.
const NEIGHBOURS: [f32; 2] = [0.2, 0.1];

/// What a line counts for that is not certain at all, so that a song without any certain line has a mood, too.
const LEAST: f32 = 0.05;

/// The moods of lines in their context, from those of each by itself. Lines that are not understood neither hear nor
/// are heard.
pub(super) fn blend(own: &[WordMood]) -> Vec<WordMood> {
    (0..own.len()).map(|k| blended(own, k)).collect()
}

fn blended(own: &[WordMood], k: usize) -> WordMood {
    if own[k].language == Language::Unknown {
        return own[k];
    }
    let mut sum = Sum::default();
    sum.add(&own[k], 1.0);
    for (away, weight) in (1..).zip(NEIGHBOURS) {
        let lines = [k.checked_sub(away), k.checked_add(away)];
        let lines = lines.into_iter().flatten().filter_map(|k| own.get(k));
        for line in lines.filter(|line| line.language != Language::Unknown) {
            sum.add(line, weight);
        }
    }
    sum.mean(own[k].language)
}

/// Moods that are added up, each as much as it is certain.
#[derive(Default)]
struct Sum {
    certain: f32,
    weights: f32,
    valence: f32,
    arousal: f32,
    classes: [f32; CLASSES],
    confidence: f32,
}

impl Sum {
    fn add(&mut self, line: &WordMood, weight: f32) {
        let certain = weight * line.confidence.max(LEAST);
        self.certain += certain;
        self.weights += weight;
        self.valence += certain * line.valence;
        self.arousal += certain * line.arousal;
        for (sum, class) in self.classes.iter_mut().zip(line.classes) {
            *sum += certain * class;
        }
        self.confidence += weight * line.confidence;
    }

    fn mean(&self, language: Language) -> WordMood {
        WordMood {
            valence: self.valence / self.certain,
            arousal: self.arousal / self.certain,
            classes: self.classes.map(|class| class / self.certain),
            confidence: self.confidence / self.weights,
            language,
        }
    }
}
