//! Where in the beat the music is, and how long a beat is.
//!
//! A Bayesian filter over (period, position within the beat), the bar pointer of Whiteley, Cemgil and Godsill (2006)
//! in the discretisation of Krebs, Böck and Widmer (2015): every state moves on by one hop a hop, and periods change
//! only on the beat. The network's beats weigh the states around the beat, its tempos the periods. It listens forwards
//! only, as a stage must.

use super::network::{Heard, TEMPOS};
use super::periods::{MOST_PERIODS, Period, REACH, periods, speaks};
use std::ops::Range;

/// Belief that is drawn anew each second from how readily people tap, so that a change of tempo is found.
const RENEWAL_PER_SECOND: f64 = 0.15;

/// The estimate of one hop.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pulse {
    /// Length of a beat, hops.
    pub period: f64,
    /// Position within the beat, 0 to 1.
    pub phase: f64,
    /// How well the position is known, 0 to 1.
    pub concentration: f64,
}

/// The filter.
pub(super) struct BeatPointer {
    periods: Box<[Period]>,
    /// Each period's states.
    states: Box<[Range<usize>]>,
    /// Cosine and sine of each state's position.
    cosines: Box<[f32]>,
    sines: Box<[f32]>,
    /// Belief by state; sums to 1.
    belief: Box<[f32]>,
    /// Belief by period.
    by_period: Box<[f32]>,
    renewal: f32,
}

impl BeatPointer {
    /// A filter that believes in each period as far as it is readily tapped, and in all positions.
    pub fn new(hop_seconds: f64) -> Self {
        let periods = periods(hop_seconds);
        let (mut cosines, mut sines) = (Vec::new(), Vec::new());
        let states = periods.iter().map(|period| {
            let begin = cosines.len();
            for hop in 0..period.length {
                let turn = std::f32::consts::TAU * hop as f32 / period.length as f32;
                cosines.push(turn.cos());
                sines.push(turn.sin());
            }
            begin..cosines.len()
        });
        let states = states.collect();
        let mut pointer = Self {
            belief: vec![0.0; cosines.len()].into(),
            by_period: vec![0.0; periods.len()].into(),
            periods,
            states,
            cosines: cosines.into(),
            sines: sines.into(),
            renewal: (RENEWAL_PER_SECOND * hop_seconds) as f32,
        };
        pointer.reset();
        pointer
    }

    /// Moves on by one hop of which the network tells that, and how much it counts, 0 to 1; by a hop that was not heard,
    /// where it tells nothing.
    pub fn hear(&mut self, heard: Option<(&Heard, f32)>) {
        self.advance();
        if let Some((heard, attention)) = heard {
            self.observe(heard.beat, attention);
            self.renew(&heard.tempos, attention);
        }
    }

    /// Every state moves on; what reaches a beat's end is shared out among the next periods.
    fn advance(&mut self) {
        let mut begun = [0.0f32; MOST_PERIODS];
        for (period, states) in self.periods.iter().zip(&self.states) {
            let states = &mut self.belief[states.clone()];
            let last = states.len() - 1;
            let ended = states[last];
            states.copy_within(..last, 1);
            let next = &mut begun[period.next.clone()];
            for (begun, &share) in next.iter_mut().zip(&period.shares) {
                *begun += ended * share;
            }
        }
        for (states, &begun) in self.states.iter().zip(&begun) {
            self.belief[states.start] = begun;
        }
    }

    /// Weighs the states around the beat by how likely there was one.
    fn observe(&mut self, beat: f32, attention: f32) {
        let weights = speaks(beat).map(|speaks| (attention * speaks).exp());
        let (before, after) = weights.split_at(REACH);
        for states in &self.states {
            let states = &mut self.belief[states.clone()];
            let early = states.len() - REACH;
            weigh(&mut states[early..], before);
            weigh(states, after);
        }
    }

    /// Leans to the network's tempos, draws a little belief anew, and makes the sum 1.
    fn renew(&mut self, tempos: &[f32; TEMPOS], attention: f32) {
        let mut leans = [0.0f32; MOST_PERIODS];
        let mut total = 0.0;
        for (index, period) in self.periods.iter().enumerate() {
            leans[index] = (attention * period.lean(tempos)).exp();
            let states = &self.belief[self.states[index].clone()];
            self.by_period[index] = leans[index] * sum(states);
            total += self.by_period[index];
        }
        let renewal = self.renewal * attention;
        let keep = (1.0 - renewal) / total.max(f32::MIN_POSITIVE);
        for (index, period) in self.periods.iter().enumerate() {
            let anew = renewal * period.prior;
            let (scale, each) = (keep * leans[index], anew / period.length as f32);
            for belief in &mut self.belief[self.states[index].clone()] {
                *belief = *belief * scale + each;
            }
            self.by_period[index] = keep * self.by_period[index] + anew;
        }
    }

    /// The period that is believed most, hops.
    pub fn best_period(&self) -> f64 {
        let believed = |period: &Period| self.by_period[period.near.clone()].iter().sum::<f32>();
        let beliefs = self.periods.iter().map(believed);
        let best = beliefs.enumerate().fold((0, 0.0), |best, (index, belief)| {
            if belief > best.1 {
                (index, belief)
            } else {
                best
            }
        });
        self.periods[best.0].length as f64
    }

    /// The belief in periods near `period` (hops), 0 to 1.
    pub fn belief(&self, period: f64) -> f64 {
        self.by_period[self.near(period)].iter().sum::<f32>().into()
    }

    /// The estimate among periods near `period` (hops).
    pub fn estimate(&self, period: f64) -> Pulse {
        let (mut belief, mut length) = (0.0f64, 0.0f64);
        let (mut cosine, mut sine) = (0.0f64, 0.0f64);
        for index in self.near(period) {
            let weight = f64::from(self.by_period[index]);
            belief += weight;
            length += weight * self.periods[index].length as f64;
            let states = self.states[index].clone();
            let believed = &self.belief[states.clone()];
            cosine += f64::from(dot(believed, &self.cosines[states.clone()]));
            sine += f64::from(dot(believed, &self.sines[states]));
        }
        let belief = belief.max(f64::MIN_POSITIVE);
        Pulse {
            period: length / belief,
            phase: (sine.atan2(cosine) / std::f64::consts::TAU).rem_euclid(1.0),
            concentration: (cosine.hypot(sine) / belief).min(1.0),
        }
    }

    /// The periods that are one tempo with `period` (hops).
    fn near(&self, period: f64) -> Range<usize> {
        let index = (period.round() as usize).saturating_sub(self.periods[0].length);
        self.periods[index.min(self.periods.len() - 1)].near.clone()
    }

    /// Forgets what was heard.
    pub fn reset(&mut self) {
        for (index, period) in self.periods.iter().enumerate() {
            self.by_period[index] = period.prior;
            let each = period.prior / period.length as f32;
            self.belief[self.states[index].clone()].fill(each);
        }
    }
}

fn weigh(states: &mut [f32], weights: &[f32]) {
    for (state, weight) in states.iter_mut().zip(weights) {
        *state *= weight;
    }
}

/// Sums kept apart, so that they can be added side by side.
const SUMS: usize = 16;

/// The sum of `values`.
fn sum(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<SUMS>();
    let mut sums = [0.0; SUMS];
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += value;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// The sum of the products of `a` and `b`, which are of one length.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<SUMS>(), b.as_chunks::<SUMS>());
    let mut sums = [0.0; SUMS];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}
