//! The structure of a song as it is heard, without a future.

use super::boundaries::bar_length;
use super::cells::{Cell, FEATURES, Gatherer};
use super::energy::{AROUND, LEAST_STRENGTH, Usual, build_up, drop_strength};
use super::form::{FormPoint, SectionName};
use super::memory::Memory;
use super::novelty::{CLEAR, harmony_distance, square_distance};
use super::pulse::{Loudness, Pulse};
use super::scale::{PASSAGE, Point, Scale, Spreads, spreads};
use crate::frame::AudioFrame;

/// Cells that are remembered: sixteen bars of eight.
const PAST: usize = 128;

/// Cells of two bars or so: what must have been heard of a section to know it, and what energy is the
/// mean of.
const TWO_BARS: usize = 8;

/// Cells before a boundary that are compared with those after it.
const BEFORE: usize = 16;

/// Shortest section, cells.
const LEAST: usize = 16;

/// Novelty of a boundary: at least this, and so many times what is usual.
const LEAST_NOVELTY: f32 = 0.3;
const TIMES_USUAL: f32 = 1.5;

/// Cells in which novelty must not have risen again.
const PATIENCE: usize = 1;

/// Cells after which the name of a section that seemed new is looked at again.
const SECOND_LOOK: usize = 16;

/// Length of a section of which nothing is known: eight bars.
const USUAL_LENGTH: usize = 32;

/// A silence that lasts as long is a section, cells.
const LONG_SILENCE: usize = 8;

/// Share of the usual bass with which it is there.
const FULL: f32 = 0.75;

/// Share of the last values in what is usual.
const PACE: f32 = 0.03;

/// What is left of a build-up after each cell in which it cannot be seen.
const HOLD: f32 = 0.8;

/// Hears how a song is built while it plays.
///
/// It gives the same [`FormPoint`] as [`Structure::at`](super::Structure::at), as far as one can know
/// who hears no future: a new section is known, with its name, two bars after it has begun, and the name
/// of one that seemed new may be corrected after four; a bass that comes back is felt within a beat, a
/// drop in which the bass had not been away two beats late; a break is known after a bar, silence at
/// once. After construction nothing allocates; most of a hop's work is a few logarithms, and once a beat
/// it looks back over sixteen bars.
#[derive(Clone, Debug)]
pub struct LiveStructure {
    gatherer: Gatherer,
    /// The last cells, oldest first, and how many there were before.
    past: Vec<Cell>,
    before: usize,
    pulse: Pulse,
    scale: Scale,
    usual_spreads: Spreads,
    usual: Usual,
    bar: f64,
    novelty: f32,
    usual_novelty: f32,
    /// The most novel cell of late: its number, its novelty, and cells since.
    candidate: Option<(usize, f32, usize)>,
    memory: Memory,
    section: Now,
    build: f32,
    /// When the last drop was, seconds, and its strength.
    drop: Option<(f64, f32)>,
    silent: usize,
    breathes: bool,
}

/// The section that is being heard.
#[derive(Clone, Copy, Debug)]
struct Now {
    number: u32,
    /// The number of its first cell, and when that was.
    first: usize,
    begin: f64,
    /// Its place in memory; none while it is not known, and in silence.
    place: Option<usize>,
    silence: bool,
    /// Whether it is new, so that it is looked at again.
    new: bool,
}

impl LiveStructure {
    /// For frames that count their positions in samples at `sample_rate` Hz.
    pub fn new(sample_rate: f64) -> Self {
        Self {
            gatherer: Gatherer::new(sample_rate),
            past: Vec::with_capacity(PAST),
            before: 0,
            pulse: Pulse::new(sample_rate),
            scale: Scale::of(&[]),
            usual_spreads: Spreads::default(),
            usual: Usual::of(&[]),
            bar: 4.0,
            novelty: 0.0,
            usual_novelty: 0.0,
            candidate: None,
            memory: Memory::new(),
            section: Now {
                number: 0,
                first: 0,
                begin: 0.0,
                place: None,
                silence: false,
                new: true,
            },
            build: 0.0,
            drop: None,
            silent: 0,
            breathes: false,
        }
    }

    /// Takes the next frame; those that lie before the last one are left out.
    pub fn hear(&mut self, frame: &AudioFrame) {
        let loudness = self.pulse.hear(frame);
        if let Some(cell) = self.gatherer.hear(frame) {
            self.take(cell);
        }
        self.feel(loudness);
    }

