//! Title and summary of a plot.

use super::canvas::Align;
use super::layout::WIDTH;
use super::series::{self, Column};
use super::sheet::Sheet;
use super::style::{BRIGHT, FAINT, QUIET, bold, label};
use crate::emotion::{CLASS_NAMES, CLASSES};

/// The line under the title.
pub(super) fn summary(
    duration: f64,
    shares: &[f32; CLASSES],
    columns: &[Option<Column>],
) -> String {
    let mut parts = vec![series::clock(
        duration,
        if duration < 10.0 { 0.1 } else { 1.0 },
    )];
    if let Some(tempo) = series::usual_tempo(columns) {
        parts.push(format!("about {tempo:.0} BPM"));
    }
    let strongest = (0..CLASSES).max_by(|&a, &b| shares[a].total_cmp(&shares[b]));
    if let Some(class) = strongest.filter(|&class| shares[class] > 0.0) {
        let share = shares[class] * 100.0;
        parts.push(format!("most of all {} ({share:.0}%)", CLASS_NAMES[class]));
    }
    parts.join("   ·   ")
}

impl Sheet {
    /// Title, summary, and whose plot it is.
    pub(super) fn header(&mut self, title: &str, summary: &str) {
        let look = bold(38.0, BRIGHT, Align::Left);
        let title = title.replace(char::is_control, " ");
        let title = match title.trim() {
            "" => "Untitled",
            title => title,
        };
        let title = self.canvas.shortened(title, look, 1560.0);
        self.canvas.text(56.0, 74.0, &title, look);
        self.canvas
            .text(57.0, 108.0, summary, label(18.0, QUIET, Align::Left));
        let right = WIDTH as f32 - 56.0;
        self.canvas
            .text(right, 74.0, "Synopsia", bold(20.0, FAINT, Align::Right));
    }
}
