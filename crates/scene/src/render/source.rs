//! The generator's image as the renderers read it: finite, planar, and at every coarser scale.

/// One scale of the image.
#[derive(Clone, Debug, Default)]
pub struct Level {
    /// Width and height in pixels.
    pub side: usize,
    /// Red, green and blue, `side * side` values each, sRGB-encoded, 0 to 1.
    pub planes: [Vec<f32>; 3],
}

impl Level {
    /// The colour at a point of the picture (`[0, 1]` across and down), bilinear, its edges held.
    pub fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        let last = (self.side - 1) as f32;
        let x = (x * self.side as f32 - 0.5).clamp(0.0, last);
        let y = (y * self.side as f32 - 0.5).clamp(0.0, last);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.side - 1), (y0 + 1).min(self.side - 1));
        let (tx, ty) = (x - x0 as f32, y - y0 as f32);
        let (row0, row1) = (y0 * self.side, y1 * self.side);
        self.planes.each_ref().map(|plane| {
            let top = plane[row0 + x0] + tx * (plane[row0 + x1] - plane[row0 + x0]);
            let bottom = plane[row1 + x0] + tx * (plane[row1 + x1] - plane[row1 + x0]);
            top + ty * (bottom - top)
        })
    }
}

/// The image and its halves, quarters and so on, down to one pixel.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Finest first; never empty after [`Source::read`].
    pub levels: Vec<Level>,
    row: Vec<f32>,
}

impl Source {
    /// Takes in an image of `side` pixels a side: NaN and whatever is missing become black, the rest
    /// is held to 0..1.
    // `max` answers the other operand when one is NaN; `clamp` would pass it on.
    #[allow(clippy::manual_clamp)]
    pub fn read(&mut self, side: usize, pixels: &[f32]) {
        let side = side.max(1);
        let count = side.ilog2() as usize + 1;
        self.levels.resize_with(count, Level::default);
        let finest = &mut self.levels[0];
        finest.side = side;
        for (channel, plane) in finest.planes.iter_mut().enumerate() {
            plane.clear();
            plane.extend(
                pixels
                    .chunks_exact(3)
                    .take(side * side)
                    .map(|pixel| pixel[channel].max(0.0).min(1.0)),
            );
            plane.resize(side * side, 0.0);
        }
        for index in 1..count {
            let (fine, coarse) = self.levels.split_at_mut(index);
            let (fine, coarse) = (&fine[index - 1], &mut coarse[0]);
            coarse.side = fine.side / 2;
            for (from, to) in fine.planes.iter().zip(&mut coarse.planes) {
                halve(from, fine.side, to, &mut self.row);
            }
        }
    }

    /// The finest level of at most `side` pixels.
    pub fn at_most(&self, side: usize) -> &Level {
        let fits = |level: &&Level| level.side <= side.max(1);
        self.levels.iter().find(fits).unwrap_or(&self.levels[0])
    }
}

/// Halves a square plane with the tent `[1 3 3 1] / 8` both ways; an odd last row is dropped.
fn halve(from: &[f32], side: usize, to: &mut Vec<f32>, row: &mut Vec<f32>) {
    let half = side / 2;
    let tent = |a: f32, b: f32, c: f32, d: f32| (a + 3.0 * (b + c) + d) * 0.125;
    let taps = |i: usize| {
        let first = 2 * i;
        [
            first.saturating_sub(1),
            first,
            first + 1,
            (first + 2).min(side - 1),
        ]
    };
    to.clear();
    for y in 0..half {
        let rows = taps(y).map(|y| &from[y * side..][..side]);
        row.clear();
        row.extend((0..side).map(|x| tent(rows[0][x], rows[1][x], rows[2][x], rows[3][x])));
        to.extend((0..half).map(|x| {
            let [a, b, c, d] = taps(x).map(|x| row[x]);
            tent(a, b, c, d)
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_keeps_an_even_ground_and_halves_the_side() {
        let mut source = Source::default();
        source.read(100, &[0.2, 0.5, 0.9].repeat(100 * 100));
        let sides: Vec<usize> = source.levels.iter().map(|level| level.side).collect();
        assert_eq!(sides, [100, 50, 25, 12, 6, 3, 1]);
        for level in &source.levels {
            for (k, value) in [0.2, 0.5, 0.9].into_iter().enumerate() {
                assert!(level.planes[k].iter().all(|x| (x - value).abs() < 1e-5));
            }
        }
        assert_eq!(source.at_most(30).side, 25);
        assert_eq!(source.at_most(0).side, 1);
    }
}
