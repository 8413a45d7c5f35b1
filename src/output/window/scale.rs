//! Pictures scaled by the processor, bilinearly.
//!
//! Each row of the window blends two rows of the picture into one (bytes in order, which the
//! compiler vectorises), then takes each pixel from two neighbours of that row, two channels to a
//! multiplication.

use super::fit::{Part, fit};
use crate::render::Picture;

/// Weights count in 256ths, so that a byte times a weight fits 16 bits.
const ONE: u32 = 256;

/// Two of the four bytes of a pixel, each with room for a product.
const LANES: u32 = 0x00ff_00ff;
/// A half in each lane, for rounding.
const HALVES: u32 = 0x0080_0080;

/// Where between two neighbours a sample lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tap {
    /// The neighbour to the left, or above.
    first: usize,
    /// Share of the other one, of [`ONE`].
    second: u32,
}

/// The taps of `to` samples over `from` pixels; pixels are squares, sampled in their middle.
fn taps(from: u32, to: u32) -> impl Iterator<Item = Tap> {
    let step = f64::from(from) / f64::from(to);
    let last = f64::from(from - 1);
    (0..to).map(move |sample| {
        let place = ((f64::from(sample) + 0.5) * step - 0.5).clamp(0.0, last);
        Tap {
            first: place as usize,
            second: (place.fract() * f64::from(ONE)).round() as u32,
        }
    })
}

/// Scales pictures; keeps its tables and rows between them.
#[derive(Debug, Default)]
pub(super) struct Scaler {
    /// Width of the picture and of its part of the window, for which `columns` stands.
    widths: [u32; 2],
    columns: Vec<Tap>,
    /// A row of the picture between two, RGBA, with its last pixel twice.
    row: Vec<u8>,
}

impl Scaler {
    /// Fills a window of `size` pixels (rows from the top, `0x00RRGGBB`) with `picture`, keeping
    /// its shape, and black around it; with black alone where there is none.
    pub(super) fn fill(&mut self, window: &mut [u32], size: [u32; 2], picture: Option<&Picture>) {
        let Some(picture) = picture else {
            window.fill(0);
            return;
        };
        let shape = [picture.width as u32, picture.height as u32];
        let part = fit(shape, size);
        let stride = size[0] as usize;
        let (above, rest) = window.split_at_mut(part.top as usize * stride);
        let (middle, below) = rest.split_at_mut(part.height as usize * stride);
        above.fill(0);
        below.fill(0);
        let left = part.left as usize;
        let right = left + part.width as usize;
        let pixels = middle.chunks_exact_mut(stride).map(|row| {
            row[..left].fill(0);
            row[right..].fill(0);
            &mut row[left..right]
        });
        if [part.width, part.height] == shape {
            let rows = picture.rgba.chunks_exact(4 * picture.width);
            pixels.zip(rows).for_each(|(to, from)| copy(to, from));
        } else {
            self.scale(pixels, part, picture);
        }
    }

    fn scale<'a>(
        &mut self,
        pixels: impl Iterator<Item = &'a mut [u32]>,
        part: Part,
        picture: &Picture,
    ) {
        let widths = [picture.width as u32, part.width];
        if self.widths != widths {
            self.widths = widths;
            self.columns.clear();
            self.columns.extend(taps(widths[0], widths[1]));
        }
        let stride = 4 * picture.width;
        self.row.resize(stride + 4, 0);
        let row_at = |row: usize| &picture.rgba[row * stride..][..stride];
        let downwards = taps(picture.height as u32, part.height);
        for (to, tap) in pixels.zip(downwards) {
            let first = row_at(tap.first);
            let second = row_at((tap.first + 1).min(picture.height - 1));
            blend(&mut self.row[..stride], first, second, tap.second as u16);
            self.row.copy_within(stride - 4..stride, stride);
            sample(to, &self.row, &self.columns);
        }
    }
}

/// `0x00RRGGBB` from RGBA bytes.
fn copy(to: &mut [u32], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from.chunks_exact(4)) {
        *to = u32::from_be_bytes([0, from[0], from[1], from[2]]);
    }
}

/// The row that lies `second` of [`ONE`] below `a` on the way to `b`.
fn blend(row: &mut [u8], a: &[u8], b: &[u8], second: u16) {
    if second == 0 {
        row.copy_from_slice(a);
        return;
    }
    let first = ONE as u16 - second;
    for ((to, &a), &b) in row.iter_mut().zip(a).zip(b) {
        // At most 255 * 256 + 128, which is less than 2^16.
        *to = ((u16::from(a) * first + u16::from(b) * second + 128) >> 8) as u8;
    }
}

