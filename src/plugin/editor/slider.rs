//! A knob as a bar: its label, its value, and how far it is turned.

use super::edits::{Edits, Knob};
use super::spoken;
use super::theme::{self, font};
use egui::accesskit::Action;
use egui::text::{CCursor, CCursorRange};
use egui::{
    Align2, CursorIcon, EventFilter, Id, Key, PointerButton, Rect, Response, Role, Sense, Stroke,
    StrokeKind, TextEdit, Ui, WidgetInfo, vec2,
};

/// How much slower a knob turns while shift is held.
const FINE: f32 = 0.1;

/// Height of the line under a row that shows how far it is turned.
const BAR: f32 = 2.0;

/// A row of the editor that turns a knob.
pub struct Slider<'a> {
    pub knob: Knob<'a>,
}

impl<'a> Slider<'a> {
    pub fn of(knob: Knob<'a>) -> Self {
        Self { knob }
    }

    /// Shows it in `rect`. Drag turns, shift makes it fine, a double click resets, a right click or
    /// Enter types a value, a click with Ctrl has chance leave it alone.
    pub fn show(self, ui: &mut Ui, rect: Rect, edits: &mut Edits) -> Response {
        let id = self.knob.id();
        if ui.data(|data| data.get_temp::<String>(id)).is_some() {
            return self.typed(ui, rect, edits, id);
        }
        let response = ui.interact(rect, id, Sense::click_and_drag());
        let value = self.dragged(ui, &response, edits);
        let value = self.stepped(ui, &response, edits, value);
        let control = self.knob.control;
        if response.clicked() && ui.input(|i| i.modifiers.command) {
            let locked = edits.is_locked(control);
            edits.lock([control], !locked);
        } else if response.double_clicked() {
            edits.put(self.knob, self.knob.usual());
        } else if response.secondary_clicked()
            || (response.has_focus() && ui.input(|i| i.key_pressed(Key::Enter)))
        {
            let text = self.knob.text(value);
            ui.data_mut(|data| data.insert_temp(id, text));
        }
        let locked = edits.is_locked(control);
        self.tell(&response, value, locked);
        let taught = edits.teaching.as_ref().map(|midi| {
            let waits = midi.learning() == Some(self.knob.control);
            (waits, midi.movers(self.knob.control))
        });
        self.paint(ui, rect, &response, value, taught);
        if locked {
            let edge = rect.with_max_x(rect.left() + 3.0);
            ui.painter().rect_filled(edge, 1, theme::HEARD);
        }
        response
            .on_hover_cursor(CursorIcon::ResizeHorizontal)
            .on_hover_text(self.knob.control.row().hint)
    }

    /// The normalised value at which the bar is full.
    fn span(&self) -> f32 {
        self.knob.place_of(self.knob.control.row().end())
    }

    /// Follows a drag; answers the value to show.
    fn dragged(&self, ui: &Ui, response: &Response, edits: &mut Edits) -> f32 {
        let held = response.id.with("held");
        if response.drag_started_by(PointerButton::Primary) {
            edits.grab(&[self.knob]);
            ui.data_mut(|data| data.insert_temp(held, self.knob.value()));
        }
        // The host may take the value later than it is turned, so the hand's own counts meanwhile.
        let Some(mut value) = ui.data(|data| data.get_temp::<f32>(held)) else {
            return self.knob.value();
        };
        let speed = if ui.input(|i| i.modifiers.shift) {
            FINE
        } else {
            1.0
        };
        let span = self.span();
        value += speed * span * response.drag_delta().x / response.rect.width().max(1.0);
        value = value.clamp(0.0, span);
        ui.data_mut(|data| data.insert_temp(held, value));
        let snapped = self.knob.snapped(value);
        edits.turn(self.knob, snapped);
        if !response.dragged() {
            edits.release();
            ui.data_mut(|data| data.remove::<f32>(held));
        }
        snapped
    }

    /// Follows the wheel and the keys.
    fn stepped(&self, ui: &Ui, response: &Response, edits: &mut Edits, value: f32) -> f32 {
        let mut steps = 0.0;
        let mut fine = false;
        if response.has_focus() {
            let arrows = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            ui.input(|i| {
                fine = i.modifiers.shift;
                let pressed = |key| i.num_presses(key) as f32;
                steps = pressed(Key::ArrowRight) + pressed(Key::ArrowUp)
                    - pressed(Key::ArrowLeft)
                    - pressed(Key::ArrowDown);
            });
            if response.clicked_elsewhere() {
                response.surrender_focus();
            }
        }
        ui.input(|i| {
            let asked = |action| i.num_accesskit_action_requests(response.id, action) as f32;
            steps += asked(Action::Increment) - asked(Action::Decrement);
        });
        if response.hovered() {
            ui.input(|i| {
                fine |= i.modifiers.shift;
                steps += super::wheel::notches(i);
            });
        }
        let whole = steps.abs().ceil() as usize;
        if whole == 0 {
            return value;
        }
        let value = (0..whole).fold(value, |value, _| self.knob.step(value, steps > 0.0, fine));
        let value = value.min(self.span());
        edits.nudge(self.knob, value);
        value
    }

