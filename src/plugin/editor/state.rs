//! The line at the bottom: how things are, in words, and the editor's scale.

use super::menu::{self, item};
use super::midi;
use super::spoken;
use super::theme::{self, font};
use super::view::View;
use crate::live::Status;
use crate::plugin::EditorSetup;
use egui::{
    Align2, CursorIcon, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, ViewportCommand, pos2, vec2,
};

/// Scales that can be chosen, percent.
const SCALES: [u32; 8] = [75, 100, 125, 150, 175, 200, 250, 300];

/// Side of the corner that resizes.
const CORNER: f32 = 18.0;

/// Width from which on the adapter is named.
const ROOMY: f32 = 960.0;

/// Seconds for which a new problem draws the eye.
const ALARM: f64 = 6.0;

/// Shows it in `rect`.
pub fn show(view: &mut View, ui: &Ui, rect: Rect) {
    corner(
        ui,
        Rect::from_min_max(rect.max - vec2(CORNER, CORNER), rect.max),
    );
    let scale = Rect::from_x_y_ranges(
        rect.right() - CORNER - 54.0..=rect.right() - CORNER - 4.0,
        rect.y_range(),
    );
    choose_scale(view, ui, scale);
    let text = figures(&view.status, rect.width() > ROOMY);
    let painter = ui.painter();
    let galley = painter.layout_no_wrap(text, font(11.5), theme::LABEL);
    let room = 0.55 * rect.width();
    let start = scale.left() - 14.0 - galley.size().x.min(room);
    let place = Rect::from_x_y_ranges(start..=scale.left() - 14.0, rect.y_range());
    theme::line(
        painter,
        place,
        Align2::RIGHT_CENTER,
        galley.text(),
        font(11.5),
        theme::LABEL,
    );
    let ear = view
        .status
        .ear
        .map(|ear| format!("The ear “{ear}” hears.\n"));
    let hint = format!(
        "{}\n{}\n{}\n{}{} hops, {} samples and {} pictures were dropped.",
        view.status.painter,
        view.status.renderer,
        view.status.adapter,
        ear.unwrap_or_default(),
        view.status.dropped.hops,
        view.status.dropped.samples,
        view.status.dropped.pictures
    );
    let response = ui.interact(place, ui.scope_id().with("figures"), Sense::hover());
    spoken::name(&response, Role::Label, galley.text());
    response.on_hover_text(hint.trim_start());
    let rest = Rect::from_x_y_ranges(rect.left()..=start - 16.0, rect.y_range());
    words(view, ui, rest);
}

/// The last problem, the last film, or who paints.
fn words(view: &mut View, ui: &Ui, rect: Rect) {
    if let Some(midi) = &view.edits.teaching {
        ui.painter().circle_filled(dot(rect), 3.0, theme::HAND);
        let text = rect.with_min_x(rect.left() + 16.0);
        let (align, said) = (Align2::LEFT_CENTER, midi::told(midi));
        theme::line(ui.painter(), text, align, said, font(11.5), theme::TEXT);
        return;
    }
    let time = ui.input(|i| i.time);
    if view.status.problems != view.problems {
        view.problems = view.status.problems;
        view.alarmed = time;
    }
    let problem = view.status.problem.clone();
    if let Some(problem) = problem.filter(|_| view.status.problems > view.dismissed) {
        alarm(ui, rect, time - view.alarmed);
        if sentence(ui, rect, "problem", &problem, "Click to put it away.") {
            view.dismissed = view.status.problems;
        }
        return;
    }
    let heard = theme::faded(theme::HEARD, 0.7);
    ui.painter().circle_filled(dot(rect), 3.0, heard);
    let film = view.status.last_film.clone();
    if let Some(film) = film.filter(|film| view.film_seen.as_ref() != Some(film)) {
        let said = format!("The film is at {}", film.display());
        let hint = "Click to copy its place and put this away.";
        if sentence(ui, rect, "film", &said, hint) {
            ui.ctx().copy_text(film.display().to_string());
            view.film_seen = Some(film);
        }
        return;
    }
    who_paints(view, ui, rect);
}

/// Where the dot before the words is.
fn dot(rect: Rect) -> Pos2 {
    pos2(rect.left() + 4.0, rect.center().y)
}

/// A red dot, about which something moves at first.
fn alarm(ui: &Ui, rect: Rect, age: f64) {
    let (painter, dot) = (ui.painter(), dot(rect));
    if age < ALARM {
        let share = (1.0 - age.rem_euclid(1.0)) as f32;
        let halo = theme::faded(theme::RED, 0.4 * share);
        painter.circle_filled(dot, 4.0 + 5.0 * (1.0 - share), halo);
    }
    painter.circle_filled(dot, 4.0, theme::RED);
}

/// A sentence that can be clicked; whether it was.
fn sentence(ui: &Ui, rect: Rect, id: &str, said: &str, hint: &str) -> bool {
    let text = rect.with_min_x(rect.left() + 16.0);
    let (align, colour) = (Align2::LEFT_CENTER, theme::TEXT);
    theme::line(ui.painter(), text, align, said, font(11.5), colour);
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::click());
    spoken::name(&response, Role::Button, said);
    let clicked = response.clicked();
    response
        .on_hover_cursor(CursorIcon::PointingHand)
        .on_hover_text(format!("{said}\n\n{hint}"));
    clicked
}

