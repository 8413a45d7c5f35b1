//! Buttons, and segments of which one is chosen.

use super::icon::{self, Icon};
use super::slider;
use super::theme::{self, font};
use egui::{
    Align2, Color32, CursorIcon, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

/// A button: a word, an icon or both; lit in `colour` while what it stands for is on.
pub struct Button<'a> {
    pub word: &'a str,
    pub icon: Option<Icon>,
    /// Whether what it switches is on; none where it switches nothing.
    pub on: Option<bool>,
    pub lit: Option<Color32>,
    pub enabled: bool,
}

impl<'a> Button<'a> {
    pub fn word(word: &'a str) -> Self {
        Self {
            word,
            icon: None,
            on: None,
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
            on: Some(on),
            lit: on.then_some(colour),
            ..self
        }
    }

    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    /// Shows it in `rect`. Its name stays the same whatever its word says.
    pub fn show(self, ui: &Ui, rect: Rect, name: &str, hint: &str) -> Response {
        let sense = if self.enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let response = ui.interact(rect, ui.scope_id().with(name), sense);
        response.widget_info(|| self.spoken(name));
        self.paint(ui, rect, &response);
        let response = response.on_hover_text(hint);
        if self.enabled {
            response.on_hover_cursor(CursorIcon::PointingHand)
        } else {
            response
        }
    }

    fn spoken(&self, name: &str) -> WidgetInfo {
        let word = (!self.word.is_empty() && self.word != name).then(|| self.word.to_owned());
        WidgetInfo {
            selected: self.on,
            current_text_value: word,
            ..WidgetInfo::labeled(Role::Button, self.enabled, name)
        }
    }

    fn paint(&self, ui: &Ui, rect: Rect, response: &Response) {
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
            None if self.enabled => slider::row(ui, rect, response),
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
        let spoken = format!("{name}: {word}");
        response
            .widget_info(|| WidgetInfo::selected(Role::RadioButton, true, i == chosen, &spoken));
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
