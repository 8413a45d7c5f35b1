//! The bar at the top: the name, the preset, what can be taken back, and where pictures go.

use super::browser;
use super::button::Button;
use super::film;
use super::icon::{self, Icon};
use super::menu::{self, action};
use super::midi;
use super::preset;
use super::remote;
use super::shortcut::Shortcut;
use super::spoken;
use super::theme::{self, semi_bold};
use super::view::View;
use egui::{Align2, CursorIcon, Rect, Role, Sense, Ui, pos2, vec2};
use std::sync::Arc;

const HEIGHT: f32 = 28.0;

/// Widths of the buttons at the right.
const OUTPUT: f32 = 88.0;
const RECORD: f32 = 88.0;
const BOUNCE: f32 = 108.0;
const MIDI: f32 = 80.0;
const REMOTE: f32 = 64.0;

/// Shows it in `rect`.
pub fn show(view: &mut View, ui: &mut Ui, rect: Rect) {
    let middle = rect.center().y;
    let at =
        |x: f32, wide: f32| Rect::from_min_size(pos2(x, middle - 0.5 * HEIGHT), vec2(wide, HEIGHT));
    let logo = Rect::from_min_size(rect.min, vec2(124.0, rect.height()));
    let response = ui.interact(logo, ui.scope_id().with("logo"), Sense::click());
    spoken::name(&response, Role::Button, "About Synopsia");
    icon::mark(ui.painter(), pos2(logo.left() + 12.0, middle), 11.0);
    let word = logo.with_min_x(logo.left() + 32.0);
    theme::line(
        ui.painter(),
        word,
        Align2::LEFT_CENTER,
        "Synopsia",
        semi_bold(16.0),
        theme::TEXT,
    );
    if response
        .on_hover_text("About Synopsia")
        .on_hover_cursor(CursorIcon::PointingHand)
        .clicked()
    {
        view.about = true;
    }
    // Phones that are let in take some of its room.
    let taken = if view.project.live.remote().is_some() {
        REMOTE
    } else {
        0.0
    };
    let wide = (rect.width() * 0.24 - taken).clamp(136.0, 240.0);
    let mut x = logo.right() + 12.0;
    browser::opener(view, ui, at(x, wide));
    x += wide + theme::GAP;
    x = neighbours(view, ui, x, at);
    save(view, ui, at(x, HEIGHT));
    x += HEIGHT + theme::GAP;
    x += theme::MARGIN - theme::GAP;
    history(
        view,
        ui,
        [at(x, HEIGHT), at(x + HEIGHT + theme::GAP, HEIGHT)],
    );
    let mut right = rect.right() - OUTPUT;
    output(view, ui, at(right, OUTPUT));
    right -= theme::GAP + RECORD;
    film::record(view, ui, at(right, RECORD));
    right -= theme::GAP + BOUNCE;
    film::bounce(view, ui, at(right, BOUNCE));
    // Where there is no host there is room.
    if !view.is_in_host() {
        right += BOUNCE - MIDI;
        midi::show(view, ui, at(right, MIDI));
        right -= theme::GAP + REMOTE;
        remote::show(view, ui, at(right, REMOTE));
    }
}

/// The preset before and the next one, from `x` on; where they end.
fn neighbours(view: &mut View, ui: &Ui, mut x: f32, at: impl Fn(f32, f32) -> Rect) -> f32 {
    let in_host = view.is_in_host();
    for (by, sign, name, what, shortcut) in [
        (
            -1,
            Icon::Left,
            "Previous preset",
            "before",
            Shortcut::Previous,
        ),
        (
            1,
            Icon::Right,
            "Next preset",
            "after this one",
            Shortcut::Next,
        ),
    ] {
        let key = shortcut.words(in_host);
        let hint = format!("The preset {what}. {key}: the favourite {what}.");
        let pressed = Button::icon(sign).show(ui, at(x, HEIGHT), name, &hint);
        if pressed.clicked()
            && let Some(preset) = preset::neighbour(&view.project.preset(), by)
        {
            preset::choose(view, &preset);
        }
        x += HEIGHT + theme::GAP;
    }
    x
}

/// What takes back, and what brings back.
fn history(view: &mut View, ui: &Ui, [back, forth]: [Rect; 2]) {
    let in_host = view.is_in_host();
    let key = |shortcut: Shortcut| shortcut.words(in_host);
    let undo = Button::icon(Icon::Undo).enabled(view.edits.can_undo());
    let hint = format!("Takes back the last change ({}).", key(Shortcut::Undo));
    if undo.show(ui, back, "Undo", &hint).clicked() {
        view.edits.undo();
    }
    let redo = Button::icon(Icon::Redo).enabled(view.edits.can_redo());
    let hint = format!("Brings back what was taken back ({}).", key(Shortcut::Redo));
    if redo.show(ui, forth, "Redo", &hint).clicked() {
        view.edits.redo();
    }
}

/// Keeps what is seen, by one click.
fn save(view: &mut View, ui: &Ui, rect: Rect) {
    let chosen = view.project.preset();
    let name = preset::name_to_save(&chosen);
    let hint = match name == chosen {
        true => {
            format!("Saves what is seen as “{name}”; what that was goes into the bin beside it.")
        }
        false => format!("Saves what is seen as “{name}”, a preset of your own."),
    };
    let button = Button::icon(Icon::Save);
    if !button.show(ui, rect, "Save preset", &hint).clicked() {
        return;
    }
    match preset::save(view, &name) {
        Ok(saved) => saved
            .note
            .into_iter()
            .for_each(|note| view.project.live.report(note)),
        Err(sentence) => view.project.live.report(sentence),
    }
}

/// The output window and its monitors.
fn output(view: &mut View, ui: &Ui, rect: Rect) {
    let live = Arc::clone(&view.project.live);
    let open = live.window_is_open();
    let hint = "A window for the audience. A double click on the preview opens and closes it too.";
    let response = Button::word("Output")
        .with_icon(Icon::Window)
        .lit(open, theme::HAND)
        .show(ui, rect, "Output", hint);
    if response.clicked() {
        view.tasks.seek_monitors(&live);
    }
    menu::show(&response, 230.0, |ui| {
        if open {
            if action(ui, "Close the window") {
                live.close_window();
            }
        } else if action(ui, "In a window") {
            view.tasks.open_window(&live, None);
        }
        for monitor in view.tasks.monitors() {
            let [width, height] = monitor.size;
            let text = format!("Fill {}  {width} × {height}", monitor.name);
            if action(ui, &text) {
                view.tasks.open_window(&live, Some(monitor.name));
            }
        }
    });
}