/// The pixels at `columns` of `row`, whose last pixel stands twice.
fn sample(to: &mut [u32], row: &[u8], columns: &[Tap]) {
    for (to, tap) in to.iter_mut().zip(columns) {
        let pair = &row[4 * tap.first..][..8];
        let a = u32::from_le_bytes([pair[0], pair[1], pair[2], pair[3]]);
        let b = u32::from_le_bytes([pair[4], pair[5], pair[6], pair[7]]);
        let first = ONE - tap.second;
        let mix = |a: u32, b: u32| {
            (((a & LANES) * first + (b & LANES) * tap.second + HALVES) >> 8) & LANES
        };
        let red_blue = mix(a, b);
        let green = mix(a >> 8, b >> 8) & 0xff;
        *to = (red_blue & 0xff) << 16 | green << 8 | red_blue >> 16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture without any regularity.
    fn picture(width: usize, height: usize) -> Picture {
        let mut state = 1u32;
        let mut byte = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let rgba = (0..width * height)
            .flat_map(|_| [byte(), byte(), byte(), 255])
            .collect();
        Picture {
            width,
            height,
            rgba,
        }
    }

    fn filled(picture: Option<&Picture>, size: [u32; 2]) -> Vec<u32> {
        let mut window = vec![0xdead_beef; (size[0] * size[1]) as usize];
        Scaler::default().fill(&mut window, size, picture);
        window
    }

    fn channels(pixel: u32) -> [f64; 3] {
        [16, 8, 0].map(|shift| f64::from(pixel >> shift & 0xff))
    }

    /// The definition, in floating point.
    fn reference(picture: &Picture, part: Part, x: u32, y: u32) -> [f64; 3] {
        let place = |sample: u32, from: usize, to: u32| {
            ((f64::from(sample) + 0.5) * from as f64 / f64::from(to) - 0.5)
                .clamp(0.0, (from - 1) as f64)
        };
        let across = place(x, picture.width, part.width);
        let down = place(y, picture.height, part.height);
        [0, 1, 2].map(|channel| {
            let at = |x: usize, y: usize| {
                let [x, y] = [x.min(picture.width - 1), y.min(picture.height - 1)];
                f64::from(picture.rgba[4 * (y * picture.width + x) + channel])
            };
            let [x, y] = [across as usize, down as usize];
            let upper = at(x, y) + (at(x + 1, y) - at(x, y)) * across.fract();
            let lower = at(x, y + 1) + (at(x + 1, y + 1) - at(x, y + 1)) * across.fract();
            upper + (lower - upper) * down.fract()
        })
    }

    #[test]
    fn a_picture_of_the_windows_size_is_copied() {
        let picture = picture(13, 7);
        let window = filled(Some(&picture), [13, 7]);
        for (pixel, rgba) in window.iter().zip(picture.rgba.chunks_exact(4)) {
            assert_eq!(*pixel, u32::from_be_bytes([0, rgba[0], rgba[1], rgba[2]]));
        }
    }

    #[test]
    fn scaling_follows_the_definition_within_two_levels() {
        for (width, height) in [(1, 1), (2, 2), (3, 2), (16, 9), (40, 30)] {
            let picture = picture(width, height);
            for size in [[1, 1], [5, 5], [64, 36], [31, 47], [160, 30]] {
                let window = filled(Some(&picture), size);
                let part = fit([width as u32, height as u32], size);
                for (index, &pixel) in window.iter().enumerate() {
                    let [x, y] = [index as u32 % size[0], index as u32 / size[0]];
                    let inside = (part.left..part.left + part.width).contains(&x)
                        && (part.top..part.top + part.height).contains(&y);
                    if !inside {
                        assert_eq!(pixel, 0, "a bar is not black");
                        continue;
                    }
                    let wanted = reference(&picture, part, x - part.left, y - part.top);
                    let error = (0..3)
                        .map(|channel| (channels(pixel)[channel] - wanted[channel]).abs())
                        .fold(0.0, f64::max);
                    assert!(error <= 2.0, "{width}x{height} to {size:?}: {error}");
                }
            }
        }
    }

    #[test]
    fn without_a_picture_the_window_is_black() {
        assert!(filled(None, [9, 4]).iter().all(|&pixel| pixel == 0));
    }
}
