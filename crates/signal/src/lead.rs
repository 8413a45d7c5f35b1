//! Beats that somebody leads.

use super::frame::Beat;

/// How fast the count approaches where it should be: the error shrinks to 1/e in this many beats...
const CATCH_UP_BEATS: f64 = 0.5;

/// ...but the count's speed stays within these factors of the tempo.
const SPEED_RANGE: (f64, f64) = (0.5, 2.0);

/// How often the tempo can be doubled, or halved.
const OCTAVES: i32 = 2;

/// Beats as somebody counts them: a straight line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Led {
    /// Position at which the first beat of a bar is, samples.
    pub first: f64,
    /// Samples a beat.
    pub period: f64,
    /// Beats a bar; none where whoever leads does not say.
    pub per_bar: Option<u8>,
}

/// Beats are where whoever leads puts them, and else where they are heard; both twice or half as fast, or a little
/// earlier, if that is asked for. The count of beats glides from one leader to the next, and never jumps.
#[derive(Clone, Debug)]
pub struct BeatLead {
    sample_rate: f64,
    /// The last position, what was heard there and the count.
    last: Option<(u64, f64, f64)>,
    /// By which power of two beats are faster.
    octave: i32,
    /// Samples by which they come earlier.
    earlier: f64,
}

impl BeatLead {
    /// Nobody leads audio at `sample_rate` Hz yet.
    pub fn new(sample_rate: f64) -> Self {
        Self {
            sample_rate,
            last: None,
            octave: 0,
            earlier: 0.0,
        }
    }

    /// Has beats be twice as fast, or half.
    pub fn double(&mut self, faster: bool) {
        let octave = self.octave + if faster { 1 } else { -1 };
        self.octave = octave.clamp(-OCTAVES, OCTAVES);
    }

    /// Has them come so many seconds earlier than before.
    pub fn nudge(&mut self, seconds: f64) {
        self.earlier += seconds * self.sample_rate;
    }

    /// Takes back what was doubled, halved and nudged.
    pub fn straighten(&mut self) {
        (self.octave, self.earlier) = (0, 0.0);
    }

    /// Whether the next position begins a song anew.
    pub fn begins_at(&self, position: u64) -> bool {
        self.last.is_none_or(|(last, ..)| position <= last)
    }

    /// The beat at a position where that one is heard.
    pub fn lead(&mut self, position: u64, heard: Beat, led: Option<Led>) -> Beat {
        let goal = self.goal(position, heard, led);
        if self.begins_at(position) {
            self.last = Some((position, heard.beats, goal.beats));
            return goal;
        }
        let (last, last_heard, count) = self.last.unwrap_or_default();
        let step = match led {
            Some(_) => (position - last) as f64 / self.sample_rate * f64::from(goal.tempo) / 60.0,
            None => (heard.beats - last_heard).max(0.0) * self.factor(),
        };
        let ahead = goal.beats - (count + step);
        let error = ahead - ahead.round();
        let (slowest, fastest) = SPEED_RANGE;
        // Exactly the heard one where nothing is to be caught up, so that nobody changes it who does not lead.
        let count = match led {
            None if error.abs() < 1e-9 => goal.beats - ahead.round(),
            _ => count + step * (1.0 + error / CATCH_UP_BEATS).clamp(slowest, fastest),
        };
        self.last = Some((position, heard.beats, count));
        let in_bar = match led {
            Some(_) => {
                let nearest = (goal.beats - count.fract()).round();
                nearest.rem_euclid(goal.per_bar.into()) as u8
            }
            None => goal.in_bar,
        };
        Beat {
            beats: count,
            in_bar,
            ..goal
        }
    }

    fn factor(&self) -> f64 {
        f64::from(self.octave).exp2()
    }

