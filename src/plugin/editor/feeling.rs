//! How the emotion is steered, and what is felt.

use super::button::{self, Button};
use super::edits::Knob;
use super::menu;
use super::plan::{Rows, rows};
use super::slider::Slider;
use super::spoken;
use super::theme::{self, font, semi_bold};
use super::view::View;
use crate::control::{Control, EmotionSource, Group};
use crate::emotion::{CLASS_NAMES, Ear};
use egui::{Align2, Rect, Role, Sense, Ui, pos2, vec2};
use std::sync::Arc;

/// Rows of the steering column.
const STEERING_ROWS: f32 = 8.0;

/// Shows in `rect` whose emotion is shown, and how strongly.
pub fn steering(view: &mut View, ui: &mut Ui, rect: Rect) {
    let project = Arc::clone(&view.project);
    let params = &project.params;
    let mut rows = steering_rows(rect);
    let sources = EmotionSource::ALL.map(|source| {
        let name = EmotionSource::NAMES[source as usize];
        (name, source.hint())
    });
    let source = Control::EmotionSource;
    let chosen = params.plain(source) as usize;
    if let Some(picked) = button::segments(ui, rows.row(), source.row().name, &sources, chosen) {
        let knob = Knob::of(params, source);
        view.edits.put(knob, knob.place_of(picked as f32));
    }
    for control in Group::Emotion.controls().filter(|c| c.is_number()) {
        let slider = Slider::of(Knob::of(params, control));
        slider.show(ui, rows.row(), &mut view.edits);
    }
    let hold = Control::HoldEmotion;
    let on = params.is_on(hold);
    let response = Button::word(hold.row().name).lit(on, theme::HEARD).show(
        ui,
        rows.row(),
        hold.row().name,
        hold.row().hint,
    );
    if response.clicked() {
        view.edits.put(Knob::of(params, hold), f32::from(!on));
    }
    ear(view, ui, rows.row());
}

/// The rows of the steering column, as high as there is room for.
pub fn steering_rows(rect: Rect) -> Rows {
    let high = STEERING_ROWS * (theme::ROW + theme::GAP) - theme::GAP;
    rows(rect).squeezed_to_fit(high)
}

/// Whose judgement of the mood is heard.
fn ear(view: &mut View, ui: &Ui, rect: Rect) {
    let chosen = view.project.live.setup().ear;
    let hint = "Who judges the music's mood. The default one learned from people's ratings and is for research \
                only; the other one may be used anywhere, also on a stage that pays.";
    menu::choice(ui, rect, "Ear", chosen.name(), hint, |ui| {
        for ear in Ear::ALL {
            let name = ear.name();
            let text = match ear.papers() {
                Ok(papers) if papers.terms() != name.to_lowercase() => {
                    format!("{name}: {}", papers.terms())
                }
                _ => name.to_owned(),
            };
            if menu::item(ui, &text, ear == chosen) {
                view.edits.settle(|setup| setup.ear = ear);
            }
        }
    });
}

/// Shows in `rect` the weight of each class, and how certain they are.
pub fn classes(view: &View, ui: &Ui, rect: Rect) {
    let painter = ui.painter();
    let now = view.status.now;
    let word = match now {
        Some(now) if now.heard.confidence > 0.0 => CLASS_NAMES[now.shown.strongest()],
        Some(_) => "listening",
        None => "no music yet",
    };
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), theme::ROW));
    theme::line(
        painter,
        head,
        Align2::LEFT_CENTER,
        word,
        semi_bold(17.0),
        theme::TEXT,
    );
    let rest = rect.with_min_y(head.bottom() + theme::GAP);
    let high = (rest.height() / 9.0).floor();
    let wide = (rect.width() * 0.52).min(84.0);
    for i in 0..=CLASS_NAMES.len() {
        let top = rest.top() + i as f32 * high;
        let row = Rect::from_min_size(pos2(rest.left(), top), vec2(rest.width(), high));
        let (name, heard, shown) = match CLASS_NAMES.get(i) {
            Some(name) => {
                let weights = now.map(|now| (now.heard.classes[i], now.shown.classes[i]));
                let (heard, shown) = weights.unwrap_or_default();
                (*name, heard, Some(shown))
            }
            None => (
                "certainty",
                now.map_or(0.0, |now| now.heard.confidence),
                None,
            ),
        };
        let strong = shown.is_some_and(|shown| shown > 0.3);
        let colour = if strong { theme::TEXT } else { theme::LABEL };
        theme::line(painter, row, Align2::LEFT_CENTER, name, font(11.5), colour);
        let track = Rect::from_x_y_ranges(
            row.left() + wide..=row.right(),
            row.center().y - 2.0..=row.center().y + 2.0,
        );
        painter.rect_filled(track, 2, theme::CONTROL);
        let x = |share: f32| track.left() + share.clamp(0.0, 1.0) * track.width();
        let fill = if shown.is_some() {
            theme::HEARD
        } else {
            theme::FAINT
        };
        painter.rect_filled(track.with_max_x(x(heard)), 2, fill);
        if let Some(shown) = shown.filter(|_| now.is_some()) {
            let tick = Rect::from_center_size(pos2(x(shown), track.center().y), vec2(2.0, 9.0));
            painter.rect_filled(tick, 0, theme::TEXT);
        }
    }
    let hint = "Bars: what the music feels like beside usual music. Ticks: what the picture shows. \
                Certainty: how sure the listener is.";
    let response = ui.interact(rect, ui.scope_id().with("classes"), Sense::hover());
    spoken::name(&response, Role::Label, &format!("What is felt: {word}"));
    response.on_hover_text(hint);
}
