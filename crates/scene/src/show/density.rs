//! How dense onsets are against what is usual: a fill is a moment of many.

use super::envelope::follow;

/// Seconds over which onsets are counted, and over which it is learned how many are usual (time constants).
const NOW_SECONDS: f64 = 0.3;
const USUAL_SECONDS: f64 = 8.0;

/// Seconds after which it is known what is usual.
const LEARNT_SECONDS: f64 = 4.0;

/// So many times the usual number are the beginning of a fill, and a full one.
const FILL: [f32; 2] = [1.8, 3.2];

/// Onsets of late.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Density {
    now: f32,
    usual: f32,
    heard: f64,
}

impl Density {
    /// Takes in an onset of this strength, or none (0), and the seconds since the last.
    pub(super) fn hear(&mut self, onset: f32, dt: f64) {
        self.now += follow(dt, NOW_SECONDS) * (onset - self.now);
        self.heard += dt;
        // At first the mean of all that was heard.
        let share = follow(dt, USUAL_SECONDS).max((dt / self.heard.max(1e-6)) as f32);
        self.usual += share * (onset - self.usual);
    }

    /// How much of a fill there is, 0 to 1.
    pub(super) fn fill(&self) -> f32 {
        if self.heard < LEARNT_SECONDS {
            return 0.0;
        }
        let [begin, full] = FILL;
        let times = self.now / self.usual.max(1e-4);
        ((times - begin) / (full - begin)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of onsets, so many a second, at a hop of 12.5 ms.
    fn play(density: &mut Density, seconds: f64, a_second: usize) {
        for hop in 0..(80.0 * seconds) as usize {
            let onset = hop % (80 / a_second) == 0;
            density.hear(f32::from(onset), 1.0 / 80.0);
        }
    }

    #[test]
    fn a_fill_is_felt_within_half_a_second_and_even_music_has_none() {
        for usual in [2, 4] {
            let mut density = Density::default();
            play(&mut density, 24.0, usual);
            let mut most = 0.0f32;
            for _ in 0..8 {
                play(&mut density, 0.5, usual);
                most = most.max(density.fill());
            }
            assert!(most < 0.2, "{most}");
            play(&mut density, 0.5, 4 * usual);
            assert!(density.fill() > 0.4, "{usual}: {}", density.fill());
            play(&mut density, 1.0, usual);
            assert!(density.fill() < 0.2);
        }
    }

    #[test]
    fn the_first_notes_are_no_fill() {
        let mut density = Density::default();
        play(&mut density, 2.0, 8);
        assert_eq!(density.fill(), 0.0);
    }
}
