//! The column at the right: the model, the colours, how it moves and how it looks.

use super::button::{self, Button};
use super::edits::Knob;
use super::files;
use super::menu::{self, item, item_with_colours};
use super::music;
use super::plan::{Rows, rows};
use super::settled;
use super::slider::Slider;
use super::theme::{self, semi_bold};
use super::thumbnails;
use super::view::View;
use crate::control::{Control, Group, model_name, model_names, preset_number, presets};
use crate::gan::Catalog;
use crate::motion::{Palette, grade_of};
use egui::{Align2, Color32, Rect, Ui, UiBuilder};
use std::sync::Arc;

/// Rows under the first title and the one of counts under the second, and titles of the column.
const FIRST_ROWS: usize = 8;
const COUNT_ROWS: usize = 1;
const TITLES: usize = 3;

/// Rows of the part that is either about the song's form, its words or pictures: as many as the larger one has, and
/// the one on which it is chosen.
const PART_ROWS: usize = 5;

/// What that part may be about, and what is said of it.
const PARTS: [(&str, &str); 3] = [
    (
        "Form",
        "What the picture makes of the song's sections, drops and fills.",
    ),
    (
        "Words",
        "What is sung: how it is shown, and how far it has the mood.",
    ),
    (
        "Pictures",
        "Pictures of yours: the song walks among them, or they become music.",
    ),
];

/// Height of a title, and of the space above each but the first.
const TITLE: f32 = 20.0;
const ABOVE: f32 = 10.0;

/// The bars of a loop that its menu offers, a blues among them, and the places of a walk; hosts and
/// presets can set any number.
const LOOPS: [f32; 9] = [0.0, 1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 24.0, 32.0];
const CASTS: [f32; 8] = [0.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0];

/// Shows it in `rect`; where that is low, rows are lower.
pub fn show(view: &mut View, ui: &mut Ui, rect: Rect) {
    let in_pairs = [Group::Motion, Group::Picture, Group::Stage];
    let in_pairs = in_pairs.map(|group| paired(group).len());
    let rows_in_all = FIRST_ROWS + COUNT_ROWS + in_pairs.iter().sum::<usize>() + PART_ROWS;
    let high = rows_in_all as f32 * (theme::ROW + theme::GAP) - theme::GAP
        + TITLES as f32 * (TITLE + ABOVE);
    let mut column = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("look"));
    let ui = &mut column;
    let mut rows = rows(rect).squeezed_to_fit(high);
    what(view, ui, &mut rows);
    rows.space(ABOVE);
    title(ui, &mut rows, "Motion");
    pairs(view, ui, &mut rows, Group::Motion);
    let [left, right] = halves(rows.row());
    count(view, ui, left, Control::Loop, LOOPS);
    count(view, ui, right, Control::Places, CASTS);
    rows.space(ABOVE);
    title(ui, &mut rows, "Picture");
    pairs(view, ui, &mut rows, Group::Picture);
    if let Some(beside) = pairs(view, ui, &mut rows, Group::Stage) {
        limiter(view, ui, beside);
    }
    rows.space(ABOVE);
    match part(ui, rows.row()) {
        0 => drop(pairs(view, ui, &mut rows, Group::Form)),
        1 => words(view, ui, &mut rows),
        _ => pictures(view, ui, &mut rows),
    }
}

/// Which of the [`PARTS`] is seen, to be chosen in `rect`.
fn part(ui: &mut Ui, rect: Rect) -> usize {
    let id = ui.scope_id().with("part");
    let seen = ui.data(|data| data.get_temp(id)).unwrap_or(0);
    let picked = button::segments(ui, rect, "Part", &PARTS, seen);
    if let Some(picked) = picked {
        ui.data_mut(|data| data.insert_temp(id, picked));
    }
    picked.unwrap_or(seen)
}

/// How what is sung is shown.
fn words(view: &mut View, ui: &mut Ui, rows: &mut Rows) {
    let project = Arc::clone(&view.project);
    let [left, right] = halves(rows.row());
    named(view, ui, left, Control::Words);
    named(view, ui, right, Control::WordsShown);
    let [left, right] = halves(rows.row());
    let size = Slider::of(Knob::of(&project.params, Control::WordsSize));
    size.show(ui, left, &mut view.edits);
    named(view, ui, right, Control::WordsPlace);
    // The longer name has more room.
    let [left, right] = parted(rows.row(), 0.57);
    let [below, file] = parted(rows.row(), 0.5);
    let sliders = [
        (left, Control::WordsMood),
        (right, Control::WordsSplit),
        (below, Control::WordsImagery),
    ];
    for (rect, control) in sliders {
        let slider = Slider::of(Knob::of(&project.params, control));
        slider.show(ui, rect, &mut view.edits);
    }
    files::lyrics(view, ui, file);
}

