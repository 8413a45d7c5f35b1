//! The circumplex: where the music's mood is, where the picture's is, and where the hand wants it.

use super::edits::{Edits, Knob};
use super::spoken;
use super::theme::{self, font};
use super::view::View;
use crate::control::{Control, EmotionSource};
use crate::emotion::{CLASS_NAMES, CLASS_POINTS, Emotion};
use crate::show::Board;
use egui::{
    Align2, CursorIcon, EventFilter, Key, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind,
    Ui, Vec2, pos2, vec2,
};

/// How much slower the target moves while shift is held.
const FINE: f32 = 0.15;

/// How far an arrow key moves the target, and how far with shift; the plane is 2 wide.
const STEP: f32 = 0.05;
const FINE_STEP: f32 = 0.01;

/// How large a picture of the mood board is drawn.
const PICTURE: Vec2 = vec2(12.0, 8.0);

/// The plane within `rect`: half a target's width is kept free at the edges.
fn plane(rect: Rect) -> Rect {
    rect.shrink(9.0)
}

fn place(plane: Rect, [valence, arousal]: [f32; 2]) -> Pos2 {
    pos2(
        plane.center().x + 0.5 * plane.width() * valence,
        plane.center().y - 0.5 * plane.height() * arousal,
    )
}

fn point(plane: Rect, place: Pos2) -> [f32; 2] {
    let x = (place.x - plane.center().x) / (0.5 * plane.width()).max(1.0);
    let y = (plane.center().y - place.y) / (0.5 * plane.height()).max(1.0);
    [x.clamp(-1.0, 1.0), y.clamp(-1.0, 1.0)]
}

/// Shows it in `rect`.
pub fn show(view: &mut View, ui: &Ui, rect: Rect) {
    let plane = plane(rect);
    let project = std::sync::Arc::clone(&view.project);
    let params = &project.params;
    let knobs = [Control::Valence, Control::Arousal].map(|control| Knob::of(params, control));
    let response = ui.interact(
        rect,
        ui.scope_id().with("circumplex"),
        Sense::click_and_drag(),
    );
    let takes_keys = !view.is_in_host();
    let words = || {
        let [valence, arousal] = knobs.map(|knob| knob.text(knob.value()));
        let value = format!("valence {valence}, arousal {arousal}");
        spoken::with_value(Role::Slider, "Mood", &value)
    };
    response.widget_info(words);
    let target = steer(ui, &response, plane, knobs, takes_keys, &mut view.edits);
    let now = view.status.now;
    if let Some(now) = now {
        let heard = [now.heard.valence, now.heard.arousal];
        view.trail.follow(ui.input(|i| i.time), heard);
    }
    ground(ui, rect, plane, &response);
    names(ui, rect, plane, now.map(|now| now.shown).as_ref());
    let painter = ui.painter();
    let time = ui.input(|i| i.time);
    for (ends, age) in view.trail.steps(time) {
        let ends = ends.map(|end| place(plane, end));
        let colour = theme::faded(theme::HEARD, 0.7 * (1.0 - age));
        painter.line_segment(ends, Stroke::new(1.5, colour));
    }
    pictures(ui, plane, &view.board);
    if let Some(now) = now {
        let heard = place(plane, [now.heard.valence, now.heard.arousal]);
        let shown = place(plane, [now.shown.valence, now.shown.arousal]);
        painter.circle_filled(heard, 4.0, theme::HEARD);
        if let Some(words) = now.words {
            let at = place(plane, words.point);
            let faded = theme::TEXT.gamma_multiply(words.certainty);
            let line = Stroke::new(1.0, faded.gamma_multiply(0.5));
            painter.line_segment([heard, at], line);
            let size = Vec2::splat(7.0);
            painter.rect_filled(Rect::from_center_size(at, size), 0, faded);
        }
        painter.circle_stroke(shown, 6.5, Stroke::new(1.5, theme::TEXT));
    }
    let counts = params.snapshot().controls.steering.source != EmotionSource::Heard;
    hand(ui, place(plane, target), counts, response.hovered());
    response.on_hover_cursor(CursorIcon::Crosshair).on_hover_text(
        "Where the mood is: unpleasant to pleasant, calm to excited. Drag the cross to set your \
         own mood; shift moves it finely, a double click brings it back to the centre.",
    );
}

/// Follows the hand; answers where the target is to be drawn.
fn steer(
    ui: &Ui,
    response: &Response,
    plane: Rect,
    knobs: [Knob; 2],
    takes_keys: bool,
    edits: &mut Edits,
) -> [f32; 2] {
    let held = response.id.with("held");
    let [valence, arousal] = knobs.map(|knob| 2.0 * knob.value() - 1.0);
    let value = |x: f32| 0.5 * (x + 1.0);
    if response.double_clicked() {
        ui.data_mut(|data| data.remove::<[f32; 2]>(held));
        edits.put_all(&knobs.map(|knob| (knob, knob.usual())), None);
        return [0.0; 2];
    }
    if response.is_pointer_button_down_on()
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let (fine, moved, primary) = ui.input(|i| {
            let primary = i.pointer.primary_down();
            (i.modifiers.shift, i.pointer.delta(), primary)
        });
        let before = ui.data(|data| data.get_temp::<[f32; 2]>(held));
        if before.is_none() && primary {
            edits.grab(&knobs);
            if takes_keys {
                response.request_focus();
            }
        }
        if before.is_some() || primary {
            let [x, y] = before.unwrap_or([valence, arousal]);
            let target = if fine {
                let by = FINE * 2.0 * vec2(moved.x / plane.width(), -moved.y / plane.height());
                [(x + by.x).clamp(-1.0, 1.0), (y + by.y).clamp(-1.0, 1.0)]
            } else {
                point(plane, pointer)
            };
            ui.data_mut(|data| data.insert_temp(held, target));
            for (knob, x) in knobs.into_iter().zip(target) {
                edits.turn(knob, knob.snapped(value(x)));
            }
            return target;
        }
    } else if ui.data(|data| data.get_temp::<[f32; 2]>(held)).is_some() {
        ui.data_mut(|data| data.remove::<[f32; 2]>(held));
        edits.release();
    }
    if response.has_focus() {
        return key_steps(ui, response, knobs, edits, [valence, arousal]);
    }
    [valence, arousal]
}

