//! How music is made and played, and what that does to how it feels.

use super::tokens::PLACES;
use crate::chance::Chance;
use crate::dense::File;
use crate::weights::WeightsFault;

/// Who plays: General MIDI's programs of melody and accompaniment, whether there is a bass, and how much drums play, 0 to 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ensemble {
    pub melody: u8,
    pub accompaniment: u8,
    pub bass: bool,
    pub drums: u8,
}

const fn ensemble(melody: u8, accompaniment: u8, bass: bool, drums: u8) -> Ensemble {
    Ensemble {
        melody,
        accompaniment,
        bass,
        drums,
    }
}

pub const ENSEMBLES: [Ensemble; 12] = [
    ensemble(0, 0, false, 0),
    ensemble(9, 24, false, 0),
    ensemble(24, 24, true, 0),
    ensemble(48, 48, false, 0),
    ensemble(52, 48, false, 0),
    ensemble(0, 48, true, 0),
    ensemble(0, 0, true, 1),
    ensemble(81, 0, true, 2),
    ensemble(61, 0, true, 2),
    ensemble(81, 29, true, 2),
    ensemble(29, 29, true, 2),
    ensemble(61, 48, true, 2),
];

/// How a phrase is made and played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manner {
    pub minor: bool,
    /// Quarters a minute.
    pub tempo: f32,
    /// Which of [`ENSEMBLES`] plays.
    pub ensemble: usize,
    /// Notes of the melody in half a quarter, and their mean over B flat above middle C, octaves.
    pub density: f32,
    pub register: f32,
    /// How often the accompaniment begins in half a quarter, and thirds of how many notes begin together.
    pub busy: f32,
    pub thick: f32,
    /// What the network is told of valence and arousal.
    pub felt: [f32; 2],
    /// Mean velocity, as MIDI counts.
    pub force: f32,
    /// How much of its length a note sounds.
    pub gate: f32,
}

/// What foretells how a manner is heard: a constant, single numbers, some products, and who plays.
pub const CUES: usize = 17 + ENSEMBLES.len();

impl Manner {
    /// Any, such as music has.
    pub fn any(chance: &mut Chance) -> Self {
        Self {
            minor: chance.next() < 0.5,
            tempo: 56.0 * 3.3f32.powf(chance.next()),
            ensemble: chance.below(ENSEMBLES.len()),
            ..Self::phrase(chance)
        }
    }

    /// Any in what may differ between phrases.
    fn phrase(chance: &mut Chance) -> Self {
        Self {
            minor: false,
            tempo: 100.0,
            ensemble: 0,
            density: chance.between(0.2, 1.2),
            register: chance.between(-1.0, 0.9),
            busy: chance.between(0.35, 2.0),
            thick: chance.between(0.33, 1.0),
            felt: [chance.between(-1.0, 1.0), chance.between(-1.0, 1.0)],
            force: chance.between(45.0, 110.0),
            gate: chance.between(0.25, 1.0),
        }
    }

    /// Like this one in what a piece keeps, and near it in the rest.
    fn near(&self, chance: &mut Chance) -> Self {
        let other = Self::phrase(chance);
        let mix = |a: f32, b: f32| a + 0.5 * (b - a);
        Self {
            density: mix(self.density, other.density),
            register: mix(self.register, other.register),
            busy: mix(self.busy, other.busy),
            thick: mix(self.thick, other.thick),
            felt: [0, 1].map(|axis| mix(self.felt[axis], other.felt[axis])),
            force: mix(self.force, other.force),
            gate: mix(self.gate, other.gate),
            ..*self
        }
    }

