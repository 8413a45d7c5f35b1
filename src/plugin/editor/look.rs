//! The column at the right: the model, the colours, how it moves and how it looks.

use super::View;
use super::button::{self, Button, item};
use super::hands::Knob;
use super::icon::Icon;
use super::slider::{self, Slider};
use super::theme::{self, semi_bold};
use super::{Rows, rows};
use crate::gan::Catalog;
use crate::live::{model_name, model_names, presets};
use crate::motion::{Palette, grade_of};
use crate::plugin::SynopsiaParams;
use egui::{Align2, Color32, Rect, Sense, Ui, UiBuilder};
use std::sync::Arc;

/// Rows and titles of the column.
const ROWS: usize = 19;
const TITLES: usize = 3;

/// Height of a title, and of the space above each but the first.
const TITLE: f32 = 20.0;
const ABOVE: f32 = 10.0;

/// Pictures' sizes that can be chosen.
const SIZES: [([usize; 2], &str); 6] = [
    ([640, 360], ""),
    ([960, 540], ""),
    ([1280, 720], ""),
    ([1920, 1080], ""),
    ([720, 720], "square"),
    ([720, 1280], "portrait"),
];

/// Sectors that can be chosen.
const MOST_SECTORS: i32 = 12;

/// Shows it in `rect`; where that is low, rows are lower.
pub fn show(view: &mut View, ui: &mut Ui, rect: Rect) {
    let high = ROWS as f32 * (theme::ROW + theme::GAP) - theme::GAP
        + TITLES as f32 * (TITLE + ABOVE)
        - ABOVE;
    let mut column = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("look"));
    let ui = &mut column;
    let mut rows = rows(rect).squeezed_to_fit(high);
    what(view, ui, &mut rows);
    let project = Arc::clone(&view.project);
    rows.space(ABOVE);
    title(ui, &mut rows, "Motion");
    for slider in motion(&project.params) {
        slider.show(ui, rows.row(), &mut view.hands);
    }
    rows.space(ABOVE);
    title(ui, &mut rows, "Picture");
    for slider in picture(&project.params) {
        slider.show(ui, rows.row(), &mut view.hands);
    }
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

/// What paints, and with which colours.
fn what(view: &mut View, ui: &mut Ui, rows: &mut Rows) {
    let project = Arc::clone(&view.project);
    let params = &project.params;
    title(ui, rows, "Look");
    let model = params.model.model.value();
    let name = usize::try_from(model).ok().and_then(model_name);
    let name = name.unwrap_or_else(|| format!("{} (not there)", model + 1));
    let hint = "The painter: what it was shown is what it can paint.";
    button::choice(ui, rows.row(), "Model", &name, hint, |ui| {
        for (i, name) in model_names().iter().enumerate() {
            if item(ui, name, i as i32 == model, None) {
                let knob = Knob::of(&params.model.model);
                view.hands.put(knob, knob.place_of(i as f32));
            }
        }
    });
    blend(view, ui, rows, &name);
    let palette = params.picture.palette.value();
    let name = usize::try_from(palette)
        .ok()
        .and_then(|i| Palette::ALL.get(i));
    let name = name.copied().unwrap_or_default().name();
    let shown = view.status.now.map(|now| now.shown).unwrap_or_default();
    let hint = "Whose colours the picture has: the mood's, the painter's own, or a palette's.";
    button::choice(ui, rows.row(), "Palette", name, hint, |ui| {
        for (i, palette) in Palette::ALL.into_iter().enumerate() {
            let grade = grade_of(&shown, 1.0, palette);
            let colours = grade.palette.map(|tone| {
                let [r, g, b] = tone.map(|x| (x.clamp(0.0, 1.0) * 255.0).round() as u8);
                Color32::from_rgb(r, g, b)
            });
            let colours = (palette != Palette::AsPainted).then_some(colours);
            if item(ui, palette.name(), name == palette.name(), colours) {
                let knob = Knob::of(&params.picture.palette);
                view.hands.put(knob, knob.place_of(i as f32));
            }
        }
    });
    let knob = Knob::of(&params.picture.symmetry);
    let hint = "A kaleidoscope: the sectors into which the picture is mirrored.";
    let text = knob.text(knob.value());
    button::choice(ui, rows.row(), "Symmetry", &text, hint, |ui| {
        for sectors in 1..=MOST_SECTORS {
            let place = knob.place_of(sectors as f32);
            if item(
                ui,
                &knob.text(place),
                params.picture.symmetry.value() == sectors,
                None,
            ) {
                view.hands.put(knob, place);
            }
        }
    });
    seed(view, ui, rows.row());
    size(view, ui, rows.row());
    let morph = Slider {
        label: "Morph",
        hint: "Walks from the look of these knobs (0) through the presets, one after the other.",
        knob: Knob::of(&params.model.preset),
        origin: 0.0,
        end: Some(presets().len() as f32),
    };
    morph.show(ui, rows.row(), &mut view.hands);
}

