//! The frequency bands over time.

use super::canvas::{Area, Ink};
use super::layout::SPECTRUM;
use super::series::Column;
use super::sheet::Sheet;
use super::style::HEAT_SCALE;
use crate::signal::BANDS;

impl Sheet {
    /// The eight bands as a strip of heat, lowest at the bottom.
    pub(super) fn spectrum(&mut self, columns: &[Option<Column>]) {
        self.ground(SPECTRUM, "Bands", "level of eight frequency bands");
        let row = SPECTRUM.height / BANDS as f32;
        self.tick(SPECTRUM.top + row / 2.0, "high");
        self.tick(SPECTRUM.bottom() - row / 2.0, "low");
        if columns.iter().all(Option::is_none) {
            return self.nothing(SPECTRUM, "nothing was heard");
        }
        for (index, column) in columns.iter().enumerate() {
            let Some(column) = column else { continue };
            for (band, &level) in column.bands.iter().enumerate() {
                let cell = Area {
                    left: SPECTRUM.left + index as f32,
                    top: SPECTRUM.bottom() - row * (band + 1) as f32,
                    width: 1.0,
                    height: row - 1.0,
                };
                self.canvas.rectangle(cell, Ink::along(&HEAT_SCALE, level));
            }
        }
    }
}
