//! Which tempi the onsets repeat at.

use super::super::bands::RunningMean;

/// Slowest and fastest tempo, beats per minute.
pub(super) const TEMPO_RANGE: (f64, f64) = (50.0, 210.0);

/// Most periods: hops of about 11.8 ms, at any sample rate, give 80.
pub(super) const MAX_PERIODS: usize = 96;

/// Multiples of a period at which onsets should repeat as well.
const MULTIPLES: usize = 4;

/// Memory of the autocorrelation, seconds (to 1/e).
const MEMORY_SECONDS: f64 = 5.0;

/// Span of the mean that onset strength is taken against, seconds.
const MEAN_SECONDS: f64 = 3.0;

/// The tempo that people tap by preference (Parncutt 1994), beats per minute, and how far they
/// stray from it, octaves.
const PREFERRED_TEMPO: f64 = 120.0;
const PREFERENCE_OCTAVES: f64 = 0.65;

/// Salience of a tempo at which nothing repeats, so that none is ever ruled out.
const LEAST_SALIENCE: f32 = 0.02;

/// The beat periods under consideration: whole hops, rising.
#[derive(Clone, Copy, Debug)]
pub(super) struct Periods {
    first: usize,
    count: usize,
}

impl Periods {
    pub(super) fn new(hop_seconds: f64) -> Self {
        let hops = |tempo: f64| 60.0 / tempo / hop_seconds;
        let first = hops(TEMPO_RANGE.1).floor() as usize;
        let last = hops(TEMPO_RANGE.0).ceil() as usize;
        Self {
            first,
            count: (last + 1 - first).min(MAX_PERIODS),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn hops(&self, index: usize) -> usize {
        self.first + index
    }

    pub(super) fn longest(&self) -> usize {
        self.first + self.count - 1
    }

    /// The index of the period nearest to `hops`.
    pub(super) fn nearest(&self, hops: f64) -> usize {
        (hops.round().max(0.0) as usize)
            .saturating_sub(self.first)
            .min(self.count - 1)
    }
}

/// An autocorrelation of onset strength that forgets, combed for periods whose multiples repeat
/// as well (after Davies and Plumbley 2007). Every hop costs the same.
pub(super) struct Tempogram {
    periods: Periods,
    mean: RunningMean,
    mean_hops: f32,
    decay: f32,
    /// Past onset strengths about their mean, newest first from `newest`, stored twice so that
    /// they are always contiguous.
    past: Box<[f32]>,
    newest: usize,
    /// By lag in hops.
    correlation: Box<[f32]>,
    preference: Box<[f32]>,
    salience: Box<[f32]>,
}

impl Tempogram {
    pub(super) fn new(periods: Periods, hop_seconds: f64) -> Self {
        // The longest period's last multiple, with its neighbourhood.
        let lags = MULTIPLES * (periods.longest() + 1);
        let preference: Box<[f32]> = (0..periods.len())
            .map(|index| Self::preference(60.0 / (periods.hops(index) as f64 * hop_seconds)))
            .collect();
        Self {
            periods,
            mean: RunningMean::NEW,
            mean_hops: (MEAN_SECONDS / hop_seconds) as f32,
            decay: (-hop_seconds / MEMORY_SECONDS).exp() as f32,
            past: vec![0.0; 2 * lags].into(),
            newest: 0,
            correlation: vec![0.0; lags].into(),
            salience: preference.clone(),
            preference,
        }
    }

    /// How readily people tap a tempo, 0 to 1.
    fn preference(tempo: f64) -> f32 {
        let octaves = (tempo / PREFERRED_TEMPO).log2() / PREFERENCE_OCTAVES;
        (-0.5 * octaves * octaves).exp() as f32
    }

    /// Salience of each period: the preferred tempi's before anything is heard, then at most 1.
    pub(super) fn salience(&self) -> &[f32] {
        &self.salience
    }

    /// Takes the next hop's onset strength.
    pub(super) fn hear(&mut self, strength: f32) {
        let x = strength - self.mean.hear(strength, self.mean_hops);
        let lags = self.correlation.len();
        self.newest = (self.newest + lags - 1) % lags;
        self.past[self.newest] = x;
        self.past[self.newest + lags] = x;
        let past = &self.past[self.newest..self.newest + lags];
        for (correlation, &before) in self.correlation.iter_mut().zip(past) {
            *correlation = *correlation * self.decay + x * before;
        }
        if self.correlation[0] < 1e-12 {
            self.correlation.fill(0.0);
        }

        let scale = 1.0 / self.correlation[0].max(1e-6);
        let mut largest = 0.0f32;
        for (index, salience) in self.salience.iter_mut().enumerate() {
            let period = self.periods.hops(index);
            let mut comb = 0.0;
            for multiple in 1..=MULTIPLES {
                // A period is known to half a hop only, and its multiples less well.
                let (centre, reach) = (multiple * period, multiple / 2);
                let near = &self.correlation[centre - reach..=centre + reach];
                comb += near.iter().fold(f32::MIN, |a, &b| a.max(b));
            }
            let repeats = (comb * scale / MULTIPLES as f32).max(0.0);
            *salience = (repeats + LEAST_SALIENCE) * self.preference[index];
            largest = largest.max(*salience);
        }
        for salience in &mut self.salience {
            *salience /= largest;
        }
    }

    pub(super) fn reset(&mut self) {
        self.mean = RunningMean::NEW;
        self.past.fill(0.0);
        self.newest = 0;
        self.correlation.fill(0.0);
        self.salience.copy_from_slice(&self.preference);
    }
}
