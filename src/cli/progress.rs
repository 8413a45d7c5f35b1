//! The progress bar of long work.

use super::words::spell_time;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::{Duration, Instant};

/// A bar that shows frames done, frames a second and time left.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
}

impl Progress {
    /// A bar for `total` frames, if known; hidden when `quiet`, or when nobody is at a terminal.
    pub fn new(total: Option<u64>, quiet: bool) -> Self {
        let bar = match (quiet, total) {
            (true, _) => ProgressBar::hidden(),
            (false, Some(total)) => ProgressBar::new(total),
            (false, None) => ProgressBar::new_spinner(),
        };
        let template = if total.is_some() {
            "{bar:32.cyan/blue} {percent:>3} %  {pos}/{len} frames  {msg}"
        } else {
            "{spinner} {pos} frames  {msg}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            started: Instant::now(),
        }
    }

    /// A bar for a song of so many seconds.
    pub fn of_seconds(total: Option<f64>, quiet: bool) -> Self {
        let progress = Self::new(total.map(|seconds| seconds.ceil() as u64), quiet);
        if let Ok(style) = ProgressStyle::with_template("{bar:32.cyan/blue} {percent:>3} %") {
            progress.bar.set_style(style.progress_chars("━╸─"));
        }
        progress
    }

    /// A bar for so many things of one kind.
    pub fn of_pictures(total: u64, quiet: bool) -> Self {
        let progress = Self::new(Some(total), quiet);
        if let Ok(style) = ProgressStyle::with_template("{bar:32.cyan/blue} {pos}/{len} pictures") {
            progress.bar.set_style(style.progress_chars("━╸─"));
        }
        progress
    }

    /// A bar for so many takes of a piece.
    pub fn of_takes(total: u64, quiet: bool) -> Self {
        let progress = Self::new(Some(total), quiet);
        if let Ok(style) = ProgressStyle::with_template("{bar:32.cyan/blue} {pos}/{len} takes") {
            progress.bar.set_style(style.progress_chars("━╸─"));
        }
        progress
    }

    /// Says that `done` frames are finished.
    pub fn set(&self, done: u64) {
        self.bar.set_position(done);
        let seconds = self.started.elapsed().as_secs_f64();
        if done > 0 && seconds > 0.5 {
            let rate = done as f64 / seconds;
            let left = self
                .bar
                .length()
                .map(|total| total.saturating_sub(done) as f64 / rate);
            let left = left.map_or(String::new(), |left| format!(", {} left", spell_time(left)));
            self.bar.set_message(format!("{rate:.1} frames/s{left}"));
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
