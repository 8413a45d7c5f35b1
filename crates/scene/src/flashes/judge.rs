//! All cells together.

use super::area::restrained;
use super::cell::Cell;
use super::grid::{CELLS, Grid, PLACES};
use super::limits::WHOLE;

/// Microseconds from one picture to the next, at the most.
const LONGEST: u32 = 1_000_000;

/// Decides how much of each picture is followed at once.
pub struct Judge {
    cells: Vec<Cell>,
    restrained: Vec<bool>,
    shares: Vec<u32>,
    /// What is followed of each cell, of [`WHOLE`].
    follow: Vec<u32>,
}

impl Default for Judge {
    fn default() -> Self {
        Self {
            cells: vec![Cell::default(); PLACES],
            restrained: Vec::new(),
            shares: vec![WHOLE; PLACES],
            follow: vec![WHOLE; PLACES - 1],
        }
    }
}

/// Seconds as whole microseconds; what is no time is none.
pub fn micros(seconds: f32) -> u32 {
    // A cast takes NaN for 0 and what is too large for the largest.
    (f64::from(seconds) * 1e6)
        .round()
        .clamp(0.0, f64::from(LONGEST)) as u32
}

impl Judge {
    /// How much of each cell is followed where `wanted` is what the next picture has, `last` what is seen
    /// since `micros` ago, in [`WHOLE`]; none where that is all of it everywhere.
    pub fn decide(&mut self, wanted: &Grid, last: &Grid, micros: u32) -> Option<&[u32]> {
        for (cell, shown) in self.cells.iter_mut().zip(last) {
            cell.look_back(*shown, micros);
        }
        restrained(&self.cells, &mut self.restrained);
        // The whole picture has no field around it.
        self.restrained.push(true);
        for i in 0..PLACES {
            let restrained = self.restrained[i];
            self.shares[i] = self.cells[i].decide(wanted[i], last[i], restrained, micros);
        }
        if self.shares.iter().all(|share| *share == WHOLE) {
            return None;
        }
        self.spread();
        Some(&self.follow)
    }

    /// What is held is held to its edges: a share is mixed with those around it.
    fn spread(&mut self) {
        let whole = self.shares[PLACES - 1];
        for row in 0..CELLS[1] {
            for column in 0..CELLS[0] {
                let mut least = whole;
                for y in row.saturating_sub(1)..(row + 2).min(CELLS[1]) {
                    for x in column.saturating_sub(1)..(column + 2).min(CELLS[0]) {
                        least = least.min(self.shares[y * CELLS[0] + x]);
                    }
                }
                self.follow[row * CELLS[0] + column] = least;
            }
        }
    }

    /// Whether some of it may have to be held soon: what is seen is to be kept then.
    pub fn is_near(&self) -> bool {
        self.cells.iter().any(Cell::is_near)
    }
}
