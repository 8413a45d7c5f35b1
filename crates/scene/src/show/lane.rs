//! A song's mood as somebody draws it, and within which bounds it is to stay: its temperament.

mod drawing;
mod file;

pub use file::LaneError;
use serde::{Deserialize, Serialize};

/// Seconds over which what is drawn comes and goes at its ends.
const FADE: f64 = 0.5;

/// Which number of a mood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    Valence,
    Arousal,
}

impl Axis {
    /// Both, as a mood has them.
    pub const ALL: [Self; 2] = [Self::Valence, Self::Arousal];
}

/// A line that was drawn: from point to point, seconds of the song and -1 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    pub axis: Axis,
    /// In the order of their seconds, at least one.
    pub points: Vec<[f64; 2]>,
}

/// A bound within which a mood stays, from a second of the song to another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    pub axis: Axis,
    pub from: f64,
    pub to: f64,
    /// Never below that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
    /// Never above that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<f64>,
}

/// A song's mood, where somebody has drawn it, and its bounds.
///
/// What is drawn stands for what is heard and read there, so whoever plays a mood still has his share. Bounds hold whatever is
/// heard, played or preset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoodLane {
    pub drawn: Vec<Stretch>,
    pub limits: Vec<Limit>,
}

/// How much of something from a second to another counts at `seconds`.
fn meant(from: f64, to: f64, seconds: f64) -> f64 {
    let away = (from - seconds).max(seconds - to).max(0.0);
    (1.0 - away / FADE).max(0.0)
}

impl Stretch {
    /// Its first and last second.
    pub fn span(&self) -> [f64; 2] {
        let ends = self.points.first().zip(self.points.last());
        ends.map_or([0.0; 2], |(first, last)| [first[0], last[0]])
    }

    /// Where the line is at `seconds`; beyond its ends, as there.
    pub fn at(&self, seconds: f64) -> f64 {
        let after = self.points.partition_point(|[at, _]| *at <= seconds);
        match (
            after.checked_sub(1).and_then(|n| self.points.get(n)),
            self.points.get(after),
        ) {
            (Some([from, low]), Some([to, high])) => {
                let share = (seconds - from) / (to - from).max(1e-9);
                low + share * (high - low)
            }
            (Some([_, value]), None) | (None, Some([_, value])) => *value,
            (None, None) => 0.0,
        }
    }
}

impl MoodLane {
    /// Whether nothing is drawn or bounded.
    pub fn is_empty(&self) -> bool {
        self.drawn.is_empty() && self.limits.is_empty()
    }

    /// A mood that is heard at `seconds` of the song, as it is drawn there and within its bounds.
    pub fn over(&self, heard: [f32; 2], seconds: f64) -> [f32; 2] {
        self.bounded(self.redrawn(heard, seconds), seconds)
    }

    /// A mood that is heard at `seconds` of the song, as it is drawn there.
    pub(super) fn redrawn(&self, heard: [f32; 2], seconds: f64) -> [f32; 2] {
        let mut mood = heard;
        for stretch in &self.drawn {
            let [from, to] = stretch.span();
            let share = meant(from, to, seconds) as f32;
            if share > 0.0 {
                let value = &mut mood[stretch.axis as usize];
                *value += share * (stretch.at(seconds) as f32 - *value);
            }
        }
        mood
    }

    /// A mood at `seconds` of the song, within the bounds that hold there.
    pub(super) fn bounded(&self, mood: [f32; 2], seconds: f64) -> [f32; 2] {
        let mut point = mood;
        for limit in &self.limits {
            let share = meant(limit.from, limit.to, seconds) as f32;
            let value = &mut point[limit.axis as usize];
            let least = limit.least.map_or(*value, |least| value.max(least as f32));
            let bound = limit.most.map_or(least, |most| least.min(most as f32));
            *value += share * (bound - *value);
        }
        point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane() -> MoodLane {
        MoodLane {
            drawn: vec![
                Stretch {
                    axis: Axis::Arousal,
                    points: vec![[10.0, -0.5], [20.0, 0.5], [30.0, 0.5]],
                },
                Stretch {
                    axis: Axis::Valence,
                    points: vec![[15.0, 0.9]],
                },
            ],
            limits: vec![Limit {
                axis: Axis::Arousal,
                from: 0.0,
                to: 18.0,
                least: None,
                most: Some(0.1),
            }],
        }
    }

    #[test]
    fn what_is_drawn_is_followed_and_elsewhere_what_is_heard() {
        let lane = lane();
        let at = |seconds| lane.redrawn([0.2, -0.8], seconds);
        assert_eq!(at(0.0), [0.2, -0.8]);
        assert_eq!(at(10.0)[1], -0.5);
        assert!(at(15.0)[1].abs() < 1e-6 && (at(15.0)[0] - 0.9).abs() < 1e-6);
        assert!((at(25.0)[1] - 0.5).abs() < 1e-6);
        assert_eq!(at(31.0), [0.2, -0.8]);
        // It comes and goes within half a second, without a jump.
        let mut last = at(0.0);
        for n in 1..4000 {
            let now = at(f64::from(n) * 0.01);
            assert!((now[0] - last[0]).abs() < 0.02 && (now[1] - last[1]).abs() < 0.03);
            last = now;
        }
    }

    #[test]
    fn bounds_hold_where_they_hold_and_change_nothing_within_them() {
        let lane = lane();
        let at = |arousal, seconds| lane.bounded([0.3, arousal], seconds);
        assert!((at(0.9, 5.0)[1] - 0.1).abs() < 1e-6);
        assert_eq!(at(-0.4, 5.0), [0.3, -0.4]);
        assert_eq!(at(0.9, 19.0), [0.3, 0.9]);
        assert!((at(0.9, 18.25)[1] - 0.5).abs() < 1e-6);
        let none = MoodLane::default();
        assert_eq!(none.bounded([0.3, 0.9], 1.0), [0.3, 0.9]);
        assert_eq!(none.redrawn([0.1, 0.2], 1.0), [0.1, 0.2]);
    }
}