    /// Where the count should be.
    fn goal(&self, position: u64, heard: Beat, led: Option<Led>) -> Beat {
        let factor = self.factor();
        if let Some(led) = led {
            let period = led.period / factor;
            return Beat {
                tempo: (60.0 * self.sample_rate / period) as f32,
                beats: (position as f64 + self.earlier - led.first) / period,
                per_bar: led.per_bar.unwrap_or(heard.per_bar).max(1),
                confidence: 1.0,
                ..heard
            };
        }
        if self.octave == 0 && self.earlier == 0.0 {
            return heard;
        }
        let a_beat = 60.0 * self.sample_rate / f64::from(heard.tempo.max(1.0));
        let beats = (heard.beats + self.earlier / a_beat) * factor;
        // Bars go on to have as many beats, so half as many of them begin, or twice.
        let per_bar = f64::from(heard.per_bar.max(1));
        let downbeat = heard.beats.floor() - f64::from(heard.in_bar);
        let bars = (downbeat / per_bar).round() * per_bar * factor;
        let since = beats - downbeat * factor;
        Beat {
            tempo: (f64::from(heard.tempo) * factor) as f32,
            beats,
            in_bar: (bars + since).floor().rem_euclid(per_bar) as u8,
            ..heard
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 48_000.0;
    const HOP: u64 = 565;

    /// 100 beats a minute that are heard, in bars of 4 that begin on the third.
    fn heard(position: u64) -> Beat {
        let beats = position as f64 / RATE * 100.0 / 60.0;
        Beat {
            tempo: 100.0,
            beats,
            in_bar: ((beats as u64 + 2) % 4) as u8,
            per_bar: 4,
            confidence: 0.5,
        }
    }

    /// The beats of so many hops with `act` before each.
    fn led(hops: u64, mut act: impl FnMut(&mut BeatLead, u64) -> Option<Led>) -> Vec<Beat> {
        let mut lead = BeatLead::new(RATE);
        let hop = |n: u64| {
            let position = (n + 1) * HOP;
            let led = act(&mut lead, position);
            lead.lead(position, heard(position), led)
        };
        (0..hops).map(hop).collect()
    }

    #[test]
    fn what_is_doubled_or_halved_is_in_time_with_what_is_heard() {
        for (faster, factor) in [(true, 2.0), (false, 0.5)] {
            let beats = led(6000, |lead, position| {
                if position == 200 * HOP {
                    lead.double(faster);
                }
                None
            });
            let mut lines = 0;
            for (n, pair) in beats.windows(2).enumerate().skip(2400) {
                let [one, beat] = [pair[0], pair[1]];
                let goal = heard((n as u64 + 2) * HOP).beats * factor;
                let off = goal - beat.beats;
                assert!((off - off.round()).abs() < 1e-6, "{off}");
                assert_eq!(beat.tempo, (100.0 * factor) as f32);
                // A bar begins with a heard one, if at all.
                if beat.in_bar == 0 && one.in_bar == 3 {
                    lines += 1;
                    let whole = heard((n as u64 + 2) * HOP);
                    let place = (f64::from(whole.in_bar) + whole.beats.fract()) * factor;
                    assert!(place.rem_euclid(4.0 * factor.min(1.0)) < 0.1, "{whole:?}");
                } else {
                    assert!(beat.in_bar == one.in_bar || beat.in_bar == one.in_bar + 1);
                }
            }
            let a_minute = 3600.0 * HOP as f64 / RATE * 100.0 / 60.0;
            assert!(
                (f64::from(lines) - a_minute / 4.0 * factor).abs() <= 1.5,
                "{lines}"
            );
        }
    }

    #[test]
    fn the_tempo_goes_up_and_down_by_four_at_most_and_is_straightened() {
        let mut lead = BeatLead::new(RATE);
        (0..9).for_each(|_| lead.double(true));
        assert_eq!(lead.lead(HOP, heard(HOP), None).tempo, 400.0);
        (0..9).for_each(|_| lead.double(false));
        assert_eq!(lead.lead(2 * HOP, heard(2 * HOP), None).tempo, 25.0);
        lead.straighten();
        assert_eq!(lead.lead(3 * HOP, heard(3 * HOP), None).tempo, 100.0);
    }

    #[test]
    fn nudged_beats_come_earlier_by_what_was_asked_for_whoever_leads() {
        let line = Led {
            first: 1000.0,
            period: 24_000.0,
            per_bar: None,
        };
        for leader in [None, Some(line)] {
            let beats = led(900, |lead, position| {
                if position == 100 * HOP {
                    (0..3).for_each(|_| lead.nudge(0.01));
                }
                leader
            });
            let position = 900 * HOP;
            let (goal, a_second) = match leader {
                None => (heard(position).beats, 100.0 / 60.0),
                Some(line) => ((position as f64 - line.first) / line.period, 2.0),
            };
            let off = beats[899].beats - goal - 0.03 * a_second;
            assert!((off - off.round()).abs() < 1e-3, "{off}");
        }
    }

    #[test]
    fn a_change_of_leaders_never_jumps_and_bars_are_theirs() {
        let line = |first: f64, tempo: f64, per_bar| {
            Some(Led {
                first,
                period: 60.0 * RATE / tempo,
                per_bar,
            })
        };
        let leaders = [
            line(5e4, 174.0, Some(3)),
            None,
            line(7e4, 80.0, Some(5)),
            line(9e4, 80.0, None),
        ];
        let beats = led(2400, |_, position| {
            leaders[(position / HOP / 600).min(3) as usize]
        });
        for (n, pair) in beats.windows(2).enumerate() {
            let step = (pair[1].beats - pair[0].beats) * RATE / HOP as f64 * 60.0;
            assert!((39.0..=349.0).contains(&step), "{step} at {n}");
        }
        for (n, leader) in leaders.iter().enumerate() {
            let hop = 600 * (n + 1) - 60;
            let (beat, position) = (beats[hop], (hop as u64 + 1) * HOP);
            let Some(led) = leader else {
                assert_eq!(beat.in_bar, heard(position).in_bar);
                continue;
            };
            let goal = (position as f64 - led.first) / led.period;
            let off = goal - beat.beats;
            assert!((off - off.round()).abs() < 1e-3);
            let per_bar = led.per_bar.unwrap_or(4);
            assert_eq!(beat.per_bar, per_bar);
            assert_eq!(
                i64::from(beat.in_bar),
                (goal.floor() as i64).rem_euclid(per_bar.into())
            );
        }
    }
}
