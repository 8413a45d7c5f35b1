//! The sections that were heard so far, to be known again.

use super::cells::{CHROMA_GROUP, FEATURES};
use super::novelty::{harmony_distance, square_distance};
use super::recurrence::{ALIKE, COURSE, SOUND};
use super::scale::{Point, Scale};

/// Sections that are remembered; of more, the one that was not heard for longest is forgotten.
const MOST: usize = 32;

/// Cells that are remembered of each: eight bars or so.
const LENGTH: usize = 32;

/// Cells by which a section may be late on the one that is remembered.
const LAG: usize = 2;

/// One music, as it began when it was first heard.
#[derive(Clone, Debug)]
struct Known {
    /// Its number among all.
    number: u16,
    features: [[f32; FEATURES]; LENGTH],
    heard: usize,
    /// How often it has come.
    count: u32,
    /// Cells of its last section; 0 while none has ended.
    length: usize,
    /// When it last came, in sections.
    last: u32,
}

/// Remembers sections; does not allocate once it is made.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    known: Vec<Known>,
    next: u16,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            known: Vec::with_capacity(MOST),
            next: 0,
        }
    }

    /// The place of the music that begins like `heard`, if there is one; `but` is left out.
    pub(super) fn like(
        &self,
        heard: &[[f32; FEATURES]],
        scale: &Scale,
        but: Option<usize>,
    ) -> Option<usize> {
        let others = self.known.iter().enumerate();
        let others =
            others.filter(|(place, known)| Some(*place) != but && known.heard >= heard.len());
        others
            .map(|(place, known)| {
                (
                    place,
                    unlikeness(heard, &known.features[..known.heard], scale),
                )
            })
            .filter(|(_, unlike)| *unlike < ALIKE)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(place, _)| place)
    }

    /// Keeps a music that is new, in section `now`; its place.
    pub(super) fn keep(&mut self, heard: &[[f32; FEATURES]], now: u32) -> usize {
        let mut known = Known {
            number: self.next,
            features: [[0.0; FEATURES]; LENGTH],
            heard: 0,
            count: 1,
            length: 0,
            last: now,
        };
        self.next = self.next.saturating_add(1).min(u16::MAX - 1);
        heard.iter().for_each(|cell| known.go_on(cell));
        if self.known.len() < MOST {
            self.known.push(known);
            return self.known.len() - 1;
        }
        let oldest = self
            .known
            .iter()
            .enumerate()
            .min_by_key(|(_, known)| known.last);
        let place = oldest.map_or(0, |(place, _)| place);
        self.known[place] = known;
        place
    }

    /// Whether a music was new in section `now`.
    pub(super) fn is_of(&self, place: usize, now: u32) -> bool {
        let known = &self.known[place];
        known.count == 1 && known.last == now
    }

    /// Takes back what was kept last and has turned out to be known.
    pub(super) fn take_back(&mut self, place: usize) {
        if place + 1 == self.known.len() {
            self.known.pop();
            self.next = self.next.saturating_sub(1);
        }
    }

    /// Notes that a music has come again, in section `now`.
    pub(super) fn again(&mut self, place: usize, now: u32) {
        self.known[place].count += 1;
        self.known[place].last = now;
    }

    /// Notes what goes on in a music, if section `now` is the first of it.
    pub(super) fn go_on(&mut self, place: usize, now: u32, cell: &[f32; FEATURES]) {
        if self.is_of(place, now) {
            self.known[place].go_on(cell);
        }
    }

    /// Notes that a section of a music was so many cells long.
    pub(super) fn end(&mut self, place: usize, length: usize) {
        self.known[place].length = length;
    }

    /// Number of a music, how often it came before, and cells of its last section.
    pub(super) fn of(&self, place: usize) -> (u16, u32, usize) {
        let known = &self.known[place];
        (known.number, known.count - 1, known.length)
    }
}

impl Known {
    fn go_on(&mut self, cell: &[f32; FEATURES]) {
        if let Some(slot) = self.features.get_mut(self.heard) {
            *slot = *cell;
            self.heard += 1;
        }
    }
}

/// How unlike two beginnings are, as the sections of a whole song are compared.
fn unlikeness(heard: &[[f32; FEATURES]], known: &[[f32; FEATURES]], scale: &Scale) -> f32 {
    let length = heard.len();
    let mean = |cells: &[[f32; FEATURES]]| -> Point {
        let share = 1.0 / cells.len().max(1) as f32;
        let mean = std::array::from_fn(|i| share * cells.iter().map(|cell| cell[i]).sum::<f32>());
        scale.point(&mean)
    };
    let sound = square_distance(&mean(heard), &mean(&known[..length.min(known.len())]));
    let course = (0..=2 * LAG)
        .map(|lag| {
            let (a, b) = (
                &heard[lag.saturating_sub(LAG)..],
                &known[LAG.saturating_sub(lag)..],
            );
            course_distance(a, b, scale)
        })
        .fold(f32::MAX, f32::min);
    SOUND * sound + COURSE * course
}

/// Mean square distance of the harmony of cells in turn, each with the one after it.
fn course_distance(a: &[[f32; FEATURES]], b: &[[f32; FEATURES]], scale: &Scale) -> f32 {
    let pairs = a.windows(2).zip(b.windows(2));
    let count = pairs.len().max(1) as f32;
    let sum: f32 = pairs
        .map(|(a, b)| harmony_distance(&harmony(a, scale), &harmony(b, scale)))
        .sum();
    sum / count
}

/// The mean of two cells, of which the harmony is of use.
fn harmony(cells: &[[f32; FEATURES]], scale: &Scale) -> Point {
    let mut mean = [0.0; FEATURES];
    for i in CHROMA_GROUP.first..CHROMA_GROUP.first + CHROMA_GROUP.count {
        mean[i] = 0.5 * (cells[0][i] + cells[1][i]);
    }
    scale.point(&mean)
}
