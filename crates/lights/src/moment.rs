//! What lamps are told of one moment.

use crate::colour::{Colour, linear};

/// Bands whose levels are told.
pub const BANDS: usize = 8;

/// Colours of a palette.
pub const PALETTE: usize = 3;

/// Levels of what is heard, each 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Levels {
    /// Lowest first.
    pub bands: [f32; BANDS],
    /// 1 on a beat, and less the longer it is gone.
    pub beat: f32,
    /// 1 where something clearly starts.
    pub onset: f32,
    pub loudness: f32,
}

/// The picture, the palette, the mood and the music at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moment {
    pub picture: SmallPicture,
    /// Linear light; dark, middle and bright.
    pub palette: [Colour; PALETTE],
    /// Valence and arousal, -1 to 1.
    pub mood: [f32; 2],
    pub levels: Levels,
}

impl Moment {
    /// The light of a colour in sRGB.
    pub fn light_of(srgb: [f32; 3]) -> Colour {
        srgb.map(linear)
    }
}

/// A picture of [`SIZE`](Self::SIZE) cells, in linear light. Black at first.
#[derive(Clone, Debug, PartialEq)]
pub struct SmallPicture([[Colour; Self::SIZE[0]]; Self::SIZE[1]]);

impl Default for SmallPicture {
    fn default() -> Self {
        Self([[[0.0; 3]; Self::SIZE[0]]; Self::SIZE[1]])
    }
}

/// Pixels across and down that are looked at in a cell. More would cost more and be seen in no lamp.
const LOOKS: usize = 12;

impl SmallPicture {
    /// Cells across and down.
    pub const SIZE: [usize; 2] = [16, 9];

    /// Means of the cells of a picture of `width` by `height` pixels: sRGB, rows from the top, four bytes each (the fourth is
    /// not looked at). Black where there is no pixel, or fewer bytes than pixels.
    pub fn of(rgba: &[u8], width: usize, height: usize) -> Self {
        let mut cells = Self::default();
        let bytes = width.checked_mul(height).and_then(|n| n.checked_mul(4));
        if bytes.is_none_or(|bytes| bytes == 0 || bytes > rgba.len()) {
            return cells;
        }
        let light: [f32; 256] = std::array::from_fn(|byte| linear(byte as f32 / 255.0));
        let [across, down] = Self::SIZE;
        for (row, line) in cells.0.iter_mut().enumerate() {
            for (column, cell) in line.iter_mut().enumerate() {
                let mut sum = [0.0; 3];
                for look in 0..LOOKS * LOOKS {
                    // The middles of the cell's parts.
                    let at = |cell: usize, part: usize, cells: usize, pixels: usize| {
                        (2 * (cell * LOOKS + part) + 1) * pixels / (2 * cells * LOOKS)
                    };
                    let x = at(column, look % LOOKS, across, width);
                    let y = at(row, look / LOOKS, down, height);
                    let pixel = &rgba[4 * (y * width + x)..][..3];
                    for (sum, byte) in sum.iter_mut().zip(pixel) {
                        *sum += light[usize::from(*byte)];
                    }
                }
                *cell = sum.map(|sum| sum / (LOOKS * LOOKS) as f32);
            }
        }
        cells
    }

    /// A picture of one colour, in linear light.
    pub fn plain(colour: Colour) -> Self {
        Self([[colour; Self::SIZE[0]]; Self::SIZE[1]])
    }

    /// The mean of a part: left, top, right and bottom as shares of the picture. Cells count by how much of them is in it.
    pub(crate) fn mean(&self, [left, top, right, bottom]: [f32; 4]) -> Colour {
        let share = |cell: usize, cells: usize, from: f32, to: f32| {
            let (low, high) = (cell as f32, (cell + 1) as f32);
            (high.min(to * cells as f32) - low.max(from * cells as f32)).max(0.0)
        };
        let (mut sum, mut all) = ([0.0; 3], 0.0);
        for (row, line) in self.0.iter().enumerate() {
            let height = share(row, Self::SIZE[1], top, bottom);
            for (column, cell) in line.iter().enumerate() {
                let weight = height * share(column, Self::SIZE[0], left, right);
                sum = std::array::from_fn(|n| sum[n] + weight * cell[n]);
                all += weight;
            }
        }
        if all > 0.0 {
            sum.map(|sum| sum / all)
        } else {
            sum
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red on the left of the middle, mid grey in sRGB on the right.
    fn halves(width: usize, height: usize) -> Vec<u8> {
        let pixel = |n: usize| match 2 * (n % width) < width {
            true => [255, 0, 0, 255],
            false => [128, 128, 128, 0],
        };
        (0..width * height).flat_map(pixel).collect()
    }

    #[test]
    fn parts_of_a_picture_of_any_size_have_the_mean_of_their_light() {
        let grey = 0.215_861;
        for (width, height) in [(1920, 1080), (640, 480), (32, 18), (2, 1), (3000, 2)] {
            let small = SmallPicture::of(&halves(width, height), width, height);
            let near = |part, expected: Colour| {
                let mean = small.mean(part);
                let apart = mean.iter().zip(expected).map(|(a, b)| (a - b).abs());
                let apart = apart.fold(0.0, f32::max);
                assert!(apart < 1e-3, "{width}x{height}, {part:?}: {mean:?}");
            };
            near([0.0, 0.0, 0.5, 1.0], [1.0, 0.0, 0.0]);
            near([0.5, 0.0, 1.0, 1.0], [grey; 3]);
            let both = [(1.0 + grey) / 2.0, grey / 2.0, grey / 2.0];
            near([0.0, 0.0, 1.0, 1.0], both);
            // Within a cell, and across the middle.
            near([0.51, 0.2, 0.52, 0.21], [grey; 3]);
            near([0.48, 0.3, 0.52, 0.7], both);
        }
    }

    #[test]
    fn no_picture_is_black() {
        for (width, height) in [(0, 0), (0, 5), (4, 4), (usize::MAX, 2)] {
            let small = SmallPicture::of(&[255; 60], width, height);
            assert_eq!(small, SmallPicture::default(), "{width} by {height}");
        }
    }
}
