//! The mouse wheel as steps.

use egui::{Event, InputState, MouseWheelUnit};

/// Points that a touchpad scrolls for one notch of a wheel.
const NOTCH: f32 = 24.0;

/// Notches that the wheel turned up since the last frame.
pub fn notches(input: &InputState) -> f32 {
    let turns = input.events.iter().filter_map(|event| match event {
        Event::MouseWheel { unit, delta, .. } => {
            // With shift some systems turn the wheel sideways.
            let delta = if delta.y == 0.0 { delta.x } else { delta.y };
            Some(match unit {
                MouseWheelUnit::Point => delta / NOTCH,
                MouseWheelUnit::Line | MouseWheelUnit::Page => delta,
            })
        }
        _ => None,
    });
    turns.sum()
}