    /// What foretells how it is heard.
    pub fn cues(&self) -> [f32; CUES] {
        let mut cues = [0.0; CUES];
        let mode = if self.minor { -1.0 } else { 1.0 };
        let tempo = (self.tempo / 100.0).log2();
        let force = (self.force - 80.0) / 20.0;
        let single = [
            1.0,
            mode,
            tempo,
            self.density,
            self.register,
            self.busy,
            self.thick,
            self.felt[0],
            self.felt[1],
            force,
            self.gate,
            mode * tempo,
            mode * self.felt[0],
            tempo * self.busy,
            mode * force,
            self.register * force,
            self.register * self.register,
        ];
        cues[..single.len()].copy_from_slice(&single);
        cues[single.len() + self.ensemble.min(ENSEMBLES.len() - 1)] = 1.0;
        cues
    }

    /// How unusual it is for a mood. An ear hears some moods in many manners; of those people expect what experiments found
    /// (`training/emotion/cues.py`): major where it is pleasant, fast and loud where it is exciting.
    fn unusual(&self, mood: [f32; 2]) -> f32 {
        let [valence, arousal] = mood;
        let mode = if self.minor == (valence < 0.0) {
            0.0
        } else {
            valence.abs()
        };
        let tempo = (self.tempo / 100.0).log2() - 0.5 * arousal;
        let force = (self.force - 80.0) / 30.0 - arousal;
        0.25 * mode + 0.1 * tempo.abs() + 0.05 * force.abs() + 0.1 * distance(self.felt, mood)
    }

    /// Notes of the melody and begins of the accompaniment that a bar has: from, to.
    pub fn counts(&self) -> [(usize, usize); 2] {
        [self.density, self.busy].map(|eighths| {
            let usual = (eighths * PLACES as f32 / 2.0).max(1.0);
            (
                (0.5 * usual).round() as usize,
                (1.6 * usual).ceil() as usize,
            )
        })
    }
}

/// What is held of a piece's manner; `None` where the mood decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    pub minor: Option<bool>,
    pub tempo: Option<f32>,
}

/// A regression of what the ear hears on how music is made and played.
pub struct Cues {
    weights: [[f32; CUES]; 2],
}

/// Manners among which the one is chosen that should come nearest.
const TRIED: usize = 300;

impl Cues {
    /// Reads it from a file of weights.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'_>) -> Result<Self, WeightsFault> {
        let all = file.read("cues", &[2, CUES])?;
        let mut weights = [[0.0; CUES]; 2];
        weights.as_flattened_mut().copy_from_slice(&all);
        Ok(Self { weights })
    }

    /// Valence and arousal that the ear should hear, beside usual music.
    pub fn foretell(&self, manner: &Manner) -> [f32; 2] {
        let cues = manner.cues();
        let sum =
            |weights: &[f32; CUES]| weights.iter().zip(&cues).map(|(a, b)| a * b).sum::<f32>();
        [0, 1].map(|axis| sum(&self.weights[axis]).tanh())
    }

    /// A piece's manner that should be heard so.
    pub fn toward(&self, mood: [f32; 2], held: Held, chance: &mut Chance) -> Manner {
        let tried = (0..TRIED).map(|_| {
            let mut manner = Manner::any(chance);
            manner.minor = held.minor.unwrap_or(manner.minor);
            manner.tempo = held.tempo.unwrap_or(manner.tempo);
            manner
        });
        self.nearest(mood, tried)
    }

    /// The manner of a phrase in a piece of this manner that should be heard so.
    pub fn phrase(&self, mood: [f32; 2], piece: &Manner, chance: &mut Chance) -> Manner {
        self.nearest(mood, (0..TRIED / 4).map(|_| piece.near(chance)))
    }

    /// Of manners the one that should be heard most like this, and is usual for it.
    fn nearest(&self, mood: [f32; 2], manners: impl Iterator<Item = Manner>) -> Manner {
        let off = |manner: &Manner| distance(self.foretell(manner), mood) + manner.unusual(mood);
        let nearer = |a: Manner, b: Manner| if off(&b) < off(&a) { b } else { a };
        let any = Manner::any(&mut Chance(0));
        manners.reduce(nearer).unwrap_or(any)
    }
}

/// How far two moods are from each other.
pub fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
