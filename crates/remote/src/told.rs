//! How a stage is at a moment, asked for once and told to everybody.

use crate::stage::{Heard, PresetInfo, Stage};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// From one look at which presets there are to the next: they may be read from a disk.
const PRESETS: Duration = Duration::from_secs(2);

/// How a stage is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// Counts up.
    pub number: u64,
    /// Where controls stand, plain.
    pub values: Vec<f32>,
    pub heard: Option<Heard>,
    pub presets: Arc<Vec<PresetInfo>>,
}

struct Kept {
    told: Arc<Told>,
    at: Instant,
    presets_at: Instant,
}

/// Asks a stage how it is, no oftener than so.
pub(crate) struct Telling {
    stage: Arc<dyn Stage>,
    every: Duration,
    kept: Mutex<Option<Kept>>,
}

impl Telling {
    pub(crate) fn new(stage: Arc<dyn Stage>, every: Duration) -> Self {
        Self {
            stage,
            every,
            kept: Mutex::new(None),
        }
    }

    /// How the stage is, or was a moment ago.
    pub(crate) fn at(&self, now: Instant) -> Arc<Told> {
        let mut kept = self.kept.lock();
        if let Some(kept) = &*kept
            && now.saturating_duration_since(kept.at) < self.every
        {
            return Arc::clone(&kept.told);
        }
        let is_new = |kept: &&Kept| now.saturating_duration_since(kept.presets_at) < PRESETS;
        let (presets, presets_at) = match kept.as_ref().filter(is_new) {
            Some(kept) => (Arc::clone(&kept.told.presets), kept.presets_at),
            None => (Arc::new(self.stage.presets()), now),
        };
        let told = Arc::new(Told {
            number: kept.as_ref().map_or(0, |kept| kept.told.number + 1),
            values: self.stage.values(),
            heard: self.stage.heard(),
            presets,
        });
        *kept = Some(Kept {
            told: Arc::clone(&told),
            at: now,
            presets_at,
        });
        told
    }
}
