//! The sheet that the panels are drawn on, and what they have in common.

use super::canvas::{Align, Area, Canvas, Type};
use super::layout::{LEVEL, TIME_LEFT, TIME_WIDTH};
use super::series;
use super::style::{BRIGHT, CARD, FAINT, GRID, QUIET, bold, label};
use crate::emotion::Emotion;

/// The picture in the making, and the time that its width stands for.
pub(super) struct Sheet {
    pub(super) canvas: Canvas,
    /// Seconds.
    pub(super) duration: f64,
}

impl Sheet {
    /// Where a time lies across the panels.
    pub(super) fn x(&self, seconds: f64) -> f32 {
        TIME_LEFT + TIME_WIDTH * (seconds / self.duration).clamp(0.0, 1.0) as f32
    }

    /// Ground, name and short explanation of a panel.
    pub(super) fn ground(&mut self, area: Area, name: &str, note: &str) {
        self.canvas.card(area, 6.0, CARD);
        let baseline = area.top - 13.0;
        let width = self
            .canvas
            .text(area.left, baseline, name, bold(17.0, BRIGHT, Align::Left));
        let left = area.left + width + 14.0;
        self.canvas
            .text(left, baseline, note, label(15.0, FAINT, Align::Left));
    }

    /// Says in the middle of a panel why it shows nothing.
    pub(super) fn nothing(&mut self, area: Area, sentence: &str) {
        let (x, y) = (area.left + area.width / 2.0, area.top + area.height / 2.0);
        self.haloed(x, y + 6.0, sentence, label(17.0, FAINT, Align::Centre));
    }

    /// A label at the left of a panel.
    pub(super) fn tick(&mut self, y: f32, text: &str) {
        self.canvas.text(
            TIME_LEFT - 12.0,
            y + 5.0,
            text,
            label(14.0, FAINT, Align::Right),
        );
    }

    pub(super) fn time_axis(&mut self) {
        let step = series::time_step(self.duration);
        let marks = (self.duration / step + 1e-6) as usize;
        for mark in 0..=marks {
            let seconds = mark as f64 * step;
            let (x, y) = (self.x(seconds), LEVEL.bottom());
            self.canvas
                .line((x, y + 6.0), (x, y + 12.0), 1.0, FAINT.at(0.6));
            let text = series::clock(seconds, step);
            self.canvas
                .text(x, y + 30.0, &text, label(15.0, QUIET, Align::Centre));
        }
    }

    /// Faint upright lines at the axis' times.
    pub(super) fn grid(&mut self, area: Area) {
        let step = series::time_step(self.duration);
        for mark in 1..=(self.duration / step) as usize {
            let x = self.x(mark as f64 * step).round() + 0.5;
            if x < area.right() - 1.0 {
                self.canvas
                    .line((x, area.top), (x, area.bottom()), 1.0, GRID.at(0.7));
            }
        }
    }

    /// A curve's points, the first held back to the song's start and the last on to its end, so
    /// that even one row draws a line.
    pub(super) fn held(&self, curve: &[(f64, Emotion)]) -> Vec<(f32, Emotion)> {
        let mut points = Vec::with_capacity(curve.len() + 2);
        if let (Some((_, first)), Some((_, last))) = (curve.first(), curve.last()) {
            points.push((self.x(0.0), *first));
            points.extend(
                curve
                    .iter()
                    .map(|(time, emotion)| (self.x(*time), *emotion)),
            );
            points.push((self.x(self.duration), *last));
        }
        points
    }

    /// A text that stays readable on lines, because the card shines around it.
    pub(super) fn haloed(&mut self, x: f32, y: f32, text: &str, look: Type) {
        let halo = Type {
            ink: CARD.at(0.7),
            ..look
        };
        for step in 0..8 {
            let (dy, dx) = (step as f32 * std::f32::consts::FRAC_PI_4).sin_cos();
            self.canvas.text(x + 2.2 * dx, y + 2.2 * dy, text, halo);
        }
        self.canvas.text(x, y, text, look);
    }
}
