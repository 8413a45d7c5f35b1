//! Bars as they are played: notes with times and forces, of each part.

use super::form::PHRASE;
use super::manner::{ENSEMBLES, Manner};
use super::tokens::{Bar, PLACES, SHAPES};
use crate::chance::Chance;

/// Ticks of a sixteenth, and of a quarter.
pub const STEP: u32 = 120;
pub const QUARTER: u32 = 4 * STEP;
/// Quarters of a bar.
pub const BEATS: u32 = 4;
/// General MIDI's fingered bass.
const BASS: u8 = 33;
/// What drums are called.
const KICK: u8 = 36;
const SNARE: u8 = 38;
const HAT: u8 = 42;
const OPEN: u8 = 46;
const CRASH: u8 = 49;

/// A note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// Ticks.
    pub begin: u32,
    pub end: u32,
    /// As MIDI counts.
    pub key: u8,
    pub velocity: u8,
}

/// What one player plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: &'static str,
    /// 9 is drums.
    pub channel: u8,
    /// General MIDI's.
    pub program: u8,
    /// Loudness among the parts, and where it is: 0 left, 64 middle.
    pub volume: u8,
    pub pan: u8,
    pub notes: Vec<Note>,
}

/// A piece of music that can be written and played.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Quarters a minute.
    pub tempo: f32,
    /// Pitch class of the tonic.
    pub tonic: u8,
    pub minor: bool,
    pub bars: usize,
    pub parts: Vec<Part>,
}

/// Plays bars in a key.
pub struct Player<'a> {
    pub bars: &'a [Bar],
    /// Of each phrase.
    pub manners: &'a [Manner],
    pub tonic: u8,
    pub chance: Chance,
}

