//! The buttons that make films: of what is seen now, and of the host's bounce.

use super::button::Button;
use super::icon::Icon;
use super::theme;
use super::view::View;
use crate::live::Filming;
use egui::{Rect, Ui};
use nice_plug::context::PluginApi;
use std::path::Path;
use std::sync::Arc;

/// A film's length as a clock shows it.
fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A film's name without its folder.
fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Begins and ends a recording.
pub fn record(view: &mut View, ui: &Ui, rect: Rect) {
    let live = Arc::clone(&view.project.live);
    let (word, hint, can) = match &view.status.filming {
        Filming::Idle => (
            "Record".to_owned(),
            "Films what is seen, with the sound that passes.".to_owned(),
            true,
        ),
        Filming::Recording { path, seconds } => (
            clock(*seconds),
            format!("Ends the film {}.", name(path)),
            true,
        ),
        Filming::Bouncing { path, seconds } => (
            clock(*seconds),
            format!("The bounce is filmed as {}.", name(path)),
            false,
        ),
        Filming::Finishing { path } => (
            "Finishing".to_owned(),
            format!("The film {} is being completed.", name(path)),
            false,
        ),
    };
    let films = view.status.filming != Filming::Idle;
    let pressed = Button::word(&word)
        .with_icon(Icon::Record)
        .lit(films, theme::RED)
        .enabled(can)
        .show(ui, rect, "Record", &hint);
    if pressed.clicked() {
        if films {
            live.stop_recording();
        } else {
            view.tasks.record(&live);
        }
    }
}

/// Has the host's next bounces filmed. Without a host there is none.
pub fn bounce(view: &View, ui: &Ui, rect: Rect) {
    if view.edits.api() == PluginApi::Standalone {
        return;
    }
    let live = &view.project.live;
    let armed = live.is_bounce_armed();
    let hint = "Makes a film of the next bounce (offline export) of this project.";
    let pressed = Button::word("Film bounce")
        .with_icon(Icon::Film)
        .lit(armed, theme::RED)
        .show(ui, rect, "Film bounce", hint);
    if pressed.clicked() {
        live.set_bounce_armed(!armed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_shows_hours_only_where_there_are_some() {
        assert_eq!(clock(0.0), "0:00");
        assert_eq!(clock(75.9), "1:15");
        assert_eq!(clock(3661.0), "1:01:01");
        assert_eq!(clock(f64::NAN), "0:00");
    }
}
