//! A moment of the song as all that moves sees it: of a song that goes on, or of a loop.

use super::latent::gather_on_beat;
use crate::signal::SongTime;

/// Parts of a beat in which a loop counts: a place and the same one a round later, which differ in a
/// sum's last digit, are one.
const FINENESS: f64 = (1 << 20) as f64;

/// Where the song is, on its beats and bars. Beats are counted from each bar's line, so a bar of three
/// and a half has four, of which the last is short. In a loop every moment is the one a round before, bit
/// for bit, so whatever is a function of this alone closes without a seam.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Beats since the song, or the loop, began.
    beats: f64,
    beats_per_bar: f64,
    /// The bar that it is in, which of that one's beats it is, from 0, and how long that is: a beat, or less
    /// where the bar ends within one.
    bar: f64,
    beat: f64,
    length: f64,
    /// How much of the beat has passed, 0 to 1.
    phase: f64,
    /// See [`Moment::bars`].
    bars: f64,
    /// Bars after which all comes back, if it does.
    round: Option<f64>,
    seconds: f64,
}

/// How movement is spread over a bar.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gather {
    /// How strongly it gathers on the beat: 0 even, 1 all at once.
    pub beat: f64,
    /// How much more of it the first beat of a bar has, in ways of the others.
    pub downbeat: f64,
    /// How much of it gathers on half beats as well, 0 to 1.
    pub halves: f64,
}

impl Moment {
    /// `at` in a song whose motion comes back to its beginning after `loop_bars` bars; 0 for never.
    pub fn of(at: SongTime, loop_bars: u8) -> Self {
        let beats_per_bar = at.beats_per_bar.max(1.0);
        let (beats, round, seconds) = if loop_bars == 0 {
            (at.beats, None, at.seconds)
        } else {
            let round = f64::from(loop_bars) * beats_per_bar;
            let beats = ((at.beats * FINENESS).round() / FINENESS).rem_euclid(round);
            let seconds = beats * 60.0 / at.tempo.max(1.0);
            (beats, Some(loop_bars.into()), seconds)
        };
        let bar = (beats / beats_per_bar).floor();
        let within = (beats - bar * beats_per_bar).clamp(0.0, beats_per_bar);
        let beat = within.floor().min(beats_per_bar.ceil() - 1.0);
        let length = (beats_per_bar - beat).min(1.0);
        Self {
            beats,
            beats_per_bar,
            bar,
            beat,
            length,
            phase: (within - beat) / length,
            bars: beats / beats_per_bar,
            round,
            seconds,
        }
    }

    /// The same moment to all that moves steadily, which then gathers on the beat ([`gather_on_beat`]): it is on each
    /// bar's line when the song is.
    pub fn gathered(self, gather: Gather) -> Self {
        let on_beat = gather_on_beat(self.phase, gather.beat);
        let half = (2.0 * self.phase).floor().min(1.0);
        let on_half = 0.5 * (half + gather_on_beat(2.0 * self.phase - half, gather.beat));
        let way = on_beat + gather.halves * (on_half - on_beat);
        let first = 1.0 + gather.downbeat;
        let within = match self.beat {
            0.0 => first * way,
            beat => first + beat - 1.0 + self.length * way,
        };
        Self {
            bars: self.bar + within / (first + self.beats_per_bar - 1.0),
            ..self
        }
    }

    /// Seconds since the song, or the loop, began.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Bars that whatever moves steadily has come since the song, or the loop, began.
    pub fn bars(&self) -> f64 {
        self.bars
    }

    /// Bars that the song has.
    pub fn song_bars(&self) -> f64 {
        self.beats / self.beats_per_bar
    }

    /// Beats a bar, with fraction.
    pub fn beats_per_bar(&self) -> f64 {
        self.beats_per_bar
    }

    /// Which beat it is, of all.
    pub fn beat(&self) -> i64 {
        (self.bar * self.beats_per_bar.ceil() + self.beat) as i64
    }

    /// Whether it is a bar's first beat.
    pub fn is_downbeat(&self) -> bool {
        self.beat == 0.0
    }

    /// How much of the beat has passed, 0 to 1.
    pub fn phase(&self) -> f64 {
        self.phase
    }

    /// How far that which flows slowly has come, in bars: as many as have passed, and in a loop there and back, on
    /// average as fast.
    pub fn drift_bars(&self) -> f64 {
        self.round.map_or(self.bars, |round| {
            0.25 * round * (std::f64::consts::TAU * self.bars / round).sin()
        })
    }

    /// The same in beats.
    pub fn drift(&self) -> f64 {
        self.beats_per_bar * self.drift_bars()
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
            song: beats * 0.5,
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
            for beat in [0.0, 1.0] {
                let gather = Gather {
                    beat,
                    downbeat: beat,
                    halves: 0.5 * beat,
                };
                let at = |beats| Moment::of(time(beats, beats_per_bar), 3);
                let before = at(3.0 * beats_per_bar - 1e-5);
                let after = at(3.0 * beats_per_bar);
                assert!((before.gathered(gather).bars() - 3.0).abs() < 1e-4);
                assert_eq!(after.gathered(gather).bars(), 0.0);
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
    fn movement_gathers_on_the_beat_and_first_of_all_on_the_bars_line() {
        let gather = Gather {
            beat: 0.8,
            downbeat: 1.0,
            halves: 0.0,
        };
        for beats_per_bar in [2.0, 3.0, 3.5, 4.0, 7.0] {
            let bars = |beats| {
                Moment::of(time(beats, beats_per_bar), 0)
                    .gathered(gather)
                    .bars()
            };
            let way = |beats: f64| bars(beats + 0.25) - bars(beats);
            for bar in [-1.0, 0.0, 5.0] {
                let line = bar * beats_per_bar;
                assert!((bars(line) - bar).abs() < 1e-9, "a line is where it is");
                assert!((way(line) / way(line + 1.0) - 2.0).abs() < 1e-6);
                assert!(way(line + 1.0) > 3.0 * way(line + 1.75));
            }
            let fine = Vec::from_iter((0..4000).map(|n| bars(f64::from(n) / 100.0)));
            assert!(fine.windows(2).all(|two| two[1] > two[0]));
        }
    }

    #[test]
    fn halves_of_a_beat_have_their_own_bursts_where_they_are_asked_for() {
        let way = |halves, beats: f64| {
            let gather = Gather {
                beat: 0.8,
                downbeat: 0.0,
                halves,
            };
            let bars = |beats| Moment::of(time(beats, 4.0), 0).gathered(gather).bars();
            bars(beats + 0.125) - bars(beats)
        };
        assert!(way(1.0, 1.5) > 2.0 * way(0.0, 1.5));
        assert!((way(1.0, 1.5) - way(1.0, 1.0)).abs() < 1e-9);
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