/// What becomes of its user's pictures.
fn pictures(view: &mut View, ui: &mut Ui, rows: &mut Rows) {
    let project = Arc::clone(&view.project);
    files::moodboard(view, ui, rows.row());
    let imagery = Slider::of(Knob::of(&project.params, Control::WordsImagery));
    imagery.show(ui, rows.row(), &mut view.edits);
    music::show(view, ui, rows.row());
}

/// One of those that have a name.
fn named(view: &mut View, ui: &Ui, rect: Rect, control: Control) {
    let project = Arc::clone(&view.project);
    let knob = Knob::of(&project.params, control);
    let chosen = project.params.plain(control);
    let row = control.row();
    choice(ui, rect, knob, &knob.text(knob.value()), |ui| {
        for plain in row
            .values
            .places()
            .filter(|plain| row.words.has_name(*plain))
        {
            let place = knob.place_of(plain);
            if item(ui, &knob.text(place), plain == chosen) {
                view.edits.put(knob, place);
            }
        }
    });
}

/// The numbers of a group.
fn numbers(group: Group) -> impl Iterator<Item = Control> {
    group.controls().filter(|control| control.is_number())
}

/// A name and a value of more letters have no room in half a row.
const SHORT: usize = 18;

/// Whether a control has room in half a row.
fn is_short(control: &Control) -> bool {
    let value = control.text(control.usual());
    control.row().name.chars().count() + value.chars().count() <= SHORT
}

/// The controls of a group in rows: two in one where both are short.
fn paired(group: Group) -> Vec<Vec<Control>> {
    let mut rows: Vec<Vec<Control>> = Vec::new();
    for control in numbers(group) {
        match rows.last_mut() {
            Some(row) if row.len() == 1 && is_short(&row[0]) && is_short(&control) => {
                row.push(control)
            }
            _ => rows.push(vec![control]),
        }
    }
    rows
}

/// Whether flashes are held back.
fn limiter(view: &mut View, ui: &Ui, rect: Rect) {
    let project = Arc::clone(&view.project);
    let (control, row) = (Control::FlashLimiter, Control::FlashLimiter.row());
    let on = project.params.is_on(control);
    let button = Button::word("Limiter").lit(on, theme::HEARD);
    if button.show(ui, rect, row.name, row.hint).clicked() {
        view.edits
            .put(Knob::of(&project.params, control), f32::from(!on));
    }
}

/// The sliders of a group, so; answers what is free beside the last one.
fn pairs(view: &mut View, ui: &mut Ui, rows: &mut Rows, group: Group) -> Option<Rect> {
    let project = Arc::clone(&view.project);
    let mut free = None;
    for controls in paired(group) {
        let row = rows.row();
        let places = match controls.len() {
            1 if !is_short(&controls[0]) => [row, row],
            _ => halves(row),
        };
        free = (controls.len() == 1 && places[0] != places[1]).then_some(places[1]);
        for (control, place) in controls.into_iter().zip(places) {
            let slider = Slider::of(Knob::of(&project.params, control));
            slider.show(ui, place, &mut view.edits);
        }
    }
    free
}

/// A row's left and right half.
fn halves(row: Rect) -> [Rect; 2] {
    parted(row, 0.5)
}

/// A row in two, of which the left one has this share.
fn parted(row: Rect, share: f32) -> [Rect; 2] {
    let middle = row.left() + share * row.width();
    [
        row.with_max_x(middle - 0.5 * theme::GAP),
        row.with_min_x(middle + 0.5 * theme::GAP),
    ]
}

fn title(ui: &Ui, rows: &mut Rows, text: &str) {
    let rect = rows.space(TITLE);
    let inside = rect.with_max_y(rect.bottom() - 5.0);
    let face = semi_bold(12.0);
    theme::line(
        ui.painter(),
        inside,
        Align2::LEFT_TOP,
        text,
        face,
        theme::LABEL,
    );
}

/// A row that opens a menu from which a control is chosen.
fn choice(ui: &Ui, rect: Rect, knob: Knob, value: &str, items: impl FnOnce(&mut Ui)) {
    let control = knob.control.row();
    menu::choice(ui, rect, control.name, value, control.hint, items);
}

