//! The song as a whole: what was heard of its mood, and what is drawn of it.

use super::button::{self, Button};
use super::drawing::{Tool, stroke};
use super::spoken;
use super::theme::{self, font};
use super::view::View;
#[cfg(all(unix, not(target_os = "macos")))]
use crate::plugin::Piece;
use crate::show::{Axis, MoodLane};
use egui::{Align2, CursorIcon, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};
use std::sync::Arc;

/// How high it is, and its head with the tools.
const HIGH: f32 = 138.0;
const HEAD: f32 = 26.0;

/// What opens it.
const BUTTON: Vec2 = vec2(84.0, 22.0);

/// The shortest song that is shown across all of it, seconds.
const SHORTEST: f64 = 60.0;

/// How far a hand's points are apart, points of the screen.
const APART: f32 = 1.5;

/// From seconds and values to the screen.
#[derive(Clone, Copy)]
struct Sheet {
    rect: Rect,
    seconds: f64,
}

impl Sheet {
    fn place(&self, [at, value]: [f64; 2]) -> Pos2 {
        let x = self.rect.left() + (at / self.seconds) as f32 * self.rect.width();
        let y = self.rect.center().y - 0.5 * value as f32 * self.rect.height();
        pos2(x, y)
    }

    fn point(&self, place: Pos2) -> [f64; 2] {
        let x = (place.x - self.rect.left()) / self.rect.width().max(1.0);
        let y = (self.rect.center().y - place.y) / (0.5 * self.rect.height()).max(1.0);
        [
            f64::from(x.clamp(0.0, 1.0)) * self.seconds,
            y.clamp(-1.0, 1.0).into(),
        ]
    }
}

/// The button that opens and closes it, in `rect`.
fn opener(view: &mut View, ui: &Ui, rect: Rect) {
    let drawn = !view.project.live.setup().drawn.is_empty();
    let hint = "The whole song's mood: what was heard of it, and what you draw or bound.";
    let colour = if drawn { theme::HAND } else { theme::HEARD };
    let pressed = Button::word("Mood lane")
        .lit(view.lane.open || drawn, colour)
        .show(ui, rect, "Mood lane", hint);
    if pressed.clicked() {
        view.lane.open = !view.lane.open;
    }
}

/// Shows it over the lower part of `preview`, or what opens it.
pub fn show(view: &mut View, ui: &Ui, preview: Rect) {
    if !view.lane.open {
        let corner = preview.right_bottom() - vec2(6.0, 6.0);
        opener(view, ui, Rect::from_min_max(corner - BUTTON, corner));
        return;
    }
    let rect = preview.with_min_y((preview.bottom() - HIGH).max(preview.top()));
    let time = ui.input(|input| input.time);
    // It grows by four cells a second.
    if (time - view.lane.asked).abs() > 0.25 || view.lane.asked == 0.0 {
        view.lane.asked = time;
        view.lane.course = view.project.live.course();
    }
    ui.painter()
        .rect_filled(rect, theme::ROUND, theme::faded(theme::WELL, 0.88));
    let inside = rect.shrink(6.0);
    head(view, ui, inside.with_max_y(inside.top() + HEAD - 4.0));
    let drawn = Arc::clone(&view.project.live.setup().drawn);
    let end = drawn.drawn.iter().map(|stretch| stretch.span()[1]);
    let end = end.fold(view.lane.course.seconds().max(SHORTEST), f64::max);
    let sheet = Sheet {
        rect: inside.with_min_y(inside.top() + HEAD),
        seconds: end,
    };
    let lane = follow(view, ui, sheet, &drawn);
    paint(view, ui, sheet, &lane);
}

