//! Harmonic/percussive balance, after Fitzgerald (2010).
//!
//! In a spectrogram, tones are horizontal lines and strikes are vertical ones: a median along time
//! keeps the former, a median along frequency the latter. Here both run on a mel-spaced spectrum,
//! and the time median looks back only.

use super::bands::BandMap;

/// Bands of the reduced spectrum. Below 1.5 kHz they are as narrow as the bins.
const MEL_BANDS: usize = 128;

/// Range of the reduced spectrum, Hz.
const RANGE_HZ: (f64, f64) = (80.0, 8000.0);

/// Length of both medians: 150 ms in hops, and about a fifth of a decade in bands.
const MEDIAN: usize = 13;

/// Smoothing of the balance, seconds (to 1/e).
const SMOOTHING_SECONDS: f64 = 0.05;

/// What silence reads: neither.
const NEITHER: f32 = 0.5;

/// Magnitude, summed over the bands, below which a hop is silent.
const SILENT: f32 = 1e-4;

/// The median of the last [`MEDIAN`] values, kept by a sorted list.
#[derive(Clone, Copy)]
struct Median {
    sorted: [f32; MEDIAN],
}

impl Median {
    const ZERO: Self = Self {
        sorted: [0.0; MEDIAN],
    };

    /// Takes `old` out and `new` in. Both are finite, and `old` is in the list.
    fn replace(&mut self, old: f32, new: f32) -> f32 {
        let sorted = &mut self.sorted;
        let mut at = sorted.iter().position(|&x| x == old).unwrap_or(0);
        while at + 1 < MEDIAN && sorted[at + 1] < new {
            sorted[at] = sorted[at + 1];
            at += 1;
        }
        while at > 0 && sorted[at - 1] > new {
            sorted[at] = sorted[at - 1];
            at -= 1;
        }
        sorted[at] = new;
        sorted[MEDIAN / 2]
    }
}

/// Measures the harmonic share of what sounds.
pub(super) struct Balance {
    map: BandMap,
    now: [f32; MEL_BANDS],
    /// Magnitudes of the last hops, a ring.
    past: Box<[[f32; MEL_BANDS]; MEDIAN]>,
    next: usize,
    along_time: Box<[Median; MEL_BANDS]>,
    decay: f32,
    share: f32,
}

impl Balance {
    pub(super) fn new(bins: usize, bin_hz: f64, hop_seconds: f64) -> Self {
        let mel = |hz: f64| (1.0 + hz / 700.0).ln();
        let high = RANGE_HZ.1.min((bins - 1) as f64 * bin_hz);
        let (low, high) = (mel(RANGE_HZ.0), mel(high));
        let edges: Vec<f64> = (0..=MEL_BANDS)
            .map(|i| 700.0 * ((low + (high - low) * i as f64 / MEL_BANDS as f64).exp() - 1.0))
            .collect();
        Self {
            map: BandMap::new(&edges, bins, bin_hz),
            now: [0.0; MEL_BANDS],
            past: Box::new([[0.0; MEL_BANDS]; MEDIAN]),
            next: 0,
            along_time: Box::new([Median::ZERO; MEL_BANDS]),
            decay: (-hop_seconds / SMOOTHING_SECONDS).exp() as f32,
            share: NEITHER,
        }
    }

    /// Harmonic share, 0 (all percussive) to 1 (all harmonic).
    pub(super) fn hear(&mut self, power: &[f32]) -> f32 {
        self.map.mean(power, &mut self.now);
        for magnitude in &mut self.now {
            *magnitude = magnitude.sqrt();
        }
        let oldest = &mut self.past[self.next];
        self.next = (self.next + 1) % MEDIAN;

        let mut along_frequency = Median {
            sorted: [self.now[0]; MEDIAN],
        };
        // Past the ends the outermost bands repeat.
        let band = |band: isize| self.now[band.clamp(0, MEL_BANDS as isize - 1) as usize];
        const HALF: isize = (MEDIAN / 2) as isize;
        for ahead in 0..HALF {
            along_frequency.replace(band(0), band(ahead));
        }
        let (mut harmonic, mut total) = (0.0, 0.0);
        for (i, (median, old)) in self.along_time.iter_mut().zip(oldest).enumerate() {
            let at = i as isize;
            let strike = along_frequency.replace(band(at - HALF - 1), band(at + HALF));
            let now = self.now[i];
            let tone = median.replace(*old, now);
            *old = now;
            let (tone, strike) = (tone * tone, strike * strike);
            harmonic += now * tone / (tone + strike).max(f32::MIN_POSITIVE);
            total += now;
        }
        let share = if total > SILENT {
            harmonic / total
        } else {
            NEITHER
        };
        self.share = share + self.decay * (self.share - share);
        self.share
    }

    pub(super) fn reset(&mut self) {
        *self.past = [[0.0; MEL_BANDS]; MEDIAN];
        self.next = 0;
        *self.along_time = [Median::ZERO; MEL_BANDS];
        self.share = NEITHER;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_running_median_equals_the_sorted_one() {
        let mut median = Median::ZERO;
        let mut window = std::collections::VecDeque::from([0.0f32; MEDIAN]);
        let mut state = 1u32;
        for _ in 0..1000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let new = (state >> 28) as f32;
            let old = window.pop_front().unwrap_or(0.0);
            window.push_back(new);
            let mut sorted: Vec<f32> = window.iter().copied().collect();
            sorted.sort_by(f32::total_cmp);
            assert_eq!(median.replace(old, new), sorted[MEDIAN / 2]);
        }
    }
}
