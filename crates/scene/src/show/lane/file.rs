//! The file of a lane, beside its song: `song.mood.json`.

use super::MoodLane;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Lines and bounds with more points are none.
const MOST_POINTS: usize = 100_000;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LaneError {
    #[error("it is no drawn mood: {0}")]
    Malformed(String),
    #[error("a newer version of Synopsia wrote it (version {0})")]
    Newer(u32),
    #[error("it is too large to be a drawn mood")]
    TooLarge,
}

#[derive(Serialize, Deserialize)]
struct Sheet {
    version: u32,
    #[serde(flatten)]
    lane: MoodLane,
}

impl MoodLane {
    /// Larger files are none, bytes.
    pub const LARGEST: u64 = 4 << 20;

    /// Reads what [`to_json`](Self::to_json) wrote, or a person.
    ///
    /// # Errors
    /// In a sentence: when that is something else, or says what cannot be.
    pub fn from_json(text: &str) -> Result<Self, LaneError> {
        if text.len() as u64 > Self::LARGEST {
            return Err(LaneError::TooLarge);
        }
        let malformed = |error: serde_json::Error| LaneError::Malformed(error.to_string());
        let value: serde_json::Value = serde_json::from_str(text).map_err(malformed)?;
        // Before the rest is looked at, which may be other by then.
        if let Some(version) = value.get("version").and_then(serde_json::Value::as_u64)
            && version > u64::from(VERSION)
        {
            return Err(LaneError::Newer(u32::try_from(version).unwrap_or(u32::MAX)));
        }
        let sheet: Sheet = serde_json::from_value(value).map_err(malformed)?;
        sheet.lane.check()?;
        Ok(sheet.lane)
    }

    /// As a file holds it.
    pub fn to_json(&self) -> String {
        let sheet = Sheet {
            version: VERSION,
            lane: self.clone(),
        };
        // Numbers are finite and keys are words: it cannot fail.
        serde_json::to_string_pretty(&sheet).unwrap_or_default() + "\n"
    }

    /// That it makes sense.
    ///
    /// # Errors
    /// When it does not, with what does not.
    pub fn check(&self) -> Result<(), LaneError> {
        let says = |what: String| Err(LaneError::Malformed(what));
        let count: usize = self.drawn.iter().map(|stretch| stretch.points.len()).sum();
        if count + self.limits.len() > MOST_POINTS {
            return Err(LaneError::TooLarge);
        }
        for stretch in &self.drawn {
            if stretch.points.is_empty() {
                return says("a line has no point".to_owned());
            }
            if !stretch.points.is_sorted_by(|a, b| a[0] < b[0]) {
                return says(
                    "the points of a line are not in the order of their seconds".to_owned(),
                );
            }
            for [at, value] in &stretch.points {
                if !(at.is_finite() && *at >= 0.0 && (-1.0..=1.0).contains(value)) {
                    return says(format!(
                        "there is no point [{at}, {value}]: seconds, and -1 to 1"
                    ));
                }
            }
        }
        for limit in &self.limits {
            let bounds = [limit.least, limit.most];
            let in_range = |bound: &f64| (-1.0..=1.0).contains(bound);
            if !(limit.from >= 0.0 && limit.from <= limit.to && limit.to.is_finite()) {
                return says(format!(
                    "no bound holds from {} to {} s",
                    limit.from, limit.to
                ));
            }
            if bounds == [None; 2] || !bounds.iter().flatten().all(in_range) {
                return says("a bound is “least” or “most”, from -1 to 1".to_owned());
            }
            if limit
                .least
                .zip(limit.most)
                .is_some_and(|(least, most)| least > most)
            {
                return says("the least of a bound is above its most".to_owned());
            }
        }
        Ok(())
    }

    /// Where the lane of a song is kept.
    pub fn beside(song: &Path) -> PathBuf {
        song.with_extension("mood.json")
    }
}

#[cfg(test)]
mod tests {
    use super::super::Axis;
    use super::*;

    #[test]
    fn a_lane_is_read_as_it_was_written() {
        let mut lane = MoodLane::default();
        lane.draw(Axis::Arousal, &[[1.0, 0.25], [2.5, -0.5], [9.0, 0.0]]);
        lane.limit(Axis::Valence, [0.0, 12.0], 0.4, true);
        assert_eq!(MoodLane::from_json(&lane.to_json()), Ok(lane));
        let by_hand = r#"{"version": 1, "limits": [{"axis": "arousal", "from": 0, "to": 95.2, "most": 0.4}]}"#;
        let lane = MoodLane::from_json(by_hand).unwrap();
        assert_eq!((lane.limits.len(), lane.drawn.len()), (1, 0));
        assert_eq!(
            MoodLane::beside(Path::new("a/song.final.flac")),
            Path::new("a/song.final.mood.json")
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_in_a_sentence() {
        assert_eq!(
            MoodLane::from_json(r#"{"version": 2, "drawn": 7}"#),
            Err(LaneError::Newer(2))
        );
        for (text, said) in [
            ("", "no drawn mood"),
            ("[]", "no drawn mood"),
            (r#"{"drawn": []}"#, "version"),
            (
                r#"{"version": 1, "drawn": [{"axis": "hue", "points": [[1, 0]]}]}"#,
                "hue",
            ),
            (
                r#"{"version": 1, "drawn": [{"axis": "arousal", "points": []}]}"#,
                "no point",
            ),
            (
                r#"{"version": 1, "drawn": [{"axis": "arousal", "points": [[2, 0], [1, 0]]}]}"#,
                "order",
            ),
            (
                r#"{"version": 1, "drawn": [{"axis": "arousal", "points": [[1, 2]]}]}"#,
                "[1, 2]",
            ),
            (
                r#"{"version": 1, "drawn": [{"axis": "arousal", "points": [[-1, 0]]}]}"#,
                "[-1, 0]",
            ),
            (
                r#"{"version": 1, "limits": [{"axis": "arousal", "from": 2, "to": 1, "most": 0}]}"#,
                "from 2 to 1",
            ),
            (
                r#"{"version": 1, "limits": [{"axis": "arousal", "from": 0, "to": 1}]}"#,
                "least",
            ),
            (
                r#"{"version": 1, "limits": [{"axis": "arousal", "from": 0, "to": 1, "least": 0.5, "most": 0}]}"#,
                "above",
            ),
        ] {
            let error = MoodLane::from_json(text).expect_err(text).to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
        assert_eq!(
            MoodLane::from_json(&" ".repeat(MoodLane::LARGEST as usize + 1)),
            Err(LaneError::TooLarge)
        );
    }
}
