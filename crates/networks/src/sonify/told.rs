//! What the network is told of each frame, by rule: presence by lightness, chords by hue, mode by valence, a pulse by arousal.

use super::phase::{HOP, SAMPLE_RATE};
use super::seen::{Moment, OCTAVES};
use crate::chance::Chance;
use crate::emotion::Emotion;
use synopsia_signal::Beat;

/// Semitones, from A1 on.
pub const ROWS: usize = 96;
/// Presence, pitch class, onsets of two frames, noise of two, height, valence, arousal.
pub const INPUTS: usize = 9;
/// Presence, in deviations, of the most and of none.
const MOST: f32 = 3.0;
/// By how much the most excited picture is more present than a usual one, deviations.
const LIFT: f32 = 0.6;
/// Beats a minute of a usual picture, and by how much the most excited one is faster.
const TEMPO: f32 = 96.0;
const FASTER: f32 = 56.0;
const BEATS: usize = 4;
/// Frames over which it counts how much has changed.
const CHANGE: usize = 6;
/// Lightness below which a row fades, and decibels of what is black.
const DARK: f32 = 0.08;
const BLACK: f32 = -60.0;
/// Frames a second.
pub const RATE: f32 = SAMPLE_RATE as f32 / (2 * HOP) as f32;

/// Chords by hue: semitones of their roots over the key's, and whether they are minor. Neighbours share notes.
const GLAD: [(usize, bool); 6] = [
    (0, false),
    (9, true),
    (5, false),
    (2, true),
    (7, false),
    (4, true),
];
const SAD: [(usize, bool); 6] = [
    (0, true),
    (8, false),
    (5, true),
    (10, false),
    (7, true),
    (3, false),
];

/// What a sound is to feel like, beside usual pictures ([`Emotion::among_pictures`]).
#[derive(Clone, Copy, Debug)]
pub struct Moods {
    /// What the network is told.
    pub texture: Emotion,
    /// What mode, tempo and level go by.
    pub rules: Emotion,
}

impl From<&Emotion> for Moods {
    /// The same for both.
    fn from(mood: &Emotion) -> Self {
        Self {
            texture: *mood,
            rules: *mood,
        }
    }
}

fn point(mood: &Emotion) -> [f32; 2] {
    [mood.valence, mood.arousal].map(|x| if x.is_nan() { 0.0 } else { x.clamp(-1.0, 1.0) })
}

/// A frame's part of it.
struct Frame {
    presence: [f32; OCTAVES],
    /// Which of the twelve sound, from A on.
    classes: [bool; 12],
    onset: f32,
    mood: [f32; 2],
    /// What is added to each octave that the network paints, decibels: what is dark fades.
    fade: [f32; OCTAVES],
}

/// What the network is told, frame after frame.
pub struct Told {
    frames: Vec<Frame>,
    /// Mean and deviation of the lightness that the network knows.
    light: [f32; 2],
    seed: u64,
    /// The last moments, newest last.
    seen: Vec<Moment>,
    /// Beats since it began, where nobody else counts them.
    beats: f64,
    /// Half beats that have begun, and bars.
    half: Option<i64>,
    bars: usize,
    chord: [bool; 12],
}

impl Told {
    pub fn new(light: [f32; 2], seed: u64) -> Self {
        Self {
            frames: Vec::new(),
            light,
            seed,
            seen: Vec::new(),
            beats: 0.0,
            half: None,
            bars: 0,
            chord: [false; 12],
        }
    }

    /// Tells of the next frame. Beats are counted by mood where there is none that is heard.
    pub fn add(&mut self, moment: &Moment, moods: &Moods, heard: Option<&Beat>) {
        let [valence, arousal] = point(&moods.rules);
        let own = Beat {
            beats: self.beats,
            in_bar: (self.beats as usize % BEATS) as u8,
            ..Beat::default()
        };
        let tempo = f64::from(TEMPO + FASTER * arousal);
        self.beats += tempo / 60.0 / f64::from(RATE);
        let before = self.seen.first().copied().unwrap_or(*moment);
        let onset = match self.begins(heard.unwrap_or(&own)) {
            Some((strong, place)) => {
                if strong {
                    self.change_chord(moment, valence);
                }
                strength(strong, place, arousal) * (0.6 + 0.4 * moment.contrast(&before))
            }
            None => 0.0,
        };
        if self.seen.len() == CHANGE {
            self.seen.remove(0);
        }
        self.seen.push(*moment);
        let level =
            |x: f32| ((x - self.light[0]) / self.light[1] + LIFT * arousal).clamp(-MOST, MOST);
        let fade = |x: f32| (20.0 * (x / DARK).clamp(0.0, 1.0).log10()).max(BLACK);
        self.frames.push(Frame {
            presence: moment.light.map(level),
            classes: self.chord,
            onset: if onset > 0.2 { onset } else { 0.0 },
            mood: point(&moods.texture),
            fade: moment.light.map(fade),
        });
    }

