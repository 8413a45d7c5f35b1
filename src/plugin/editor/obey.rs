//! What the keys do that belong to no control.

use super::edits::{Edits, Knob};
use super::preset;
use super::shortcut::Shortcut;
use super::view::View;
use crate::control::Control;
use std::sync::Arc;

/// Does what a key asks for.
pub fn obey(view: &mut View, shortcut: Shortcut) {
    let project = Arc::clone(&view.project);
    let turn = |control, edits: &mut Edits| {
        let knob = Knob::of(&project.params, control);
        edits.put(knob, 1.0 - knob.value());
    };
    match shortcut {
        Shortcut::Undo => view.edits.undo(),
        Shortcut::Redo => view.edits.redo(),
        Shortcut::Blackout => turn(Control::Blackout, &mut view.edits),
        Shortcut::Freeze => turn(Control::Freeze, &mut view.edits),
        Shortcut::Presets => view.browser.open(&project.preset()),
        Shortcut::Next | Shortcut::Previous => {
            let by = if shortcut == Shortcut::Next { 1 } else { -1 };
            if let Some(preset) = preset::next_on_the_list(&project.preset(), by) {
                preset::choose(view, &preset);
            }
        }
    }
}
