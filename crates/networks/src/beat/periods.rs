//! How long a beat may be, how beats follow one another, and what the network's answers say of them: what
//! `pointer` and `search` have in common.

use super::network::{TEMPO_RANGE, TEMPOS};
use std::ops::Range;

/// The slowest period has at most so many hops; the others are all shorter ones.
pub(super) const MOST_PERIODS: usize = 128;

/// How far a beat spreads, hops (standard deviation), and how far that is worth computing.
const SPREAD: f32 = 1.1;
pub(super) const REACH: usize = 3;

/// Places around a beat.
pub(super) const PLACES: usize = 2 * REACH + 1;

/// How likely the network tells of a beat where there is none, and how much it counts that it does, or does not: the
/// logarithm of odds is held within bounds and lowered, because neighbouring hops are not independent.
const FLOOR: f32 = 0.04;
const ODDS: (f32, f32) = (-3.0, 4.0);
const TRUST: f32 = 0.45;

/// How much a hop's tempos count, and what each is given in any case.
const TEMPO_TRUST: f32 = 0.02;
const TEMPO_FLOOR: f32 = 0.008;

/// How unwilling a beat is to differ in length from the last one: the exponent by relative change. Less likely ones are
/// not looked at.
const STEADINESS: f64 = 70.0;
const UNLIKELY: f64 = 1e-6;

/// The tempo that people tap most readily, beats per minute, and how far others are from it, octaves (standard deviation).
const READIEST_TEMPO: f64 = 140.0;
const READY_OCTAVES: f64 = 0.6;

/// Periods this near, relatively, are one tempo.
const NEAR: f64 = 0.05;

/// One length of a beat.
pub(super) struct Period {
    /// Hops.
    pub length: usize,
    /// How readily people tap it; all together 1.
    pub prior: f32,
    /// Which periods may follow, and how likely each does.
    pub next: Range<usize>,
    pub shares: Box<[f32]>,
    /// Those that are the same tempo.
    pub near: Range<usize>,
    /// Where among the network's tempos it lies: the one below it, and how far to the next.
    tempo: usize,
    share: f32,
}

/// The periods of all tempos, shortest first.
pub(super) fn periods(hop_seconds: f64) -> Box<[Period]> {
    let (slowest, fastest) = TEMPO_RANGE;
    let shortest = (60.0 / fastest / hop_seconds) as usize;
    let longest = ((60.0 / slowest / hop_seconds) as usize + 1).min(MOST_PERIODS);
    let lengths: Vec<usize> = (shortest.max(PLACES)..=longest).collect();
    let tempo = |hops: usize| 60.0 / (hops as f64 * hop_seconds);
    let readiness = |hops: usize| {
        let octaves = (tempo(hops) / READIEST_TEMPO).log2() / READY_OCTAVES;
        (-0.5 * octaves * octaves).exp()
    };
    let ready: f64 = lengths.iter().map(|&hops| readiness(hops)).sum();
    let period = |(index, &length): (usize, &usize)| {
        let likely = |to: usize| (-STEADINESS * (to as f64 / length as f64 - 1.0).abs()).exp();
        let first = lengths.partition_point(|&to| to < length && likely(to) < UNLIKELY);
        let last = lengths.partition_point(|&to| to <= length || likely(to) >= UNLIKELY);
        let total: f64 = lengths[first..last].iter().map(|&to| likely(to)).sum();
        let shares = lengths[first..last].iter().map(|&to| likely(to) / total);
        let place = (tempo(length) / slowest).ln() / (fastest / slowest).ln();
        let place = (place * (TEMPOS - 1) as f64).clamp(0.0, (TEMPOS - 1) as f64);
        let below = (place as usize).min(TEMPOS - 2);
        let reach = ((length as f64 * NEAR) as usize).max(1);
        Period {
            length,
            prior: (readiness(length) / ready) as f32,
            next: first..last,
            shares: shares.map(|share| share as f32).collect(),
            near: index.saturating_sub(reach)..(index + reach + 1).min(lengths.len()),
            tempo: below,
            share: (place - below as f64) as f32,
        }
    };
    lengths.iter().enumerate().map(period).collect()
}

impl Period {
    /// How much the network's tempos speak for it: the logarithm of a weight.
    pub fn lean(&self, tempos: &[f32; TEMPOS]) -> f32 {
        let [below, above] = [tempos[self.tempo], tempos[self.tempo + 1]];
        let likely = below + self.share * (above - below) + TEMPO_FLOOR;
        TEMPO_TRUST * (likely * TEMPOS as f32).ln()
    }
}

/// How much a hop speaks for a beat that the network finds so likely, by hops from the one that tells of it most: the
/// logarithms of weights.
pub(super) fn speaks(beat: f32) -> [f32; PLACES] {
    let odds = |likely: f32| (likely / (1.0 - likely)).ln();
    let (least, most) = ODDS;
    let told = (odds(beat.clamp(1e-4, 1.0 - 1e-4)) - odds(FLOOR)).clamp(least, most);
    std::array::from_fn(|place| {
        let hops = (place as f32 - REACH as f32) / SPREAD;
        TRUST * told * (-0.5 * hops * hops).exp()
    })
}
