//! Which token may follow: what is a bar at all, and what sounds well in it.

use super::tokens::{
    A_END, A_PITCH, A_PLACE, ACC_LOW, Bar, M_END, M_LENGTH, M_PITCH, M_PLACE, MELODY_LOW,
    MOST_AT_ONCE, PLACES, SHAPES, TOKENS, classes,
};

const MAJOR: [usize; 7] = [0, 2, 4, 5, 7, 9, 11];
const MINOR: [usize; 7] = [0, 2, 3, 5, 7, 8, 10];
/// The leading note of minor, which its dominant has.
const LEADING: usize = 11;
/// The largest leap of a melody, semitones.
const LEAP: usize = 9;
/// From where on the last bar's melody, and what accompanies it, begin nothing new.
const REST: usize = 5;
const CHORD: usize = 1;

/// What a bar is held to.
#[derive(Clone, Debug)]
pub struct Limits {
    pub minor: bool,
    /// The pitch that the melody had before this bar.
    pub before: Option<usize>,
    /// How many notes the melody has, and how many times the accompaniment begins: from, to.
    pub notes: (usize, usize),
    pub begins: (usize, usize),
    /// Whether it is the last bar, which rests on the tonic.
    pub last: bool,
}

impl Limits {
    /// Pitch classes that harmony is made of.
    fn scale(&self) -> [bool; 12] {
        let mut scale = [false; 12];
        for class in if self.minor { MINOR } else { MAJOR } {
            scale[class] = true;
        }
        scale
    }

    fn chord(&self, chord: usize) -> bool {
        let scale = self.scale();
        let (root, shape) = (chord % 12, SHAPES[chord / 12]);
        if self.last {
            return root == 0 && chord / 12 == usize::from(self.minor);
        }
        let dominant = self.minor && root == 7;
        let inside = |step: &usize| {
            let class = (root + step) % 12;
            scale[class] || dominant && class == LEADING
        };
        shape.iter().all(inside)
    }

    /// Whether a pitch sounds well over a chord.
    fn pitch(&self, pitch: usize, chord: usize) -> bool {
        let sounding = classes(chord);
        let class = pitch % 12;
        if self.last {
            return sounding[class];
        }
        // The minor seventh rubs against the leading note.
        let rubs = self.minor && class == 10 && sounding[LEADING];
        (self.scale()[class] && !rubs) || sounding[class]
    }

    /// Tells of every token whether it may follow in a bar that begins so.
    pub fn allowed(&self, row: &[usize]) -> [bool; TOKENS] {
        let mut may = [false; TOKENS];
        let chord_at = |place: usize| row[usize::from(place >= PLACES / 2)];
        match row.last() {
            Some(&last) if row.len() >= 2 => match last {
                ..M_PLACE | M_LENGTH..M_END => self.next_note(row, &mut may),
                M_PLACE..M_PITCH => {
                    let place = last - M_PLACE;
                    let before = row.iter().rev().find(|t| (M_PITCH..M_LENGTH).contains(*t));
                    let before = before.map(|t| t - M_PITCH + MELODY_LOW).or(self.before);
                    for (k, may) in may[M_PITCH..M_LENGTH].iter_mut().enumerate() {
                        let pitch = k + MELODY_LOW;
                        let near = before.is_none_or(|before| pitch.abs_diff(before) <= LEAP);
                        *may = near && self.pitch(pitch, chord_at(place));
                    }
                }
                M_PITCH..M_LENGTH => may[M_LENGTH..M_END].fill(true),
                M_END => self.next_begin(row, None, &mut may),
                A_PLACE..A_PITCH => {
                    let place = last - A_PLACE;
                    self.chord_notes(A_PITCH, place, row, &mut may);
                }
                _ => {
                    let at = row.iter().rposition(|t| (A_PLACE..A_PITCH).contains(t));
                    let at = at.unwrap_or(0);
                    let place = row[at].saturating_sub(A_PLACE);
                    if row.len() - at <= MOST_AT_ONCE {
                        self.chord_notes(last + 1, place, row, &mut may);
                    }
                    self.next_begin(row, Some(place), &mut may);
                }
            },
            _ => {
                for (chord, may) in may[..M_PLACE].iter_mut().enumerate() {
                    *may = self.chord(chord);
                }
            }
        }
        may
    }

    /// Places of the melody's next note, or its end.
    fn next_note(&self, row: &[usize], may: &mut [bool; TOKENS]) {
        let mut places = row.iter().filter(|t| (M_PLACE..M_PITCH).contains(*t));
        let have = places.clone().count();
        let from = places.next_back().map_or(M_PLACE, |t| t + 1);
        let to = M_PLACE + if self.last { REST } else { PLACES };
        let (least, most) = self.notes;
        if have < most && from < to {
            may[from..to].fill(true);
        }
        may[M_END] = have >= least || from >= to || have >= most;
    }

    /// Places of what accompanies next, or the bar's end.
    fn next_begin(&self, row: &[usize], place: Option<usize>, may: &mut [bool; TOKENS]) {
        let have = row
            .iter()
            .filter(|t| (A_PLACE..A_PITCH).contains(*t))
            .count();
        let from = A_PLACE + place.map_or(0, |place| place + 1);
        let to = A_PLACE + if self.last { CHORD } else { PLACES };
        let (least, most) = self.begins;
        if have < most && from < to {
            may[from..to].fill(true);
        }
        may[A_END] = have >= least || from >= to || have >= most;
    }

    /// Pitches of the accompaniment at a place from this token on: none that rubs against the melody.
    fn chord_notes(&self, from: usize, place: usize, row: &[usize], may: &mut [bool; TOKENS]) {
        let chord = row[usize::from(place >= PLACES / 2)];
        let melody = Bar::of(row).melody;
        let sung = melody
            .iter()
            .rfind(|note| (note.place..note.place + note.length).contains(&place));
        let rubs = |pitch: usize| {
            sung.is_some_and(|note| matches!(pitch.abs_diff(note.pitch) % 12, 1 | 11))
        };
        let first = from - A_PITCH;
        for (k, may) in may[from..A_END].iter_mut().enumerate() {
            let pitch = first + k + ACC_LOW;
            *may = self.pitch(pitch, chord) && !rubs(pitch);
        }
    }
}
