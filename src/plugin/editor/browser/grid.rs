//! The presets as pictures with their names.

use super::super::icon::{self, Icon};
use super::super::preset;
use super::super::theme::{self, font};
use super::super::view::View;
use crate::control::{Among, Preset, set_favourite, shelf};
use egui::{
    Align2, Color32, CursorIcon, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

/// The least width of a picture, the gap to the next, and the height of what is written below it.
const LEAST: f32 = 128.0;
const GAP: f32 = 10.0;
const WORDS: f32 = 36.0;

/// Room for the bar that scrolls.
const BAR: f32 = 10.0;

/// How many pictures stand side by side where there is that much room.
pub fn columns(width: f32) -> usize {
    (((width - BAR + GAP) / (LEAST + GAP)).floor() as usize).max(1)
}

/// Shows in `rect` those of `all` that are `found`.
pub fn show(view: &mut View, ui: &mut Ui, rect: Rect, all: &[Preset], found: &[usize]) {
    let columns = columns(rect.width());
    let wide = (rect.width() - BAR + GAP) / columns as f32 - GAP;
    let size = vec2(wide, (wide * 9.0 / 16.0).round() + WORDS);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("pictures"));
    if found.is_empty() {
        let sentence = nothing(view);
        let (align, face) = (Align2::CENTER_CENTER, font(13.0));
        theme::line(child.painter(), rect, align, sentence, face, theme::LABEL);
        return;
    }
    ScrollArea::vertical()
        .auto_shrink(false)
        .show(&mut child, |ui| {
            let rows = found.len().div_ceil(columns) as f32;
            let whole = vec2(rect.width() - BAR, rows * (size.y + GAP) - GAP);
            let (area, _) = ui.allocate_exact_size(whole, Sense::hover());
            for (i, place) in found.iter().enumerate() {
                let (row, column) = ((i / columns) as f32, (i % columns) as f32);
                let corner = area.min + vec2(column * (wide + GAP), row * (size.y + GAP));
                let cell = Rect::from_min_size(corner, size);
                let preset = &all[*place];
                if view.browser.follow && preset.name == view.browser.at {
                    ui.scroll_to_rect(cell, None);
                    view.browser.follow = false;
                }
                if ui.is_rect_visible(cell) {
                    self::cell(view, ui, cell, preset);
                }
            }
        });
}

/// What is said where nothing is found.
fn nothing(view: &View) -> &'static str {
    let query = &view.browser.query;
    match query.among {
        _ if !query.text.is_empty() || query.tag.is_some() => "No preset is so: Escape shows all",
        Among::Favourites => "Click the star in a picture's corner, and it is here",
        Among::Recent => "None has been used yet",
        Among::Own => "Save what you see, and it is here",
        Among::All => "There are no presets",
    }
}

fn cell(view: &mut View, ui: &mut Ui, rect: Rect, preset: &Preset) {
    let name = &preset.name;
    let response = ui.interact(rect, ui.scope_id().with(("preset", name)), Sense::click());
    let chosen = view.project.preset() == *name;
    let here = view.browser.at == *name;
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, name));
    let picture = rect.with_max_y(rect.bottom() - WORDS);
    let painter = ui.painter();
    if here || response.hovered() || response.has_focus() {
        let ground = if here { theme::HOVER } else { theme::CONTROL };
        painter.rect_filled(rect.expand(4.0), theme::ROUND, ground);
    }
    painter.rect_filled(picture, theme::ROUND, theme::WELL);
    match view.browser.pictures.of(ui.ctx(), preset) {
        Some(texture) => egui::Image::new(texture)
            .corner_radius(theme::ROUND)
            .paint_at(ui, picture),
        None => icon::mark(painter, picture.center(), 14.0),
    }
    let painter = ui.painter();
    if chosen {
        let stroke = Stroke::new(2.0, theme::HAND);
        painter.rect_stroke(picture, theme::ROUND, stroke, StrokeKind::Outside);
    } else if here {
        let stroke = Stroke::new(1.0, theme::TEXT);
        painter.rect_stroke(picture, theme::ROUND, stroke, StrokeKind::Outside);
    }
    let words = rect.with_min_y(picture.bottom() + 4.0);
    let colour = if chosen { theme::HAND } else { theme::TEXT };
    let (top, face) = (Align2::LEFT_TOP, font(12.0));
    theme::line(painter, words, top, name, face, colour);
    let below = words.with_min_y(words.top() + 16.0);
    let tags = preset.tags.join(" · ");
    theme::line(painter, below, top, tags, font(10.5), theme::FAINT);
    star(view, ui, picture, preset, here || response.hovered());
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    if response.clicked() {
        view.browser.at.clone_from(name);
        view.browser.said = None;
        view.browser.wants_keys = true;
        preset::choose(view, preset);
    }
}

/// The star in a picture's corner, which is seen where it is lit or the hand is near.
fn star(view: &mut View, ui: &Ui, picture: Rect, preset: &Preset, near: bool) {
    let name = &preset.name;
    let lit = shelf().favourites.contains(name);
    let size = vec2(24.0, 24.0);
    let corner = Rect::from_min_size(pos2(picture.right() - size.x, picture.top()), size);
    let response = ui.interact(corner, ui.scope_id().with(("star", name)), Sense::click());
    let spoken = format!("Favourite: {name}");
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, lit, &spoken));
    if lit || near || response.hovered() || response.has_focus() {
        let ground = theme::faded(Color32::BLACK, 0.55);
        ui.painter().circle_filled(corner.center(), 10.0, ground);
        let colour = if lit || response.hovered() {
            theme::HAND
        } else {
            theme::TEXT
        };
        let sign = if lit { Icon::Star } else { Icon::Unstarred };
        icon::paint(ui.painter(), corner.center(), sign, colour);
    }
    let hint = if lit {
        "No longer a favourite."
    } else {
        "A favourite."
    };
    let response = response
        .on_hover_text(hint)
        .on_hover_cursor(CursorIcon::PointingHand);
    if response.clicked() {
        if let Err(sentence) = set_favourite(name, !lit) {
            view.browser.said = Some(sentence);
        }
        view.browser.wants_keys = true;
    }
}
