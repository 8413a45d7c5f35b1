//! What takes too long for the thread that draws: to ask the window system, to begin a film.

use crate::live::Live;
use crate::output::window::{Monitor, monitors};
use parking_lot::Mutex;
use std::sync::Arc;
use std::thread::JoinHandle;

/// Runs one task at a time; ends with the last one.
#[derive(Default)]
pub struct Tasks {
    running: Option<JoinHandle<()>>,
    monitors: Arc<Mutex<Vec<Monitor>>>,
}

impl Tasks {
    fn run(&mut self, live: &Arc<Live>, task: impl FnOnce(&Live) + Send + 'static) {
        if self.is_busy() {
            return;
        }
        let task_live = Arc::clone(live);
        let thread = std::thread::Builder::new().name("synopsia-task".to_owned());
        match thread.spawn(move || task(&task_live)) {
            Ok(handle) => self.running = Some(handle),
            Err(e) => live.report(format!("the system gives no thread: {e}")),
        }
    }

    fn is_busy(&self) -> bool {
        self.running
            .as_ref()
            .is_some_and(|running| !running.is_finished())
    }

    /// Opens the output window, on a monitor if one is named.
    pub fn open_window(&mut self, live: &Arc<Live>, on: Option<String>) {
        self.run(live, move |live| {
            if let Err(sentence) = live.open_window(on) {
                live.report(sentence);
            }
        });
    }

    pub fn toggle_window(&mut self, live: &Arc<Live>) {
        if live.window_is_open() {
            live.close_window();
        } else {
            self.open_window(live, None);
        }
    }

    /// Begins a recording.
    pub fn record(&mut self, live: &Arc<Live>) {
        self.run(live, |live| {
            if let Err(sentence) = live.start_recording() {
                live.report(sentence);
            }
        });
    }

    /// Looks again which monitors there are.
    pub fn seek_monitors(&mut self, live: &Arc<Live>) {
        let found = Arc::clone(&self.monitors);
        self.run(live, move |live| match monitors() {
            Ok(monitors) => *found.lock() = monitors,
            Err(error) => live.report(error.to_string()),
        });
    }

    /// The monitors that were found last.
    pub fn monitors(&self) -> Vec<Monitor> {
        self.monitors.lock().clone()
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        // The host may unload the code that the thread runs.
        if let Some(running) = self.running.take() {
            let _ = running.join();
        }
    }
}
