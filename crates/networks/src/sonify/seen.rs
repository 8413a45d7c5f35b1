//! A picture, read column by column, to what the network is told of each frame.

use image::RgbImage;
use image::imageops::{FilterType, resize};

use super::phase::{HOP, SAMPLE_RATE};
use crate::chance::Chance;
use crate::emotion::Emotion;

/// Semitones, from A1 on.
pub const ROWS: usize = 96;
/// Presence, pitch class, onsets of two frames, noise of two, height, valence, arousal.
pub const INPUTS: usize = 9;
const OCTAVES: usize = 8;
/// Columns that a picture is read in, at most.
const FINEST: u32 = 1024;
/// Presence, in deviations, of the most and of none.
const MOST: f32 = 3.0;
/// By how much the most excited picture is more present than a usual one, deviations.
const LIFT: f32 = 0.6;
/// Beats a minute of a usual picture, and by how much the most excited one is faster.
const TEMPO: f32 = 96.0;
const FASTER: f32 = 44.0;
const BEATS: usize = 4;
/// Frames a second.
const RATE: f32 = SAMPLE_RATE as f32 / (2 * HOP) as f32;

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

/// What the network is told.
pub struct Told {
    presence: Vec<[f32; OCTAVES]>,
    /// Which of the twelve sound, from A on.
    classes: Vec<[bool; 12]>,
    onsets: Vec<f32>,
    mood: [f32; 2],
    seed: u64,
}

/// A column of a picture, 0 to 1.
#[derive(Clone, Copy)]
struct Column {
    /// Lowest first.
    light: [f32; OCTAVES],
    red: f32,
    green: f32,
    blue: f32,
}

fn columns(picture: &RgbImage, wide: usize) -> Vec<Column> {
    if picture.width() == 0 || picture.height() == 0 {
        return Vec::new();
    }
    let wide = (wide as u32).clamp(1, FINEST);
    let small = resize(picture, wide, OCTAVES as u32, FilterType::Triangle);
    let column = |x: u32| {
        let pixel = |row: usize| {
            small
                .get_pixel(x, (OCTAVES - 1 - row) as u32)
                .0
                .map(|c| f32::from(c) / 255.0)
        };
        let mean = |c: usize| (0..OCTAVES).map(|row| pixel(row)[c]).sum::<f32>() / OCTAVES as f32;
        Column {
            light: std::array::from_fn(|row| {
                let [red, green, blue] = pixel(row);
                0.299 * red + 0.587 * green + 0.114 * blue
            }),
            red: mean(0),
            green: mean(1),
            blue: mean(2),
        }
    };
    (0..wide).map(column).collect()
}

/// Which chord of six a colour is: by its hue; a grey is the first.
fn chord_of(column: &Column) -> usize {
    let across = 1.732 / 2.0 * (column.green - column.blue);
    let along = column.red - 0.5 * (column.green + column.blue);
    if across.hypot(along) < 0.03 {
        return 0;
    }
    let turns = across.atan2(along) / std::f32::consts::TAU;
    ((turns.rem_euclid(1.0) * GLAD.len() as f32) as usize).min(GLAD.len() - 1)
}