/// Which axis, which tool.
fn head(view: &mut View, ui: &Ui, rect: Rect) {
    let axes = [
        ("Valence", "Unpleasant to pleasant."),
        ("Arousal", "Calm to excited."),
    ];
    let place = rect.with_max_x(rect.left() + 132.0);
    let chosen = usize::from(view.lane.arousal);
    if let Some(picked) = button::segments(ui, place, "Axis", &axes, chosen) {
        view.lane.arousal = picked == 1;
    }
    let tools = Tool::ALL.map(|(_, name, hint)| (name, hint));
    let place = Rect::from_x_y_ranges(place.right() + 10.0..=place.right() + 270.0, rect.y_range());
    let chosen = Tool::ALL
        .iter()
        .position(|(tool, ..)| *tool == view.lane.tool);
    if let Some(picked) = button::segments(ui, place, "Tool", &tools, chosen.unwrap_or(0)) {
        view.lane.tool = Tool::ALL[picked].0;
    }
    let place = rect.with_min_x(rect.right() - BUTTON.x);
    opener(view, ui, place);
    let place = Rect::from_x_y_ranges(place.left() - 58.0..=place.left() - 6.0, rect.y_range());
    let clears = Button::word("Clear").show(
        ui,
        place,
        "Clear",
        "Takes away all that is drawn and bounded.",
    );
    if clears.clicked() {
        view.edits.settle(|setup| setup.drawn = Arc::default());
    }
    let place = Rect::from_x_y_ranges(place.left() - 52.0..=place.left() - 6.0, rect.y_range());
    midi(view, ui, place);
}

/// Makes a MIDI file of the mood, and lets it be dragged into a track.
fn midi(view: &mut View, ui: &Ui, rect: Rect) {
    let hint = "Keeps the song's mood, as it is heard and drawn, as a MIDI file among the films, at the tempo of now; what was kept \
                last is dragged from here into a track, or found in the part Pictures of the right column.";
    let pressed = Button::word("MIDI").show(ui, rect, "Mood as MIDI", hint);
    if pressed.clicked() {
        let tempo = view.status.now.map_or(120.0, |now| now.time.tempo);
        view.project.music.begin_mood(&view.project.live, tempo);
    }
    #[cfg(all(unix, not(target_os = "macos")))]
    if let Piece::Done(path) = view.project.music.piece() {
        let drags = ui.interact(rect, ui.scope_id().with("mood out"), Sense::drag());
        spoken::name(&drags, Role::Button, "Drag the mood as MIDI");
        if drags.drag_started() {
            view.drag_out(path);
        }
    }
}

/// Follows the hand; answers the lane as it is to be drawn now.
fn follow(view: &mut View, ui: &Ui, sheet: Sheet, drawn: &Arc<MoodLane>) -> Arc<MoodLane> {
    let response = ui.interact(sheet.rect, ui.scope_id().with("lane"), Sense::drag());
    spoken::name(&response, Role::Canvas, "The song's mood");
    let cursor = match view.lane.tool {
        Tool::Erase => CursorIcon::NotAllowed,
        _ => CursorIcon::Crosshair,
    };
    let response = response.on_hover_cursor(cursor);
    let hand = &mut view.lane.hand;
    if let Some(pointer) = response
        .interact_pointer_pos()
        .filter(|_| response.dragged())
    {
        let far = |last: &[f64; 2]| sheet.place(*last).distance(pointer) > APART;
        if hand.last().is_none_or(far) {
            hand.push(sheet.point(pointer));
        }
    }
    if hand.is_empty() {
        return Arc::clone(drawn);
    }
    let axis = Axis::ALL[usize::from(view.lane.arousal)];
    let mut lane = (**drawn).clone();
    stroke(&mut lane, axis, view.lane.tool, hand);
    let lane = Arc::new(lane);
    if !response.dragged() {
        hand.clear();
        let done = Arc::clone(&lane);
        view.edits.settle(|setup| setup.drawn = done);
    }
    lane
}

