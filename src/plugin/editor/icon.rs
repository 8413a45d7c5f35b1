//! Signs, drawn as lines so that they are sharp at every scale.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};
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
