//! Looks with a name.

mod breed;
mod broken;
mod draft;
mod file;
mod keeping;
mod library;
mod look;
mod numbers;
mod painter;
mod painting;
mod preset;
mod search;
mod shelf;
mod user_files;

pub use breed::bred;
pub use broken::BrokenPresets;
pub use draft::Draft;
pub use keeping::{
    Deleted, Saved, delete_preset, rename_preset, restore_preset, save_preset, tag_preset,
};
pub use library::{
    broken_presets, keep_presets_in, preset_called, presets, read_preset, users_presets,
    with_positions,
};
pub use numbers::{numbered_name, preset_number};
pub use painter::PresetPainter;
pub use painting::Painting;
pub use preset::Preset;
pub use search::{Among, Query, ranked_tags, search};
pub use shelf::{Shelf, note_used, set_favourite, shelf};
