//! Where the editor's parts are, and the rows of controls in them.

use super::theme;
use egui::{Rect, pos2, vec2};

/// Heights of the bars at the top, below the preview and at the bottom.
const TOP: f32 = 48.0;
const PULSE: f32 = 28.0;
const STATE: f32 = 26.0;

/// Rows of full height that the part about emotion has room for at least.
const LEAST_ROWS: f32 = 7.0;

/// Where the parts are.
pub struct Plan {
    pub top: Rect,
    pub preview: Rect,
    pub pulse: Rect,
    pub pad: Rect,
    pub steering: Rect,
    pub classes: Rect,
    pub look: Rect,
    pub state: Rect,
}

impl Plan {
    pub fn new(whole: Rect) -> Self {
        let margin = theme::MARGIN;
        let (left, right) = (whole.left() + margin, whole.right() - margin);
        let top = Rect::from_x_y_ranges(left..=right, whole.top()..=whole.top() + TOP);
        let state = Rect::from_x_y_ranges(
            left..=whole.right(),
            whole.bottom() - STATE..=whole.bottom(),
        );
        let body = top.bottom()..=state.top() - 6.0;
        let wide = (0.29 * whole.width()).clamp(256.0, 340.0).round();
        let look = Rect::from_x_y_ranges(right - wide..=right, body.clone());
        let main = Rect::from_x_y_ranges(left..=look.left() - margin, body);
        let least = LEAST_ROWS * (theme::ROW + theme::GAP) - theme::GAP;
        let high = (0.3 * main.height()).clamp(least, 1.4 * least).round();
        let feeling = main.with_min_y(main.bottom() - high);
        let pulse = Rect::from_x_y_ranges(
            main.x_range(),
            feeling.top() - margin - PULSE..=feeling.top() - margin,
        );
        let preview = main.with_max_y(pulse.top() - 8.0);
        let pad = feeling.with_max_x(feeling.left() + high);
        let rest = feeling.with_min_x(pad.right() + margin);
        let half = (0.54 * (rest.width() - margin)).round();
        let steering = rest.with_max_x(rest.left() + half);
        let classes = rest.with_min_x(steering.right() + margin);
        Self {
            top,
            preview,
            pulse,
            pad,
            steering,
            classes,
            look,
            state,
        }
    }
}

/// Rows of controls, from the top of a rectangle down.
pub struct Rows {
    rect: Rect,
    y: f32,
    /// How high things are, of their usual height.
    share: f32,
}

/// The rows of `rect`.
pub fn rows(rect: Rect) -> Rows {
    Rows {
        rect,
        y: rect.top(),
        share: 1.0,
    }
}

impl Rows {
    /// The next control's place.
    pub fn row(&mut self) -> Rect {
        let row = self.space(theme::ROW);
        self.y += self.share * theme::GAP;
        row
    }

    /// The same, less high: of things that are `high` in all, as many as there are fit.
    pub fn squeezed_to_fit(self, high: f32) -> Self {
        let share = (self.rect.height() / high).min(1.0);
        Self { share, ..self }
    }

    /// A place of that height.
    pub fn space(&mut self, height: f32) -> Rect {
        let place = Rect::from_min_size(
            pos2(self.rect.left(), self.y),
            vec2(self.rect.width(), self.share * height),
        );
        self.y += self.share * height;
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::EditorSetup;

    #[test]
    fn no_part_overlaps_another_or_leaves_the_window_at_any_size() {
        let sizes = [
            EditorSetup::SMALLEST,
            [1040, 680],
            [1600, 700],
            EditorSetup::LARGEST,
        ];
        for [width, height] in sizes {
            let whole = Rect::from_min_size(pos2(0.0, 0.0), vec2(width as f32, height as f32));
            let plan = Plan::new(whole);
            let parts = [
                plan.top,
                plan.preview,
                plan.pulse,
                plan.pad,
                plan.steering,
                plan.classes,
                plan.look,
                plan.state,
            ];
            for (i, part) in parts.iter().enumerate() {
                assert!(
                    whole.contains_rect(*part),
                    "{width}x{height}: part {i} is {part:?}"
                );
                assert!(
                    part.width() > 90.0 && part.height() > 20.0,
                    "part {i} is {part:?}"
                );
                for (j, other) in parts.iter().enumerate().skip(i + 1) {
                    let shared = part.intersect(*other);
                    let apart = shared.width() <= 0.0 || shared.height() <= 0.0;
                    assert!(apart, "{width}x{height}: parts {i} and {j} overlap");
                }
            }
        }
    }
}