fn paint(view: &View, ui: &Ui, sheet: Sheet, lane: &MoodLane) {
    let painter = ui.painter().with_clip_rect(sheet.rect);
    let hairline = Stroke::new(1.0, theme::LINE);
    painter.hline(sheet.rect.x_range(), sheet.rect.center().y, hairline);
    let course = &view.lane.course;
    let axis = usize::from(view.lane.arousal);
    // A column of the screen after the other: what was heard there.
    let columns = sheet.rect.width().max(1.0) as usize;
    let mut lines: [Vec<Pos2>; 2] = Default::default();
    for column in 0..columns {
        let at = (column as f64 + 0.5) / columns as f64 * sheet.seconds;
        let Some(cell) = course.at(at) else {
            for (k, line) in lines.iter_mut().enumerate() {
                finish(&painter, line, k == axis);
            }
            continue;
        };
        let x = sheet.rect.left() + column as f32 + 0.5;
        let high = 0.46 * cell.level * sheet.rect.height();
        let middle = sheet.rect.center().y;
        painter.vline(
            x,
            middle - high..=middle + high,
            Stroke::new(1.0, theme::CONTROL),
        );
        for (line, value) in lines.iter_mut().zip(cell.mood) {
            line.push(sheet.place([at, value.into()]));
        }
    }
    for (k, line) in lines.iter_mut().enumerate() {
        finish(&painter, line, k == axis);
    }
    drawn(&painter, sheet, lane, axis);
    let now = view.status.now.map(|now| now.time.song);
    match now.filter(|at| *at >= 0.0) {
        Some(at) => {
            let x = sheet.place([at, 0.0]).x;
            painter.vline(x, sheet.rect.y_range(), Stroke::new(1.0, theme::TEXT));
        }
        None => {
            let text = "Where the song is, nobody says: draw while it plays from a file, or in a host whose song runs";
            theme::line(
                &painter,
                sheet.rect,
                Align2::CENTER_CENTER,
                text,
                font(11.5),
                theme::LABEL,
            );
        }
    }
    for (value, align, word) in [
        (1.0, Align2::RIGHT_TOP, [" pleasant", " excited"]),
        (-1.0, Align2::RIGHT_BOTTOM, [" unpleasant", " calm"]),
    ] {
        let place = pos2(sheet.rect.right() - 3.0, sheet.place([0.0, value]).y);
        painter.text(place, align, word[axis], font(9.5), theme::FAINT);
    }
}

/// Paints what was heard of an axis up to here, and begins anew.
fn finish(painter: &egui::Painter, line: &mut Vec<Pos2>, chosen: bool) {
    let points = std::mem::take(line);
    if points.len() > 1 {
        let (wide, share) = if chosen { (1.5, 0.9) } else { (1.0, 0.3) };
        painter.add(Shape::line(
            points,
            Stroke::new(wide, theme::faded(theme::HEARD, share)),
        ));
    }
}

/// What is drawn and bounded of an axis.
fn drawn(painter: &egui::Painter, sheet: Sheet, lane: &MoodLane, axis: usize) {
    let of_axis = |other: Axis| other as usize == axis;
    for limit in lane.limits.iter().filter(|limit| of_axis(limit.axis)) {
        for (bound, edge) in [(limit.most, 1.0), (limit.least, -1.0)] {
            let Some(bound) = bound else { continue };
            let ends = [
                sheet.place([limit.from, bound]),
                sheet.place([limit.to, bound]),
            ];
            let far = sheet.place([limit.to, edge]);
            let beyond = Rect::from_two_pos(ends[0], far);
            painter.rect_filled(beyond, 0, theme::faded(theme::RED, 0.22));
            painter.line_segment(ends, Stroke::new(1.5, theme::RED));
        }
    }
    for stretch in lane.drawn.iter().filter(|stretch| of_axis(stretch.axis)) {
        let points: Vec<_> = stretch
            .points
            .iter()
            .map(|point| sheet.place(*point))
            .collect();
        let dots = if points.len() < 40 {
            points.clone()
        } else {
            Vec::new()
        };
        painter.add(Shape::line(points, Stroke::new(2.0, theme::HAND)));
        for dot in dots {
            painter.circle_filled(dot, 2.5, theme::HAND);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_the_sheet_is_read_back() {
        let sheet = Sheet {
            rect: Rect::from_min_size(pos2(20.0, 300.0), vec2(600.0, 90.0)),
            seconds: 240.0,
        };
        for point in [[0.0, 1.0], [60.0, -0.25], [240.0, 0.0]] {
            let [at, value] = sheet.point(sheet.place(point));
            assert!((at - point[0]).abs() < 0.01 && (value - point[1]).abs() < 0.01);
        }
        assert_eq!(sheet.point(pos2(0.0, 0.0)), [0.0, 1.0]);
    }
}
