//! What the threads of an instance share.

use super::clocks::Clocks;
use super::control_source::{ControlSource, Sources};
use super::course::Course;
use super::glide::{Glide, Gliding};
use super::hearing::Hearing;
use super::kept::{Kept, Patience};
use super::keys::{BeatWish, KeyCommand, Keys};
use super::recording::Recording;
use super::setup::Setup;
use super::status::SharedStatus;
use super::{lyrics, moodboard};
use crate::control::{Setting, Snapshot};
use crate::output::window::{Key, OutputWindow};
use crate::output::{Preview, SinkId, Sinks, StillButton, Stills};
use crate::render::Picture;
use crate::show::{Board, Libretto, Scene};
use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// Commands of keys that may wait.
const COMMANDS: usize = 64;

/// How far beats are moved at once, seconds.
const NUDGE: f64 = 0.01;

/// A picture that was shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub picture: Arc<Picture>,
    /// Counts up with every picture.
    pub number: u64,
    /// Where in the music it stands, samples since activation.
    pub position: u64,
    /// When the thread that made it last took in audio: its picture shows all of that.
    pub heard: Instant,
    /// What it shows.
    pub scene: Scene,
}

/// The output window, and its place among the sinks.
pub(super) struct Window {
    pub(super) handle: Arc<OutputWindow>,
    pub(super) sink: SinkId,
}

/// Sets a control for somebody who is not the host.
type SetControl = Box<dyn Fn(Setting) + Send + Sync>;

/// What the threads of an instance share.
pub(super) struct Shared {
    pub(super) snapshot: Box<dyn Fn() -> Snapshot + Send + Sync>,
    pub(super) status: Arc<SharedStatus>,
    pub(super) hearing: Mutex<Option<Hearing>>,
    /// What was heard of the song.
    pub(super) course: Mutex<Course>,
    /// By which beats are counted.
    pub(super) clocks: Mutex<Clocks>,
    pub(super) resting: Arc<AtomicBool>,
    pub(super) setup: Mutex<Setup>,
    /// What is sung.
    pub(super) lyrics: Mutex<Kept<Libretto>>,
    /// The pictures among which it walks.
    pub(super) board: Mutex<Kept<Board>>,
    shown: Mutex<Option<Arc<Shown>>>,
    /// The way to a preset.
    pub(super) glide: Glide,
    /// Where pictures go.
    pub(super) sinks: Sinks,
    pub(super) preview: Preview,
    pub(super) window: Mutex<Option<Window>>,
    /// Asks for stills, once one was wanted.
    stills: Mutex<Option<StillButton>>,
    /// Who moves controls beside the host.
    sources: Mutex<Sources>,
    /// By which they are set where they have their place.
    pub(super) set_control: OnceLock<SetControl>,
    /// What keys ask for that is no control.
    commands: (Sender<KeyCommand>, Receiver<KeyCommand>),
    pub(super) recording: Mutex<Option<Recording>>,
    /// Bounces that are being filmed: they show their own pictures.
    pub(super) bouncing: AtomicUsize,
}

impl Shared {
    pub(super) fn new(snapshot: impl Fn() -> Snapshot + Send + Sync + 'static) -> Self {
        let (sinks, preview) = (Sinks::default(), Preview::default());
        sinks.add(preview.clone());
        let (status, glide) = (Arc::<SharedStatus>::default(), Glide::default());
        let mut sources = Sources::default();
        sources.add(Gliding {
            glide: glide.clone(),
            status: Arc::clone(&status),
        });
        Self {
            snapshot: Box::new(snapshot),
            status,
            glide,
            hearing: Mutex::new(None),
            course: Mutex::default(),
            clocks: Mutex::default(),
            resting: Arc::new(AtomicBool::new(true)),
            setup: Mutex::default(),
            lyrics: Mutex::new(Kept::new("lyrics", lyrics::read)),
            board: Mutex::new(Kept::new("mood board", moodboard::read)),
            shown: Mutex::new(None),
            sinks,
            preview,
            window: Mutex::new(None),
            stills: Mutex::new(None),
            sources: Mutex::new(sources),
            set_control: OnceLock::new(),
            commands: bounded(COMMANDS),
            recording: Mutex::new(None),
            bouncing: AtomicUsize::new(0),
        }
    }

    pub(super) fn setup(&self) -> Setup {
        self.setup.lock().clone()
    }

    /// What is sung, by the file that is settled on.
    pub(super) fn libretto(&self, patience: Patience) -> Arc<Libretto> {
        let path = self.setup.lock().lyrics.clone();
        let report = |problem| self.status.report(problem);
        self.lyrics.lock().of(path.as_slice(), patience, report)
    }

    /// The pictures among which it walks, by the files that are settled on.
    pub(super) fn board(&self, patience: Patience) -> Arc<Board> {
        let paths = self.setup.lock().moodboard.clone();
        let report = |problem| self.status.report(problem);
        self.board.lock().of(&paths, patience, report)
    }

