//! The thread that lamps hang on.

use crate::moment::Moment;
use crate::outputs::{Output, Target};
use crate::patch::Patch;
use crate::rig::{Rig, Wanted};
use crate::sacn::Source;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What receivers show as the name of the source.
const NAME: &str = "Synopsia";

/// Lamps that were held back by the limit of flashes come to their end this much later, at most.
const LATEST_END: Duration = Duration::from_secs(2);

/// A step is no longer than this, however long a machine slept.
const LONGEST_STEP: f64 = 0.5;

/// Lamps that show the newest moment for as long as somebody [serves](Lights::serve) them.
pub struct Lights {
    patch: Patch,
    targets: Vec<Target>,
    source: Source,
    newest: Mutex<Option<Arc<Moment>>>,
    blackout: AtomicBool,
    trouble: Mutex<Option<String>>,
}

impl Lights {
    /// Lamps that are reached by all of `targets`. Nothing is sent yet.
    ///
    /// # Errors
    /// In a sentence, when a target does not have one of the universes.
    pub fn new(patch: Patch, targets: Vec<Target>) -> Result<Self, String> {
        let is_art_net = |target: &Target| matches!(target, Target::ArtNet(_));
        if targets.iter().any(is_art_net)
            && let Some(lamp) = patch
                .lamps
                .iter()
                .find(|lamp| patch.port(lamp.universe).is_none())
        {
            return Err(format!(
                "{} is in universe {}, which Art-Net does not have: it ends at {}",
                lamp.name,
                lamp.universe,
                32_768 - u32::from(patch.first_port)
            ));
        }
        let source = Source::new(NAME, patch.priority);
        Ok(Self {
            patch,
            targets,
            source,
            newest: Mutex::default(),
            blackout: AtomicBool::new(false),
            trouble: Mutex::default(),
        })
    }

    /// How many lamps there are and how they are reached.
    pub fn description(&self) -> String {
        let targets: Vec<String> = self.targets.iter().map(Target::to_string).collect();
        let count = self.patch.lamps.len();
        let lamps = if count == 1 { "lamp" } else { "lamps" };
        format!("{count} {lamps} by {}", targets.join(" and "))
    }

    /// Lamps show this from now on. Waits for nobody.
    pub fn show(&self, moment: Moment) {
        let before = self.newest().replace(Arc::new(moment));
        drop(before);
    }

    /// All lamps fade to black, or back, within half a second.
    pub fn black_out(&self, blackout: bool) {
        self.blackout.store(blackout, Ordering::Relaxed);
    }

    /// What cannot be sent, in a sentence.
    pub fn trouble(&self) -> Option<String> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn newest(&self) -> std::sync::MutexGuard<'_, Option<Arc<Moment>>> {
        // It is whole whatever happened to who held it.
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends until `stop`, then has lamps fade to their end, and returns. Until a first moment is shown, nothing is sent, and
    /// lamps stay as they are.
    pub fn serve(&self, stop: &AtomicBool) {
        let mut rig = Rig::new(&self.patch);
        let mut outputs: Vec<Output> = self
            .targets
            .iter()
            .map(|target| Output::new(*target, &self.patch))
            .collect();
        let period = Duration::from_secs_f64(1.0 / self.patch.rate);
        let begun = Instant::now();
        let mut due = period;
        let mut last = Duration::ZERO;
        let mut stopped = None;
        loop {
            let now = begun.elapsed();
            let end = stop.load(Ordering::Relaxed);
            let newest = self.newest().clone();
            match newest {
                Some(moment) => {
                    let blackout = self.blackout.load(Ordering::Relaxed);
                    let seconds = (now - last).as_secs_f64().min(LONGEST_STEP);
                    let frames = rig.step(&moment, Wanted { blackout, end }, seconds);
                    for output in &mut outputs {
                        output.send(frames, &self.patch, &self.source, now);
                    }
                    self.tell(&outputs);
                }
                None if end => return,
                None => {}
            }
            last = now;
            if end {
                let since = *stopped.get_or_insert(now);
                if rig.has_ended() || now - since > self.patch.end_fade + LATEST_END {
                    break;
                }
            }
            // What comes late does not have the next ones come faster.
            let now = begun.elapsed();
            std::thread::sleep(due.saturating_sub(now));
            due = due.max(now) + period;
        }
        for output in &mut outputs {
            output.end(&self.patch, &self.source);
        }
    }

    fn tell(&self, outputs: &[Output]) {
        let trouble = outputs.iter().find_map(Output::trouble);
        let mut told = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if told.as_deref() != trouble {
            *told = trouble.map(str::to_owned);
        }
    }
}
