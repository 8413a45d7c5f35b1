//! The lyrics that an instance shows.

use crate::media::lyrics::{self, Song};
use crate::render::unwritable;
use crate::show::Libretto;
use crate::worker::step_back;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

/// How often it is looked whether a file has changed.
const LOOK: Duration = Duration::from_secs(1);

/// Lyrics that were read, and whence. They are read on a thread of their own: words, their moods and their places take
/// some milliseconds a line.
#[derive(Debug, Default)]
pub(super) struct Kept {
    path: Option<PathBuf>,
    /// The file as it was when it was last read.
    version: Option<Version>,
    looked: Option<Instant>,
    libretto: Arc<Libretto>,
    reading: Option<JoinHandle<Read>>,
}

/// A file is another one when its length or its time is.
type Version = (u64, Option<SystemTime>);

/// What is sung, and what is to be said of it, a sentence each.
type Read = (Arc<Libretto>, Vec<String>);

/// Whether somebody waits until a file has been read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Patience {
    /// A film does.
    Wait,
    /// A stage does not: what is new comes when it is there.
    GoOn,
}

impl Kept {
    /// What is sung by the file at `path`, which is read where it is another than before, or has changed; what is wrong
    /// with it is told to `report`.
    pub(super) fn of(
        &mut self,
        path: Option<&Path>,
        patience: Patience,
        report: impl Fn(String),
    ) -> Arc<Libretto> {
        if self.path.as_deref() != path {
            self.put(Arc::default());
            self.path = path.map(Path::to_path_buf);
            self.begin();
        } else if self.is_worth_a_look(patience) && self.version != version(path) {
            self.begin();
        }
        let wait = patience == Patience::Wait;
        if let Some(reading) = self.reading.take_if(|it| wait || it.is_finished()) {
            match reading.join() {
                Ok((libretto, said)) => {
                    self.libretto = libretto;
                    said.into_iter().for_each(report);
                }
                Err(_) => report("the lyrics could not be read, by a fault of the program".into()),
            }
        }
        Arc::clone(&self.libretto)
    }

    /// Shows what has no file.
    pub(super) fn put(&mut self, libretto: Arc<Libretto>) {
        *self = Self {
            libretto,
            ..Self::default()
        };
    }

    fn is_worth_a_look(&mut self, patience: Patience) -> bool {
        let now = Instant::now();
        let fresh = self.looked.is_some_and(|at| now - at < LOOK);
        if self.reading.is_some() || self.path.is_none() || fresh && patience == Patience::GoOn {
            return false;
        }
        self.looked = Some(now);
        true
    }

    /// Begins to read the file.
    fn begin(&mut self) {
        let Some(path) = self.path.clone() else {
            return;
        };
        (self.version, self.looked) = (version(Some(&path)), Some(Instant::now()));
        let thread = Builder::new().name("synopsia-lyrics".into());
        let read = move || {
            step_back();
            read(&path)
        };
        self.reading = thread.spawn(read).ok();
    }
}

fn version(path: Option<&Path>) -> Option<Version> {
    let about = path?.metadata().ok()?;
    Some((about.len(), about.modified().ok()))
}

fn read(path: &Path) -> Read {
    let sheet = match lyrics::read(path) {
        Ok(sheet) => sheet,
        Err(error) => return (Arc::default(), vec![error.to_string()]),
    };
    // How long the host's song is, and where it is sung, nobody says.
    let lyrics = sheet.fit(&Song::default());
    let libretto = Libretto::new(&lyrics);
    let said = lyrics.warnings.into_iter().chain(unwritable(&libretto));
    (Arc::new(libretto), said.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn a_film_waits_for_a_file_a_stage_does_not_and_what_is_saved_anew_is_read_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("song.lrc");
        std::fs::write(&path, "[00:01]one").unwrap();
        let said = RefCell::new(Vec::new());
        let report = |sentence| said.borrow_mut().push(sentence);
        let texts =
            |libretto: Arc<Libretto>| libretto.texts().map(str::to_owned).collect::<Vec<_>>();
        let mut kept = Kept::default();
        let file = Some(path.as_path());
        assert_eq!(texts(kept.of(file, Patience::Wait, report)), ["one"]);
        std::fs::write(&path, "[00:01]another").unwrap();
        assert_eq!(
            texts(kept.of(file, Patience::GoOn, report)),
            ["one"],
            "not looked at yet"
        );
        assert_eq!(texts(kept.of(file, Patience::Wait, report)), ["another"]);

        let other = folder.path().join("other.lrc");
        std::fs::write(&other, "[00:01]three").unwrap();
        let begun = Instant::now();
        loop {
            match texts(kept.of(Some(&other), Patience::GoOn, report)) {
                none if none.is_empty() => std::thread::sleep(Duration::from_millis(5)),
                read => break assert_eq!(read, ["three"]),
            }
            assert!(begun.elapsed() < Duration::from_secs(30));
        }
        assert!(said.borrow().is_empty());
        let missing = folder.path().join("nowhere.lrc");
        assert!(kept.of(Some(&missing), Patience::Wait, report).is_empty());
        assert!(kept.of(Some(&missing), Patience::Wait, report).is_empty());
        assert_eq!(said.borrow().len(), 1, "{said:?}");
        assert!(kept.of(None, Patience::GoOn, report).is_empty());
    }
}
