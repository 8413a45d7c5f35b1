//! What is told to the person in front of it.

use crate::emotion::{Ear, Emotion};
use crate::show::Felt;
use crate::signal::{AudioFrame, SongTime};
use parking_lot::Mutex;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the tempo comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TempoSource {
    /// No music was heard yet.
    #[default]
    None,
    /// The host's transport.
    Host,
    /// What is heard.
    Heard,
    /// Somebody who taps.
    Tapped,
    /// A MIDI device.
    MidiClock,
    /// So many other programs, by Ableton Link.
    Link(u32),
}

/// What is heard and felt at this moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeardNow {
    /// The newest hop.
    pub frame: AudioFrame,
    pub time: SongTime,
    pub tempo: TempoSource,
    /// The mood that is heard, and the one that the picture shows.
    pub heard: Emotion,
    pub shown: Emotion,
    /// What the words feel like, where any are understood.
    pub words: Option<Felt>,
}

/// What was lost because a ring was full or a picture came late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Hops of analysis.
    pub hops: u64,
    /// Samples that the emotion network did not hear.
    pub samples: u64,
    /// Pictures that came later than they should have.
    pub pictures: u64,
}

/// What is being filmed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Filming {
    #[default]
    Idle,
    /// What is seen live.
    Recording {
        path: PathBuf,
        /// Length of the film so far.
        seconds: f64,
    },
    /// The host's bounce.
    Bouncing {
        path: PathBuf,
        /// Length of the film so far.
        seconds: f64,
    },
    /// The music has ended, the film is being completed.
    Finishing { path: PathBuf },
}

/// How things are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// Pictures a second over the last second; 0 while nobody looks.
    pub fps: f32,
    /// Their size, pixels.
    pub picture: [usize; 2],
    /// The graphics adapter's name, or why there is none.
    pub adapter: String,
    /// Who paints and who renders, and why, a sentence each.
    pub painter: String,
    pub renderer: String,
    /// The ear that hears; none before one does.
    pub ear: Option<Ear>,
    /// The model that paints, and the one that is being loaded to paint next.
    pub model: String,
    pub loading: Option<String>,
    pub dropped: Dropped,
    /// Milliseconds from the newest audio's arrival at the painting thread to its picture.
    pub picture_ms: f32,
    /// What is shown: nothing, or a still.
    pub blackout: bool,
    pub freeze: bool,
    /// Whether what flashes too often is held back.
    pub flashes_held: bool,
    /// What is being filmed, and where the last film is.
    pub filming: Filming,
    pub last_film: Option<PathBuf>,
    /// Where the last still is.
    pub last_still: Option<PathBuf>,
    /// The last problem in words, and how many there were.
    pub problem: Option<String>,
    pub problems: u64,
    /// None before the first block of audio.
    pub now: Option<HeardNow>,
}

/// Where threads write what is told.
#[derive(Debug, Default)]
pub(crate) struct SharedStatus {
    status: Mutex<Status>,
    pub(super) hops: AtomicU64,
    pub(super) samples: AtomicU64,
}

impl SharedStatus {
    /// How things are now.
    pub(super) fn read(&self) -> Status {
        let mut status = self.status.lock().clone();
        status.dropped.hops = self.hops.load(Ordering::Relaxed);
        status.dropped.samples = self.samples.load(Ordering::Relaxed);
        status
    }

    /// What is heard and felt now.
    pub(super) fn now(&self) -> Option<HeardNow> {
        self.status.lock().now
    }

    pub(super) fn write(&self, change: impl FnOnce(&mut Status)) {
        change(&mut self.status.lock());
    }

    /// Puts up a problem, in a sentence.
    pub(crate) fn report(&self, problem: impl Into<String>) {
        let problem = problem.into();
        self.write(|status| {
            status.problem = Some(problem);
            status.problems += 1;
        });
    }

    /// What puts up problems here, for a thread of its own.
    pub(super) fn reporter(self: &Arc<Self>) -> impl Fn(String) + Send + use<> {
        let status = Arc::clone(self);
        move |problem| status.report(problem)
    }

    /// Puts up a problem, unless it is the last one that was.
    pub(super) fn report_once(&self, problem: String) {
        if self.status.lock().problem.as_ref() != Some(&problem) {
            self.report(problem);
        }
    }
}
