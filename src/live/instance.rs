//! One instance: its threads, its audience, its settings.

use super::exit;
use super::filming;
use super::hearing::Hearing;
use super::kept::Patience;
use super::listening::{self, Listening};
use super::lit::Lit;
use super::midi::Midi;
use super::painting;
use super::remote_served::{OscQueried, Remote};
use super::setup::Setup;
use super::shared::{Shared, Shown};
use super::status::Status;
use super::tap::{Pass, Tap};
use crate::control::{Preset, Setting, Snapshot};
use crate::faults::Part;
use crate::output::window::{Key, monitors};
use crate::output::{PictureSink, SinkId};
use crate::show::{Board, Libretto};
use crate::signal::AnalyserError;
use crate::worker::Worker;
use crossbeam_channel::bounded;
use parking_lot::Mutex;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How long the end of the process waits for somebody who starts or ends threads.
const LOCK: Duration = Duration::from_secs(5);

/// Emotions that may wait for the painting thread: more than it can miss in a second.
const EMOTIONS: usize = 64;

/// Whether the process ends: then nothing paints any more.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Every instance of the process that lives.
static INSTANCES: Mutex<Vec<Weak<Live>>> = Mutex::new(Vec::new());

/// The instances that live, oldest first: for tests, which reach a plugin only as its host does.
#[doc(hidden)]
pub fn instances() -> Vec<Weak<Live>> {
    INSTANCES.lock().clone()
}

pub(super) fn no_thread(error: std::io::Error) -> String {
    format!("the system gives no thread: {error}")
}

/// One instance of the visualizer.
pub struct Live {
    pub(super) shared: Arc<Shared>,
    pub(super) threads: Mutex<Threads>,
    /// What MIDI devices move, once they are listened to.
    pub(super) midi: Mutex<Option<Arc<Midi>>>,
    /// The page for phones, and the tree of OSC's addresses, while they are served.
    pub(super) remote: Mutex<Option<Arc<Remote>>>,
    pub(super) osc_queried: Mutex<Option<OscQueried>>,
    /// Held by whoever begins a recording.
    starting: Mutex<()>,
}

#[derive(Default)]
pub(super) struct Threads {
    emotion: Option<Worker>,
    painting: Option<Worker>,
    recording: Option<Worker>,
    pub(super) osc: Option<Worker>,
    pub(super) midi: Option<Worker>,
    pub(super) midi_out: Option<Worker>,
    pub(super) link: Option<Worker>,
    /// Who keeps what is drawn.
    pub(super) lane: Option<Worker>,
    pub(super) lights: Option<Lit>,
    /// Bounces whose films are being made or finished.
    bounces: Vec<Bouncing>,
}

struct Bouncing {
    done: Arc<AtomicBool>,
    _worker: Worker,
}

impl Live {
    /// An instance whose knobs `snapshot` reads. Nothing runs before somebody plays or looks.
    pub fn new(snapshot: impl Fn() -> Snapshot + Send + Sync + 'static) -> Arc<Self> {
        let live = Arc::new(Self {
            shared: Arc::new(Shared::new(snapshot)),
            threads: Mutex::default(),
            midi: Mutex::default(),
            remote: Mutex::default(),
            osc_queried: Mutex::default(),
            starting: Mutex::default(),
        });
        let mut instances = INSTANCES.lock();
        instances.retain(|other| other.strong_count() > 0);
        instances.push(Arc::downgrade(&live));
        live
    }

