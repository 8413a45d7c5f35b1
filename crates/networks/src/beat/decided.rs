//! Beats that are decided, and what they say of each hop.
//!
//! They come in a row, whole hops apart. They are smoothed, placed in bars, and told hop by hop, each step as soon as the
//! next beats are there that it needs; so it makes no difference whether they come one by one or all at once.

use super::DELAY_SECONDS;
use super::bars::{BarNetwork, WholeBars};
use super::certainty::NO_DOUBT;
use super::input::INPUTS;
use super::network::TEMPO_RANGE;
use std::collections::VecDeque;
use synopsia_signal::Beat;

/// Beats on either side over which certainty is taken.
const CERTAIN_BEATS: usize = 4;

/// A beat may be off the middle of its neighbours by so many hops because it is searched for by whole ones; and how
/// often it is brought nearer.
const FINENESS: f64 = 1.1;
const SMOOTHINGS: usize = 3;

/// One beat.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    /// Hops from the song's beginning, with fraction: the end of hop 0 is 1.
    pub at: f64,
    /// How likely the network finds it.
    pub likely: f32,
}

/// Brings beats that are whole hops apart half-way to the middle of their neighbours, where they are off it by no more
/// than a hop makes.
#[derive(Clone, Copy, Default)]
struct Smooth {
    before: Option<Told>,
    now: Option<Told>,
}

impl Smooth {
    /// Takes in the next beat, and hands on the last.
    fn hear(&mut self, next: Told) -> Option<Told> {
        let before = self.before.take();
        self.before = self.now.replace(next);
        let mut now = self.before?;
        if let Some(before) = before {
            let off = 0.5 * (before.at + next.at) - now.at;
            if off.abs() <= FINENESS {
                now.at += 0.5 * off;
            }
        }
        Some(now)
    }
}

/// The beats of a song, as far as they are decided.
pub(super) struct Decided {
    hop_seconds: f64,
    smooths: [Smooth; SMOOTHINGS],
    /// Smoothed, from number `first` on.
    beats: VecDeque<Told>,
    first: usize,
    bars: WholeBars,
    /// The places in bars, from number `first` on, of as many as are known.
    places: VecDeque<(u8, u8)>,
    /// How many hops the bars have heard, and the next beat that they have not.
    heard: usize,
    next_heard: usize,
    /// How many hops were told, and the next beat after them.
    told: usize,
    next_told: usize,
    /// The number that the first beat has in the count.
    count: Option<f64>,
    /// Beats that a bar is decided behind.
    lag: usize,
    ended: bool,
}

impl Decided {
    /// None yet. Bars are decided `lag` beats behind.
    pub fn new(hop_seconds: f64, lag: usize) -> Self {
        Self {
            hop_seconds,
            smooths: [Smooth::default(); SMOOTHINGS],
            beats: VecDeque::new(),
            first: 0,
            bars: WholeBars::new(),
            places: VecDeque::new(),
            heard: 0,
            next_heard: 0,
            told: 0,
            next_told: 0,
            count: None,
            lag,
            ended: false,
        }
    }

    /// The next beat is decided.
    pub fn beat(&mut self, beat: Told) {
        self.smooth(beat, 0);
    }

    fn smooth(&mut self, beat: Told, from: usize) {
        let mut beat = Some(beat);
        for smooth in &mut self.smooths[from..] {
            beat = beat.and_then(|beat| smooth.hear(beat));
        }
        self.beats.extend(beat);
    }

    /// No more beats come.
    pub fn end_beats(&mut self) {
        for smooth in 0..SMOOTHINGS {
            if let Some(last) = self.smooths[smooth].now.take() {
                self.smooth(last, smooth + 1);
            }
        }
        self.ended = true;
    }

    fn get(&self, number: usize) -> Option<&Told> {
        self.beats.get(number.checked_sub(self.first)?)
    }

