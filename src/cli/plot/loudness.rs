//! Loudness over time.

use super::layout::LEVEL;
use super::series::Column;
use super::sheet::Sheet;
use super::style::{GRID, LOUDNESS};

impl Sheet {
    /// Loudness as an area.
    pub(super) fn level(&mut self, columns: &[Option<Column>]) {
        const QUIETEST: f32 = -50.0;
        self.ground(LEVEL, "Loudness", "momentary, LUFS");
        self.grid(LEVEL);
        let y = |lufs: f32| {
            LEVEL.top + 4.0 + (LEVEL.height - 4.0) * (lufs.clamp(QUIETEST, 0.0) / QUIETEST)
        };
        for lufs in [0.0, -20.0, -40.0] {
            self.canvas
                .line((LEVEL.left, y(lufs)), (LEVEL.right(), y(lufs)), 0.8, GRID);
            let sign = if lufs < 0.0 { "−" } else { "" };
            self.tick(y(lufs), &format!("{sign}{:.0}", lufs.abs()));
        }
        let line: Vec<_> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let loudness = column.map_or(QUIETEST, |column| column.loudness);
                (LEVEL.left + index as f32 + 0.5, y(loudness))
            })
            .collect();
        let mut area = line.clone();
        area.push((LEVEL.right(), LEVEL.bottom()));
        area.push((LEVEL.left, LEVEL.bottom()));
        let (top, bottom) = (LEVEL.top, LEVEL.bottom());
        self.canvas
            .shaded_polygon(&area, (top, LOUDNESS.at(0.7)), (bottom, LOUDNESS.at(0.08)));
        self.canvas.polyline(&line, 1.6, LOUDNESS);
    }
}
