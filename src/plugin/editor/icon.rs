//! Signs, drawn as lines so that they are sharp at every scale.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, vec2};
use std::f32::consts::{PI, TAU};

use super::theme;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Icon {
    Left,
    Right,
    Down,
    Undo,
    Redo,
    Dice,
    Plus,
    Window,
    Record,
    Film,
    Moon,
    Pause,
    Grid,
    Search,
    Close,
    Save,
    Lock,
    Star,
    Unstarred,
}

/// A corner of a star with five points.
fn point(i: u16) -> Vec2 {
    let radius = if i.is_multiple_of(2) { 6.0 } else { 2.6 };
    let turn = f32::from(i) * PI / 5.0 - 0.5 * PI;
    radius * vec2(turn.cos(), turn.sin())
}

/// Paints a sign of about 12 points around `centre`.
pub fn paint(painter: &Painter, centre: Pos2, icon: Icon, colour: Color32) {
    let stroke = Stroke::new(1.4, colour);
    let lines = |points: &[[f32; 2]]| {
        let points = points.iter().map(|[x, y]| centre + vec2(*x, *y)).collect();
        painter.add(Shape::line(points, stroke));
    };
    match icon {
        Icon::Left => lines(&[[2.0, -4.0], [-2.0, 0.0], [2.0, 4.0]]),
        Icon::Right => lines(&[[-2.0, -4.0], [2.0, 0.0], [-2.0, 4.0]]),
        Icon::Down => lines(&[[-3.5, -1.75], [0.0, 1.75], [3.5, -1.75]]),
        Icon::Undo | Icon::Redo => {
            let side = if icon == Icon::Undo { 1.0 } else { -1.0 };
            let bow = (0..=14).map(|i| {
                let turn = -0.5 * PI + PI * i as f32 / 14.0;
                [side * (1.0 + 3.5 * turn.cos()), 0.75 + 3.5 * turn.sin()]
            });
            let mut points = vec![[-4.5 * side, -2.75]];
            points.extend(bow);
            points.push([-1.5 * side, 4.25]);
            lines(&points);
            lines(&[
                [-2.0 * side, -5.25],
                [-4.5 * side, -2.75],
                [-2.0 * side, -0.25],
            ]);
        }
        Icon::Plus => {
            lines(&[[-4.5, 0.0], [4.5, 0.0]]);
            lines(&[[0.0, -4.5], [0.0, 4.5]]);
        }
        Icon::Dice => {
            let rect = Rect::from_center_size(centre, vec2(12.0, 12.0));
            painter.rect_stroke(rect, 3, stroke, StrokeKind::Inside);
            for (x, y) in [(-2.5, -2.5), (0.0, 0.0), (2.5, 2.5)] {
                painter.circle_filled(centre + vec2(x, y), 1.1, colour);
            }
        }
        Icon::Window => {
            let rect = Rect::from_center_size(centre, vec2(13.0, 10.0));
            painter.rect_stroke(rect, 1, stroke, StrokeKind::Inside);
            lines(&[[-6.0, -2.5], [6.0, -2.5]]);
        }
        Icon::Record => {
            painter.circle_filled(centre, 4.5, colour);
        }
        Icon::Film => {
            let rect = Rect::from_center_size(centre, vec2(13.0, 11.0));
            painter.rect_stroke(rect, 1, stroke, StrokeKind::Inside);
            for y in [-3.0, 0.0, 3.0] {
                for x in [-4.5, 4.5] {
                    painter.circle_filled(centre + vec2(x, y), 0.8, colour);
                }
            }
        }
        Icon::Moon => {
            let rect = Rect::from_center_size(centre, vec2(12.0, 10.0));
            painter.rect_filled(rect, 1, colour);
        }
        Icon::Pause => {
            for x in [-2.5, 2.5] {
                let bar = Rect::from_center_size(centre + vec2(x, 0.0), vec2(2.5, 9.0));
                painter.rect_filled(bar, 0, colour);
            }
        }
        other => of_presets(painter, centre, other, colour),
    }
}

/// The same, of the signs about presets.
fn of_presets(painter: &Painter, centre: Pos2, icon: Icon, colour: Color32) {
    let stroke = Stroke::new(1.4, colour);
    let lines = |points: &[[f32; 2]]| {
        let points = points.iter().map(|[x, y]| centre + vec2(*x, *y)).collect();
        painter.add(Shape::line(points, stroke));
    };
    match icon {
        Icon::Grid => {
            for (x, y) in [(-3.0, -3.0), (3.0, -3.0), (-3.0, 3.0), (3.0, 3.0)] {
                let square = Rect::from_center_size(centre + vec2(x, y), vec2(4.0, 4.0));
                painter.rect_filled(square, 1, colour);
            }
        }
        Icon::Search => {
            painter.circle_stroke(centre + vec2(-1.0, -1.0), 4.0, stroke);
            lines(&[[2.0, 2.0], [5.5, 5.5]]);
        }
        Icon::Close => {
            lines(&[[-4.0, -4.0], [4.0, 4.0]]);
            lines(&[[4.0, -4.0], [-4.0, 4.0]]);
        }
        Icon::Save => {
            lines(&[[0.0, -5.5], [0.0, 1.5]]);
            lines(&[[-3.0, -1.5], [0.0, 1.5], [3.0, -1.5]]);
            lines(&[[-5.0, 1.5], [-5.0, 5.0], [5.0, 5.0], [5.0, 1.5]]);
        }
        Icon::Lock => {
            let body = Rect::from_center_size(centre + vec2(0.0, 2.0), vec2(9.0, 7.0));
            painter.rect_filled(body, 1, colour);
            let bow = (0..=10).map(|i| {
                let turn = PI + PI * i as f32 / 10.0;
                [2.8 * turn.cos(), -1.5 + 3.0 * turn.sin()]
            });
            lines(&bow.collect::<Vec<_>>());
        }
        Icon::Star => {
            // A fan of triangles, as the shape is not convex.
            for i in 0..10 {
                let corners = [point(i), point(i + 1)].map(|point| centre + point);
                let corners = vec![centre, corners[0], corners[1]];
                painter.add(Shape::convex_polygon(corners, colour, Stroke::NONE));
            }
        }
        Icon::Unstarred => {
            let points = (0..10).map(|i| centre + point(i)).collect();
            painter.add(Shape::closed_line(points, Stroke::new(1.1, colour)));
        }
        _ => {}
    }
}

/// The mark: a wave that goes from what is heard to what the hand does, in a ring.
pub fn mark(painter: &Painter, centre: Pos2, radius: f32) {
    painter.circle_stroke(centre, radius, Stroke::new(1.5, theme::FAINT));
    let place = |i: usize| {
        let x = i as f32 / 20.0 * 2.0 - 1.0;
        let swell = (1.0 - x * x).max(0.0);
        let y = -(x * TAU * 0.55).sin() * swell.sqrt() * 0.62;
        centre + vec2(x * (radius - 3.5), y * (radius - 1.0))
    };
    for i in 0..20 {
        let share = (i as f32 + 0.5) / 20.0;
        let colour = theme::HEARD.lerp_to_gamma(theme::HAND, share);
        painter.line_segment([place(i), place(i + 1)], Stroke::new(2.2, colour));
    }
}
