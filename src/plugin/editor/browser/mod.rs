//! The presets, to be looked through: shelves and tags at the left, pictures at the right, and below them what can be
//! done with the one that the keys are on.
//!
//! It lies over all but the bars. Letters go to the search field, which has the keyboard; arrows, Enter and Escape are
//! taken from it.

mod foot;
mod grid;
mod rail;
mod state;

pub use state::Browser;

use super::menu;
use super::preset;
use super::slider;
use super::spoken;
use super::theme::{self, font};
use super::view::View;
use super::{button::Button, icon::Icon};
use crate::control::{Preset, Query, presets};
use egui::{Id, Key, Modifiers, Rect, Role, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, vec2};

/// Width of the shelves, and height of the rows above and below the pictures.
const RAIL: f32 = 176.0;
const ROW: f32 = 28.0;

/// Width of the row that says in how many bars a preset comes, and those that are offered.
const OVER: f32 = 118.0;
const BARS: [u16; 6] = [0, 1, 2, 4, 8, 16];

/// Shows it in `rect`.
pub fn show(view: &mut View, ui: &mut Ui, rect: Rect) {
    view.browser.pictures.begin();
    let rail = rect.with_max_x(rect.left() + RAIL);
    let main = rect.with_min_x(rail.right() + theme::MARGIN);
    let head = main.with_max_y(main.top() + ROW);
    let foot = main.with_min_y(main.bottom() - ROW);
    let middle = main
        .with_min_y(head.bottom() + 8.0)
        .with_max_y(foot.top() - 8.0);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("browser"));
    let ui = &mut child;
    let all = presets();
    let found = view.browser.found(&all);
    let columns = grid::columns(middle.width());
    let typing = foot::is_typed(ui);
    if !typing {
        keys(view, ui, &all, &found, columns);
    }
    rail::show(view, ui, rail, &all);
    seek(view, ui, head, typing);
    grid::show(view, ui, middle, &all, &found);
    foot::show(view, ui, foot);
}

