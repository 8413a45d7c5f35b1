//! The path that a song took on the circumplex.

use super::canvas::{Align, Area, Ink, Type};
use super::layout::PLANE;
use super::series;
use super::sheet::Sheet;
use super::style::{CARD, CLASS_INKS, FAINT, GRID, GROUND, QUIET, TIME_SCALE, faded, label};
use crate::emotion::{CLASS_NAMES, CLASS_POINTS, CLASSES, Emotion};

/// Distance of the circumplex' rim from its centre, pixels.
const PLANE_RADIUS: f32 = 194.0;

/// Where a point of the circumplex lies.
fn place(valence: f32, arousal: f32) -> (f32, f32) {
    let (x, y) = (PLANE.left + PLANE.width / 2.0, PLANE.top + 232.0);
    (x + valence * PLANE_RADIUS, y - arousal * PLANE_RADIUS)
}

impl Sheet {
    /// The path on the circumplex, coloured by time.
    pub(super) fn circumplex(&mut self, path: &[(f64, Emotion)]) {
        self.ground(PLANE, "Path", "on the circumplex, beside usual music");
        self.plane();
        let points: Vec<_> = path
            .iter()
            .map(|(time, emotion)| {
                let when = (time / self.duration) as f32;
                (when, place(emotion.valence, emotion.arousal))
            })
            .collect();
        for (width, strength) in [(7.0, 0.25), (2.6, 1.0)] {
            for pair in points.windows(2) {
                let ink = Ink::along(&TIME_SCALE, (pair[0].0 + pair[1].0) / 2.0);
                self.canvas
                    .line(pair[0].1, pair[1].1, width, faded(ink, strength));
            }
        }
        self.class_points();
        if let (Some(&(_, start)), Some(&(_, end))) = (points.first(), points.last()) {
            self.canvas.dot(start.0, start.1, 7.0, GROUND);
            self.canvas.ring(start.0, start.1, 7.0, 2.6, TIME_SCALE[0]);
            self.canvas.dot(end.0, end.1, 9.0, GROUND);
            self.canvas.dot(end.0, end.1, 7.0, TIME_SCALE[3]);
        }
        self.time_scale(PLANE.bottom() - 26.0);
    }

    /// Axes and circles, with what their ends mean.
    fn plane(&mut self) {
        for share in [0.5, 1.0] {
            let (x, y) = place(0.0, 0.0);
            self.canvas.ring(x, y, PLANE_RADIUS * share, 1.2, GRID);
        }
        let (west, east) = (place(-1.0, 0.0), place(1.0, 0.0));
        let (south, north) = (place(0.0, -1.0), place(0.0, 1.0));
        self.canvas.line(west, east, 1.2, GRID);
        self.canvas.line(south, north, 1.2, GRID);
        for (x, y, text, align) in [
            (north.0, north.1 - 12.0, "excited", Align::Centre),
            (south.0, south.1 + 22.0, "calm", Align::Centre),
            (west.0 + 8.0, west.1 - 8.0, "unpleasant", Align::Left),
            (east.0 - 8.0, east.1 - 8.0, "pleasant", Align::Right),
        ] {
            self.canvas.text(x, y, text, label(14.0, FAINT, align));
        }
    }

    /// Where the classes lie, each with its name on the side that has room.
    fn class_points(&mut self) {
        for class in 0..CLASSES {
            let [valence, arousal] = CLASS_POINTS[class];
            let (x, y) = place(valence, arousal);
            self.canvas.dot(x, y, 5.0, CLASS_INKS[class]);
            let leftwards = matches!(CLASS_NAMES[class], "contentment" | "anger" | "disgust");
            let (x, align) = if leftwards {
                (x - 11.0, Align::Right)
            } else {
                (x + 11.0, Align::Left)
            };
            let look = label(15.0, CLASS_INKS[class], align);
            self.haloed(x, y + 5.0, CLASS_NAMES[class], look);
        }
    }

    /// What the path's colours mean.
    fn time_scale(&mut self, y: f32) {
        let (steps, left, width) = (88, place(0.0, 0.0).0 - 132.0, 3.0);
        for step in 0..steps {
            let ink = Ink::along(&TIME_SCALE, step as f32 / (steps - 1) as f32);
            let cell = Area {
                left: left + step as f32 * width,
                top: y - 3.0,
                width,
                height: 6.0,
            };
            self.canvas.rectangle(cell, ink);
        }
        let step = if self.duration < 10.0 { 0.1 } else { 1.0 };
        let end = series::clock(self.duration, step);
        let look = label(14.0, QUIET, Align::Right);
        self.canvas.dot(left - 14.0, y, 5.0, TIME_SCALE[0]);
        self.canvas.dot(left - 14.0, y, 2.6, CARD);
        self.canvas.text(left - 26.0, y + 5.0, "start", look);
        let right = left + steps as f32 * width;
        self.canvas.dot(right + 14.0, y, 5.0, TIME_SCALE[3]);
        let look = Type {
            align: Align::Left,
            ..look
        };
        self.canvas.text(right + 26.0, y + 5.0, &end, look);
    }
}