    /// How new the music of the last two bars is against what was before, 0 to 1.
    pub fn novelty(&self) -> f32 {
        self.novelty
    }

    /// Where in its form the song is at a moment that is not far from the last frame, seconds.
    pub fn at(&self, seconds: f64) -> FormPoint {
        let section = &self.section;
        let (number, occurrence, length) = match section.place {
            Some(place) => self.memory.of(place),
            None => (0, 0, 0),
        };
        let length = if length > 0 { length } else { USUAL_LENGTH };
        let expected = length as f64 * self.cell_seconds();
        let position = (seconds - section.begin) / expected.max(0.1);
        let name = if section.silence {
            SectionName::SILENCE
        } else {
            SectionName(number)
        };
        let recent = &self.past[self.past.len().saturating_sub(TWO_BARS)..];
        FormPoint {
            section: section.number,
            begin: section.begin,
            name,
            occurrence,
            position: position.clamp(0.0, 0.999) as f32,
            energy: self.usual.energy(recent),
            build: self.build,
            since_drop: self.drop.map(|(at, _)| (seconds - at).max(0.0) as f32),
            drop: self.drop.map_or(0.0, |(_, strength)| strength),
            until_drop: None,
            breathes: section.silence || self.breathes || self.pulse.is_silent(),
        }
    }

    /// Mean length of the last cells.
    fn cell_seconds(&self) -> f64 {
        match &self.past[..] {
            [first, .., last] => (last.seconds - first.seconds) / (self.past.len() - 1) as f64,
            _ => 0.5,
        }
    }

    fn four_bars(&self) -> f64 {
        4.0 * self.bar * self.cell_seconds()
    }

    /// The number of the cell that comes next.
    fn count(&self) -> usize {
        self.before + self.past.len()
    }

    /// The cells from number `first` on, as far as they are remembered.
    fn since(&self, first: usize) -> &[Cell] {
        &self.past[first.saturating_sub(self.before).min(self.past.len())..]
    }

    /// Takes in a cell that has ended.
    fn take(&mut self, cell: Cell) {
        if self.past.len() == PAST {
            self.past.rotate_left(1);
            self.past.pop();
            self.before += 1;
        }
        self.past.push(cell);
        self.silent = if cell.is_silent() { self.silent + 1 } else { 0 };
        if cell.is_silent() {
            if self.silent == LONG_SILENCE && !self.section.silence {
                self.begin(self.count() - LONG_SILENCE);
                self.section.silence = true;
            }
            self.breathes = true;
            return;
        }
        if self.section.silence {
            self.begin(self.count() - 1);
        }
        self.learn();
        if let Some(place) = self.section.place {
            self.memory
                .go_on(place, self.section.number, &cell.features);
        }
        self.seek_boundary();
        self.seek_name();
        self.weigh();
    }

    /// Learns what is usual.
    fn learn(&mut self) {
        let heard = self.count() as f32;
        let pace = PACE.max(1.0 / heard);
        let passage = &self.past[self.past.len().saturating_sub(PASSAGE)..];
        for (usual, spread) in self.usual_spreads.iter_mut().zip(spreads(passage)) {
            *usual += pace * (spread - *usual);
        }
        self.scale = Scale::by(self.usual_spreads);
        self.usual.learn(&self.past, pace);
        self.bar = bar_length(&self.past);
    }

    /// What `half` cells are on average against those before them in the section, 0 to 1.
    fn novelty_of(&self, half: usize, harmony: f32) -> f32 {
        let section = self.since(self.section.first);
        let Some(split) = section.len().checked_sub(half) else {
            return 0.0;
        };
        let before = &section[split.saturating_sub(BEFORE)..split];
        if before.len() < half {
            return 0.0;
        }
        let (before, after) = (self.mean_point(before), self.mean_point(&section[split..]));
        let apart =
            square_distance(&before, &after) - (1.0 - harmony) * harmony_distance(&before, &after);
        apart / (apart + CLEAR)
    }

    fn mean_point(&self, cells: &[Cell]) -> Point {
        let share = 1.0 / cells.len().max(1) as f32;
        let sum = |i: usize| cells.iter().map(|cell| cell.features[i]).sum::<f32>();
        self.scale.point(&std::array::from_fn(|i| share * sum(i)))
    }