impl Told {
    /// What is told of so many frames of a picture. `light` is mean and deviation of the lightness that the network knows.
    pub fn of(
        picture: &RgbImage,
        light: [f32; 2],
        mood: &Emotion,
        (frames, seed): (usize, u64),
    ) -> Self {
        let read = columns(picture, frames);
        let black = Column {
            light: [0.0; OCTAVES],
            red: 0.0,
            green: 0.0,
            blue: 0.0,
        };
        let at = |frame: usize| {
            let column = frame * read.len() / frames.max(1);
            read.get(column).copied().unwrap_or(black)
        };
        let [valence, arousal] =
            [mood.valence, mood.arousal].map(|x| if x.is_nan() { 0.0 } else { x.clamp(-1.0, 1.0) });
        let level = |x: f32| ((x - light[0]) / light[1] + LIFT * arousal).clamp(-MOST, MOST);
        let presence = (0..frames)
            .map(|frame| at(frame).light.map(level))
            .collect();
        let beat = RATE * 60.0 / (TEMPO + FASTER * arousal);
        let key = (Chance(seed).next() * 12.0) as usize % 12;
        let chords = if valence < 0.0 { &SAD } else { &GLAD };
        let classes = (0..frames).map(|frame| {
            let bar = (frame as f32 / (beat * BEATS as f32)) as usize;
            let first = (bar as f32 * beat * BEATS as f32) as usize;
            // A bar has the chord of its first beat's colour; the first one is the key's own.
            let (root, minor) = if bar == 0 {
                chords[0]
            } else {
                chords[chord_of(&at(first))]
            };
            let mut classes = [false; 12];
            for step in [0, if minor { 3 } else { 4 }, 7] {
                classes[(key + root + step) % 12] = true;
            }
            classes
        });
        Self {
            presence,
            classes: classes.collect(),
            onsets: onsets(frames, beat, arousal, |frame| {
                contrast(&at(frame), &at(frame.saturating_sub(6)))
            }),
            mood: [valence, arousal],
            seed,
        }
    }

    pub fn frames(&self) -> usize {
        self.presence.len()
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
            let frames = [0, 1].map(|k| (2 * place + k).clamp(0, last.max(0)) as usize);
            // Noise is a column's own, so that it is the same however the work is cut.
            let mut chance = Chance(self.seed ^ (place as u64).wrapping_mul(0x2545_f491_4f6c_dd1d));
            for row in 0..ROWS {
                let mean: [f32; OCTAVES] = std::array::from_fn(|k| {
                    frames
                        .iter()
                        .map(|&frame| self.presence[frame][k])
                        .sum::<f32>()
                        / 2.0
                });
                // Halfway between the middles of octaves, as PyTorch enlarges.
                let height = ((row as f32 + 0.5) / 12.0 - 0.5).clamp(0.0, (OCTAVES - 1) as f32);
                let (low, share) = (height as usize, height.fract());
                let high = mean[(low + 1).min(OCTAVES - 1)];
                set(0, row, column, mean[low] + (high - mean[low]) * share);
                let sounds = frames.iter().any(|&frame| self.classes[frame][row % 12]);
                set(1, row, column, f32::from(sounds));
                set(2, row, column, self.onsets[frames[0]]);
                set(3, row, column, self.onsets[frames[1]]);
                set(4, row, column, chance.normal());
                set(5, row, column, chance.normal());
                set(6, row, column, -1.0 + 2.0 * row as f32 / (ROWS - 1) as f32);
                set(7, row, column, self.mood[0]);
                set(8, row, column, self.mood[1]);
            }
        }
        input
    }
}

/// How much two columns differ, 0 to 1.
fn contrast(a: &Column, b: &Column) -> f32 {
    let apart = a.light.iter().zip(b.light).map(|(a, b)| (a - b).abs());
    (4.0 * apart.sum::<f32>() / OCTAVES as f32).min(1.0)
}

/// What begins at each frame: on beats, between them in excited pictures, more where the picture changes.
fn onsets(frames: usize, beat: f32, arousal: f32, change: impl Fn(usize) -> f32) -> Vec<f32> {
    let mut onsets = vec![0.0; frames];
    for half in 0.. {
        let frame = (half as f32 * beat / 2.0) as usize;
        let Some(onset) = onsets.get_mut(frame) else {
            break;
        };
        let strength = match half % (2 * BEATS) {
            0 => 1.2,
            k if k % 2 == 0 => 0.6 + 0.4 * arousal,
            _ => 0.8 * arousal,
        };
        let strength = strength * (0.6 + 0.4 * change(frame));
        *onset = if strength > 0.2 { strength } else { 0.0 };
    }
    onsets
}
