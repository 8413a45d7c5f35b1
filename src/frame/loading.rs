//! Models that are loaded, and painters that are made ready, while another one paints.

use super::source::{Source, named};
use super::{device, plan::Plan};
use crate::at_exit::at_exit;
use crate::faults::{self, Part};
use crate::gan::{self, Model, Painter, Version};
use crate::worker::{reason, step_back};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Who paints with a model, and a sentence that says why.
pub(super) type Engaged = (Painter, String);

/// What has come.
pub(super) enum Loaded {
    /// A model that was asked for, and who paints with it.
    Model(Box<Source>, Engaged),
    /// Who paints for good with the model that paints already.
    Painter(Engaged),
}

/// A model on its way: to read a large one, to hand it to a graphics card and to measure the card
/// takes longer than a picture may. Dropped, it waits for nobody: its thread ends by itself.
pub(super) struct Loading {
    /// The number that was asked for.
    pub(super) number: u16,
    /// The model's file when it was begun; none where a painter is made ready.
    pub(super) version: Option<Version>,
    /// Whether a model is loaded, and not only a painter for one made ready.
    pub(super) is_model: bool,
    unwanted: Arc<AtomicBool>,
    thread: Option<Thread>,
}

impl Loading {
    /// Loads the model with this number.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn model(number: u16, version: Option<Version>, plan: Plan) -> Result<Self, String> {
        let mut loading = Self::start(number, move |unwanted| {
            let source = Source::load(number)?;
            if unwanted.load(Ordering::Relaxed) {
                return Err(String::new());
            }
            let engaged = engage(&source.model, plan);
            Ok(Loaded::Model(Box::new(source), engaged))
        })?;
        (loading.version, loading.is_model) = (version, true);
        Ok(loading)
    }

    /// Makes a painter ready for `model`, which was asked for by this number and paints already.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn painter(number: u16, model: Model, plan: Plan) -> Result<Self, String> {
        Self::start(number, move |_| Ok(Loaded::Painter(engage(&model, plan))))
    }

    fn start(
        number: u16,
        load: impl FnOnce(&AtomicBool) -> Result<Loaded, String> + Send + 'static,
    ) -> Result<Self, String> {
        let unwanted = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&unwanted);
        let work = move || {
            step_back();
            faults::wait_while_loading_is_held();
            faults::check(Part::Loading);
            if asked.load(Ordering::Relaxed) {
                return Err(String::new());
            }
            // What nobody wants any more is let go here.
            load(&asked).and_then(|loaded| match asked.load(Ordering::Relaxed) {
                true => Err(String::new()),
                false => Ok(loaded),
            })
        };
        let thread = std::thread::Builder::new().name("synopsia-loading".into());
        let thread = thread.spawn(work);
        Ok(Self {
            number,
            version: None,
            is_model: false,
            unwanted,
            thread: Some(thread.map_err(|error| format!("no model can be loaded: {error}"))?),
        })
    }

    pub(super) fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// What has come; waits for it.
    pub(super) fn finish(mut self) -> Result<Loaded, String> {
        let thread = self.thread.take().ok_or("no model is being loaded")?;
        thread.join().unwrap_or_else(|panic| {
            let name = named(self.number).unwrap_or_default();
            Err(format!("{name} could not be loaded: {}", reason(&panic)))
        })
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        self.unwanted.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A driver may take seconds over its shaders, and this may be the host's thread.
            leave(thread);
        }
    }
}

type Thread = JoinHandle<Result<Loaded, String>>;

/// Threads that nobody waits for any more but the end of the process.
static LEFT: Mutex<Vec<Thread>> = Mutex::new(Vec::new());

/// How long that is: a driver at work would crash when it is taken down meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lets a thread come to its end by itself, where the library stays in memory for it (`build.rs`).
fn leave(thread: Thread) {
    if !cfg!(target_os = "linux") {
        // Nobody is left to be told what it says.
        let _ = thread.join();
        return;
    }
    let mut left = LEFT.lock();
    left.retain(|thread| !thread.is_finished());
    if !thread.is_finished() {
        left.push(thread);
        at_exit(wait_for_those_left, PATIENCE);
    }
}

fn wait_for_those_left() {
    let left = std::mem::take(&mut *LEFT.lock());
    for thread in left {
        let _ = thread.join();
    }
}

/// Who paints with a model for good.
pub(super) fn engage(model: &Model, plan: Plan) -> Engaged {
    let gpu = device::wanted(plan.prefer).ok();
    gan::open(model, plan.prefer, gpu.as_ref(), plan.cpu())
}
