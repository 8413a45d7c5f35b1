//! RGBA to the planes that video codecs take.
//!
//! BT.709 in limited range, 4:2:0. Fixed point, so every machine makes the same bytes. Chroma sits
//! where H.264 expects it unless told otherwise: on the left luma column, between the rows.

/// A picture as planes: full-size luma, both chromas at half the width and height.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Planes {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) y: Vec<u8>,
    pub(super) u: Vec<u8>,
    pub(super) v: Vec<u8>,
    /// Column sums of two rows, for chroma: red, green and blue. The first column comes twice, so
    /// that each has a left neighbour, and a last one is never used.
    sums: [Vec<i32>; 3],
}

/// Fractional bits of the luma coefficients; with 15 a product of two fits the multipliers that
/// every x86-64 and ARM64 has (16 by 16 bits).
const LUMA_BITS: u32 = 15;
/// Kr, Kg and Kb of BT.709 times 219/255, in 1/32768.
const LUMA: [i32; 3] = [5983, 20_127, 2032];
const LUMA_OFFSET: i32 = (16 << LUMA_BITS) + (1 << (LUMA_BITS - 1));

/// Chroma works on sums of eight weighted pixels: three bits more.
const CHROMA_BITS: u32 = LUMA_BITS + 3;
/// Coefficients of Cb and Cr times 224/255, in 1/32768; each row sums to nil, so greys stay grey.
const CB: [i32; 3] = [-3298, -11_094, 14_392];
const CR: [i32; 3] = [14_392, -13_073, -1319];
const CHROMA_OFFSET: i32 = (128 << CHROMA_BITS) + (1 << (CHROMA_BITS - 1));

impl Planes {
    /// Room for a picture; both sides must be even.
    pub(super) fn new(width: usize, height: usize) -> Self {
        let chroma = width / 2 * (height / 2);
        Self {
            width,
            height,
            y: vec![0; width * height],
            u: vec![0; chroma],
            v: vec![0; chroma],
            sums: std::array::from_fn(|_| vec![0; width + 2]),
        }
    }

    /// Converts `rgba`, `width * height * 4` bytes.
    pub(super) fn convert(&mut self, rgba: &[u8]) {
        let (width, half) = (self.width, self.width / 2);
        let pairs = rgba
            .chunks_exact(width * 8)
            .zip(self.y.chunks_exact_mut(width * 2))
            .zip(self.u.chunks_exact_mut(half))
            .zip(self.v.chunks_exact_mut(half));
        for (((rows, luma), u), v) in pairs {
            let (top, bottom) = rows.split_at(width * 4);
            let (luma_top, luma_bottom) = luma.split_at_mut(width);
            luma_row(top, luma_top);
            luma_row(bottom, luma_bottom);
            add_rows(top, bottom, &mut self.sums);
            chroma_row(&self.sums, u, v);
        }
    }
}

fn luma_row(rgba: &[u8], luma: &mut [u8]) {
    for (pixel, y) in rgba.chunks_exact(4).zip(luma) {
        let [r, g, b] = channels(pixel);
        *y = ((LUMA[0] * r + LUMA[1] * g + LUMA[2] * b + LUMA_OFFSET) >> LUMA_BITS) as u8;
    }
}

fn add_rows(top: &[u8], bottom: &[u8], sums: &mut [Vec<i32>; 3]) {
    let [red, green, blue] = sums;
    let columns = top.chunks_exact(4).zip(bottom.chunks_exact(4));
    let sums = red[1..].iter_mut().zip(&mut green[1..]).zip(&mut blue[1..]);
    for ((a, b), ((red, green), blue)) in columns.zip(sums) {
        let (a, b) = (channels(a), channels(b));
        *red = a[0] + b[0];
        *green = a[1] + b[1];
        *blue = a[2] + b[2];
    }
    for sums in [red, green, blue] {
        sums[0] = sums[1];
    }
}

/// Red, green and blue of a pixel, taken apart as a 32-bit word: compilers make vectors of that.
fn channels(pixel: &[u8]) -> [i32; 3] {
    let word = u32::from_le_bytes([pixel[0], pixel[1], pixel[2], pixel[3]]);
    [word, word >> 8, word >> 16].map(|byte| (byte & 0xff) as i32)
}

/// Weighs each even column with its neighbours, 1-2-1, and makes chroma of it.
fn chroma_row([red, green, blue]: &[Vec<i32>; 3], u: &mut [u8], v: &mut [u8]) {
    let colours = weighted(red).zip(weighted(green)).zip(weighted(blue));
    for ((u, v), ((r, g), b)) in u.iter_mut().zip(v).zip(colours) {
        *u = ((CB[0] * r + CB[1] * g + CB[2] * b + CHROMA_OFFSET) >> CHROMA_BITS) as u8;
        *v = ((CR[0] * r + CR[1] * g + CR[2] * b + CHROMA_OFFSET) >> CHROMA_BITS) as u8;
    }
}

fn weighted(sums: &[i32]) -> impl Iterator<Item = i32> + '_ {
    let pairs = sums.chunks_exact(2).zip(sums[2..].chunks_exact(2));
    pairs.map(|(left_here, right)| left_here[0] + 2 * left_here[1] + right[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(rgb: [u8; 3]) -> [u8; 3] {
        let mut planes = Planes::new(32, 16);
        planes.convert(&[rgb[0], rgb[1], rgb[2], 255].repeat(32 * 16));
        assert!(planes.y.iter().all(|y| *y == planes.y[0]));
        assert!(planes.u.iter().all(|u| *u == planes.u[0]));
        assert!(planes.v.iter().all(|v| *v == planes.v[0]));
        [planes.y[0], planes.u[0], planes.v[0]]
    }

    /// The standard's equations in floating point.
    fn bt709(rgb: [u8; 3]) -> [f64; 3] {
        let [r, g, b] = rgb.map(|c| f64::from(c) / 255.0);
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        [
            16.0 + 219.0 * y,
            128.0 + 224.0 * (b - y) / 1.8556,
            128.0 + 224.0 * (r - y) / 1.5748,
        ]
    }

    #[test]
    fn every_colour_is_within_one_step_of_the_standard() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let (got, want) = (flat([r, g, b]), bt709([r, g, b]));
                    for (got, want) in got.into_iter().zip(want) {
                        assert!((f64::from(got) - want).abs() < 0.52, "{r} {g} {b}");
                    }
                }
            }
        }
    }

    #[test]
    fn black_white_and_greys_carry_no_colour() {
        assert_eq!(flat([0; 3]), [16, 128, 128]);
        assert_eq!(flat([255; 3]), [235, 128, 128]);
        for grey in 0..=255 {
            assert_eq!(flat([grey; 3])[1..], [128, 128]);
        }
    }

    #[test]
    fn chroma_sits_on_the_left_column() {
        // Red to the left of column 4, blue from there on: the chroma sample on column 4 sees
        // one column of red to three of blue.
        let mut planes = Planes::new(16, 2);
        let row: Vec<u8> = (0..16)
            .flat_map(|x| {
                if x < 4 {
                    [255, 0, 0, 255]
                } else {
                    [0, 0, 255, 255]
                }
            })
            .collect();
        planes.convert(&row.repeat(2));
        let (red, blue) = (flat([255, 0, 0]), flat([0, 0, 255]));
        let mixed = (f64::from(red[1]) + 3.0 * f64::from(blue[1])) / 4.0;
        assert!((f64::from(planes.u[2]) - mixed).abs() <= 1.0);
        assert_eq!(planes.u[1], red[1]);
        assert_eq!(planes.u[3], blue[1]);
    }
}
