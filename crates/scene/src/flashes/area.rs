//! How much of any field of ten degrees flashes.

use super::cell::Cell;
use super::grid::CELLS;
use super::limits::{FIELD, QUARTER};

/// Fields across and down, one beginning at each cell that has room for it.
pub const WINDOWS_ACROSS: usize = CELLS[0] - FIELD[0] + 1;
const WINDOWS_DOWN: usize = CELLS[1] - FIELD[1] + 1;
/// All fields.
pub const WINDOW_PLACES: usize = WINDOWS_ACROSS * WINDOWS_DOWN;

/// Whether each cell lies in a field of which too much flashes as often as it may.
pub fn restrained(cells: &[Cell], result: &mut Vec<bool>) {
    let cells = &cells[..CELLS[0] * CELLS[1]];
    result.clear();
    result.resize(cells.len(), false);
    let flashing: u32 = cells.iter().map(|cell| cell.flashing).sum();
    if flashing <= QUARTER {
        return;
    }
    // Sums of all to the left and above make each field four look-ups.
    const STRIDE: usize = CELLS[0] + 1;
    let mut sums = vec![0; STRIDE * (CELLS[1] + 1)];
    for (i, cell) in cells.iter().enumerate() {
        let at = (i / CELLS[0] + 1) * STRIDE + i % CELLS[0] + 1;
        sums[at] = cell.flashing + sums[at - 1] + sums[at - STRIDE] - sums[at - STRIDE - 1];
    }
    for top in 0..WINDOWS_DOWN {
        // Fields of a row that are too full lie one over the other: each cell is marked once.
        let mut marked = 0;
        for left in 0..WINDOWS_ACROSS {
            let (upper, lower) = (top * STRIDE + left, (top + FIELD[1]) * STRIDE + left);
            let inside =
                sums[lower + FIELD[0]] + sums[upper] - sums[lower] - sums[upper + FIELD[0]];
            if inside <= QUARTER {
                continue;
            }
            let columns = left.max(marked)..left + FIELD[0];
            for row in top..top + FIELD[1] {
                result[row * CELLS[0]..][columns.clone()].fill(true);
            }
            marked = columns.end;
        }
    }
}
