//! Models that are loaded, and painters that are made ready, while another one paints.

use crate::faults::{self, Part};
use crate::frame::{device, models};
use crate::gan::{self, Catalog, CpuGenerator, CpuOptions, Painter};
use crate::gpu::GpuContext;
use crate::worker::{reason, step_back};
use std::sync::Arc;
use std::thread::JoinHandle;

/// A model, and who paints with it.
pub(super) struct Loaded {
    /// The model's number.
    pub(super) base: u16,
    pub(super) source: gan::Model,
    pub(super) painter: Painter,
    pub(super) who_paints: String,
}

/// A model on its way: to read a large one, to hand it to a graphics card and to measure the card
/// takes longer than a picture may. Dropped, it waits for its thread, as none may outlive the plugin.
pub(super) struct Loading {
    pub(super) number: u16,
    thread: Option<JoinHandle<Result<Loaded, String>>>,
}

impl Loading {
    /// Loads the model with this number.
    pub(super) fn start(number: u16) -> Result<Self, String> {
        Self::of(number, number, move || load(number))
    }

    /// Finds a painter for the model that paints for want of the one with this number, or because it
    /// is that: it is loaded, and its own number is `base`.
    pub(super) fn painter_for(number: u16, base: u16, source: gan::Model) -> Result<Self, String> {
        Self::of(number, base, || Ok(source))
    }

    fn of(
        number: u16,
        base: u16,
        source: impl FnOnce() -> Result<gan::Model, String> + Send + 'static,
    ) -> Result<Self, String> {
        let work = move || {
            step_back();
            faults::wait_while_loading_is_held();
            faults::check(Part::Loading);
            let source = source()?;
            let gpu = device::shared().ok();
            let (painter, who_paints) = engage(&source, gpu.as_ref());
            Ok(Loaded {
                base,
                source,
                painter,
                who_paints,
            })
        };
        let thread = std::thread::Builder::new().name("synopsia-loading".into());
        let thread = thread.spawn(work);
        Ok(Self {
            number,
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
            let name = models::model_name(self.number.into()).unwrap_or_default();
            Err(format!("{name} could not be loaded: {}", reason(&panic)))
        })
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            // Nobody wants it any more, nor what it would say.
            let _ = thread.join();
        }
    }
}

/// Loads a model by its number.
pub(super) fn load(number: u16) -> Result<gan::Model, String> {
    let name = models::model_name(number.into())
        .ok_or_else(|| format!("there is no model number {}", number + 1))?;
    Catalog::default().find(&name).map_err(|e| e.to_string())
}

/// Who paints with a model, and a sentence that says why.
pub(super) fn engage(source: &gan::Model, gpu: Option<&Arc<GpuContext>>) -> (Painter, String) {
    gan::open(source, device::preference(), gpu, options())
}

/// Who paints with a model at once, while a card takes its time.
pub(super) fn engage_for_now(source: &gan::Model, card: &GpuContext) -> (Painter, String) {
    let painter = Painter::Cpu(CpuGenerator::new(source, options()));
    let name = &card.info.name;
    (painter, format!("The CPU paints while {name} gets ready"))
}

fn options() -> CpuOptions {
    CpuOptions {
        threads: threads(),
        isa: None,
    }
}

/// Threads that paint one picture: never all cores.
pub(super) fn threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    (cores / 2).clamp(1, 4)
}
