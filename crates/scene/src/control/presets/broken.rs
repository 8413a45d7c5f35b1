//! Who was told of which broken file.

use super::library::{Library, State, refresh};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The broken files that somebody was told of, as they were then. Each of those who play at once has one
/// of these, and so is told of all.
#[derive(Default)]
pub struct BrokenPresets(BTreeMap<PathBuf, State>);

impl BrokenPresets {
    /// Looks into the folders again. What is wrong with files, a sentence each, once while they stay as
    /// they are.
    pub fn refresh(&mut self) -> Vec<String> {
        refresh(|library| self.news(library))
    }

    fn news(&mut self, library: &Library) -> Vec<String> {
        let told = std::mem::take(&mut self.0);
        let mut news = Vec::new();
        for (path, state, sentence) in library.broken() {
            if told.get(path) != Some(&state) {
                news.push(sentence);
            }
            self.0.insert(path.clone(), state);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn each_of_those_who_play_is_told_once_of_each_broken_file() {
        let folder = tempfile::tempdir().unwrap();
        let (folder, folders) = (folder.path(), [folder.path().to_owned()]);
        let mut library = Library::default();
        let [mut first, mut second] = [(); 2].map(|()| BrokenPresets::default());
        let is_of = |news: Vec<String>, file: &str| news.len() == 1 && news[0].contains(file);
        fs::write(folder.join("broken.json"), "{").unwrap();
        library.read(&folders);
        for told in [&mut first, &mut second] {
            assert!(is_of(told.news(&library), "broken.json"));
            assert_eq!(told.news(&library), Vec::<String>::new());
        }
        // Another look tells of what has changed only, whoever looks.
        fs::write(folder.join("broken.json"), "{ ").unwrap();
        fs::write(folder.join("Dusk.json"), r#"{"controls": {}}"#).unwrap();
        library.read(&folders);
        library.read(&folders);
        for told in [&mut first, &mut second] {
            assert!(is_of(told.news(&library), "broken.json"));
        }
        // What was mended before somebody came is no news.
        fs::write(folder.join("broken.json"), r#"{"controls": {}}"#).unwrap();
        fs::write(folder.join("later.json"), "[").unwrap();
        library.read(&folders);
        assert!(is_of(first.news(&library), "later.json"));
        assert!(is_of(BrokenPresets::default().news(&library), "later.json"));
    }
}
