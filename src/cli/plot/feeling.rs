//! Valence and arousal over time.

use super::canvas::Align;
use super::layout::FEELING;
use super::sheet::Sheet;
use super::style::{AROUSAL, GRID, VALENCE, bold, faded};
use crate::emotion::Emotion;

impl Sheet {
    /// Valence and arousal, fainter where the network is less certain.
    pub(super) fn feeling(&mut self, curve: &[(f64, Emotion)]) {
        self.ground(
            FEELING,
            "Feeling",
            "0 is usual music; fainter where less certain",
        );
        self.grid(FEELING);
        let mut right = FEELING.right();
        for (name, ink) in [("arousal", AROUSAL), ("valence", VALENCE)] {
            let look = bold(16.0, ink, Align::Right);
            let width = self.canvas.text(right, FEELING.top - 13.0, name, look);
            let dot = right - width - 12.0;
            self.canvas.dot(dot, FEELING.top - 18.0, 4.5, ink);
            right = dot - 24.0;
        }
        let y = |value: f32| FEELING.top + 10.0 + (FEELING.height - 20.0) * (1.0 - value) / 2.0;
        for (value, text) in [(1.0, "+1"), (0.5, ""), (0.0, "0"), (-0.5, ""), (-1.0, "−1")] {
            let strength = if value == 0.0 { 1.6 } else { 0.8 };
            self.canvas.line(
                (FEELING.left, y(value)),
                (FEELING.right(), y(value)),
                strength,
                GRID,
            );
            self.tick(y(value), text);
        }
        if curve.is_empty() {
            return self.nothing(FEELING, "nothing was felt");
        }
        let points = self.held(curve);
        for (ink, of) in [
            (
                AROUSAL,
                (|emotion: &Emotion| emotion.arousal) as fn(&Emotion) -> f32,
            ),
            (VALENCE, |emotion| emotion.valence),
        ] {
            let line: Vec<_> = points
                .iter()
                .map(|(x, emotion)| (*x, y(of(emotion))))
                .collect();
            let mut area = line.clone();
            area.push((line[line.len() - 1].0, y(0.0)));
            area.push((line[0].0, y(0.0)));
            self.canvas.polygon(&area, ink.at(0.07));
            for (pair, (_, emotion)) in line.windows(2).zip(&points) {
                let ink = faded(ink, 0.25 + 0.75 * emotion.confidence);
                self.canvas.polyline(pair, 2.6, ink);
            }
        }
    }
}
