//! The limiter of flashes on the processor.

use super::simd::wide;
use crate::flashes::Judge;
use crate::flashes::grid::{CELLS, Grid, between, code_light, look, mix};
use crate::flashes::limits::WHOLE;
use crate::render::Pixels;
use crate::render::passes::{ALL_LIGHT, Limits};

/// Limits flashes in pictures in memory. While nothing flashes it measures some of their pixels, and does no more.
pub struct ProcessorLimiter {
    judge: Judge,
    lights: [u32; 256],
    given: Grid,
    /// Measures of what was shown last; empty before the first picture.
    left: Grid,
    /// What was shown last, 16 bits a channel, where it may be needed; else empty.
    seen: Vec<u16>,
    size: [usize; 2],
    /// How columns lie between cells.
    columns: Vec<[usize; 3]>,
    /// How much of each channel of a row is followed.
    row: Vec<i32>,
    held: u64,
    holds: bool,
}

impl Default for ProcessorLimiter {
    fn default() -> Self {
        Self {
            judge: Judge::default(),
            lights: code_light(),
            given: Grid::new(),
            left: Grid::new(),
            seen: Vec::new(),
            size: [0; 2],
            columns: Vec::new(),
            row: Vec::new(),
            held: 0,
            holds: false,
        }
    }
}

impl ProcessorLimiter {
    /// Puts what is to be seen in the place of a picture.
    pub fn limit(&mut self, limits: &Limits, pixels: &mut Pixels) {
        if limits.light < ALL_LIGHT {
            dim(&mut pixels.rgba, limits.light);
        }
        if limits.limited == 0 || !pixels.is_whole() {
            return;
        }
        look(&pixels.rgba, pixels.width, &self.lights, &mut self.given);
        if self.left.is_empty() {
            self.left.clone_from(&self.given);
        }
        let size = [pixels.width, pixels.height];
        if self.size != size {
            self.size = size;
            self.seen.clear();
            let column = |x| between(x, size[0], 0);
            self.columns = (0..size[0]).map(column).collect();
        }
        let followed = self.judge.decide(&self.given, &self.left, limits.micros);
        self.holds = followed.is_some();
        self.held += u64::from(self.holds);
        match followed {
            Some(followed) if !self.seen.is_empty() => {
                for (y, (line, seen)) in lines(pixels, &mut self.seen).enumerate() {
                    let row = between(y, size[1], 1);
                    shares(row, &self.columns, followed, &mut self.row);
                    follow(line, seen, &self.row);
                }
                look(&pixels.rgba, pixels.width, &self.lights, &mut self.left);
            }
            _ => {
                std::mem::swap(&mut self.left, &mut self.given);
                self.seen.clear();
                if self.holds || self.judge.is_near() {
                    let wide = |code: &u8| u16::from(*code) << 8;
                    self.seen.extend(pixels.rgba.iter().map(wide));
                }
            }
        }
    }

    /// How many pictures were held back.
    pub fn held(&self) -> u64 {
        self.held
    }

    /// Whether the last one was.
    pub fn holds_back(&self) -> bool {
        self.holds
    }
}

/// Takes light from a picture.
fn dim(rgba: &mut [u8], light: u32) {
    for pixel in rgba.chunks_exact_mut(4) {
        for code in &mut pixel[..3] {
            *code = ((u32::from(*code) * light + 128) >> 8) as u8;
        }
    }
}

/// Rows of a picture, and of what is seen.
fn lines<'a>(
    pixels: &'a mut Pixels,
    seen: &'a mut [u16],
) -> impl Iterator<Item = (&'a mut [u8], &'a mut [u16])> {
    let stride = 4 * pixels.width;
    let lines = pixels.rgba.chunks_exact_mut(stride);
    lines.zip(seen.chunks_exact_mut(stride))
}

/// How much of each channel of a row is followed, which lies between two rows of cells.
fn shares(
    [upper, lower, part]: [usize; 3],
    columns: &[[usize; 3]],
    followed: &[u32],
    row: &mut Vec<i32>,
) {
    let cells: [u32; CELLS[0]] = std::array::from_fn(|x| {
        let at = |row: usize| followed[row * CELLS[0] + x];
        mix(at(upper), at(lower), part)
    });
    row.clear();
    for &[left, right, part] in columns {
        row.extend([mix(cells[left], cells[right], part) as i32; 4]);
    }
}

wide! {
    /// Has a row of what is `seen` follow the picture's, and puts it in its place.
    fn follow(line: &mut [u8], seen: &mut [u16], shares: &[i32]) {
        for ((code, seen), share) in line.iter_mut().zip(seen).zip(shares) {
            let last = i32::from(*seen);
            let wanted = i32::from(*code) << 8;
            let now = last + (((wanted - last) * share) >> WHOLE.ilog2());
            *seen = now as u16;
            *code = ((now + 128) >> 8) as u8;
        }
    }
}