    /// A tap for an audio thread, with `channels` channels at `sample_rate` Hz. From now on its
    /// music is what is seen; a tap before it is heard no more. `offline` says that the host
    /// bounces: a film of that is made where that [is armed](Self::set_bounce_armed).
    ///
    /// # Errors
    /// When the analyser does not know that rate or so many channels.
    pub fn connect(
        &self,
        sample_rate: f64,
        channels: usize,
        offline: bool,
    ) -> Result<Tap, AnalyserError> {
        let status = Arc::clone(&self.shared.status);
        let pass = match offline {
            false => Pass::Live,
            true if self.is_bounce_armed() => Pass::Filmed,
            true => Pass::Offline,
        };
        let (tap, mut receiver) = Tap::new(sample_rate, channels, pass, status)?;
        filming::reconnect(&self.shared, &mut receiver, offline);
        if let Some(passed) = receiver.passed.take() {
            self.start_bounce(filming::BounceInput::new(receiver, passed));
            return Ok(tap);
        }
        let (felt, feelings) = bounded(EMOTIONS);
        // A ring nobody fills, in the place of the one that the emotion thread takes.
        let heard = std::mem::replace(&mut receiver.heard, rtrb::RingBuffer::new(1).1);
        let listening = Mutex::new(Listening {
            sample_rate,
            heard,
            felt,
        });
        let seed = self.shared.setup().seed;
        let status = &self.shared.status;
        *self.shared.hearing.lock() = Some(Hearing::new(receiver, feelings, seed, status));
        let mut threads = self.threads.lock();
        // The old thread ends before the new one begins.
        threads.emotion = None;
        let shared = Arc::clone(&self.shared);
        let reporter = shared.status.reporter();
        let worker = Worker::start(Part::Emotion, reporter, move |stop| {
            listening::listen(&mut listening.lock(), &shared, stop);
            while !stop.load(Ordering::Relaxed) {
                std::thread::park();
            }
        });
        threads.emotion = self.started(worker);
        self.start_painting(&mut threads);
        Ok(tap)
    }

    /// Starts to film what passes.
    fn start_bounce(&self, heard: filming::BounceInput) {
        exit::complete_films_at_exit(complete_films);
        let (done, status) = (Arc::default(), self.shared.status.reporter());
        let body = filming::bounce(Arc::clone(&self.shared), heard, Arc::clone(&done));
        let mut threads = self.threads.lock();
        threads.emotion = None;
        *self.shared.hearing.lock() = None;
        let bounces = &mut threads.bounces;
        bounces.retain(|bounce| !bounce.done.load(Ordering::Acquire));
        // Where no thread comes, nobody is at the rings' other end, and the tap does not wait.
        if let Some(worker) = self.started(Worker::start(Part::Bounce, status, body)) {
            threads.bounces.push(Bouncing {
                done,
                _worker: worker,
            });
        }
    }

    /// Keeps the picture that is seen as a PNG file among the films; [`Status::last_still`] says where.
    pub fn keep_still(&self) {
        self.shared.keep_still();
        self.start_painting(&mut self.threads.lock());
    }

    /// Begins a film of what is seen, with the sound that passes, and says where it will be.
    ///
    /// # Errors
    /// When there is nothing to record, something is being filmed already, or there is no place
    /// for a film, in a sentence.
    pub fn start_recording(&self) -> Result<PathBuf, String> {
        // Not under the lock of the threads, for which a host may wait: a disk may be slow.
        let Some(_starting) = self.starting.try_lock() else {
            return Err("a film is being made already: it has to end first".to_owned());
        };
        exit::complete_films_at_exit(complete_films);
        let (path, body) = filming::record(&self.shared)?;
        let mut threads = self.threads.lock();
        threads.recording = None;
        let status = self.shared.status.reporter();
        let worker = Worker::start(Part::Recording, status, body).map_err(no_thread)?;
        threads.recording = Some(worker);
        self.start_painting(&mut threads);
        Ok(path)
    }

    /// Ends the recording; the film is at its place when [`Status::filming`] is idle again.
    pub fn stop_recording(&self) {
        filming::stop(&self.shared, None);
    }

    /// Whether a bounce is filmed.
    pub fn is_bounce_armed(&self) -> bool {
        self.shared.setup.lock().bounce_armed
    }

    /// Has the host's next bounces filmed, or not.
    pub fn set_bounce_armed(&self, armed: bool) {
        self.shared.setup.lock().bounce_armed = armed;
    }

    pub(super) fn start_painting(&self, threads: &mut Threads) {
        exit::stop_painting_at_exit(stop_painting);
        if threads.painting.is_none() && !ENDING.load(Ordering::Relaxed) {
            let shared = Arc::clone(&self.shared);
            let status = self.shared.status.reporter();
            let worker = Worker::start(Part::Painting, status, move |stop| {
                painting::paint(&shared, stop)
            });
            threads.painting = self.started(worker);
        }
    }

    fn started(&self, worker: std::io::Result<Worker>) -> Option<Worker> {
        worker.map_err(|e| self.report(no_thread(e))).ok()
    }

    /// Somebody looks at the picture; to be called again at least twice a second. Pictures are
    /// made only while somebody looks.
    pub fn look(&self) {
        self.shared.preview.look();
        // Whoever starts or ends threads just now may take a while; the next look comes soon.
        if let Some(mut threads) = self.threads.try_lock() {
            self.start_painting(&mut threads);
        }
    }

