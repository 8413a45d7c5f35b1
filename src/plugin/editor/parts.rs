//! Draws the editor: each part in its place.

use super::obey::obey;
use super::plan::Plan;
use super::view::View;
use super::{
    about, browser, dropping, feeling, lane, look, pad, pulse, shortcut, state, theme, top,
};
use crate::plugin::EditorSetup;
use egui::{Rect, Sense, Stroke, Ui, vec2};

/// Draws one frame. A window in which nothing could be read scrolls.
pub fn show(view: &mut View, ui: &mut Ui) {
    keys(view, ui);
    let mut room = ui.max_rect();
    ui.painter().rect_filled(room, 0, theme::GROUND);
    if let Some(seen) = view.room {
        room.max = room.max.min(room.min + seen);
    }
    let [width, height] = EditorSetup::SMALLEST.map(|side| side as f32);
    // A pixel more or less is a matter of rounding.
    if room.width() >= width - 1.0 && room.height() >= height - 1.0 {
        parts(view, ui, room);
    } else {
        egui::ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            let size = room.size().max(vec2(width, height));
            let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
            parts(view, ui, whole);
        });
    }
    about::show(view, ui);
}

fn parts(view: &mut View, ui: &mut Ui, whole: Rect) {
    let plan = Plan::new(whole);
    let line = Stroke::new(1.0, theme::LINE);
    ui.painter().hline(whole.x_range(), plan.state.top(), line);
    top::show(view, ui, plan.top);
    state::show(view, ui, plan.state);
    if view.browser.open {
        let body = plan.preview.union(plan.look).union(plan.pad);
        browser::show(view, ui, body);
        return;
    }
    let preview = view.preview.show(ui, plan.preview, view.shown.as_ref());
    if preview.double_clicked() {
        view.tasks.toggle_window(&view.project.live);
    }
    lane::show(view, ui, plan.preview);
    pulse::show(view, ui, plan.pulse);
    pad::show(view, ui, plan.pad);
    feeling::steering(view, ui, plan.steering);
    feeling::classes(view, ui, plan.classes);
    look::show(view, ui, plan.look);
    dropping::follow(view, ui, plan.preview);
}

/// Follows the keys that belong to no control.
fn keys(view: &mut View, ui: &Ui) {
    if ui.ctx().text_edit_focused() {
        return;
    }
    for shortcut in shortcut::pressed(ui.ctx(), view.is_in_host()) {
        obey(view, shortcut);
    }
}
