//! A moment of the song as all that moves sees it: of a song that goes on, or of a loop.

use super::latent::gather_on_beat;
use crate::signal::SongTime;

/// Parts of a beat in which a loop counts: a place and the same one a round later, which differ in a
/// sum's last digit, are one.
const FINENESS: f64 = (1 << 20) as f64;

/// Where the song is, on its beats and bars. In a loop every moment is the one a round before, bit for
/// bit, so whatever is a function of this alone closes without a seam.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Beats since the song, or the loop, began.
    beats: f64,
    /// The beat that it is in, and how long that is: a beat, or less where a loop ends within one.
    beat: f64,
    length: f64,
    beats_per_bar: f64,
    /// See [`Moment::drift`].
    drift: f64,
    /// Bars after which all comes back, if it does.
    round: Option<f64>,
    seconds: f64,
}

impl Moment {
    /// `at` in a song whose motion comes back to its beginning after `loop_bars` bars; 0 for never.
    pub fn of(at: SongTime, loop_bars: u8) -> Self {
        let beats_per_bar = at.beats_per_bar.max(1.0);
        if loop_bars == 0 {
            return Self {
                beats: at.beats,
                beat: at.beats.floor(),
                length: 1.0,
                beats_per_bar,
                drift: at.beats,
                round: None,
                seconds: at.seconds,
            };
        }
        let round = f64::from(loop_bars) * beats_per_bar;
        let beats = ((at.beats * FINENESS).round() / FINENESS).rem_euclid(round);
        // There and back on a round's own length: as fast on average as what drifts on.
        let drift = 0.25 * round * (std::f64::consts::TAU * beats / round).sin();
        Self {
            beats,
            beat: beats.floor(),
            length: (round - beats.floor()).min(1.0),
            beats_per_bar,
            drift,
            round: Some(loop_bars.into()),
            seconds: beats * 60.0 / at.tempo.max(1.0),
        }
    }

    /// Seconds since the song, or the loop, began.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Bars since the song, or the loop, began.
    pub fn bars(&self) -> f64 {
        self.beats / self.beats_per_bar
    }

    /// The same of a walk that gathers on the beat, by [`gather_on_beat`].
    pub fn gathered_bars(&self, strength: f64) -> f64 {
        let gathered = if self.length < 1.0 {
            self.beat + self.length * gather_on_beat(self.phase(), strength)
        } else {
            gather_on_beat(self.beats, strength)
        };
        gathered / self.beats_per_bar
    }

    /// Which beat it is.
    pub fn beat(&self) -> i64 {
        self.beat as i64
    }

    /// How much of the beat has passed, 0 to 1.
    pub fn phase(&self) -> f64 {
        (self.beats - self.beat) / self.length
    }

    /// How far that which flows slowly has come, in beats: as many as have passed, and in a loop there
    /// and back.
    pub fn drift(&self) -> f64 {
        self.drift
    }

    /// The same in bars.
    pub fn drift_bars(&self) -> f64 {
        self.drift / self.beats_per_bar
    }

    /// Bars after which all comes back; none in a song that goes on.
    pub fn round(&self) -> Option<f64> {
        self.round
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(beats: f64, beats_per_bar: f64) -> SongTime {
        SongTime {
            seconds: beats * 0.5,
            beats,
            beats_per_bar,
            tempo: 120.0,
        }
    }

    #[test]
    fn a_round_later_is_the_same_moment() {
        for beats_per_bar in [4.0, 3.0, 3.5, 2.75] {
            for bars in [1, 3, 8, 32] {
                let round = f64::from(bars) * beats_per_bar;
                for picture in -20..200 {
                    // As a film of 30 pictures a second counts them at 117 BPM.
                    let beats = f64::from(picture) * 117.0 / 60.0 / 30.0;
                    let [first, second] = [beats, beats + 5.0 * round]
                        .map(|beats| Moment::of(time(beats, beats_per_bar), bars));
                    assert_eq!(first, second, "{beats_per_bar}, {bars}: {beats}");
                }
            }
        }
    }

    #[test]
    fn a_loop_goes_on_evenly_over_its_seam_even_within_a_beat() {
        for beats_per_bar in [4.0, 3.5, 2.75] {
            for strength in [0.0, 1.0] {
                let at = |beats| Moment::of(time(beats, beats_per_bar), 3);
                let before = at(3.0 * beats_per_bar - 1e-5);
                let after = at(3.0 * beats_per_bar);
                assert!((before.gathered_bars(strength) - 3.0).abs() < 1e-4);
                assert_eq!(after.gathered_bars(strength), 0.0);
                assert!((before.drift() - after.drift()).abs() < 1e-3);
                assert!(before.phase() > 0.999 && after.phase() == 0.0);
            }
        }
    }

    #[test]
    fn a_count_in_is_in_its_beats_as_the_song_is() {
        for loop_bars in [0, 2] {
            let before = Moment::of(time(-0.25, 4.0), loop_bars);
            assert_eq!(before.phase(), 0.75);
            assert_eq!(before.beat().rem_euclid(4), 3);
        }
    }

    #[test]
    fn what_drifts_goes_as_far_in_a_loop_as_without() {
        let way = |bars| {
            let drift = |i: i32| Moment::of(time(f64::from(i) / 100.0, 4.0), bars).drift();
            (0..3200)
                .map(|i| (drift(i + 1) - drift(i)).abs())
                .sum::<f64>()
        };
        assert!((way(0) - 32.0).abs() < 1e-6);
        assert!((way(8) - way(0)).abs() < 0.01);
    }
}
