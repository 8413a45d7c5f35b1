//! What can be turned: every control, declared once.
//!
//! The table has a row for each [`Control`]: what it is called, which values it takes, how
//! these are said and read, where in a [`Snapshot`] it stands and how presets mix it. What clamps,
//! what a host automates, what the editor shows, what the command line sets and what the
//! documentation lists is made from it; whatever moves controls from outside (a host, a key, MIDI)
//! names them by [`Control::by_id`] and moves them by a plain or a normalised value.

#[macro_use]
mod declare;
mod access;
mod group;
mod layout;
mod lettering;
pub mod models;
mod plain;
mod presets;
mod setting;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod values;
mod wording;
mod words;

pub use access::Setting;
pub use group::Group;
pub use layout::{PAGES, Page};
pub use lettering::{Lettering, WordsPlace, WordsShown};
pub use models::{MODELS, model_index, model_name, model_names};
pub use presets::{
    Among, BrokenPresets, Deleted, Draft, Painting, Preset, PresetPainter, Query, Saved, Shelf,
    bred, broken_presets, delete_preset, keep_presets_in, note_used, numbered_name, preset_called,
    preset_number, presets, ranked_tags, read_preset, rename_preset, restore_preset, save_preset,
    search, set_favourite, shelf, tag_preset, users_presets, with_positions,
};
pub use source::EmotionSource;
pub use table::{Control, Controls, Field, Mix, Row, Snapshot, Steering};
pub use values::{Curve, Values};
pub use words::{Unit, Words};