    pub(super) fn shown(&self) -> Option<Arc<Shown>> {
        self.shown.lock().clone()
    }

    /// Whether anybody wants the pictures of the painting thread.
    pub(super) fn is_watched(&self, now: Instant) -> bool {
        self.bouncing.load(Ordering::Relaxed) == 0 && self.sinks.is_watching(now)
    }

    /// Has controls set as sources have moved them.
    pub(super) fn serve_sources(&self) {
        let Some(set) = self.set_control.get() else {
            return;
        };
        self.sources.lock().serve(&self.snapshot, set);
    }

    /// Where goes what is asked for that is no control.
    pub(super) fn commands(&self) -> Sender<KeyCommand> {
        self.commands.0.clone()
    }

    /// Has somebody move controls from now on.
    pub(super) fn add_source(&self, source: impl ControlSource + 'static) {
        self.sources.lock().add(source);
    }

    /// Has keys in a window move controls, and ask for the rest.
    pub(super) fn listen_to_keys(&self, window: &Arc<OutputWindow>) {
        let opened = Arc::downgrade(window);
        let is_open = move || opened.upgrade().is_some_and(|window| window.is_open());
        self.listen_to(window.keys(), is_open);
    }

    /// The same with keys `pressed` in whatever `is_open` answers for.
    fn listen_to(&self, pressed: Receiver<Key>, is_open: impl Fn() -> bool + Send + 'static) {
        self.add_source(Keys {
            pressed,
            commands: self.commands(),
            is_open: Box::new(is_open),
        });
    }

    /// Has a key pressed in a window that is there for this one key.
    pub(super) fn press(&self, key: Key) {
        let (press, pressed) = bounded(1);
        // There is room for one.
        let _ = press.send(key);
        self.listen_to(pressed, || false);
        self.serve_sources();
    }

    /// Lets go of what its user closed, tells what is wrong, and does what was asked for by keys.
    pub(super) fn serve_sinks(&self) {
        for trouble in self.sinks.tidy() {
            self.status.report_once(trouble);
        }
        for command in self.commands.1.try_iter() {
            match command {
                KeyCommand::NewSeed => self.new_seed(),
                KeyCommand::KeepStill => self.keep_still(),
                KeyCommand::Beat(wish) => self.beat(wish),
            }
        }
        self.window
            .lock()
            .take_if(|window| !window.handle.is_open());
    }

    /// Keeps the next picture among the films.
    pub(super) fn keep_still(&self) {
        let folder = match self.setup().film.place() {
            Ok(folder) => folder,
            Err(problem) => return self.status.report(problem),
        };
        let mut button = self.stills.lock();
        if button.is_none() {
            let status = Arc::clone(&self.status);
            let started = Stills::new(move |kept| match kept {
                Ok(path) => status.write(|status| status.last_still = Some(path)),
                Err(problem) => status.report(problem),
            });
            match started {
                Ok((stills, ask)) => {
                    self.sinks.add(stills);
                    *button = Some(ask);
                }
                Err(error) => self.status.report(format!("no still can be kept: {error}")),
            }
        }
        if let Some(button) = button.as_ref() {
            button.press(folder);
        }
    }

    /// Does what somebody wants of the beat.
    pub(super) fn beat(&self, wish: BeatWish) {
        let now = Instant::now();
        if wish == BeatWish::Tap && self.clocks.lock().tap(now) {
            return;
        }
        self.with_hearing(|hearing| match wish {
            BeatWish::Tap => hearing.tap(now),
            BeatWish::Release => hearing.release(),
            BeatWish::Double => hearing.lead.double(true),
            BeatWish::Halve => hearing.lead.double(false),
            BeatWish::Earlier => hearing.lead.nudge(NUDGE),
            BeatWish::Later => hearing.lead.nudge(-NUDGE),
        });
    }

    fn with_hearing(&self, act: impl FnOnce(&mut Hearing)) {
        if let Some(hearing) = self.hearing.lock().as_mut() {
            act(hearing);
        }
    }

    /// Draws another seed, from the present one, so that the same key leads the same way.
    pub(super) fn new_seed(&self) {
        let mut setup = self.setup.lock();
        let mixed = setup.seed.wrapping_mul(6_364_136_223_846_793_005);
        setup.seed = (mixed.wrapping_add(1) >> 16) & 0xFFFF_FFFF;
    }

    /// Size of the next picture; none where nobody has chosen one.
    pub(super) fn wanted_size(&self) -> Option<[usize; 2]> {
        self.sinks.wanted_size().or(self.setup.lock().size)
    }

    /// Hands a picture to everybody who looks. `position` is where the music is; a frozen picture
    /// is of an earlier one.
    pub(super) fn publish(&self, shown: &Arc<Shown>, position: u64) {
        self.sinks.show(&shown.picture, position);
        *self.shown.lock() = Some(Arc::clone(shown));
    }
}
