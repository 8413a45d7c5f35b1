//! What is settled beside the knobs.

use super::film_setup::{FilmSetup, SIDES};
use crate::emotion::Ear;
use crate::show::MoodLane;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// What is settled beside the knobs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setup {
    /// What the latent path and the camera are drawn from.
    pub seed: u64,
    /// Size of the pictures, pixels; `None` for what the machine makes with ease.
    pub size: Option<[usize; 2]>,
    /// What films are like, and where they go.
    pub film: FilmSetup,
    /// Whether a bounce is filmed.
    pub bounce_armed: bool,
    /// Whose judgement of the music's mood is heard. Saved by name, beside the rest: a project may
    /// name one that this version does not have.
    #[serde(skip)]
    pub ear: Ear,
    /// The file of what is sung.
    pub lyrics: Option<PathBuf>,
    /// The pictures, and folders of them, among which the song walks.
    pub moodboard: Vec<PathBuf>,
    /// The song's mood, as it is drawn.
    #[serde(
        serialize_with = "shared::serialize",
        deserialize_with = "shared::deserialize"
    )]
    pub drawn: Arc<MoodLane>,
}

/// What is shared is saved as what it is.
mod shared {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::sync::Arc;

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        shared: &Arc<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        T::serialize(shared, to)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Arc<T>, D::Error> {
        T::deserialize(from).map(Arc::new)
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            seed: 1,
            size: None,
            film: FilmSetup::default(),
            bounce_armed: false,
            ear: Ear::default(),
            lyrics: None,
            moodboard: Vec::new(),
            drawn: Arc::default(),
        }
    }
}

impl Setup {
    /// The same with everything in range.
    pub fn clamped(mut self) -> Self {
        self.size = self
            .size
            .map(|size| size.map(|side| side.clamp(*SIDES.start(), *SIDES.end()) & !1));
        self.film = self.film.clamped();
        if self.drawn.check().is_err() {
            self.drawn = Arc::default();
        }
        self
    }
}
