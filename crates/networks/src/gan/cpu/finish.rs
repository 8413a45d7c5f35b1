//! What follows a tile's convolution: demodulation, activation and its share of the picture.

use super::super::model::{Edges, Range};
use super::layer::RGBX;
use super::pass::{Output, Pass};
use super::winograd::TILE;
use crate::simd::{LANES, Lanes};

impl Pass<'_> {
    /// Row and column of a tile's first pixel.
    #[inline(always)]
    pub fn corner(&self, tile: usize) -> (usize, usize) {
        let across = self.layer.tiles_across();
        (tile / across * TILE, tile % across * TILE)
    }

    /// Demodulates, activates and writes a tile: its map, and its RGB on top of the picture so
    /// far. `convolved(vector)` gives sixteen channels of the tile's sixteen pixels.
    #[inline(always)]
    pub fn finish<L: Lanes>(&self, tile: usize, convolved: impl Fn(usize) -> [L; TILE * TILE]) {
        let layer = self.layer;
        let (side, channels) = (layer.side, layer.c_out);
        let (y, x) = self.corner(tile);
        let (slope, scale) = (L::splat(layer.activation.slope()), L::splat(layer.scale));
        let mut rgb = self.doubled_rgb::<L>(y, x);
        for vector in 0..channels / LANES {
            let at = vector * LANES;
            let mut gain = L::load(&self.gains[at..]).mul(scale);
            let bias = L::load(&layer.bias[at..]);
            let mut values = convolved(vector);
            if !layer.noise.is_empty() {
                for (pixel, value) in values.iter_mut().enumerate() {
                    let noise = layer.noise[(y + pixel / TILE) * side + x + pixel % TILE];
                    *value = value.mul_add(gain, L::splat(noise));
                }
                gain = L::splat(1.0);
            }
            for value in &mut values {
                let biased = value.mul_add(gain, bias);
                *value = biased.max(biased.mul(slope));
            }
            if layer.has_rgb() {
                let mut weights = [L::splat(0.0); 3];
                for (colour, weight) in weights.iter_mut().enumerate() {
                    *weight = L::load(&self.rgb[colour * channels + at..]);
                }
                for (sum, values) in rgb.iter_mut().zip(values.as_chunks::<TILE>().0) {
                    let mut shares = [L::splat(0.0); TILE * RGBX];
                    for (shares, value) in shares.chunks_exact_mut(RGBX).zip(values) {
                        for (share, weight) in shares.iter_mut().zip(weights) {
                            *share = value.mul(weight);
                        }
                    }
                    *sum = sum.add(L::sums(shares));
                }
            }
            if let Output::Map { map, factors, .. } = self.output {
                let factors = L::load(&factors[at..]);
                for (pixel, value) in values.into_iter().enumerate() {
                    let pixel = (y + pixel / TILE) * side + x + pixel % TILE;
                    // SAFETY: each tile is finished once, and tiles share no pixels.
                    let to = unsafe { map.slice(pixel * channels + at, LANES) };
                    value.mul(factors).store(to);
                }
            }
        }
        if let Some(bias) = &layer.rgb_bias {
            self.write_rgb(y, x, &rgb, L::load(bias));
        }
    }

    /// Writes the rows of the tile at `(y, x)` of the picture so far, with their bias.
    #[inline(always)]
    fn write_rgb<L: Lanes>(&self, y: usize, x: usize, rows: &[L; TILE], bias: L) {
        let half = L::splat(0.5);
        for (row, rgb) in rows.iter().enumerate() {
            let rgb = rgb.add(bias);
            let pixel = (y + row) * self.layer.side + x;
            match self.output {
                Output::Map { rgb: to, .. } => {
                    // SAFETY: each tile is finished once, and tiles share no pixels.
                    rgb.store(unsafe { to.slice(pixel * RGBX, TILE * RGBX) });
                }
                Output::Picture(to) => {
                    let colours = match self.layer.range {
                        Range::Tanh => tanh(rgb),
                        Range::Clamp => rgb.max(L::splat(-1.0)).min(L::splat(1.0)),
                    };
                    let mut pixels = [0.0; TILE * RGBX];
                    colours.mul_add(half, half).store(&mut pixels);
                    // SAFETY: as above.
                    let to = unsafe { to.slice(pixel * 3, TILE * 3) };
                    for (to, pixel) in to.chunks_exact_mut(3).zip(pixels.chunks_exact(RGBX)) {
                        to.copy_from_slice(&pixel[..3]);
                    }
                }
            }
        }
    }

    /// The tile at `(y, x)` of the picture so far, doubled, by rows; zeros at the first layer.
    #[inline(always)]
    fn doubled_rgb<L: Lanes>(&self, y: usize, x: usize) -> [L; TILE] {
        let mut tile = [L::splat(0.0); TILE];
        if self.rgb_in.is_empty() {
            return tile;
        }
        let from_side = self.layer.side / 2;
        let (rows, row_shares) = doubled(y, from_side, self.layer.edges);
        let (columns, column_shares) = doubled(x, from_side, self.layer.edges);
        let shares = |i: usize| {
            let mut shares = [0.0; TILE * RGBX];
            for (pixel, shares) in shares.chunks_exact_mut(RGBX).enumerate() {
                shares.fill(column_shares[pixel][i]);
            }
            shares
        };
        let (near, far) = (L::load(&shares(0)), L::load(&shares(1)));
        let mut lines = [L::splat(0.0); TILE];
        for (line, row) in lines.iter_mut().zip(rows) {
            let row = &self.rgb_in[row * from_side * RGBX..][..from_side * RGBX];
            let [a, b, c, d] = columns.map(|column| column * RGBX);
            let second = L::load_fours(row, [b, c, c, d]).mul(far);
            *line = L::load_fours(row, [a, b, b, c]).mul_add(near, second);
        }
        let [a, b, c, d] = lines;
        let pairs = [(a, b), (b, c), (b, c), (c, d)];
        for ((row, (a, b)), shares) in tile.iter_mut().zip(pairs).zip(row_shares) {
            *row = a.mul_add(L::splat(shares[0]), b.mul(L::splat(shares[1])));
        }
        tile
    }
}

