//! Buttons, segments, and rows that open a menu.

use super::icon::{self, Icon};
use super::slider;
use super::theme::{self, font, semi_bold};
use egui::{
    Align2, Color32, CursorIcon, Popup, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    pos2, vec2,
};

/// Height at which a menu begins to scroll.
const LONGEST_MENU: f32 = 360.0;

/// A button: a word, an icon or both; lit in `colour` while what it stands for is on.
pub struct Button<'a> {
    pub word: &'a str,
    pub icon: Option<Icon>,
    pub lit: Option<Color32>,
    pub enabled: bool,
}

impl<'a> Button<'a> {
    pub fn word(word: &'a str) -> Self {
        Self {
            word,
            icon: None,
            lit: None,
            enabled: true,
        }
    }

    pub fn icon(icon: Icon) -> Self {
        Self {
            icon: Some(icon),
            ..Self::word("")
        }
    }

    pub fn with_icon(self, icon: Icon) -> Self {
        Self {
            icon: Some(icon),
            ..self
        }
    }

    pub fn lit(self, on: bool, colour: Color32) -> Self {
        Self {
            lit: on.then_some(colour),
            ..self
        }
    }

    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    pub fn show(self, ui: &Ui, rect: Rect, name: &str, hint: &str) -> Response {
        let sense = if self.enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let response = ui.interact(rect, ui.scope_id().with(name), sense);
        let painter = ui.painter();
        let lively = self.enabled && (response.hovered() || response.has_focus());
        match self.lit {
            Some(colour) => {
                painter.rect_filled(rect, theme::ROUND, theme::faded(colour, 0.22));
                painter.rect_stroke(
                    rect,
                    theme::ROUND,
                    Stroke::new(1.0, theme::faded(colour, 0.8)),
                    StrokeKind::Inside,
                );
            }
            None if self.enabled => slider::row(ui, rect, &response),
            None => {}
        }
        let colour = match self.lit {
            Some(colour) => colour,
            None if !self.enabled => theme::faded(theme::FAINT, 0.6),
            None if lively => theme::TEXT,
            None => theme::LABEL,
        };
        // A red light says what it does before it is lit.
        let sign = match self.icon {
            Some(Icon::Record) if self.enabled => theme::RED,
            _ => colour,
        };
        match (self.icon, self.word) {
            (Some(shape), "") => icon::paint(painter, rect.center(), shape, sign),
            (shape, word) => {
                let text = painter.layout_no_wrap(word.to_owned(), font(12.0), colour);
                let wide = text.size().x + if shape.is_some() { 18.0 } else { 0.0 };
                let mut x = rect.center().x - 0.5 * wide;
                if let Some(shape) = shape {
                    icon::paint(painter, pos2(x + 6.0, rect.center().y), shape, sign);
                    x += 18.0;
                }
                let y = rect.center().y - 0.5 * text.size().y;
                painter.galley(pos2(x, y), text, colour);
            }
        }
        let response = response.on_hover_text(hint);
        if self.enabled {
            response.on_hover_cursor(CursorIcon::PointingHand)
        } else {
            response
        }
    }
}

/// One of a few, side by side. Answers the one that was chosen now.
pub fn segments(
    ui: &Ui,
    rect: Rect,
    name: &str,
    choices: &[(&str, &str)],
    chosen: usize,
) -> Option<usize> {
    let painter = ui.painter();
    painter.rect_filled(rect, theme::ROUND, theme::WELL);
    let wide = rect.width() / choices.len() as f32;
    let mut picked = None;
    for (i, (word, hint)) in choices.iter().enumerate() {
        let left = rect.left() + i as f32 * wide;
        let part = Rect::from_min_size(pos2(left, rect.top()), vec2(wide, rect.height()));
        let part = part.shrink(1.0);
        let response = ui.interact(part, ui.scope_id().with((name, i)), Sense::click());
        let colour = if i == chosen {
            painter.rect_filled(part, theme::ROUND, theme::faded(theme::HAND, 0.24));
            theme::TEXT
        } else if response.hovered() {
            painter.rect_filled(part, theme::ROUND, theme::HOVER);
            theme::TEXT
        } else {
            theme::LABEL
        };
        if response.has_focus() {
            let stroke = Stroke::new(1.0, theme::HAND);
            painter.rect_stroke(part, theme::ROUND, stroke, StrokeKind::Inside);
        }
        theme::line(
            painter,
            part,
            Align2::CENTER_CENTER,
            *word,
            font(12.0),
            colour,
        );
        if response.clicked() && i != chosen {
            picked = Some(i);
        }
        response
            .on_hover_text(*hint)
            .on_hover_cursor(CursorIcon::PointingHand);
    }
    picked
}

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
    slider::row(ui, rect, &response);
    let lively = response.hovered() || response.has_focus();
    let inside = rect.with_max_x(rect.right() - 16.0);
    slider::labels(ui, inside, label, value, lively);
    let place = pos2(rect.right() - 13.0, rect.center().y);
    icon::paint(ui.painter(), place, Icon::Down, theme::LABEL);
    menu(&response, rect.width(), menu_items);
    response
        .on_hover_text(hint)
        .on_hover_cursor(CursorIcon::PointingHand);
}

/// The menu of a button.
pub fn menu(response: &Response, width: f32, items: impl FnOnce(&mut Ui)) {
    Popup::menu(response)
        .gap(3.0)
        .width(width.max(120.0))
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            ScrollArea::vertical()
                .max_height(LONGEST_MENU)
                .show(ui, |ui| {
                    ui.set_min_width(width.max(120.0) - 10.0);
                    items(ui);
                });
        });
}

/// A line of a menu, with three colours at its end where it is about colours. Answers whether it
/// was chosen now.
pub fn item(ui: &mut Ui, word: &str, chosen: bool, colours: Option<[Color32; 3]>) -> bool {
    let size = vec2(ui.available_width(), theme::ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, theme::ROUND, theme::faded(theme::HAND, 0.16));
    }
    let mut inside = rect.shrink2(vec2(8.0, 0.0));
    for (i, colour) in colours.into_iter().flatten().rev().enumerate() {
        let right = rect.right() - 8.0 - 13.0 * i as f32;
        let size = vec2(13.0, 10.0);
        let patch = Rect::from_center_size(pos2(right - 6.5, rect.center().y), size);
        painter.rect_filled(patch, 0, colour);
        inside.max.x = patch.left() - 8.0;
    }
    let (face, colour) = if chosen {
        (semi_bold(12.0), theme::HAND)
    } else {
        (font(12.0), theme::TEXT)
    };
    theme::line(painter, inside, Align2::LEFT_CENTER, word, face, colour);
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}
