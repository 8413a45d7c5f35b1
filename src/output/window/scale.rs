//! Pictures scaled by the processor, bilinearly.
//!
//! Each row of the picture that is needed is scaled to the window's width once, two channels to a
//! multiplication; each row of the window then blends two such rows, byte by byte in order, which
//! the compiler vectorises.

use super::fit::{Part, fit};
use crate::render::Pixels;

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
    /// Rows of the picture in the window's width and format, two that follow each other.
    rows: [Vec<u32>; 2],
    /// Which rows of the picture these are.
    held: [Option<usize>; 2],
}

impl Scaler {
    /// Fills a window of `size` pixels (rows from the top, `0x00RRGGBB`) with `picture`, keeping
    /// its shape, and black around it; with black alone where there is none.
    pub(super) fn fill(&mut self, window: &mut [u32], size: [u32; 2], picture: Option<&Pixels>) {
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
        picture: &Pixels,
    ) {
        let widths = [picture.width as u32, part.width];
        if self.widths != widths {
            self.widths = widths;
            self.columns.clear();
            self.columns.extend(taps(widths[0], widths[1]));
        }
        self.held = [None; 2];
        let stride = 4 * picture.width;
        let downwards = taps(picture.height as u32, part.height);
        for (to, tap) in pixels.zip(downwards) {
            let last = picture.height - 1;
            // Neighbours are kept by parity, so that a row stays where it is for the next blend.
            for row in [tap.first, (tap.first + 1).min(last)] {
                let place = row % 2;
                if self.held[place] != Some(row) {
                    self.held[place] = Some(row);
                    self.rows[place].resize(to.len(), 0);
                    let from = &picture.rgba[row * stride..][..stride];
                    sample(&mut self.rows[place], from, &self.columns);
                }
            }
            let second = &self.rows[(tap.first + 1).min(last) % 2];
            blend(to, &self.rows[tap.first % 2], second, tap.second as u16);
        }
    }
}

/// `0x00RRGGBB` from RGBA bytes.
fn copy(to: &mut [u32], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from.chunks_exact(4)) {
        *to = u32::from_be_bytes([0, from[0], from[1], from[2]]);
    }
}

/// `row` at `columns`, as `0x00RRGGBB`.
fn sample(to: &mut [u32], row: &[u8], columns: &[Tap]) {
    let pixels = row.as_chunks::<4>().0;
    let last = pixels.len() - 1;
    for (to, tap) in to.iter_mut().zip(columns) {
        let a = u32::from_le_bytes(pixels[tap.first]);
        let b = u32::from_le_bytes(pixels[(tap.first + 1).min(last)]);
        // Differences may be negative: lanes borrow from each other, and get it back in the sum.
        let mix = |a: u32, b: u32| {
            let step = (b & LANES).wrapping_sub(a & LANES).wrapping_mul(tap.second);
            ((a & LANES) << 8).wrapping_add(step).wrapping_add(HALVES) >> 8 & LANES
        };
        let red_blue = mix(a, b);
        let green = mix(a >> 8, b >> 8) & 0xff;
        *to = (red_blue & 0xff) << 16 | green << 8 | red_blue >> 16;
    }
}

/// The row that lies `second` of [`ONE`] below `a` on the way to `b`.
fn blend(to: &mut [u32], a: &[u32], b: &[u32], second: u16) {
    if second == 0 {
        to.copy_from_slice(a);
        return;
    }
    let first = ONE as u16 - second;
    let [a, b] = [a, b].map(bytemuck::cast_slice::<u32, u8>);
    let to: &mut [u8] = bytemuck::cast_slice_mut(to);
    for ((to, &a), &b) in to.iter_mut().zip(a).zip(b) {
        // At most 255 * 256 + 128, which is less than 2^16.
        *to = ((u16::from(a) * first + u16::from(b) * second + 128) >> 8) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture without any regularity.
    fn picture(width: usize, height: usize) -> Pixels {
        let mut state = 1u32;
        let mut byte = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let rgba = (0..width * height)
            .flat_map(|_| [byte(), byte(), byte(), 255])
            .collect();
        Pixels {
            width,
            height,
            rgba,
        }
    }

    fn filled(picture: Option<&Pixels>, size: [u32; 2]) -> Vec<u32> {
        let mut window = vec![0xdead_beef; (size[0] * size[1]) as usize];
        Scaler::default().fill(&mut window, size, picture);
        window
    }

    fn channels(pixel: u32) -> [f64; 3] {
        [16, 8, 0].map(|shift| f64::from(pixel >> shift & 0xff))
    }

    /// The definition, in floating point.
    fn reference(picture: &Pixels, part: Part, x: u32, y: u32) -> [f64; 3] {
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