    /// From now on keys of the output window, and whoever else moves controls beside the host, set
    /// them by `set`, which must not keep a thread of this instance waiting, nor ask anything of the
    /// instance. Later calls change nothing.
    pub fn set_controls_with(&self, set: impl Fn(Setting) + Send + Sync + 'static) {
        // The first one stays.
        let _ = self.shared.set_control.set(Box::new(set));
    }

    /// Goes over to a preset in so many bars of what plays; at once where that is 0 or nothing plays.
    pub fn glide_to(&self, preset: Preset, bars: f64) {
        self.shared.glide.begin(preset, bars);
    }

    /// The name of the preset that it is on the way to.
    pub fn glides_to(&self) -> Option<String> {
        self.shared.glide.goal()
    }

    /// Does what a key of the output window does, by its name there.
    pub fn press(&self, key: &str) {
        self.shared.press(Key::alone(key));
    }

    /// Has pictures go there, too, from now on, until it says that it is closed or is taken off.
    pub fn add_sink(&self, sink: impl PictureSink + 'static) -> SinkId {
        let id = self.shared.sinks.add(sink);
        self.start_painting(&mut self.threads.lock());
        id
    }

    /// Has no more pictures go there.
    pub fn remove_sink(&self, id: SinkId) {
        self.shared.sinks.remove(id);
    }

    /// The newest picture.
    pub fn shown(&self) -> Option<Arc<Shown>> {
        self.shared.shown()
    }

    /// How things are.
    pub fn status(&self) -> Status {
        self.shared.status.read()
    }

    /// Puts up a problem, in a sentence.
    pub fn report(&self, problem: impl Into<String>) {
        self.shared.status.report(problem);
    }

    /// What is settled beside the knobs.
    pub fn setup(&self) -> Setup {
        self.shared.setup()
    }

    /// Shows what is sung in the song that is played, for as long as nobody settles on a file of lyrics.
    pub fn sing(&self, libretto: Libretto) {
        self.shared.lyrics.lock().put(Arc::new(libretto));
    }

    /// Has the song walk among these pictures until somebody settles on others.
    pub fn hang(&self, board: Board) {
        self.shared.board.lock().put(Arc::new(board));
    }

    /// The pictures among which the song walks; those that were settled on are looked at by a thread of their own.
    pub fn board(&self) -> Arc<Board> {
        self.shared.board(Patience::GoOn)
    }

    /// Whether they are being looked at.
    pub fn is_looking(&self) -> bool {
        self.shared.board.lock().is_reading()
    }

    /// Settles it anew, from the next picture on.
    pub fn set_setup(&self, setup: Setup) {
        *self.shared.setup.lock() = setup.clamped();
    }

    /// Ends and completes the films; pictures go on. Waits for whoever begins a film just now, but
    /// not for ever: the process may be ending.
    pub(super) fn finish_films(&self) {
        let Some(_starting) = self.starting.try_lock_for(LOCK) else {
            return;
        };
        let Some(mut threads) = self.threads.try_lock_for(LOCK) else {
            return;
        };
        let recording = threads.recording.take();
        let bounces = std::mem::take(&mut threads.bounces);
        drop(threads);
        drop((recording, bounces));
    }

    /// Closes the output window and ends the painting thread, with the same patience.
    fn stop_painting(&self) {
        self.close_window();
        let threads = self.threads.try_lock_for(LOCK);
        // It ends when nobody holds the threads any more.
        drop(threads.and_then(|mut threads| threads.painting.take()));
    }

    /// Ends the threads, completes the films and closes the output window. Somebody who looks or
    /// plays later starts them again.
    pub fn finish(&self) {
        *self.remote.lock() = None;
        *self.osc_queried.lock() = None;
        *self.threads.lock() = Threads::default();
        self.close_window();
    }
}

/// Ends what is being filmed, and waits until the films are at their places.
fn complete_films() {
    for live in instances().iter().filter_map(Weak::upgrade) {
        live.finish_films();
    }
}

/// Ends what paints, for good.
fn stop_painting() {
    ENDING.store(true, Ordering::Relaxed);
    let lives: Vec<_> = instances().iter().filter_map(Weak::upgrade).collect();
    let had_windows = lives.iter().any(|live| live.window().is_some());
    for live in lives {
        live.stop_painting();
    }
    if had_windows {
        // Their thread answers when it has closed them.
        let _ = monitors();
    }
}
