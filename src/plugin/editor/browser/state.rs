//! What is looked for among the presets, and where its user is.

use super::super::pictures::Pictures;
use crate::control::{Deleted, Preset, Query, preset_called, restore_preset, search, shelf};

/// What is looked for, and where its user is.
#[derive(Default)]
pub struct Browser {
    pub open: bool,
    pub(super) query: Query,
    /// The name of the preset that the keys are on.
    pub(super) at: String,
    /// Whether the search field is to have the keyboard.
    pub(super) wants_keys: bool,
    /// Whether what the keys are on is to be seen.
    pub(super) follow: bool,
    /// A preset that was deleted last.
    pub(super) deleted: Option<Deleted>,
    /// The last thing that was done, in a sentence.
    pub(super) said: Option<String>,
    pub pictures: Pictures,
    /// The bars in which a preset that is chosen comes; 0 for at once.
    pub bars: u16,
    /// What the last look by chance was drawn from.
    pub(super) seed: u64,
}

impl Browser {
    /// Opens it on the preset of that name.
    pub fn open(&mut self, chosen: &str) {
        self.open = true;
        self.at = chosen.to_owned();
        self.wants_keys = true;
        self.follow = true;
        self.said = None;
        self.deleted = None;
    }

    /// The places of those that are found, in the order in which they are seen.
    pub(super) fn found(&self, presets: &[Preset]) -> Vec<usize> {
        search(presets, &shelf(), &self.query)
    }

    pub(super) fn say(&mut self, result: Result<String, String>) -> bool {
        let fine = result.is_ok();
        self.said = Some(result.unwrap_or_else(|sentence| sentence));
        self.wants_keys = true;
        fine
    }

    /// The preset that the keys are on.
    pub(super) fn here(&self) -> Option<Preset> {
        preset_called(&self.at).filter(|preset| preset.name == self.at)
    }

    pub(super) fn bring_back(&mut self, deleted: &Deleted) {
        let name = &deleted.name;
        let back = restore_preset(deleted).map(|()| format!("“{name}” is back"));
        self.pictures.forget(name);
        if self.say(back) {
            self.at.clone_from(name);
            self.follow = true;
        }
    }
}
