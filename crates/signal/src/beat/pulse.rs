//! Where in the beat the music is, and how long a beat is.
//!
//! A Bayesian filter over (period, position within the beat), the bar pointer of Whiteley, Cemgil
//! and Godsill (2006) in the discretisation of Krebs, Böck and Widmer (2015): every state moves on
//! by one hop a hop, periods change only on the beat, and onsets are likely on the beat, less so
//! half-way, unlikely elsewhere. It listens forwards only, as a stage must.

use super::super::bands::sum;
use super::tempo::{MAX_PERIODS, Periods};

/// Onset strength expected on the beat, half-way, and elsewhere.
const ON_BEAT: f32 = 1.0;
const HALF_WAY: f32 = 0.2;
const ELSEWHERE: f32 = 0.06;

/// How far an onset spreads, hops (standard deviation), and how far that is worth computing.
const ONSET_SPREAD: f32 = 1.1;
const REACH: usize = 3;

/// Places with an expectation of their own, around a beat or half-way.
const PLACES: usize = 2 * REACH + 1;

/// How much one hop's onset strength says: the inverse of twice its variance about the
/// expectation, lowered because neighbouring hops are not independent.
const TRUST: f32 = 1.6;

/// Strength beyond this is no better evidence.
const STRENGTH_CEILING: f32 = 1.2;

/// How unwilling a beat is to differ in length from the last one: the exponent by relative change.
const STEADINESS: f64 = 60.0;

/// Belief that is drawn anew each second from the tempogram, so that a change of tempo is found.
const RENEWAL_PER_SECOND: f64 = 0.15;

/// How strongly the tempogram favours its periods at every second.
const TEMPO_TRUST_PER_SECOND: f64 = 1.7;

/// The estimate of one hop.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pulse {
    /// Length of a beat, hops.
    pub(super) period: f64,
    /// Position within the beat, 0 to 1.
    pub(super) phase: f64,
    /// How well the position is known, 0 to 1.
    pub(super) concentration: f64,
    /// Belief in a period near this one, 0 to 1.
    pub(super) belief: f64,
}

/// The filter.
pub(super) struct BeatPointer {
    periods: Periods,
    /// Where each period's states begin.
    starts: Box<[usize]>,
    /// Belief by state; sums to 1.
    belief: Box<[f32]>,
    /// Cosine and sine of each state's position.
    turns: Box<[[f32; 2]]>,
    /// From each period (row) to each next period, rows sum to 1.
    transitions: Box<[f32]>,
    /// Belief by period.
    by_period: Box<[f32]>,
    renewal: f32,
    tempo_trust: f32,
}

impl BeatPointer {
    /// A filter that believes in each period as far as it is salient, and in all positions.
    pub(super) fn new(periods: Periods, hop_seconds: f64, salience: &[f32]) -> Self {
        let count = periods.len();
        let mut starts = Vec::with_capacity(count);
        let mut turns = Vec::new();
        for index in 0..count {
            starts.push(turns.len());
            let period = periods.hops(index);
            turns.extend((0..period).map(|hop| {
                let turn = std::f32::consts::TAU * hop as f32 / period as f32;
                [turn.cos(), turn.sin()]
            }));
        }
        let mut transitions = Vec::with_capacity(count * count);
        for from in 0..count {
            let likelihood = |to: usize| {
                let ratio = periods.hops(to) as f64 / periods.hops(from) as f64;
                (-STEADINESS * (ratio - 1.0).abs()).exp()
            };
            let total: f64 = (0..count).map(likelihood).sum();
            transitions.extend((0..count).map(|to| (likelihood(to) / total) as f32));
        }
        let mut pointer = Self {
            periods,
            starts: starts.into(),
            belief: vec![0.0; turns.len()].into(),
            turns: turns.into(),
            transitions: transitions.into(),
            by_period: vec![0.0; count].into(),
            renewal: (RENEWAL_PER_SECOND * hop_seconds) as f32,
            tempo_trust: (TEMPO_TRUST_PER_SECOND * hop_seconds) as f32,
        };
        pointer.reset(salience);
        pointer
    }

    /// Moves on by one hop with its onset strength and the salience of each period. `attention`,
    /// 0 to 1, says how much there is to hear at all.
    pub(super) fn hear(&mut self, strength: f32, attention: f32, salience: &[f32]) {
        self.advance();
        self.observe(strength, attention);
        self.renew(attention, salience);
    }

    fn states(&self, index: usize) -> std::ops::Range<usize> {
        let start = self.starts[index];
        start..start + self.periods.hops(index)
    }

