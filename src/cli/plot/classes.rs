//! The weights of the emotion's classes: over time, and of the whole song.

use super::canvas::{Align, Area};
use super::layout::{CLASS_FLOW, SHARES};
use super::sheet::Sheet;
use super::style::{BRIGHT, CLASS_INKS, GRID, GROUND, QUIET, bold, label};
use crate::emotion::{CLASS_NAMES, CLASSES, Emotion};

impl Sheet {
    /// The weights of the classes, stacked.
    pub(super) fn class_flow(&mut self, curve: &[(f64, Emotion)]) {
        self.ground(CLASS_FLOW, "Emotion", "share of each class");
        for (share, text) in [(1.0, "100%"), (0.5, "50%"), (0.0, "0%")] {
            let y = CLASS_FLOW.bottom() - share * (CLASS_FLOW.height - 12.0) - 6.0;
            self.tick(y, text);
        }
        if curve.is_empty() {
            return self.nothing(CLASS_FLOW, "nothing was felt");
        }
        let points = self.held(curve);
        // Heights of the boundaries above each class, from the top of the stack down.
        let stacks: Vec<[f32; CLASSES]> = points
            .iter()
            .map(|(_, emotion)| {
                let sum = emotion.classes.iter().sum::<f32>().max(1e-6);
                let mut above = 0.0;
                emotion.classes.map(|weight| {
                    let top = CLASS_FLOW.top + CLASS_FLOW.height * above / sum;
                    above += weight;
                    top
                })
            })
            .collect();
        // Each area reaches to the bottom and the next is laid over it: no seams.
        for class in 0..CLASSES {
            let mut area: Vec<_> = points
                .iter()
                .zip(&stacks)
                .map(|((x, _), stack)| (*x, stack[class]))
                .collect();
            area.push((CLASS_FLOW.right(), CLASS_FLOW.bottom()));
            area.push((CLASS_FLOW.left, CLASS_FLOW.bottom()));
            self.canvas.polygon(&area, CLASS_INKS[class].at(0.92));
            area.truncate(points.len());
            self.canvas.polyline(&area, 1.2, GROUND.at(0.5));
        }
        self.name_classes(&points, &stacks);
    }

    /// Writes a class' name where its area is high enough for it to be read.
    fn name_classes(&mut self, points: &[(f32, Emotion)], stacks: &[[f32; CLASSES]]) {
        for class in 0..CLASSES {
            let look = bold(15.0, GROUND, Align::Centre);
            let reach = self.canvas.width_of(CLASS_NAMES[class], look) / 2.0 + 8.0;
            // The band that is free from `x - reach` to `x + reach`.
            let free = |x: f32| {
                let mut band = (f32::MIN, f32::MAX);
                for pair in 0..points.len() - 1 {
                    if points[pair + 1].0 >= x - reach && points[pair].0 <= x + reach {
                        for stack in &stacks[pair..=pair + 1] {
                            let bottom = stack.get(class + 1).copied();
                            band.0 = band.0.max(stack[class]);
                            band.1 = band.1.min(bottom.unwrap_or(CLASS_FLOW.bottom()));
                        }
                    }
                }
                band
            };
            let best = (0..=40)
                .map(|step| CLASS_FLOW.left + CLASS_FLOW.width * step as f32 / 40.0)
                .map(|x| x.clamp(CLASS_FLOW.left + reach, CLASS_FLOW.right() - reach))
                .map(|x| (x, free(x)))
                .max_by(|(_, a), (_, b)| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
            if let Some((x, (top, bottom))) = best.filter(|(_, band)| band.1 - band.0 > 20.0) {
                let y = (top + bottom) / 2.0 + 5.0;
                self.canvas.text(x, y, CLASS_NAMES[class], look);
            }
        }
    }

    /// How much of the song each class had, the largest first.
    pub(super) fn class_shares(&mut self, shares: &[f32; CLASSES]) {
        let area = SHARES;
        self.ground(area, "Whole song", "mean share of each class");
        if shares.iter().all(|&share| share == 0.0) {
            return self.nothing(area, "nothing was felt");
        }
        let mut order: [usize; CLASSES] = std::array::from_fn(|class| class);
        order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]));
        let largest = shares[order[0]];
        let row = (area.height - 24.0) / CLASSES as f32;
        for (index, &class) in order.iter().enumerate() {
            let middle = area.top + 12.0 + row * (index as f32 + 0.5);
            let baseline = middle + 6.0;
            let name = label(17.0, BRIGHT, Align::Left);
            self.canvas
                .text(area.left + 24.0, baseline, CLASS_NAMES[class], name);
            let track = Area {
                left: area.left + 150.0,
                top: middle - 6.0,
                width: 246.0,
                height: 12.0,
            };
            self.canvas.card(track, 6.0, GRID);
            let filled = (track.width * shares[class] / largest).max(track.height);
            let bar = Area {
                width: filled,
                ..track
            };
            self.canvas.card(bar, 6.0, CLASS_INKS[class]);
            let percent = format!("{:.0}%", shares[class] * 100.0);
            let look = label(17.0, QUIET, Align::Right);
            self.canvas
                .text(area.right() - 24.0, baseline, &percent, look);
        }
    }
}