impl Player<'_> {
    /// The bars as they are played.
    pub fn score(&mut self) -> Score {
        let first = self.manners[0];
        let ensemble = ENSEMBLES[first.ensemble];
        let part = |name, channel, program, (volume, pan), notes| Part {
            name,
            channel,
            program,
            volume,
            pan,
            notes,
        };
        let mut parts = vec![
            part("Melody", 0, ensemble.melody, (105, 60), self.melody()),
            part(
                "Accompaniment",
                1,
                ensemble.accompaniment,
                (88, 74),
                self.accompaniment(),
            ),
        ];
        if ensemble.bass {
            parts.push(part("Bass", 2, BASS, (98, 64), self.bass(ensemble.drums)));
        }
        if ensemble.drums > 0 {
            parts.push(part("Drums", 9, 0, (112, 64), self.drums(ensemble.drums)));
        }
        Score {
            tempo: first.tempo,
            tonic: self.tonic,
            minor: first.minor,
            bars: self.bars.len(),
            parts,
        }
    }

    fn manner(&self, bar: usize) -> Manner {
        self.manners[(bar / PHRASE).min(self.manners.len() - 1)]
    }

    /// Semitones from C, the nearer way.
    fn shift(&self) -> i32 {
        (i32::from(self.tonic) + 5) % 12 - 5
    }

    fn key(&self, pitch: usize) -> u8 {
        (pitch as i32 + self.shift()).clamp(0, 127) as u8
    }

    /// How hard a note is played at a place of a bar: beats more than what is between them, a phrase's middle more than its ends.
    fn velocity(&mut self, bar: usize, place: usize, more: f32) -> u8 {
        let beat = match place % PLACES {
            0 => 7.0,
            8 => 4.0,
            place if place % 4 == 0 => 1.0,
            place if place % 2 == 0 => -3.0,
            _ => -6.0,
        };
        let along = ((bar % PHRASE) as f32 + place as f32 / PLACES as f32) / PHRASE as f32;
        let arch = 6.0 * (std::f32::consts::PI * along).sin() - 3.0;
        let force = self.manner(bar).force + beat + arch + more + 2.0 * self.chance.normal();
        force.round().clamp(12.0, 127.0) as u8
    }

    fn melody(&mut self) -> Vec<Note> {
        let mut notes: Vec<Note> = Vec::new();
        for (number, bar) in self.bars.iter().enumerate() {
            for sung in &bar.melody {
                let begin = (number * PLACES + sung.place) as u32 * STEP;
                // One voice: what sounds ends where the next begins.
                if let Some(before) = notes.last_mut() {
                    before.end = before.end.min(begin);
                }
                let left = (self.bars.len() - number) * PLACES - sung.place;
                let long = sung.length.min(left) as f32 * STEP as f32;
                let long = long * self.manner(number).gate.max(0.4);
                notes.push(Note {
                    begin,
                    end: begin + (long as u32).max(STEP / 2),
                    key: self.key(sung.pitch),
                    velocity: self.velocity(number, sung.place, 8.0),
                });
            }
        }
        // The last one is held.
        if let Some(last) = notes.last_mut() {
            last.end = (self.bars.len() * PLACES) as u32 * STEP;
        }
        notes
    }

    fn accompaniment(&mut self) -> Vec<Note> {
        let mut notes = Vec::new();
        for (number, bar) in self.bars.iter().enumerate() {
            let gate = self.manner(number).gate;
            for &(place, pitch) in &bar.accompaniment {
                // It sounds until the harmony changes, or what begins a quarter later or more.
                let next = bar.accompaniment.iter().map(|(place, _)| *place);
                let next = next
                    .filter(|&next| next >= place + 4)
                    .min()
                    .unwrap_or(PLACES);
                let half = if place < PLACES / 2 && bar.chords[0] != bar.chords[1] {
                    PLACES / 2
                } else {
                    PLACES
                };
                let long = (next.min(half) - place) as f32 * STEP as f32 * gate;
                let begin = (number * PLACES + place) as u32 * STEP;
                notes.push(Note {
                    begin,
                    end: begin + (long as u32).max(STEP / 2),
                    key: self.key(pitch),
                    velocity: self.velocity(number, place, -8.0),
                });
            }
        }
        without_overlaps(notes)
    }

    /// The chords' roots, on the halves of bars; with loud drums on every half beat.
    fn bass(&mut self, drums: u8) -> Vec<Note> {
        let mut notes = Vec::new();
        let every = [8, 8, 2][usize::from(drums.min(2))];
        for number in 0..self.bars.len() {
            let last = number + 1 == self.bars.len();
            let places = if last { 1 } else { PLACES };
            for place in (0..places).step_by(every) {
                let chord = self.bars[number].chords[place * 2 / PLACES];
                let fifth = every == 2 && place % 8 == 6;
                let step = if fifth { SHAPES[chord / 12][2] } else { 0 };
                let class = (chord % 12 + step) as i32 + self.shift();
                let begin = (number * PLACES + place) as u32 * STEP;
                let long = if last { PLACES / 2 } else { every } as u32 * STEP;
                notes.push(Note {
                    begin,
                    end: begin + (long * 9 / 10).max(STEP),
                    // E1 to E flat 2.
                    key: (28 + (class - 28).rem_euclid(12)) as u8,
                    velocity: self.velocity(number, place, 0.0),
                });
            }
        }
        notes
    }

    fn drums(&mut self, much: u8) -> Vec<Note> {
        let mut notes = Vec::new();
        let bars = self.bars.len();
        for number in 0..bars {
            let (last, fill) = (number + 1 == bars, number % PHRASE == PHRASE - 1);
            let mut hit = |player: &mut Self, key: u8, place: usize, more: f32| {
                let begin = (number * PLACES + place) as u32 * STEP;
                notes.push(Note {
                    begin,
                    end: begin + STEP,
                    key,
                    velocity: player.velocity(number, place, more),
                });
            };
            if last {
                hit(self, KICK, 0, 0.0);
                hit(self, CRASH, 0, -14.0);
                continue;
            }
            if much < 2 {
                hit(self, KICK, 0, -10.0);
                (0..PLACES)
                    .step_by(4)
                    .for_each(|place| hit(self, HAT, place, -22.0));
                hit(self, SNARE, 8, -26.0);
                continue;
            }
            if number % (2 * PHRASE) == 0 {
                hit(self, CRASH, 0, -8.0);
            }
            for place in [0, 6, 8] {
                hit(self, KICK, place, 4.0);
            }
            for place in [4, 12] {
                hit(self, SNARE, place, 2.0);
            }
            for place in (0..PLACES).step_by(2) {
                let key = if fill && place == 14 { OPEN } else { HAT };
                hit(self, key, place, -12.0);
            }
            if fill {
                for place in [10, 13, 14, 15] {
                    hit(self, SNARE, place, -4.0);
                }
            }
        }
        notes.sort_by_key(|note| (note.begin, note.key));
        notes
    }
}

/// Notes of which none sounds on when its key is struck again.
fn without_overlaps(mut notes: Vec<Note>) -> Vec<Note> {
    notes.sort_by_key(|note| (note.key, note.begin));
    for k in 1..notes.len() {
        let next = notes[k];
        let note = &mut notes[k - 1];
        if note.key == next.key {
            note.end = note.end.min(next.begin);
        }
    }
    notes.retain(|note| note.end > note.begin);
    notes.sort_by_key(|note| (note.begin, note.key));
    notes
}