/// The four old pixels that four new ones from `at` on lie between, of a line that is doubled, and
/// the shares that the two have in each: of the first and second in the first new pixel, of the
/// second and third in the two behind it, of the third and fourth in the last. Doubling is
/// bilinear: the nearer one's share is three quarters.
#[inline(always)]
fn doubled(at: usize, from_side: usize, edges: Edges) -> ([usize; TILE], [[f32; 2]; TILE]) {
    let first = at / 2;
    let pixels = [
        first.saturating_sub(1),
        first,
        first + 1,
        (first + 2).min(from_side - 1),
    ];
    let mut shares = [[0.25, 0.75], [0.75, 0.25], [0.25, 0.75], [0.75, 0.25]];
    if edges == Edges::Zero && first == 0 {
        shares[0][0] = 0.0;
    }
    if edges == Edges::Zero && first + 2 == from_side {
        shares[3][1] = 0.0;
    }
    (pixels, shares)
}

/// tanh to within a few units in the last place: the rational function of Eigen's `ptanh`.
#[inline(always)]
fn tanh<L: Lanes>(x: L) -> L {
    /// Beyond this tanh is one to the last bit of an f32.
    const BOUND: f32 = 7.905_311;
    const ODD: [f32; 7] = [
        -2.760_768_5e-16,
        2.000_188e-13,
        -8.604_672e-11,
        5.122_297e-8,
        1.485_722_4e-5,
        6.372_619_3e-4,
        4.893_524_6e-3,
    ];
    const EVEN: [f32; 4] = [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3];
    let x = x.max(L::splat(-BOUND)).min(L::splat(BOUND));
    let square = x.mul(x);
    x.mul(horner(square, &ODD)).div(horner(square, &EVEN))
}

/// The polynomial of `x` with these coefficients, the highest power's first.
#[inline(always)]
fn horner<L: Lanes, const N: usize>(x: L, coefficients: &[f32; N]) -> L {
    let mut sum = L::splat(coefficients[0]);
    for &coefficient in &coefficients[1..] {
        sum = sum.mul_add(x, L::splat(coefficient));
    }
    sum
}
