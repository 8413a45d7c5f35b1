//! A filter over the places of beats in bars of all metres.

use super::network::{METRES, PLACES};
use std::collections::VecDeque;

/// Where the places of each metre begin.
const FIRSTS: [usize; METRES.len()] = {
    let mut firsts = [0; METRES.len()];
    let mut metre = 1;
    while metre < METRES.len() {
        firsts[metre] = firsts[metre - 1] + METRES[metre - 1];
        metre += 1;
    }
    firsts
};

/// How usual each metre is.
const USUAL: [f32; METRES.len()] = [0.05, 0.15, 0.6, 0.06, 0.04, 0.1];

/// How likely a bar is as long as the last one.
const STAY: f32 = 0.98;

/// How likely a beat is at any place at all, whatever was before: a beat that was missed, or one too many.
const SLIP: f32 = 0.01;

/// How much the network counts, and what it gives each place in any case.
const TRUST: f32 = 0.7;
const FLOOR: f32 = 1e-3;

/// How likely each place is.
#[derive(Clone, Copy)]
pub(super) struct Belief {
    places: [f32; PLACES],
    /// The place that is believed, and the beats of its bar.
    chosen: (u8, u8),
}

impl Belief {
    /// Before anything is heard: all places are as likely as their metre is usual.
    pub const NEW: Self = Self {
        places: usual(1.0),
        chosen: (0, 4),
    };

    /// Every bar moves on by a beat; one that ends may be followed by one of another length.
    pub fn advance(&mut self) {
        let mut next = usual(SLIP);
        let mut ended = 0.0;
        for (first, metre) in FIRSTS.into_iter().zip(METRES) {
            let (places, last) = (first..first + metre - 1, first + metre - 1);
            for place in places {
                next[place + 1] += (1.0 - SLIP) * self.places[place];
            }
            next[first] += (1.0 - SLIP) * STAY * self.places[last];
            ended += (1.0 - SLIP) * (1.0 - STAY) * self.places[last];
        }
        for (first, usual) in FIRSTS.into_iter().zip(USUAL) {
            next[first] += ended * usual;
        }
        self.places = next;
        self.choose();
    }

    /// Weighs the places by how likely the network finds them.
    pub fn observe(&mut self, told: &[f32; PLACES]) {
        let mut total = 0.0;
        for (place, told) in self.places.iter_mut().zip(told) {
            *place *= (told + FLOOR).powf(TRUST);
            total += *place;
        }
        let all = self.places.iter_mut();
        all.for_each(|place| *place /= total.max(f32::MIN_POSITIVE));
        self.choose();
    }

    /// The number of the beat within the bar, and how many a bar has.
    pub fn place(&self) -> (u8, u8) {
        self.chosen
    }

    /// The metre that is believed most, and the place in it.
    fn choose(&mut self) {
        let bars = FIRSTS.into_iter().zip(METRES);
        let bars = bars.map(|(first, metre)| &self.places[first..first + metre]);
        let (mut most, mut chosen) = (-1.0, self.chosen);
        for bar in bars {
            let belief: f32 = bar.iter().sum();
            if belief > most {
                let place = (0..bar.len()).fold(0, |best, k| match bar[k] > bar[best] {
                    true => k,
                    false => best,
                });
                (most, chosen) = (belief, (place as u8, bar.len() as u8));
            }
        }
        self.chosen = chosen;
    }
}

/// A share of belief, by how usual each metre is.
const fn usual(share: f32) -> [f32; PLACES] {
    let mut places = [0.0; PLACES];
    let mut metre = 0;
    while metre < METRES.len() {
        let mut place = 0;
        while place < METRES[metre] {
            places[FIRSTS[metre] + place] = share * USUAL[metre] / METRES[metre] as f32;
            place += 1;
        }
        metre += 1;
    }
    places
}

/// The likeliest way through bars (Viterbi), of whose beats the network tells how likely each place is.
pub(super) struct Ways {
    scores: [f32; PLACES],
    /// From which place the likeliest way came to each, beat by beat, from the first that is not decided.
    from: VecDeque<[u8; PLACES]>,
    /// The last beat's place that was decided.
    last: Option<usize>,
}

impl Ways {
    pub fn new() -> Self {
        Self {
            scores: usual(1.0).map(f32::ln),
            from: VecDeque::new(),
            last: None,
        }
    }

    /// Goes on to the next beat, of which the network tells that.
    pub fn hear(&mut self, told: &[f32; PLACES]) {
        let mut from = [0; PLACES];
        if self.last.is_some() || !self.from.is_empty() {
            (self.scores, from) = step(&self.scores);
        }
        self.from.push_back(from);
        // Sums that only fall would lose their fractions in a long song.
        let best = self.scores[most(&self.scores)];
        for (score, told) in self.scores.iter_mut().zip(told) {
            *score += TRUST * (told + FLOOR).ln() - best;
        }
    }

    /// Decides all beats but the last `lag`: the number of each within its bar, and how many that has.
    pub fn decide(&mut self, lag: usize) -> Vec<(u8, u8)> {
        let Some(count) = self.from.len().checked_sub(lag).filter(|count| *count > 0) else {
            return Vec::new();
        };
        let mut place = most(&self.scores);
        let mut places = vec![place];
        for from in self.from.iter().skip(1).rev() {
            place = usize::from(from[place]);
            places.push(place);
        }
        places.reverse();
        places.truncate(count);
        self.from.drain(..count);
        self.last = places.last().copied();
        places.into_iter().map(bar_of).collect()
    }

    /// Bytes that are kept of beats.
    #[cfg(test)]
    pub fn kept(&self) -> usize {
        self.from.capacity() * size_of::<[u8; PLACES]>()
    }

    /// The beats after the last that was decided, in bars like its own.
    pub fn on(&self) -> impl Iterator<Item = (u8, u8)> + use<> {
        let next = |(beat, bar): &(u8, u8)| Some(((beat + 1) % bar, *bar));
        let last = bar_of(self.last.unwrap_or(FIRSTS[2] + METRES[2] - 1));
        std::iter::successors(Some(last), next).skip(1)
    }
}

/// Which beat of which bar has that place.
fn bar_of(place: usize) -> (u8, u8) {
    let metre = FIRSTS.partition_point(|&first| first <= place) - 1;
    ((place - FIRSTS[metre]) as u8, METRES[metre] as u8)
}

/// One beat on: the score of the likeliest way to each place, and from which it came.
fn step(scores: &[f32; PLACES]) -> ([f32; PLACES], [u8; PLACES]) {
    let best = most(scores);
    let anywhere = usual(SLIP).map(|slip| scores[best] + slip.ln());
    let (mut next, mut way) = (anywhere, [best as u8; PLACES]);
    let mut offer = |place: usize, from: usize, likely: f32| {
        let score = scores[from] + ((1.0 - SLIP) * likely).ln();
        if score > next[place] {
            (next[place], way[place]) = (score, from as u8);
        }
    };
    for (first, metre) in FIRSTS.into_iter().zip(METRES) {
        let last = first + metre - 1;
        (first..last).for_each(|place| offer(place + 1, place, 1.0));
        for (other, usual) in FIRSTS.into_iter().zip(USUAL) {
            let stays = if other == first { STAY } else { 0.0 };
            offer(other, last, stays + (1.0 - STAY) * usual);
        }
    }
    (next, way)
}

fn most(scores: &[f32; PLACES]) -> usize {
    (0..PLACES).fold(0, |best, place| match scores[place] > scores[best] {
        true => place,
        false => best,
    })
}