/// Follows the arrow keys.
fn key_steps(
    ui: &Ui,
    response: &Response,
    knobs: [Knob; 2],
    edits: &mut Edits,
    from: [f32; 2],
) -> [f32; 2] {
    let arrows = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    if response.clicked_elsewhere() {
        response.surrender_focus();
    }
    let by = ui.input(|i| {
        let step = if i.modifiers.shift { FINE_STEP } else { STEP };
        let pressed = |up, down| (i.num_presses(up) as f32 - i.num_presses(down) as f32) * step;
        [
            pressed(Key::ArrowRight, Key::ArrowLeft),
            pressed(Key::ArrowUp, Key::ArrowDown),
        ]
    });
    let mut target = from;
    for i in 0..2 {
        if by[i] != 0.0 {
            target[i] = (from[i] + by[i]).clamp(-1.0, 1.0);
            let value = 0.5 * (target[i] + 1.0);
            edits.nudge(knobs[i], knobs[i].snapped(value));
        }
    }
    target
}

/// The pictures of the mood board, each where it is met, in its tones.
fn pictures(ui: &Ui, plane: Rect, board: &Board) {
    let painter = ui.painter();
    for picture in board.pictures() {
        let at = Rect::from_center_size(place(plane, picture.point), PICTURE);
        painter.rect_filled(at.expand(1.0), 1, theme::faded(theme::TEXT, 0.7));
        for (i, tone) in picture.palette.into_iter().enumerate() {
            let [left, right] = [i, i + 1].map(|k| at.left() + k as f32 / 3.0 * at.width());
            let part = Rect::from_x_y_ranges(left..=right, at.y_range());
            painter.rect_filled(part, 0, theme::tone(tone));
        }
    }
}

fn ground(ui: &Ui, rect: Rect, plane: Rect, response: &Response) {
    let painter = ui.painter();
    painter.rect_filled(rect, theme::ROUND, theme::WELL);
    let centre = plane.center();
    let hairline = Stroke::new(1.0, theme::faded(theme::LINE, 0.8));
    painter.hline(plane.x_range(), centre.y, hairline);
    painter.vline(centre.x, plane.y_range(), hairline);
    for share in [0.5, 1.0] {
        let radius = share * 0.5 * plane.width();
        painter.circle_stroke(centre, radius, hairline);
    }
    let colour = if response.has_focus() {
        theme::HAND
    } else {
        theme::LINE
    };
    let stroke = Stroke::new(1.0, colour);
    painter.rect_stroke(rect, theme::ROUND, stroke, StrokeKind::Inside);
    let ends = [
        (
            Align2::LEFT_BOTTOM,
            rect.left_bottom() + vec2(7.0, -5.0),
            "unpleasant, calm",
        ),
        (
            Align2::RIGHT_BOTTOM,
            rect.right_bottom() + vec2(-7.0, -5.0),
            "pleasant, calm",
        ),
    ];
    for (align, at, text) in ends {
        painter.text(at, align, text, font(9.0), theme::FAINT);
    }
}

/// The classes where they lie, brighter the more they count.
fn names(ui: &Ui, rect: Rect, plane: Rect, shown: Option<&Emotion>) {
    let size = (rect.width() / 21.0).clamp(9.5, 12.5);
    for (i, name) in CLASS_NAMES.iter().enumerate() {
        let weight = shown.map_or(0.0, |shown| shown.classes[i]);
        let share = (weight * 2.2).clamp(0.0, 1.0);
        let colour = theme::FAINT.lerp_to_gamma(theme::TEXT, share);
        let painter = ui.painter();
        let text = painter.layout_no_wrap((*name).to_owned(), font(size), colour);
        let half = 0.5 * text.size();
        let room = rect.shrink2(vec2(5.0 + half.x, 3.0 + half.y));
        let middle = room.clamp(place(plane, CLASS_POINTS[i]));
        painter.galley(middle - half, text, colour);
    }
}

/// The cross that the hand moves; pale while nobody asks for it.
fn hand(ui: &Ui, at: Pos2, counts: bool, lively: bool) {
    let painter = ui.painter();
    let colour = theme::faded(theme::HAND, if counts || lively { 1.0 } else { 0.5 });
    let stroke = Stroke::new(1.5, colour);
    painter.circle_stroke(at, 7.0, stroke);
    for (x, y) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
        let way = vec2(x, y);
        painter.line_segment([at + 4.0 * way, at + 10.0 * way], stroke);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_the_pad_is_read_back_as_its_point() {
        let plane = Rect::from_min_size(pos2(30.0, 40.0), vec2(200.0, 180.0));
        for corner in [[-1.0, -1.0], [1.0, 1.0], [0.3, -0.7], [0.0, 0.0]] {
            let back = point(plane, place(plane, corner));
            assert!((back[0] - corner[0]).abs() < 1e-5 && (back[1] - corner[1]).abs() < 1e-5);
        }
        assert!(place(plane, [0.0, 1.0]).y < place(plane, [0.0, -1.0]).y);
    }
}
