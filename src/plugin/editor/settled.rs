//! What is settled beside the knobs: the seed, and how large pictures are.

use super::button::Button;
use super::icon::Icon;
use super::menu::{self, item};
use super::slider;
use super::spoken;
use super::theme;
use super::view::View;
use egui::{Rect, Role, Sense, Ui};

/// Pictures' sizes that can be chosen.
const SIZES: [([usize; 2], &str); 6] = [
    ([640, 360], ""),
    ([960, 540], ""),
    ([1280, 720], ""),
    ([1920, 1080], ""),
    ([720, 720], "square"),
    ([720, 1280], "portrait"),
];

/// The seed: typed, or thrown.
pub fn seed(view: &mut View, ui: &mut Ui, rect: Rect) {
    let dice = rect.with_min_x(rect.right() - theme::ROW - 4.0);
    let field = rect.with_max_x(dice.left() - theme::GAP);
    let id = ui.scope_id().with("seed");
    if ui.data(|data| data.get_temp::<String>(id)).is_some() {
        let (_, text) = slider::field(ui, field, id, "Seed");
        if let Some(seed) = text.and_then(|text| text.trim().parse().ok()) {
            view.edits.settle(|setup| setup.seed = seed);
        }
    } else {
        let response = ui.interact(field, id, Sense::click());
        let text = view.project.live.setup().seed.to_string();
        response.widget_info(|| spoken::with_value(Role::Button, "Seed", &text));
        slider::row(ui, field, &response);
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
        .show(ui, dice, "Throw a seed", hint)
        .clicked()
    {
        view.edits
            .settle(|setup| setup.seed = thrown(ui, setup.seed));
    }
}

/// Another number than `seed`, of seven digits at most.
pub fn thrown(ui: &Ui, seed: u64) -> u64 {
    let time = ui.input(|i| i.time).to_bits();
    (seed ^ time).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 44
}

/// A size in words.
fn size_text(size: Option<[usize; 2]>) -> String {
    match size {
        None => "Auto".to_owned(),
        Some([width, height]) => format!("{width} × {height}"),
    }
}

pub fn size(view: &mut View, ui: &Ui, rect: Rect) {
    let size = view.project.live.setup().size;
    let hint = "The pictures' size; Auto is what this machine makes with ease.";
    menu::choice(ui, rect, "Size", &size_text(size), hint, |ui| {
        if item(ui, "Auto", size.is_none()) {
            view.edits.settle(|setup| setup.size = None);
        }
        for (choice, name) in SIZES {
            let text = format!("{}  {name}", size_text(Some(choice)));
            if item(ui, text.trim_end(), size == Some(choice)) {
                view.edits.settle(|setup| setup.size = Some(choice));
            }
        }
    });
}
