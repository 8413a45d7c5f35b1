//! Which lamps there are, where they listen, and what each of them shows.

mod check;
mod file;
mod lamps;
mod words;

pub(crate) use lamps::{Channel, SLOTS};
pub use lamps::{End, Lamp, Patch};
use std::fs::File;
use std::io::Read;
use std::path::Path;

impl Patch {
    /// Four lamps of three channels from address 1 of universe 1 on: left, centre and right of the picture, and its mood.
    ///
    /// # Errors
    /// When the program's own file is damaged, which a test rules out.
    pub fn usual() -> Result<Self, String> {
        Self::read(include_str!("default.json"), "the default patch")
    }

    /// The patch in a file.
    ///
    /// # Errors
    /// In a sentence: when there is no such file, and as [`read`](Self::read) fails.
    pub fn open(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let mut text = String::new();
        // One byte more than a patch has is enough to see that it is none.
        let read = File::open(path)
            .and_then(|file| file.take(file::LONGEST + 1).read_to_string(&mut text));
        read.map_err(|error| format!("{name} cannot be read: {error}"))?;
        Self::read(&text, &name.to_string())
    }

    /// The patch that `text` describes; `name` is what it is called in sentences. `docs/lights.md` says how one is written.
    ///
    /// # Errors
    /// In a sentence for who set up the lamps: what is wrong with which lamp, and where that is.
    pub fn read(text: &str, name: &str) -> Result<Self, String> {
        let wrong = |why| format!("{name} cannot be used as a patch: {why}");
        let patch = file::read(text).map_err(wrong)?;
        patch.check().map_err(wrong)?;
        Ok(patch)
    }
}
