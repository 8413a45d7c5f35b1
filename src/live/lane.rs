//! The drawn mood of a song that is played from a file: kept beside it, as it is drawn.

use super::shared::Shared;
use crate::output::Destination;
use crate::show::{LaneError, MoodLane};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often it is looked whether something was drawn.
const PAUSE: Duration = Duration::from_millis(250);

/// Reads the lane at a place; none where there is no file.
///
/// # Errors
/// In a sentence: when the file cannot be read, or is none.
pub fn read_lane(path: &Path) -> Result<Option<MoodLane>, String> {
    let failed = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let length = std::fs::metadata(path).map_or(0, |file| file.len());
    if length > MoodLane::LARGEST {
        return Err(failed(&LaneError::TooLarge));
    }
    match std::fs::read_to_string(path) {
        Ok(text) => MoodLane::from_json(&text)
            .map(Some)
            .map_err(|error| failed(&error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

/// Writes it; one that is empty is no file, unless there was one.
fn write(path: &Path, lane: &MoodLane) -> Result<(), String> {
    if lane.is_empty() && !path.exists() {
        return Ok(());
    }
    let place = Destination::check(path, true).map_err(|error| error.to_string())?;
    place
        .write(lane.to_json().as_bytes())
        .map_err(|error| error.to_string())?;
    Ok(())
}

/// Keeps at `path` what is drawn after what is there, until told to stop.
pub(super) fn keep(path: &Path, there: &Arc<MoodLane>, shared: &Shared, stop: &AtomicBool) {
    let mut kept = Arc::clone(there);
    loop {
        let ends = stop.load(Ordering::Relaxed);
        let drawn = shared.setup().drawn;
        if !Arc::ptr_eq(&kept, &drawn)
            && *kept != *drawn
            && let Err(problem) = write(path, &drawn)
        {
            shared
                .status
                .report(format!("what was drawn is not kept: {problem}"));
        }
        kept = drawn;
        if ends {
            return;
        }
        std::thread::park_timeout(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{Live, Snapshot};
    use crate::show::Axis;
    use std::time::Instant;

    #[test]
    fn what_is_drawn_is_kept_beside_the_song_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = MoodLane::beside(&folder.path().join("song.flac"));
        let live = Live::new(Snapshot::default);
        assert_eq!(read_lane(&path), Ok(None));
        live.keep_lane(path.clone(), MoodLane::default()).unwrap();
        let mut lane = MoodLane::default();
        lane.draw(Axis::Arousal, &[[1.0, 0.5], [2.0, 0.5]]);
        let mut setup = live.setup();
        setup.drawn = Arc::new(lane.clone());
        live.set_setup(setup);
        let begun = Instant::now();
        while read_lane(&path) != Ok(Some(lane.clone())) {
            assert!(begun.elapsed() < Duration::from_secs(20));
            std::thread::sleep(Duration::from_millis(10));
        }
        // The last stroke is kept, too, when the instance ends.
        let mut setup = live.setup();
        setup.drawn = Arc::default();
        live.set_setup(setup);
        live.finish();
        assert_eq!(read_lane(&path), Ok(Some(MoodLane::default())));
        std::fs::write(&path, "{").unwrap();
        assert!(
            read_lane(&path)
                .unwrap_err()
                .contains("song.mood.json: it is no drawn mood")
        );
    }
}
