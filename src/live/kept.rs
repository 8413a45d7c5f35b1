//! What an instance goes by that lies in files: read by a thread of its own, and anew where they change.

use crate::worker::step_back;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

/// How often it is looked whether a file has changed.
const LOOK: Duration = Duration::from_secs(1);

/// What was read, and what is to be said of it, a sentence each.
pub(super) type Read<T> = (Arc<T>, Vec<String>);

/// A file, or a folder, is another one when its length or its time is.
type Version = Option<(u64, Option<SystemTime>)>;

/// What was read from files, and from which.
#[derive(Debug)]
pub(super) struct Kept<T> {
    /// What it is called, in sentences.
    name: &'static str,
    read: fn(&[PathBuf]) -> Read<T>,
    paths: Vec<PathBuf>,
    /// The files as they were when they were last read.
    versions: Vec<Version>,
    looked: Option<Instant>,
    value: Arc<T>,
    reading: Option<JoinHandle<Read<T>>>,
}

/// Whether somebody waits until files have been read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Patience {
    /// A film does.
    Wait,
    /// A stage does not: what is new comes when it is there.
    GoOn,
}

impl<T: Default + Send + Sync + 'static> Kept<T> {
    /// Nothing yet of what is called `name` and made by `read`.
    pub(super) fn new(name: &'static str, read: fn(&[PathBuf]) -> Read<T>) -> Self {
        Self {
            name,
            read,
            paths: Vec::new(),
            versions: Vec::new(),
            looked: None,
            value: Arc::default(),
            reading: None,
        }
    }

    /// What the files at `paths` hold, which are read where they are others than before, or have changed; what is wrong
    /// with them is told to `report`.
    pub(super) fn of(
        &mut self,
        paths: &[PathBuf],
        patience: Patience,
        report: impl Fn(String),
    ) -> Arc<T> {
        if self.paths != paths {
            self.put(Arc::default());
            self.paths = paths.to_vec();
            self.begin(&report);
        } else if self.is_worth_a_look(patience) && self.versions != versions(paths) {
            self.begin(&report);
        }
        let wait = patience == Patience::Wait;
        if let Some(reading) = self.reading.take_if(|it| wait || it.is_finished()) {
            match reading.join() {
                Ok((value, said)) => {
                    self.value = value;
                    said.into_iter().for_each(report);
                }
                Err(_) => {
                    let name = self.name;
                    report(format!(
                        "the {name} could not be read, by a fault of the program"
                    ));
                }
            }
        }
        Arc::clone(&self.value)
    }

    /// Goes by what has no file.
    pub(super) fn put(&mut self, value: Arc<T>) {
        *self = Self {
            value,
            ..Self::new(self.name, self.read)
        };
    }

    /// Whether files are being read.
    pub(super) fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    fn is_worth_a_look(&mut self, patience: Patience) -> bool {
        let now = Instant::now();
        let fresh = self.looked.is_some_and(|at| now - at < LOOK);
        if self.reading.is_some() || self.paths.is_empty() || fresh && patience == Patience::GoOn {
            return false;
        }
        self.looked = Some(now);
        true
    }

    /// Begins to read the files.
    fn begin(&mut self, report: impl Fn(String)) {
        if self.paths.is_empty() {
            return;
        }
        (self.versions, self.looked) = (versions(&self.paths), Some(Instant::now()));
        let (read, paths) = (self.read, self.paths.clone());
        let thread = Builder::new().name(format!("synopsia-{}", self.name));
        let spawned = thread.spawn(move || {
            step_back();
            read(&paths)
        });
        match spawned {
            Ok(reading) => self.reading = Some(reading),
            Err(error) => report(format!("the system gives no thread: {error}")),
        }
    }
}

fn versions(paths: &[PathBuf]) -> Vec<Version> {
    let version = |path: &PathBuf| {
        let about = Path::metadata(path).ok()?;
        Some((about.len(), about.modified().ok()))
    };
    paths.iter().map(version).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// The texts of files; what cannot be read is told.
    fn texts(paths: &[PathBuf]) -> Read<Vec<String>> {
        let mut said = Vec::new();
        let mut texts = Vec::new();
        for path in paths {
            match std::fs::read_to_string(path) {
                Ok(text) => texts.push(text),
                Err(error) => said.push(error.to_string()),
            }
        }
        (Arc::new(texts), said)
    }

    #[test]
    fn a_film_waits_for_a_file_a_stage_does_not_and_what_is_saved_anew_is_read_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = [folder.path().join("one")];
        std::fs::write(&file[0], "one").unwrap();
        let said = RefCell::new(Vec::new());
        let report = |sentence| said.borrow_mut().push(sentence);
        let mut kept = Kept::new("texts", texts);
        assert_eq!(*kept.of(&file, Patience::Wait, report), ["one"]);
        std::fs::write(&file[0], "another").unwrap();
        let old = kept.of(&file, Patience::GoOn, report);
        assert_eq!(*old, ["one"], "not looked at yet");
        assert_eq!(*kept.of(&file, Patience::Wait, report), ["another"]);

        let several = [file[0].clone(), folder.path().join("three")];
        std::fs::write(&several[1], "three").unwrap();
        let begun = Instant::now();
        loop {
            let read = kept.of(&several, Patience::GoOn, report);
            if !read.is_empty() {
                break assert_eq!(*read, ["another", "three"]);
            }
            std::thread::sleep(Duration::from_millis(5));
            assert!(begun.elapsed() < Duration::from_secs(30));
        }
        assert!(said.borrow().is_empty());
        let missing = [folder.path().join("nowhere")];
        assert!(kept.of(&missing, Patience::Wait, report).is_empty());
        assert!(kept.of(&missing, Patience::Wait, report).is_empty());
        assert_eq!(said.borrow().len(), 1, "{said:?}");
        assert!(kept.of(&[], Patience::GoOn, report).is_empty());
        kept.put(Arc::new(vec!["without a file".into()]));
        assert_eq!(*kept.of(&[], Patience::GoOn, report), ["without a file"]);
    }
}