    /// Whether a half of a beat begins: that of a bar, and which half it is.
    fn begins(&mut self, beat: &Beat) -> Option<(bool, i64)> {
        let half = (2.0 * beat.beats).floor() as i64;
        let first = self.half.is_none();
        if self.half.replace(half) == Some(half) {
            return None;
        }
        let strong = half.rem_euclid(2) == 0 && beat.in_bar == 0;
        Some((strong || first, half.rem_euclid(2)))
    }

    /// A bar has the chord of its first beat's colour; the first one is the key's own.
    fn change_chord(&mut self, moment: &Moment, valence: f32) {
        let key = (Chance(self.seed).next() * 12.0) as usize % 12;
        let chords = if valence < 0.0 { &SAD } else { &GLAD };
        let which = if self.bars == 0 {
            0
        } else {
            moment.hue(chords.len())
        };
        let (root, minor) = chords[which];
        self.chord = [false; 12];
        for step in [0, if minor { 3 } else { 4 }, 7] {
            self.chord[(key + root + step) % 12] = true;
        }
        self.bars += 1;
    }

    pub fn frames(&self) -> usize {
        self.frames.len()
    }

    /// What is added to a band, of so many to the octave, that the network paints in a frame, decibels.
    pub fn fade(&self, frame: usize, band: usize, per_octave: f32) -> f32 {
        let fade = self.frames.get(frame).map_or([0.0; OCTAVES], |it| it.fade);
        between_octaves(&fade, (band as f32 + 0.5) / per_octave)
    }

    /// The network's input `[INPUTS, ROWS, wide]` from this column, of two frames, on; before the first and after the last it is as
    /// there.
    pub fn input(&self, first: isize, wide: usize) -> Vec<f32> {
        let mut input = vec![0.0; INPUTS * ROWS * wide];
        let mut set = |plane: usize, row: usize, column: usize, x: f32| {
            input[(plane * ROWS + row) * wide + column] = x;
        };
        let last = self.frames() as isize - 1;
        for column in 0..wide {
            let place = first + column as isize;
            let both = [0, 1].map(|k| (2 * place + k).clamp(0, last.max(0)) as usize);
            let [a, b] = both.map(|frame| &self.frames[frame]);
            let mean: [f32; OCTAVES] =
                std::array::from_fn(|k| (a.presence[k] + b.presence[k]) / 2.0);
            // Noise is a column's own, so that it is the same however the work is cut.
            let mut chance = Chance(self.seed ^ (place as u64).wrapping_mul(0x2545_f491_4f6c_dd1d));
            for row in 0..ROWS {
                set(
                    0,
                    row,
                    column,
                    between_octaves(&mean, (row as f32 + 0.5) / 12.0),
                );
                let sounds = a.classes[row % 12] || b.classes[row % 12];
                set(1, row, column, f32::from(sounds));
                set(2, row, column, a.onset);
                set(3, row, column, b.onset);
                set(4, row, column, chance.normal());
                set(5, row, column, chance.normal());
                set(6, row, column, -1.0 + 2.0 * row as f32 / (ROWS - 1) as f32);
                set(7, row, column, a.mood[0]);
                set(8, row, column, a.mood[1]);
            }
        }
        input
    }
}

/// Halfway between the middles of octaves, as PyTorch enlarges.
fn between_octaves(of: &[f32; OCTAVES], octaves: f32) -> f32 {
    let height = (octaves - 0.5).clamp(0.0, (OCTAVES - 1) as f32);
    let (low, share) = (height as usize, height.fract());
    of[low] + (of[(low + 1).min(OCTAVES - 1)] - of[low]) * share
}

/// How strongly something begins with a half of a beat: between beats in excited pictures alone.
fn strength(strong: bool, half: i64, arousal: f32) -> f32 {
    match (strong, half) {
        (true, _) => 1.2,
        (false, 0) => 0.6 + 0.4 * arousal,
        _ => 1.2 * arousal,
    }
}