/// Another look of the family of `model`, and how much of it.
fn blend(view: &mut View, ui: &mut Ui, rows: &mut Rows, model: &str) {
    let project = Arc::clone(&view.project);
    let params = &project.params.model;
    let with = params.blend_with.value();
    let name = usize::try_from(with).ok().and_then(model_name);
    let name = name.unwrap_or_else(|| "nothing".to_owned());
    let hint = "Another look of the model's family, to be mixed into its own.";
    button::choice(ui, rows.row(), "Blend with", &name, hint, |ui| {
        for (i, name) in model_names().iter().enumerate() {
            let fits = name != model && Catalog::are_kin(name, model);
            if fits && item(ui, name, i as i32 == with, None) {
                let knob = Knob::of(&params.blend_with);
                view.hands.put(knob, knob.place_of(i as f32));
            }
        }
    });
    let blend = plain(
        "Blend amount",
        "How much of the other look is in the picture: 0 % none, 100 % nothing else.",
        Knob::of(&params.blend),
    );
    blend.show(ui, rows.row(), &mut view.hands);
}

/// The seed: typed, or thrown.
fn seed(view: &mut View, ui: &mut Ui, rect: Rect) {
    let dice = rect.with_min_x(rect.right() - theme::ROW - 4.0);
    let field = rect.with_max_x(dice.left() - theme::GAP);
    let id = ui.scope_id().with("seed");
    if ui.data(|data| data.get_temp::<String>(id)).is_some() {
        let (_, text) = slider::field(ui, field, id);
        if let Some(seed) = text.and_then(|text| text.trim().parse().ok()) {
            view.hands.settle(|setup| setup.seed = seed);
        }
    } else {
        let response = ui.interact(field, id, Sense::click());
        slider::row(ui, field, &response);
        let text = view.project.live.setup().seed.to_string();
        slider::labels(ui, field, "Seed", &text, response.hovered());
        if response.clicked() || response.secondary_clicked() {
            ui.data_mut(|data| data.insert_temp(id, text));
        }
        response
            .on_hover_text("The number that the journey is drawn from; click to type one.")
            .on_hover_cursor(egui::CursorIcon::Text);
    }
    let hint = "Throws another seed: another journey.";
    if Button::icon(Icon::Dice)
        .show(ui, dice, "dice", hint)
        .clicked()
    {
        let time = ui.input(|i| i.time).to_bits();
        view.hands.settle(|setup| {
            let mixed = (setup.seed ^ time).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            setup.seed = mixed >> 44;
        });
    }
}

/// A size in words.
fn size_text(size: Option<[usize; 2]>) -> String {
    match size {
        None => "Auto".to_owned(),
        Some([width, height]) => format!("{width} × {height}"),
    }
}

fn size(view: &mut View, ui: &Ui, rect: Rect) {
    let size = view.project.live.setup().size;
    let hint = "The pictures' size; Auto is what this machine makes with ease.";
    button::choice(ui, rect, "Size", &size_text(size), hint, |ui| {
        if item(ui, "Auto", size.is_none(), None) {
            view.hands.settle(|setup| setup.size = None);
        }
        for (choice, name) in SIZES {
            let text = format!("{}  {name}", size_text(Some(choice)));
            if item(ui, text.trim_end(), size == Some(choice), None) {
                view.hands.settle(|setup| setup.size = Some(choice));
            }
        }
    });
}

fn plain<'a>(label: &'a str, hint: &'a str, knob: Knob<'a>) -> Slider<'a> {
    Slider {
        label,
        hint,
        knob,
        origin: 0.0,
        end: None,
    }
}

fn motion(params: &SynopsiaParams) -> [Slider<'_>; 5] {
    let motion = &params.motion;
    [
        plain(
            "Speed",
            "How many bars the picture takes from one idea to the next.",
            Knob::of(&motion.bars_per_keyframe),
        ),
        plain(
            "Beat",
            "How strongly movement gathers on the beat.",
            Knob::of(&motion.beat_strength),
        ),
        plain(
            "Onsets",
            "How far each onset pushes the picture.",
            Knob::of(&motion.onset_push),
        ),
        plain(
            "Bass",
            "How strongly bass zooms and shakes.",
            Knob::of(&motion.bass_motion),
        ),
        plain(
            "Variety",
            "How far pictures may stray from the painter's mean (its truncation).",
            Knob::of(&motion.truncation),
        ),
    ]
}

fn picture(params: &SynopsiaParams) -> [Slider<'_>; 6] {
    let picture = &params.picture;
    let around_one = |slider| Slider {
        origin: 1.0,
        ..slider
    };
    [
        around_one(plain(
            "Saturation",
            "How colourful the picture is; 0 % is grey.",
            Knob::of(&picture.saturation),
        )),
        plain(
            "Brightness",
            "Light that is added or taken.",
            Knob::of(&picture.brightness),
        ),
        plain(
            "Trails",
            "How long past light stays in the picture.",
            Knob::of(&picture.trails),
        ),
        plain(
            "Brush",
            "How strongly the picture is laid on in strokes.",
            Knob::of(&picture.brush),
        ),
        around_one(plain(
            "Zoom",
            "Magnifies the picture; below 1 it goes on mirrored beyond its edges.",
            Knob::of(&picture.zoom),
        )),
        plain(
            "Rotation",
            "Turns the picture.",
            Knob::of(&picture.rotation),
        ),
    ]
}
