//! Music as the network reads and writes it: bars of chords, a melody and an accompaniment, as tokens.
//!
//! The tonic is C. A bar is a chord for each of its halves, the melody note by note (place, pitch, length) and the
//! accompaniment (place, then what begins there, lowest first). Places are sixteenths. `training/compose/bars.py` has the same
//! numbers.

/// Semitones above the root of a chord's shapes: major, minor, diminished, suspended, three kinds of sevenths.
pub const SHAPES: [&[usize]; 7] = [
    &[0, 4, 7],
    &[0, 3, 7],
    &[0, 3, 6],
    &[0, 5, 7],
    &[0, 4, 7, 10],
    &[0, 4, 7, 11],
    &[0, 3, 7, 10],
];
/// Sixteenths of a bar.
pub const PLACES: usize = 16;
pub const MELODY_LOW: usize = 53;
const MELODY_COUNT: usize = 36;
pub const ACC_LOW: usize = 31;
const ACC_COUNT: usize = 54;
// Where each kind of token begins; chords do at 0.
pub const M_PLACE: usize = 12 * SHAPES.len();
pub const M_PITCH: usize = M_PLACE + PLACES;
pub const M_LENGTH: usize = M_PITCH + MELODY_COUNT;
pub const M_END: usize = M_LENGTH + PLACES;
pub const A_PLACE: usize = M_END + 1;
pub const A_PITCH: usize = A_PLACE + PLACES;
pub const A_END: usize = A_PITCH + ACC_COUNT;
pub const TOKENS: usize = A_END + 1;
/// Notes of the accompaniment that begin together, at most.
pub const MOST_AT_ONCE: usize = 5;

/// Which of the twelve pitch classes a chord has.
pub fn classes(chord: usize) -> [bool; 12] {
    let mut classes = [false; 12];
    for step in SHAPES[chord / 12] {
        classes[(chord + step) % 12] = true;
    }
    classes
}

/// A note of a melody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sung {
    /// Where it begins and how long it is, sixteenths.
    pub place: usize,
    pub length: usize,
    /// As MIDI counts.
    pub pitch: usize,
}

/// A bar of four quarters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// Of each half.
    pub chords: [usize; 2],
    pub melody: Vec<Sung>,
    /// Places and pitches.
    pub accompaniment: Vec<(usize, usize)>,
}

impl Bar {
    /// The bar of a row of tokens; what is not well formed of it is left out.
    pub fn of(row: &[usize]) -> Self {
        let mut bar = Self::default();
        for (chord, &token) in bar.chords.iter_mut().zip(row) {
            *chord = token.min(M_PLACE - 1);
        }
        let end = row.iter().position(|&token| token == M_END);
        let (melody, rest) = row.split_at(end.unwrap_or(row.len()));
        for note in melody.get(2..).unwrap_or_default().chunks_exact(3) {
            if let [
                place @ M_PLACE..M_PITCH,
                pitch @ M_PITCH..M_LENGTH,
                length @ M_LENGTH..M_END,
            ] = *note
            {
                bar.melody.push(Sung {
                    place: place - M_PLACE,
                    length: length - M_LENGTH + 1,
                    pitch: pitch - M_PITCH + MELODY_LOW,
                });
            }
        }
        let mut place = 0;
        for &token in rest {
            match token {
                A_PLACE..A_PITCH => place = token - A_PLACE,
                A_PITCH..A_END => bar.accompaniment.push((place, token - A_PITCH + ACC_LOW)),
                _ => {}
            }
        }
        bar
    }
}
