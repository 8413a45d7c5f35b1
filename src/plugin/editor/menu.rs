//! Menus: the rows that open them, and their lines.

use super::icon::{self, Icon};
use super::slider;
use super::spoken;
use super::theme::{self, font, semi_bold};
use egui::{
    Align2, Color32, CursorIcon, Popup, Rect, Response, Role, ScrollArea, Sense, TextureHandle, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

/// Height at which a menu begins to scroll.
const LONGEST: f32 = 360.0;

/// A row with a label and the present choice, that opens a menu.
pub fn choice(
    ui: &Ui,
    rect: Rect,
    label: &str,
    value: &str,
    hint: &str,
    menu_items: impl FnOnce(&mut Ui),
) {
    let response = ui.interact(rect, ui.scope_id().with(label), Sense::click());
    response.widget_info(|| spoken::with_value(Role::ComboBox, label, value));
    slider::row(ui, rect, &response);
    let lively = response.hovered() || response.has_focus();
    let inside = rect.with_max_x(rect.right() - 16.0);
    slider::labels(ui, inside, label, value, lively);
    let place = pos2(rect.right() - 13.0, rect.center().y);
    icon::paint(ui.painter(), place, Icon::Down, theme::LABEL);
    show(&response, rect.width(), menu_items);
    response
        .on_hover_text(hint)
        .on_hover_cursor(CursorIcon::PointingHand);
}

/// The menu that `response` opens.
pub fn show(response: &Response, width: f32, items: impl FnOnce(&mut Ui)) {
    let popup = Popup::menu(response).gap(3.0).width(width.max(120.0));
    spoken::has_menu(response, popup.is_open());
    popup.show(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        ScrollArea::vertical().max_height(LONGEST).show(ui, |ui| {
            ui.set_min_width(width.max(120.0) - 10.0);
            items(ui);
        });
    });
}

/// A line that does something. Answers whether it was chosen now.
pub fn action(ui: &mut Ui, word: &str) -> bool {
    let response = line(ui, word, false, theme::ROW, &[]);
    spoken::name(&response, Role::MenuItem, word);
    response.clicked()
}

/// A line of those of which one is chosen, as high as the picture at its end. Answers whether this one was, now.
pub fn item_with_picture(
    ui: &mut Ui,
    word: &str,
    chosen: bool,
    size: Vec2,
    picture: Option<&TextureHandle>,
) -> bool {
    let response = line(ui, word, chosen, size.y + 2.0, &[]);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, chosen, word));
    let place = pos2(
        response.rect.right() - 3.0 - 0.5 * size.x,
        response.rect.center().y,
    );
    let place = Rect::from_center_size(place, size);
    if let Some(picture) = picture {
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter()
            .image(picture.id(), place, whole, Color32::WHITE);
    }
    response.clicked()
}

/// A line of those of which one is chosen. Answers whether this one was, now.
pub fn item(ui: &mut Ui, word: &str, chosen: bool) -> bool {
    item_with_colours(ui, word, chosen, &[])
}

/// The same, with colours at its end.
pub fn item_with_colours(ui: &mut Ui, word: &str, chosen: bool, colours: &[Color32]) -> bool {
    let response = line(ui, word, chosen, theme::ROW, colours);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, chosen, word));
    response.clicked()
}

/// A line that only says something.
pub fn note(ui: &mut Ui, sentence: &str) {
    let size = vec2(ui.available_width(), theme::ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    spoken::name(&response, Role::Label, sentence);
    let inside = rect.shrink2(vec2(8.0, 0.0));
    let (painter, face) = (ui.painter(), font(12.0));
    theme::line(
        painter,
        inside,
        Align2::LEFT_CENTER,
        sentence,
        face,
        theme::LABEL,
    );
}

fn line(ui: &mut Ui, word: &str, chosen: bool, height: f32, colours: &[Color32]) -> Response {
    let size = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, theme::ROUND, theme::faded(theme::HAND, 0.16));
    }
    let mut inside = rect.shrink2(vec2(8.0, 0.0));
    for (i, colour) in colours.iter().rev().enumerate() {
        let right = rect.right() - 8.0 - 13.0 * i as f32;
        let size = vec2(13.0, 10.0);
        let patch = Rect::from_center_size(pos2(right - 6.5, rect.center().y), size);
        painter.rect_filled(patch, 0, *colour);
        inside.max.x = patch.left() - 8.0;
    }
    let (face, colour) = if chosen {
        (semi_bold(12.0), theme::HAND)
    } else {
        (font(12.0), theme::TEXT)
    };
    theme::line(painter, inside, Align2::LEFT_CENTER, word, face, colour);
    response.on_hover_cursor(CursorIcon::PointingHand)
}