/// How many there are of something, one of those offered.
fn count(
    view: &mut View,
    ui: &Ui,
    rect: Rect,
    control: Control,
    offered: impl IntoIterator<Item = f32>,
) {
    let project = Arc::clone(&view.project);
    let knob = Knob::of(&project.params, control);
    let chosen = project.params.plain(control);
    let text = knob.text(knob.value());
    // “Places 8” and not “Places 8 places”.
    let unit = format!(" {}", control.row().name.to_lowercase());
    let short = text.strip_suffix(&*unit).unwrap_or(&text);
    choice(ui, rect, knob, short, |ui| {
        for count in offered {
            let place = knob.place_of(count);
            if item(ui, &knob.text(place), count == chosen) {
                view.edits.put(knob, place);
            }
        }
    });
}

/// What paints, and with which colours.
fn what(view: &mut View, ui: &mut Ui, rows: &mut Rows) {
    let project = Arc::clone(&view.project);
    let params = &project.params;
    title(ui, rows, "Look");
    let knob = Knob::of(params, Control::Model);
    let model = params.plain(knob.control) as usize;
    let name = model_name(model).unwrap_or_else(|| format!("{} (not there)", model + 1));
    choice(ui, rows.row(), knob, &name, |ui| {
        for (i, _) in model_names().iter().enumerate() {
            if model_item(view, ui, i, i == model) {
                view.edits.put(knob, knob.place_of(i as f32));
            }
        }
    });
    blend(view, ui, rows, &name);
    let chosen = params.snapshot().controls.palette;
    let shown = view.status.now.map(|now| now.shown).unwrap_or_default();
    let knob = Knob::of(params, Control::Palette);
    choice(ui, rows.row(), knob, chosen.name(), |ui| {
        for (i, palette) in Palette::ALL.into_iter().enumerate() {
            let grade = grade_of(&shown, 1.0, palette);
            let colours = grade.palette.map(theme::tone);
            let colours: &[Color32] = match palette {
                Palette::AsPainted => &[],
                _ => &colours,
            };
            if item_with_colours(ui, palette.name(), palette == chosen, colours) {
                view.edits.put(knob, knob.place_of(i as f32));
            }
        }
    });
    let sectors = Control::Symmetry.row().values.places();
    count(view, ui, rows.row(), Control::Symmetry, sectors);
    let [left, right] = parted(rows.row(), 0.54);
    settled::seed(view, ui, left);
    settled::size(view, ui, right);
    let preset = Slider::of(Knob::of(params, Control::PresetPosition));
    preset.show(ui, rows.row(), &mut view.edits);
    morph(view, ui, rows.row());
}

/// The preset that the look morphs to, and how far.
fn morph(view: &mut View, ui: &mut Ui, rect: Rect) {
    let project = Arc::clone(&view.project);
    let [left, right] = parted(rect, 0.55);
    let knob = Knob::of(&project.params, Control::MorphTo);
    let text = |number: u16| knob.control.text(number.into());
    let present = project.params.plain(Control::MorphTo) as u16;
    choice(ui, left, knob, &text(present), |ui| {
        let all = presets();
        let numbers = all.iter().filter_map(|preset| preset_number(&preset.name));
        for number in [0].into_iter().chain(numbers) {
            if item(ui, &text(number), number == present) {
                view.edits.put(knob, knob.place_of(number.into()));
            }
        }
    });
    let amount = Slider::of(Knob::of(&project.params, Control::Morph));
    amount.show(ui, right, &mut view.edits);
}

/// A line of a menu of models: its name, and what it paints. Answers whether it was chosen now.
fn model_item(view: &mut View, ui: &mut Ui, model: usize, chosen: bool) -> bool {
    let names = model_names();
    let picture = view.thumbnails.of(ui.ctx(), &names[model], &names);
    menu::item_with_picture(ui, &names[model], chosen, thumbnails::SIZE.into(), picture)
}

/// Another look of the family of `model`, and how much of it.
fn blend(view: &mut View, ui: &mut Ui, rows: &mut Rows, model: &str) {
    let project = Arc::clone(&view.project);
    let params = &project.params;
    let knob = Knob::of(params, Control::BlendWith);
    let with = params.plain(knob.control) as usize;
    let name = model_name(with).unwrap_or_else(|| "nothing".to_owned());
    choice(ui, rows.row(), knob, &name, |ui| {
        for (i, name) in model_names().iter().enumerate() {
            let fits = name != model && Catalog::are_kin(name, model);
            if fits && model_item(view, ui, i, i == with) {
                view.edits.put(knob, knob.place_of(i as f32));
            }
        }
    });
    let amount = Slider::of(Knob::of(params, Control::BlendAmount));
    amount.show(ui, rows.row(), &mut view.edits);
}
