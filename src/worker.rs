//! A thread that a panic does not end.

use crate::faults::Part;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

/// Pause before a part that panicked starts again.
const RESTART_PAUSE: Duration = Duration::from_millis(300);

/// How far our threads stand below usual ones (0 lowest, 99 highest of a normal thread).
const PRIORITY: u8 = 20;

/// A running thread; dropped, it stops.
pub(crate) struct Worker {
    stop: Arc<AtomicBool>,
    handle: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts a thread that runs `body` until it is told to stop. When `body` panics, `report` gets
    /// a sentence, and it is run again.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(
        part: Part,
        report: impl Fn(String) + Send + 'static,
        body: impl Fn(&AtomicBool) + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let handle = std::thread::Builder::new()
            .name(format!("synopsia-{}", part.name()))
            .spawn(move || {
                step_back();
                while !stopped.load(Ordering::Relaxed) {
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| body(&stopped))) {
                        report(format!(
                            "the {} part failed and was started again: {}",
                            part.name(),
                            reason(&panic)
                        ));
                        std::thread::park_timeout(RESTART_PAUSE);
                    }
                }
            })?;
        Ok(Self {
            stop,
            handle: Some(handle),
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(handle) = self.handle.take() {
            handle.thread().unpark();
            // It cannot have panicked outside of `body`; nothing is left to be told here anyway.
            let _ = handle.join();
        }
    }
}

/// Lets the host's threads go first.
pub(crate) fn step_back() {
    // A system that refuses leaves the thread as it was.
    if let Ok(value) = ThreadPriorityValue::try_from(PRIORITY) {
        let _ = set_current_thread_priority(ThreadPriority::Crossplatform(value));
    }
}

/// What a panic said.
pub(crate) fn reason(panic: &Box<dyn std::any::Any + Send>) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason was given")
}