/// The field in which names and tags are typed, and the way out.
fn seek(view: &mut View, ui: &mut Ui, rect: Rect, typing: bool) {
    let close = rect.with_min_x(rect.right() - ROW);
    let over = rect
        .with_max_x(close.left() - theme::GAP)
        .with_min_x(close.left() - theme::GAP - OVER);
    bars(view, ui, over);
    let field = rect.with_max_x(over.left() - theme::GAP);
    let id = Id::unique("search presets");
    let painter = ui.painter();
    painter.rect_filled(field, theme::ROUND, theme::WELL);
    let has_keys = ui.memory(|memory| memory.has_focus(id));
    let edge = if has_keys { theme::HAND } else { theme::LINE };
    painter.rect_stroke(
        field,
        theme::ROUND,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    super::icon::paint(
        painter,
        field.left_center() + vec2(14.0, 0.0),
        Icon::Search,
        theme::LABEL,
    );
    let inside = field
        .shrink2(vec2(10.0, 5.0))
        .with_min_x(field.left() + 28.0);
    let mut child = ui.new_child(UiBuilder::new().max_rect(inside));
    let before = view.browser.query.text.clone();
    let output = TextEdit::singleline(&mut view.browser.query.text)
        .id(id)
        .frame(egui::Frame::NONE)
        .margin(egui::Margin::ZERO)
        .font(font(13.0))
        .text_color(theme::TEXT)
        .hint_text(egui::RichText::new("Search names, tags and painters").color(theme::FAINT))
        .desired_width(inside.width())
        .show(&mut child);
    ui.ctx()
        .accesskit_node_builder(id, |node| node.set_label("Search presets"));
    if before != view.browser.query.text {
        let all = presets();
        let first = view
            .browser
            .found(&all)
            .first()
            .map(|place| all[*place].name.clone());
        view.browser.at = first.unwrap_or_default();
        view.browser.follow = true;
    }
    if view.browser.wants_keys && !typing {
        output.response.response.request_focus();
        view.browser.wants_keys = false;
    }
    let hint = "Back to the knobs (Escape).";
    if Button::icon(Icon::Close)
        .show(ui, close, "Close the presets", hint)
        .clicked()
    {
        view.browser.open = false;
    }
}

/// In how many bars a preset comes that is chosen.
fn bars(view: &mut View, ui: &Ui, rect: Rect) {
    let text = |bars: u16| match bars {
        0 => "at once".to_owned(),
        1 => "1 bar".to_owned(),
        bars => format!("{bars} bars"),
    };
    let present = view.browser.bars;
    let hint = "In how many bars of the music a preset comes that is chosen: look and painter go over to it.";
    menu::choice(ui, rect, "Over", &text(present), hint, |ui| {
        for bars in BARS {
            if menu::item(ui, &text(bars), bars == present) {
                view.browser.bars = bars;
            }
        }
    });
}

/// Follows the keys that are not the search field's.
fn keys(view: &mut View, ui: &Ui, all: &[Preset], found: &[usize], columns: usize) {
    let pressed = |key| ui.input_mut(|i| i.count_and_consume_key(Modifiers::NONE, key)) as isize;
    let across = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft);
    let down = pressed(Key::ArrowDown) - pressed(Key::ArrowUp);
    let browser = &mut view.browser;
    let here = found
        .iter()
        .position(|place| all[*place].name == browser.at);
    let steps = across + columns as isize * down;
    if steps != 0 && !found.is_empty() {
        let last = found.len() as isize - 1;
        let next = match here {
            None => 0,
            // A row down from the last but one that is full ends on the last.
            Some(here) => (here as isize + steps).clamp(0, last),
        };
        browser.at.clone_from(&all[found[next as usize]].name);
        browser.follow = true;
    }
    let undo = ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::Z));
    if undo {
        match view.browser.deleted.take() {
            Some(deleted) => view.browser.bring_back(&deleted),
            None => view.edits.undo(),
        }
    }
    if pressed(Key::Enter) > 0
        && let Some(preset) = here.map(|here| &all[found[here]])
    {
        preset::choose(view, preset);
    }
    if pressed(Key::Escape) > 0 {
        let query = &mut view.browser.query;
        match *query == Query::default() {
            true => view.browser.open = false,
            false => *query = Query::default(),
        }
        view.browser.follow = true;
        view.browser.wants_keys = true;
    }
}

/// The row at the top that opens it: the chosen preset's name.
pub fn opener(view: &mut View, ui: &mut Ui, rect: Rect) {
    use egui::{Align2, CursorIcon, Sense, pos2};
    let chosen = view.project.preset();
    let response = ui.interact(rect, ui.scope_id().with("preset"), Sense::click());
    slider::row(ui, rect, &response);
    let (name, colour) = if chosen.is_empty() {
        ("Choose a preset", theme::LABEL)
    } else {
        (chosen.as_str(), theme::TEXT)
    };
    let sign = pos2(rect.right() - 14.0, rect.center().y);
    super::icon::paint(ui.painter(), sign, Icon::Grid, theme::LABEL);
    let mut inside = rect.shrink2(vec2(10.0, 0.0));
    inside.max.x -= 18.0;
    let edited = preset::is_edited(&view.project.params, &chosen);
    let spoken = if edited {
        &format!("{name}, edited")
    } else {
        name
    };
    response.widget_info(|| spoken::with_value(Role::Button, "Preset", spoken));
    if edited {
        let (align, face) = (Align2::RIGHT_CENTER, font(11.0));
        theme::line(ui.painter(), inside, align, "edited", face, theme::FAINT);
        inside.max.x -= 42.0;
    }
    let (align, face) = (Align2::LEFT_CENTER, font(12.5));
    theme::line(ui.painter(), inside, align, name, face, colour);
    if response.clicked() {
        match view.browser.open {
            true => view.browser.open = false,
            false => view.browser.open(&chosen),
        }
    }
    response
        .on_hover_text(
            "The presets: looks for the knobs of motion and picture; the emotion stays yours.",
        )
        .on_hover_cursor(CursorIcon::PointingHand);
}
