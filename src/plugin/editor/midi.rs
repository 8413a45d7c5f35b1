//! MIDI: which devices there are, and the learning of their knobs.

use super::button::Button;
use super::menu::{self, action};
use super::theme;
use super::view::View;
use crate::control::Control;
use crate::live::Midi;
use egui::{Rect, Ui};
use std::sync::Arc;

/// Shows its button in `rect`, where MIDI is listened to.
pub fn show(view: &mut View, ui: &Ui, rect: Rect) {
    let Some(midi) = view.project.live.midi() else {
        return;
    };
    let learns = view.edits.teaching.is_some();
    let word = if learns { "Learning" } else { "MIDI" };
    let hint = "Knobs and pads of MIDI devices, and what they move.";
    let response = Button::word(word)
        .lit(learns, theme::HAND)
        .show(ui, rect, "MIDI", hint);
    menu::show(&response, 230.0, |ui| {
        let (learn, leave) = ("Learn: touch a control, then move a knob", "End learning");
        if action(ui, if learns { leave } else { learn }) {
            midi.learn(None);
            view.edits.teaching = (!learns).then(|| Arc::clone(&midi));
        }
        ui.separator();
        let devices = midi.devices();
        if devices.is_empty() {
            menu::note(ui, "No MIDI device is connected");
        }
        devices.iter().for_each(|name| menu::note(ui, name));
        for control in Control::ALL {
            let movers = midi.movers(control);
            let forget = format!("Forget {movers}: {}", control.row().name);
            if !movers.is_empty()
                && action(ui, &forget)
                && let Err(problem) = midi.forget(control)
            {
                view.project.live.report(problem);
            }
        }
    });
}

/// What is to be done while it is learned, in a sentence.
pub fn told(midi: &Midi) -> String {
    match midi.learning() {
        None => "MIDI is learned: touch a control".to_owned(),
        Some(control) => {
            let name = control.row().name;
            format!("MIDI is learned: move a knob, or press a pad, for {name}")
        }
    }
}