    /// Begins a section where the music has become another two bars ago.
    fn seek_boundary(&mut self) {
        self.novelty = self.novelty_of(TWO_BARS, 0.7);
        let least = LEAST_NOVELTY.max(TIMES_USUAL * self.usual_novelty);
        self.usual_novelty += PACE * (self.novelty - self.usual_novelty);
        let at = self.count().saturating_sub(TWO_BARS);
        let (best, waited) = match self.candidate {
            Some((_, best, waited)) => (best, waited),
            None => (0.0, 0),
        };
        let long_enough = at.saturating_sub(self.section.first) >= LEAST;
        if self.novelty > least.max(best) && long_enough {
            self.candidate = Some((at, self.novelty, 0));
        } else if let Some((at, best, _)) = self.candidate {
            self.candidate = Some((at, best, waited + 1));
            if waited + 1 > PATIENCE {
                self.begin(at);
            }
        }
    }

    /// Begins a section with the cell of this number.
    fn begin(&mut self, first: usize) {
        let length = first - self.section.first;
        if let Some(place) = self.section.place {
            self.memory.end(place, length);
        }
        let begin = self.since(first).first().map_or(0.0, |cell| cell.seconds);
        // The last name goes on until there is another.
        let place = self.section.place.filter(|_| !self.section.silence);
        let number = self.section.number + u32::from(length > 0);
        self.section = Now {
            number,
            first,
            begin,
            place,
            silence: false,
            new: true,
        };
        self.candidate = None;
    }

    /// Knows a section again by its first two bars, or by four where it seemed new.
    fn seek_name(&mut self) {
        let heard = self.count() - self.section.first;
        let first_look = self.section.new && (TWO_BARS..SECOND_LOOK).contains(&heard);
        if !self.section.new || !(first_look || heard == SECOND_LOOK) {
            return;
        }
        let mut features = [[0.0; FEATURES]; SECOND_LOOK];
        let section = self.since(self.section.first);
        let heard = section.len().min(SECOND_LOOK);
        for (slot, cell) in features.iter_mut().zip(section) {
            *slot = cell.features;
        }
        let (features, now) = (&features[..heard], self.section.number);
        let own = self
            .section
            .place
            .filter(|&place| self.memory.is_of(place, now));
        match (self.memory.like(features, &self.scale, own), own) {
            (Some(place), own) => {
                if let Some(own) = own {
                    self.memory.take_back(own);
                }
                self.memory.again(place, now);
                self.section.place = Some(place);
                self.section.new = false;
            }
            (None, None) => self.section.place = Some(self.memory.keep(features, now)),
            (None, Some(_)) => {}
        }
        if heard == SECOND_LOOK {
            self.section.new = false;
        }
    }

    /// Weighs what has built up and whether it is released, once a cell.
    fn weigh(&mut self) {
        let (built, _) = build_up(&self.past, &self.usual, self.bar);
        let built = if built > LEAST_STRENGTH {
            built.min(1.0)
        } else {
            0.0
        };
        let count = self.past.len();
        if self.build > LEAST_STRENGTH && count >= 2 + AROUND {
            let (before, after) = self.past.split_at(count - 2);
            let before = &before[before.len() - AROUND..];
            let strength = drop_strength(before, after, self.build, &self.usual);
            self.fall(self.past[count - 2].seconds, strength);
        }
        self.build = built.max(HOLD * self.build);
        // What rose up to a drop is over with it, and the next rise takes four bars.
        let now = self.past[count - 1].seconds;
        let dropped = self.drop.is_some_and(|(at, _)| now - at < self.four_bars());
        if self.build < 0.05 || dropped {
            self.build = 0.0;
        }
        let last_bar = &self.past[count.saturating_sub(AROUND)..];
        self.breathes = last_bar.len() == AROUND && self.usual.is_break(last_bar);
    }

    /// Feels a bass that comes back, at every hop.
    fn feel(&mut self, now: Loudness) {
        let count = self.past.len();
        let full = FULL * self.usual.bass;
        if count < TWO_BARS || now.bass < full {
            return;
        }
        // Only what has been away can come back.
        let mut two_bars = self.past[count - TWO_BARS..].iter();
        if two_bars.any(|cell| cell.bass > full) {
            return;
        }
        let before = &self.past[count - AROUND..];
        let strength = self.usual.returns(before, now.bass, now.level);
        self.fall(now.seconds, strength);
    }

    /// Notes a drop, unless there has just been one.
    fn fall(&mut self, seconds: f64, strength: f32) {
        let rested = (self.drop).is_none_or(|(last, _)| seconds - last > self.four_bars());
        if strength > LEAST_STRENGTH && rested && self.count() > 4 * AROUND {
            self.drop = Some((seconds, strength));
            self.build = 0.0;
        }
    }
}