    /// Has the bars hear the next hop, if it is known where in its beat that is.
    pub fn hear_bars(&mut self, network: &BarNetwork, heard: &[f32; INPUTS]) -> bool {
        // The moment of which the hop tells.
        let at = (self.heard + 1) as f64 - DELAY_SECONDS / self.hop_seconds;
        let mut next = self.next_heard;
        while self.get(next).is_some_and(|beat| beat.at <= at) {
            next += 1;
        }
        let last = next.checked_sub(1).and_then(|last| self.get(last));
        let phase = match (last, self.get(next)) {
            (_, None) if !self.ended => return false,
            (Some(last), Some(next)) => (at - last.at) / (next.at - last.at),
            _ => 0.0,
        };
        self.bars
            .hear(network, heard, phase, next > self.next_heard);
        self.places.extend(self.bars.decide(self.lag));
        self.next_heard = next;
        self.heard += 1;
        true
    }

    /// The bars have heard all there is to hear.
    pub fn end_bars(&mut self) {
        let bars = std::mem::replace(&mut self.bars, WholeBars::new());
        let lacking = self.beats.len() - self.places.len();
        self.places.extend(bars.end().take(lacking));
    }

    /// Where in the beat the next hop is, if all that speaks of it is known.
    pub fn tell(&mut self) -> Option<Beat> {
        let at = (self.told + 1) as f64;
        let mut next = self.next_told;
        while self.get(next).is_some_and(|beat| beat.at <= at) {
            next += 1;
        }
        // Before the first beat time runs as fast as after it.
        let n = next.saturating_sub(1);
        let placed = self.first + self.places.len() > n;
        let known = self.ended || self.get(n + 1 + CERTAIN_BEATS).is_some();
        if self.told >= self.heard || !placed || !known {
            return None;
        }
        self.told += 1;
        self.next_told = next;
        let beat = self.beat_at(n, at);
        while self.first + CERTAIN_BEATS < n {
            self.beats.pop_front();
            self.places.pop_front();
            self.first += 1;
        }
        Some(beat)
    }

    /// Bytes that are kept of beats.
    #[cfg(test)]
    pub fn kept(&self) -> usize {
        self.beats.capacity() * size_of::<Told>() + 32 * self.places.capacity() + self.bars.kept()
    }

    /// Hops from a beat to the next.
    fn period(&self, number: usize) -> f64 {
        match (self.get(number), self.get(number + 1)) {
            (Some(now), Some(next)) => next.at - now.at,
            _ => 60.0 / Beat::RESTING_TEMPO / self.hop_seconds,
        }
    }

    /// Of a moment at or after beat `n`, or before the first.
    fn beat_at(&mut self, n: usize, at: f64) -> Beat {
        let (beat, (number, per_bar)) = (self.beats[n - self.first], self.places[n - self.first]);
        let period = self.period(n);
        // They are counted so that the first has its number in the bar.
        let count = *self.count.get_or_insert_with(|| {
            let begun = f64::from(number) - beat.at / period;
            let bar = f64::from(per_bar);
            f64::from(number) + (-begun / bar).ceil().max(0.0) * bar
        });
        let within = (at - beat.at) / period;
        let ago = (-within.floor()).max(0.0) as i64;
        let in_bar = (i64::from(number) - ago).rem_euclid(per_bar.into());
        let around = n.saturating_sub(CERTAIN_BEATS).max(self.first)..=n + CERTAIN_BEATS;
        let around = around.filter_map(|number| self.get(number));
        let (likely, beats) = around.fold((0.0, 0.0), |(sum, count), beat| {
            (sum + beat.likely, count + 1.0)
        });
        let (slowest, fastest) = TEMPO_RANGE;
        Beat {
            tempo: (60.0 / (period * self.hop_seconds)).clamp(slowest, fastest) as f32,
            beats: count + n as f64 + within,
            in_bar: in_bar as u8,
            per_bar,
            confidence: (likely / beats / NO_DOUBT).min(1.0),
        }
    }
}
