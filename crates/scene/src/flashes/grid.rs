//! What of a picture is measured.

use super::limits::{FULL, WHOLE};

/// Cells across and down.
pub const CELLS: [usize; 2] = [64, 36];
/// All cells, and one more for the whole picture.
pub const PLACES: usize = CELLS[0] * CELLS[1] + 1;

/// Relative luminance and redness, of [`FULL`].
pub type Measure = [u32; 2];

/// A measure of each cell, row by row, and then of all.
pub type Grid = Vec<Measure>;

/// Pixels across and down of which one is measured.
pub const MEASURED: [usize; 2] = [640, 360];

/// Shares of relative luminance, of 65,536 together.
pub const LUMINANCE: [u32; 3] = [13_933, 46_871, 4_732];

/// The light of each sRGB code (IEC 61966-2-1), of [`FULL`].
pub fn code_light() -> [u32; 256] {
    std::array::from_fn(|code| {
        let encoded = code as f64 / 255.0;
        let light = match encoded <= 0.04045 {
            true => encoded / 12.92,
            false => ((encoded + 0.055) / 1.055).powf(2.4),
        };
        (light * f64::from(FULL)).round() as u32
    })
}

/// First and last (outside) pixel of cell `i` along a side of so many pixels, and from one that is measured to the next.
pub fn span(side: usize, axis: usize, i: usize) -> [usize; 3] {
    let first = i * side / CELLS[axis];
    let end = ((i + 1) * side / CELLS[axis]).max(first + 1);
    [first, end, (side / MEASURED[axis]).max(1)]
}

/// What one pixel is, of these lights.
fn measure([red, green, blue]: [u32; 3]) -> Measure {
    let sum = LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue;
    let others = green + blue;
    // Saturated: four fifths of its light are red.
    let saturated = red >= 4 * others;
    let redness = if saturated { red - others } else { 0 };
    [sum >> 16, redness]
}

/// Measures a picture of `width` pixels across, RGBA; `lights` is [`code_light`].
pub fn look(rgba: &[u8], width: usize, lights: &[u32; 256], grid: &mut Grid) {
    grid.resize(PLACES, [0; 2]);
    let height = rgba.len() / 4 / width.max(1);
    if width == 0 || height == 0 {
        return;
    }
    let mut all = [0; 2];
    for row in 0..CELLS[1] {
        let [top, bottom, down] = span(height, 1, row);
        for column in 0..CELLS[0] {
            let [left, right, across] = span(width, 0, column);
            let (mut sum, mut count) = ([0; 2], 0);
            for y in (top..bottom).step_by(down) {
                let line = &rgba[4 * (y * width + left)..4 * (y * width + right)];
                for pixel in line.chunks_exact(4).step_by(across) {
                    let light = [0, 1, 2].map(|k| lights[usize::from(pixel[k])]);
                    let [luminance, red] = measure(light);
                    sum = [sum[0] + luminance, sum[1] + red];
                    count += 1;
                }
            }
            let mean = sum.map(|sum| sum / count);
            grid[row * CELLS[0] + column] = mean;
            all = [all[0] + mean[0], all[1] + mean[1]];
        }
    }
    grid[PLACES - 1] = all.map(|sum| sum / (PLACES as u32 - 1));
}

/// Between which cells a pixel of a side lies, and how far from the first to the second, of 256.
pub fn between(pixel: usize, side: usize, axis: usize) -> [usize; 3] {
    let cells = CELLS[axis];
    let place = (((2 * pixel + 1) * cells * 128) / side).max(128) - 128;
    let first = (place >> 8).min(cells - 1);
    [first, (first + 1).min(cells - 1), place & 255]
}

/// What lies between two numbers.
pub fn mix(from: u32, to: u32, part: usize) -> u32 {
    debug_assert!(from <= WHOLE && to <= WHOLE);
    (from * (256 - part as u32) + to * part as u32) >> 8
}