/// Who paints, or what is being loaded.
fn who_paints(view: &View, ui: &Ui, rect: Rect) {
    let loading = view.status.loading.as_ref();
    let loading = loading.map(|name| format!("{name} is being loaded"));
    let who = loading.as_ref().unwrap_or(&view.status.painter).as_str();
    let who = if who.is_empty() { "Ready" } else { who };
    let text = rect.with_min_x(rect.left() + 16.0);
    let (align, colour) = (Align2::LEFT_CENTER, theme::LABEL);
    let cut = theme::line(ui.painter(), text, align, who, font(11.5), colour);
    let response = ui.interact(rect, ui.scope_id().with("painter"), Sense::hover());
    spoken::name(&response, Role::Label, who);
    if cut {
        response.on_hover_text(who);
    }
}

/// Figures in one line; what is in order is not mentioned.
fn figures(status: &Status, roomy: bool) -> String {
    let mut parts = Vec::new();
    if status.fps > 0.0 {
        parts.push(format!("{:.0} fps", status.fps));
    }
    if status.picture[0] > 0 {
        parts.push(format!("{} × {}", status.picture[0], status.picture[1]));
    }
    if status.flashes_held {
        parts.push("flashes held back".to_owned());
    }
    let dropped = status.dropped;
    match (dropped.hops, dropped.samples) {
        (0, 0) => {}
        (hops, 0) => parts.push(format!("{hops} hops dropped")),
        (0, samples) => parts.push(format!("{samples} samples dropped")),
        (hops, samples) => parts.push(format!("{hops} hops, {samples} samples dropped")),
    }
    if dropped.pictures > 0 {
        parts.push(format!("{} late", dropped.pictures));
    }
    if roomy && !status.adapter.is_empty() {
        parts.push(status.adapter.clone());
    }
    parts.join("  ·  ")
}

fn choose_scale(view: &mut View, ui: &Ui, rect: Rect) {
    let response = ui.interact(rect, ui.scope_id().with("scale"), Sense::click());
    let present = (view.project.editor().scale * 100.0).round() as u32;
    let colour = if response.hovered() {
        theme::TEXT
    } else {
        theme::LABEL
    };
    let text = format!("{present} %");
    response.widget_info(|| spoken::with_value(Role::ComboBox, "Scale", &text));
    theme::line(
        ui.painter(),
        rect,
        Align2::CENTER_CENTER,
        text,
        font(11.5),
        colour,
    );
    menu::show(&response, 120.0, |ui| {
        for percent in SCALES {
            if item(ui, &format!("{percent} %"), percent == present) {
                set_scale(view, ui, percent as f32 / 100.0);
            }
        }
    });
    response
        .on_hover_text("How large the editor is drawn.")
        .on_hover_cursor(CursorIcon::PointingHand);
}

/// Draws everything at another scale, and asks for a window of as many points as before.
fn set_scale(view: &View, ui: &Ui, scale: f32) {
    let mut editor = view.project.editor();
    editor.scale = scale;
    view.project.set_editor(editor);
    let [width, height] = editor.size.map(|side| side as f32);
    let size = scale / ui.ctx().zoom_factor() * vec2(width, height);
    ui.ctx().send_viewport_cmd(ViewportCommand::InnerSize(size));
}

/// The corner by which the editor is resized.
fn corner(ui: &Ui, rect: Rect) {
    let response = ui.interact(rect, ui.scope_id().with("corner"), Sense::DRAG);
    spoken::name(&response, Role::Splitter, "Resize the editor");
    let colour = if response.hovered() || response.dragged() {
        theme::LABEL
    } else {
        theme::FAINT
    };
    for reach in [4.0, 8.0, 12.0] {
        let ends = [
            rect.max - vec2(reach + 2.0, 3.0),
            rect.max - vec2(3.0, reach + 2.0),
        ];
        ui.painter().line_segment(ends, Stroke::new(1.2, colour));
    }
    let held = response.id.with("held");
    let pointer = ui.input(|i| i.pointer.latest_pos());
    let present = ui.ctx().content_rect().max;
    // A frame that comes late sees the pointer far from where it took hold.
    if response.drag_started()
        && let Some(taken) = ui.input(|i| i.pointer.press_origin())
    {
        ui.data_mut(|data| data.insert_temp(held, present - taken));
    }
    if response.dragged()
        && let Some(pointer) = pointer
    {
        let offset: Vec2 = ui.data(|data| data.get_temp(held)).unwrap_or_default();
        let wanted = pointer + offset;
        let side = |reach: f32, axis: usize| {
            let (least, most) = (EditorSetup::SMALLEST[axis], EditorSetup::LARGEST[axis]);
            reach.clamp(least as f32, most as f32).round()
        };
        let size = vec2(side(wanted.x, 0), side(wanted.y, 1));
        if (size - present.to_vec2()).length() > 1.0 {
            ui.ctx().send_viewport_cmd(ViewportCommand::InnerSize(size));
        }
    }
    response.on_hover_cursor(CursorIcon::ResizeNwSe);
}