    /// Every state moves on; what reaches a beat's end is shared out among the next periods.
    fn advance(&mut self) {
        let count = self.periods.len();
        let mut begun = [0.0f32; MAX_PERIODS];
        for index in 0..count {
            let states = self.states(index);
            let ended = self.belief[states.end - 1];
            self.belief
                .copy_within(states.start..states.end - 1, states.start + 1);
            let row = &self.transitions[index * count..(index + 1) * count];
            for (begun, &share) in begun.iter_mut().zip(row) {
                *begun += ended * share;
            }
        }
        for (&start, &begun) in self.starts.iter().zip(&begun) {
            self.belief[start] = begun;
        }
    }

    /// Weighs the states around the beat and half-way by how well they explain the strength,
    /// relative to being elsewhere.
    fn observe(&mut self, strength: f32, attention: f32) {
        let strength = strength.min(STRENGTH_CEILING);
        let trust = TRUST * attention;
        let misfit = |expected: f32| (strength - expected) * (strength - expected);
        let weights = |centre: f32| -> [f32; PLACES] {
            std::array::from_fn(|place| {
                let hops = (place as f32 - REACH as f32) / ONSET_SPREAD;
                let expected = ELSEWHERE + (centre - ELSEWHERE) * (-0.5 * hops * hops).exp();
                (trust * (misfit(ELSEWHERE) - misfit(expected))).exp()
            })
        };
        let (on_beat, half_way) = (weights(ON_BEAT), weights(HALF_WAY));
        for index in 0..self.periods.len() {
            let states = self.states(index);
            let belief = &mut self.belief[states];
            let period = belief.len();
            let (before, after) = on_beat.split_at(REACH);
            for (belief, weight) in belief[period - REACH..].iter_mut().zip(before) {
                *belief *= weight;
            }
            for (belief, weight) in belief.iter_mut().zip(after) {
                *belief *= weight;
            }
            let half = period / 2 - REACH;
            for (belief, weight) in belief[half..].iter_mut().zip(&half_way) {
                *belief *= weight;
            }
        }
    }

    /// Leans to the tempogram's periods, draws a little belief anew, and makes the sum 1.
    fn renew(&mut self, attention: f32, salience: &[f32]) {
        let count = self.periods.len();
        let mut lean = [0.0f32; MAX_PERIODS];
        let (mut total, mut salient) = (0.0f32, 0.0f32);
        for index in 0..count {
            let states = self.states(index);
            lean[index] = salience[index].powf(self.tempo_trust * attention);
            self.by_period[index] = lean[index] * sum(&self.belief[states]);
            total += self.by_period[index];
            salient += salience[index];
        }
        let keep = (1.0 - self.renewal) / total.max(f32::MIN_POSITIVE);
        for index in 0..count {
            let anew = self.renewal * salience[index] / salient;
            let each = anew / self.periods.hops(index) as f32;
            let scale = keep * lean[index];
            let states = self.states(index);
            for belief in &mut self.belief[states] {
                *belief = *belief * scale + each;
            }
            self.by_period[index] = keep * self.by_period[index] + anew;
        }
    }

    /// The period that is believed most.
    pub(super) fn best_period(&self) -> f64 {
        let mut best = (0, 0.0);
        for index in 0..self.periods.len() {
            let near = self.near(index);
            let belief = self.by_period[near].iter().sum::<f32>();
            if belief > best.1 {
                best = (index, belief);
            }
        }
        self.periods.hops(best.0) as f64
    }

    /// The estimate among periods near `period` (hops).
    pub(super) fn estimate(&self, period: f64) -> Pulse {
        let near = self.near(self.periods.nearest(period));
        let (mut belief, mut length) = (0.0f64, 0.0f64);
        let (mut cosine, mut sine) = (0.0f64, 0.0f64);
        for index in near {
            let weight = f64::from(self.by_period[index]);
            belief += weight;
            length += weight * self.periods.hops(index) as f64;
            for state in self.states(index) {
                let weight = f64::from(self.belief[state]);
                cosine += weight * f64::from(self.turns[state][0]);
                sine += weight * f64::from(self.turns[state][1]);
            }
        }
        let belief = belief.max(f64::MIN_POSITIVE);
        Pulse {
            period: length / belief,
            phase: (sine.atan2(cosine) / std::f64::consts::TAU).rem_euclid(1.0),
            concentration: (cosine.hypot(sine) / belief).min(1.0),
            belief: belief.min(1.0),
        }
    }

    /// Periods within about 5 % of one.
    fn near(&self, index: usize) -> std::ops::Range<usize> {
        let reach = (self.periods.hops(index) / 20).max(1);
        index.saturating_sub(reach)..(index + reach + 1).min(self.periods.len())
    }

    /// Forgets what was heard.
    pub(super) fn reset(&mut self, salience: &[f32]) {
        let total: f32 = salience.iter().sum();
        for (index, salience) in salience.iter().enumerate() {
            let states = self.states(index);
            self.by_period[index] = salience / total;
            let each = self.by_period[index] / states.len() as f32;
            self.belief[states].fill(each);
        }
    }
}
