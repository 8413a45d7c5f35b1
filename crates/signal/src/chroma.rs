//! Chroma: energy by pitch class, from spectral peaks (Gómez 2006).

use super::frame::CHROMA;

/// Peaks are taken from this range, Hz. Lower, the window does not resolve notes; higher, partials
/// say little of the pitch.
const RANGE_HZ: (f64, f64) = (80.0, 4000.0);

/// A peak counts when its power is above this (-80 dB)...
const QUIETEST: f32 = 1e-8;

/// ...and above this part of the strongest one (-40 dB).
const FAINTEST: f32 = 1e-4;

/// Smoothing, seconds (to 1/e): the shortest notes that are heard as pitched.
const SMOOTHING_SECONDS: f64 = 0.12;

/// Middle C, equal temperament at A 440, Hz.
const C4_HZ: f32 = 261.625_56;

/// Measures chroma.
pub(super) struct Chroma {
    bin_hz: f32,
    first_bin: usize,
    last_bin: usize,
    decay: f32,
    /// Smoothed energy by pitch class.
    energy: [f32; CHROMA],
}

impl Chroma {
    pub(super) fn new(bins: usize, bin_hz: f64, hop_seconds: f64) -> Self {
        Self {
            bin_hz: bin_hz as f32,
            first_bin: (RANGE_HZ.0 / bin_hz) as usize,
            last_bin: ((RANGE_HZ.1 / bin_hz) as usize).min(bins - 2),
            decay: (-hop_seconds / SMOOTHING_SECONDS).exp() as f32,
            energy: [0.0; CHROMA],
        }
    }

    /// Energy by pitch class, C first, the largest being 1; all 0 in silence.
    pub(super) fn hear(&mut self, power: &[f32]) -> [f32; CHROMA] {
        let range = self.first_bin..=self.last_bin;
        let strongest = power[range.clone()].iter().fold(0.0f32, |a, &b| a.max(b));
        let faintest = (strongest * FAINTEST).max(QUIETEST);
        let mut now = [0.0; CHROMA];
        for bin in range {
            let (below, here, above) = (power[bin - 1], power[bin], power[bin + 1]);
            if here < faintest || here <= below || here < above {
                continue;
            }
            // The peak of the parabola through the three logarithms.
            let (a, b, c) = (log(below), log(here), log(above));
            let offset = 0.5 * (a - c) / (a - 2.0 * b + c);
            let frequency = (bin as f32 + offset) * self.bin_hz;
            let pitch = CHROMA as f32 * (1.0 + (frequency / C4_HZ).log2().fract());
            let class = pitch.floor();
            let share = pitch - class;
            now[class as usize % CHROMA] += here * (1.0 - share);
            now[(class as usize + 1) % CHROMA] += here * share;
        }
        for (energy, now) in self.energy.iter_mut().zip(now) {
            *energy = now + self.decay * (*energy - now);
            if *energy < 1e-20 {
                *energy = 0.0;
            }
        }
        let largest = self.energy.iter().fold(0.0f32, |a, &b| a.max(b));
        if largest < QUIETEST {
            return [0.0; CHROMA];
        }
        self.energy.map(|energy| energy / largest)
    }

    pub(super) fn reset(&mut self) {
        self.energy = [0.0; CHROMA];
    }
}

fn log(power: f32) -> f32 {
    power.max(1e-20).ln()
}

#[cfg(test)]
mod tests {
    use super::super::spectrum::Spectrum;
    use super::*;

    #[test]
    fn every_note_of_three_octaves_falls_into_its_class() {
        const RATE: f32 = 48_000.0;
        const LENGTH: usize = 2160;
        let bin_hz = f64::from(RATE) / LENGTH as f64;
        for semitone in 0..36 {
            let frequency = 130.812_78 * 2f32.powf(semitone as f32 / 12.0);
            let sine: Vec<f32> = (0..LENGTH)
                .map(|n| (std::f32::consts::TAU * frequency * n as f32 / RATE).sin())
                .collect();
            let mut spectrum = Spectrum::new(LENGTH);
            spectrum.add(&sine, &[], 1.0);
            let chroma = Chroma::new(LENGTH / 2 + 1, bin_hz, 0.012).hear(spectrum.power());
            let expected = semitone % CHROMA;
            for (class, &energy) in chroma.iter().enumerate() {
                let near = class == expected;
                assert!(
                    if near { energy == 1.0 } else { energy < 0.35 },
                    "{frequency} Hz gives {chroma:?}"
                );
            }
        }
    }
}