    /// Says how it stands, and that it can be stepped.
    fn tell(&self, response: &Response, value: f32, locked: bool) {
        let plain = |value: f32| f64::from(self.knob.plain(value));
        let text = self.knob.text(value) + if locked { ", locked" } else { "" };
        response.widget_info(|| WidgetInfo {
            value: Some(plain(value)),
            ..spoken::with_value(Role::Slider, self.knob.control.row().name, &text)
        });
        response.ctx.accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(plain(0.0));
            node.set_max_numeric_value(plain(self.span()));
            node.add_action(Action::Increment);
            node.add_action(Action::Decrement);
        });
    }

    /// The field in which a value is typed.
    fn typed(&self, ui: &mut Ui, rect: Rect, edits: &mut Edits, id: Id) -> Response {
        let (response, text) = field(ui, rect, id, self.knob.control.row().name);
        if let Some(text) = text
            && let Some(value) = self.knob.read(&text)
        {
            edits.put(self.knob, value);
        }
        response
    }

    /// Paints it; while MIDI is learned, whether it waits for a knob, and what moves it.
    fn paint(
        &self,
        ui: &Ui,
        rect: Rect,
        response: &Response,
        value: f32,
        taught: Option<(bool, String)>,
    ) {
        let painter = ui.painter();
        let lively = response.hovered() || response.dragged() || response.has_focus();
        row(ui, rect, response);
        let control = self.knob.control.row();
        let origin = self.knob.place_of(control.neutral);
        let span = self.span();
        let x = |value: f32| rect.left() + (value / span).min(1.0) * rect.width();
        let (from, to) = (x(origin.min(value)), x(origin.max(value)));
        let bar = Rect::from_x_y_ranges(from..=to, rect.y_range());
        let fill = if lively {
            theme::TURNED_HOVER
        } else {
            theme::TURNED
        };
        painter.rect_filled(bar, theme::ROUND, fill);
        // Below the words, so that no digit is crossed.
        let base = rect.bottom() - BAR;
        let bar = Rect::from_x_y_ranges(from..=to, base..=rect.bottom());
        let clipped = painter.with_clip_rect(bar.intersect(ui.clip_rect()));
        clipped.rect_filled(rect, theme::ROUND, theme::faded(theme::HAND, 0.75));
        let edge = x(value).clamp(rect.left() + 1.5, rect.right() - 1.5);
        let grip = Rect::from_x_y_ranges(edge - 1.5..=edge + 1.5, base - 3.0..=rect.bottom());
        painter.rect_filled(grip, 1, theme::HAND);
        let text = match taught {
            Some((true, _)) => {
                let stroke = Stroke::new(1.5, theme::HAND);
                painter.rect_stroke(rect, theme::ROUND, stroke, StrokeKind::Inside);
                "move a knob".to_owned()
            }
            Some((false, movers)) => movers,
            None => brief(&self.knob.text(value)),
        };
        labels(ui, rect, control.name, &text, lively);
    }
}

/// A value without a decimal that says nothing, as its row shows it.
fn brief(text: &str) -> String {
    text.replacen(".0 ", " ", 1)
}

/// The ground of a row.
pub fn row(ui: &Ui, rect: Rect, response: &Response) {
    let fill = if response.hovered() || response.dragged() {
        theme::HOVER
    } else {
        theme::CONTROL
    };
    ui.painter().rect_filled(rect, theme::ROUND, fill);
    if response.has_focus() {
        let stroke = Stroke::new(1.0, theme::HAND);
        ui.painter()
            .rect_stroke(rect, theme::ROUND, stroke, StrokeKind::Inside);
    }
}

/// A row's label and value.
pub fn labels(ui: &Ui, rect: Rect, label: &str, value: &str, lively: bool) {
    let inside = rect.shrink2(vec2(8.0, 0.0));
    let painter = ui.painter();
    let wide = painter
        .layout_no_wrap(label.to_owned(), font(12.0), theme::LABEL)
        .size()
        .x;
    let colour = if lively { theme::TEXT } else { theme::LABEL };
    theme::line(
        painter,
        inside,
        Align2::LEFT_CENTER,
        label,
        font(12.0),
        colour,
    );
    let rest = inside.with_min_x(inside.left() + wide + 6.0);
    theme::line(
        painter,
        rest,
        Align2::RIGHT_CENTER,
        value,
        font(12.0),
        theme::TEXT,
    );
}

/// A field over a row, with the text that waits at `id`. Answers the text once it is complete.
pub fn field(ui: &mut Ui, rect: Rect, id: Id, name: &str) -> (Response, Option<String>) {
    let mut text = ui
        .data(|data| data.get_temp::<String>(id))
        .unwrap_or_default();
    let edit = id.with("field");
    ui.painter().rect_filled(rect, theme::ROUND, theme::WELL);
    ui.painter().rect_stroke(
        rect,
        theme::ROUND,
        Stroke::new(1.0, theme::HAND),
        StrokeKind::Inside,
    );
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(9.0, 3.0))));
    let begun = child.memory(|memory| memory.has_focus(edit));
    let mut output = TextEdit::singleline(&mut text)
        .id(edit)
        .frame(egui::Frame::NONE)
        .margin(egui::Margin::ZERO)
        .font(font(12.0))
        .text_color(theme::TEXT)
        .desired_width(rect.width() - 18.0)
        .show(&mut child);
    let response = output.response.response.clone();
    ui.ctx()
        .accesskit_node_builder(edit, |node| node.set_label(name));
    if response.lost_focus() {
        ui.data_mut(|data| data.remove::<String>(id));
        let kept = !ui.input(|i| i.key_pressed(Key::Escape));
        return (response, kept.then_some(text));
    }
    if !begun {
        response.request_focus();
        let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
        output.state.cursor.set_char_range(Some(all));
        output.state.store(ui.ctx(), response.id);
    }
    ui.data_mut(|data| data.insert_temp(id, text));
    (response, None)
}
