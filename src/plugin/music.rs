//! Music that a picture asks for, made beside everything else and kept as a MIDI file among the films.

use crate::compose::{Asked, Choice, Composer, Held, Instruments, Wishes};
use crate::emotion::PictureMood;
use crate::live::Live;
use crate::media::picture;
use crate::output::Destination;
use crate::worker::{reason, step_back};
use parking_lot::Mutex;
use std::fs::create_dir_all;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};

/// A piece's length, as the command line has it, and among how many takes it is chosen: half as many as there, since
/// somebody looks on.
const BARS: usize = 16;
pub const TAKES: usize = 4;

/// Pieces of one name that a folder holds.
const MOST: u32 = 10_000;

/// How far a piece is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Piece {
    #[default]
    None,
    /// So many takes are made.
    InTheMaking(usize),
    /// It is there.
    Done(PathBuf),
}

/// Makes one piece at a time; ends with the one that is being made.
#[derive(Default)]
pub struct Music {
    piece: Arc<Mutex<Piece>>,
    stop: Arc<AtomicBool>,
    making: Mutex<Option<JoinHandle<()>>>,
}

impl Music {
    /// How far it is.
    pub fn piece(&self) -> Piece {
        self.piece.lock().clone()
    }

    /// Begins to make what the picture at `path` asks for, unless something is being made. What goes wrong is told to `live`.
    pub fn begin(&self, live: &Arc<Live>, path: PathBuf) {
        let seed = live.setup().seed;
        self.run(live, move |live, tell| make(live, &path, seed, tell));
    }

    /// Keeps the song's mood as a MIDI file at a tempo, in the same way.
    pub fn begin_mood(&self, live: &Arc<Live>, tempo: f64) {
        self.run(live, move |live, _| {
            let setup = live.setup();
            let bytes = live.course().midi(&setup.drawn, tempo)?;
            keep(&setup.film.place()?, Path::new("mood"), &bytes)
        });
    }

    fn run(
        &self,
        live: &Arc<Live>,
        job: impl FnOnce(&Live, &(dyn Fn(usize) -> bool + Sync)) -> Result<PathBuf, String>
        + Send
        + 'static,
    ) {
        let mut making = self.making.lock();
        if making.as_ref().is_some_and(|making| !making.is_finished()) {
            return live.report("a piece is being made already: the next one comes after it");
        }
        *self.piece.lock() = Piece::InTheMaking(0);
        let (piece, stop) = (Arc::clone(&self.piece), Arc::clone(&self.stop));
        let live_of_thread = Arc::clone(live);
        let thread = Builder::new().name("synopsia-music".to_owned());
        let spawned = thread.spawn(move || {
            step_back();
            let tell = |made| {
                *piece.lock() = Piece::InTheMaking(made);
                !stop.load(Ordering::Relaxed)
            };
            let made = catch_unwind(AssertUnwindSafe(|| job(&live_of_thread, &tell)));
            let made = made.unwrap_or_else(|panic| {
                let why = reason(&panic);
                Err(format!("the music could not be made: {why}"))
            });
            *piece.lock() = match made {
                Ok(path) => Piece::Done(path),
                Err(why) => {
                    live_of_thread.report(why);
                    Piece::None
                }
            };
        });
        match spawned {
            Ok(handle) => *making = Some(handle),
            Err(error) => {
                *self.piece.lock() = Piece::None;
                live.report(format!("the system gives no thread: {error}"));
            }
        }
    }
}

impl Drop for Music {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // The host may unload the code that the thread runs.
        if let Some(making) = self.making.lock().take() {
            let _ = making.join();
        }
    }
}

/// Makes a piece and keeps it; answers where.
fn make(
    live: &Live,
    path: &Path,
    seed: u64,
    tell: impl Fn(usize) -> bool + Sync,
) -> Result<PathBuf, String> {
    let setup = live.setup();
    let (picture, _) = picture::open(path)?;
    let eye = PictureMood::built_in().map_err(|error| error.to_string())?;
    let sentence = |error: crate::compose::ComposeError| error.to_string();
    let asked = Asked::of(&picture, &eye, BARS).map_err(sentence)?;
    let wishes = Wishes {
        bars: BARS,
        tonic: None,
        held: Held {
            minor: None,
            tempo: None,
        },
        seed,
    };
    let choice = Choice {
        takes: TAKES,
        ear: setup.ear,
    };
    let instruments = Instruments::built_in().map_err(sentence)?;
    let composer = Composer::built_in().map_err(sentence)?;
    let kept = composer.best(&asked, &wishes, &instruments, choice, tell);
    let bytes = kept.and_then(|kept| kept.score.midi()).map_err(sentence)?;
    keep(&setup.film.place()?, path, &bytes)
}

/// Keeps a file in a folder, named like that; answers where.
fn keep(folder: &Path, like: &Path, bytes: &[u8]) -> Result<PathBuf, String> {
    create_dir_all(folder)
        .map_err(|error| format!("music cannot go to {}: {error}", folder.display()))?;
    let free = free_place(folder, like).ok_or_else(|| {
        let folder = folder.display();
        format!("{folder} holds too many pieces of one name")
    })?;
    let destination = Destination::check(&free, false).map_err(|error| error.to_string())?;
    destination.write(bytes).map_err(|error| error.to_string())
}

/// Where a piece of the picture at `path` may go: named as it is, and by a number where that is taken.
fn free_place(folder: &Path, path: &Path) -> Option<PathBuf> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let named = |number: u32| match number {
        1 => folder.join(format!("{name}.mid")),
        number => folder.join(format!("{name} {number}.mid")),
    };
    (1..MOST)
        .map(named)
        .find(|place| place.symlink_metadata().is_err())
}

#[cfg(test)]
impl Music {
    /// Music that is so far.
    pub fn put(&self, piece: Piece) {
        *self.piece.lock() = piece;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::Project;
    use std::time::{Duration, Instant};

    #[test]
    fn what_is_no_picture_is_told_in_a_sentence_and_the_next_one_may_come() {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::default();
        for name in ["nowhere.png", "text.png"] {
            std::fs::write(folder.path().join("text.png"), "no picture").unwrap();
            project.music.begin(&project.live, folder.path().join(name));
            let begun = Instant::now();
            while project.music.piece() != Piece::None {
                assert!(begun.elapsed() < Duration::from_secs(60));
                std::thread::sleep(Duration::from_millis(5));
            }
            let problem = project.live.status().problem.unwrap_or_default();
            assert!(problem.contains(name), "{problem}");
        }
    }

    #[test]
    fn a_piece_is_named_like_its_picture_and_no_older_one_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let place = || free_place(folder.path(), Path::new("/pictures/sea.png")).unwrap();
        for name in ["sea.mid", "sea 2.mid", "sea 3.mid"] {
            assert_eq!(place(), folder.path().join(name));
            std::fs::write(place(), "a piece").unwrap();
        }
    }
}
