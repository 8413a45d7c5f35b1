//! The shelves, the tags, and the stage.

use super::super::slider;
use super::super::theme::{self, font, semi_bold};
use super::super::view::View;
use crate::control::{Among, Preset, Query, ranked_tags, search, shelf};
use egui::{Align2, CursorIcon, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Height of a tag, and of the space that a title has.
const TAG: f32 = 21.0;
const TITLE: f32 = 26.0;

const SHELVES: [(&str, Among, &str); 4] = [
    ("All", Among::All, "All presets."),
    (
        "Favourites",
        Among::Favourites,
        "Those with a star: click the star in a picture's corner.",
    ),
    ("Recently used", Among::Recent, "The last one first."),
    ("Yours", Among::Own, "Those that you have saved."),
];

/// Shows it in `rect`.
pub fn show(view: &mut View, ui: &mut Ui, rect: Rect, all: &[Preset]) {
    let mut y = rect.top();
    for (word, among, hint) in SHELVES {
        let query = Query {
            among,
            ..Query::default()
        };
        // Nobody counts how much was used.
        let count = match among {
            Among::Recent => String::new(),
            _ => search(all, &shelf(), &query).len().to_string(),
        };
        let row = Rect::from_min_size(pos2(rect.left(), y), vec2(rect.width(), theme::ROW));
        if shelf_row(view, ui, row, word, count, among, hint) {
            view.browser.query.among = among;
            view.browser.wants_keys = true;
            view.browser.follow = true;
        }
        y += theme::ROW + 2.0;
    }
    let title = Rect::from_min_size(pos2(rect.left(), y), vec2(rect.width(), TITLE));
    let inside = title.with_max_y(title.bottom() - 4.0);
    let (align, face) = (Align2::LEFT_BOTTOM, semi_bold(12.0));
    theme::line(ui.painter(), inside, align, "Tags", face, theme::LABEL);
    // The stage is below, where there is room.
    let high = rect.width() * 9.0 / 16.0;
    let stage = rect.with_min_y(rect.bottom() - high);
    let bottom = tags(view, ui, rect.with_min_y(title.bottom() + 2.0), all);
    if bottom + 8.0 < stage.top() {
        let response = view.preview.show(ui, stage, view.shown.as_ref());
        response.on_hover_text("The stage.");
    }
}

/// A shelf, with how many are on it. Answers whether it was chosen now.
fn shelf_row(
    view: &View,
    ui: &Ui,
    rect: Rect,
    word: &str,
    count: String,
    among: Among,
    hint: &str,
) -> bool {
    let response = ui.interact(rect, ui.scope_id().with(("shelf", word)), Sense::click());
    let chosen = view.browser.query.among == among;
    let spoken = format!("Shelf: {word}");
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &spoken));
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(rect, theme::ROUND, theme::faded(theme::HAND, 0.2));
    } else if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, theme::ROUND, theme::HOVER);
    }
    let colour = if chosen { theme::TEXT } else { theme::LABEL };
    let inside = rect.shrink2(vec2(9.0, 0.0));
    let left = Align2::LEFT_CENTER;
    theme::line(painter, inside, left, word, font(12.5), colour);
    let right = Align2::RIGHT_CENTER;
    theme::line(painter, inside, right, count, font(11.5), theme::FAINT);
    let response = response
        .on_hover_text(hint)
        .on_hover_cursor(CursorIcon::PointingHand);
    response.clicked()
}

/// The tags, side by side as far as there is room; where they end.
fn tags(view: &mut View, ui: &mut Ui, rect: Rect, all: &[Preset]) -> f32 {
    let mut at = rect.min;
    for tag in ranked_tags(all) {
        let chosen = view.browser.query.tag.as_ref() == Some(&tag);
        let colour = if chosen { theme::TEXT } else { theme::LABEL };
        let text = ui.painter().layout_no_wrap(tag.clone(), font(11.5), colour);
        let wide = (text.size().x + 14.0).min(rect.width());
        if at.x + wide > rect.right() + 0.5 && at.x > rect.left() {
            at = pos2(rect.left(), at.y + TAG + 4.0);
        }
        if at.y + TAG > rect.bottom() {
            break;
        }
        let place = Rect::from_min_size(at, vec2(wide, TAG));
        let response = ui.interact(place, ui.scope_id().with(("tag", &tag)), Sense::click());
        let spoken = format!("Tag: {tag}");
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, chosen, &spoken));
        slider::row(ui, place, &response);
        let painter = ui.painter();
        if chosen {
            painter.rect_filled(place, theme::ROUND, theme::faded(theme::HAND, 0.24));
            let stroke = Stroke::new(1.0, theme::faded(theme::HAND, 0.8));
            painter.rect_stroke(place, theme::ROUND, stroke, StrokeKind::Inside);
        }
        painter.galley(place.center() - 0.5 * text.size(), text, colour);
        let response = response.on_hover_cursor(CursorIcon::PointingHand);
        if response.clicked() {
            view.browser.query.tag = (!chosen).then_some(tag);
            view.browser.wants_keys = true;
            view.browser.follow = true;
        }
        at.x += wide + 4.0;
    }
    at.y + TAG
}
