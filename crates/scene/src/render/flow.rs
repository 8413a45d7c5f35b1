//! The directions in which a painter would lead the brush.
//!
//! The structure tensor (Förstner and Gülch 1987), summed over the three colours (Di Zenzo 1986)
//! and smoothed, says along which direction the picture changes least. Directions are kept as
//! vectors of the doubled angle, so that they can be averaged and have no seam at 180°.

use super::noise::noise2;
use super::source::Level;

/// Largest image that directions are read from: they are smoothed far beyond its pixels.
pub const FLOW_SIDE: usize = 128;
/// Standard deviation of the smoothing that binds a stroke to its edge, in picture widths.
pub const NEAR: f32 = 0.016;
/// And of the wider one that carries an edge's direction into flat ground.
pub const WIDE: f32 = 0.045;
/// Squared gradient, in full scales per picture width, below which ground counts as flat.
pub const FLAT: f32 = 2.0;
/// How strongly the ground's own swirl shows where the picture has no direction.
pub const SWIRL: f32 = 0.35;

/// A field of directions over the picture.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    side: usize,
    /// (cos 2φ, sin 2φ) scaled by how sure the direction is, 0 to 1; φ runs along the edge.
    field: Vec<[f32; 2]>,
    /// The swirl for this side; it depends on nothing else.
    swirl: Vec<[f32; 2]>,
    tensor: [Vec<f32>; 3],
    wide: [Vec<f32>; 3],
    blur: Blur,
}

impl Flow {
    /// Reads the directions of `level`.
    pub fn read(&mut self, level: &Level) {
        let side = level.side;
        if self.side != side {
            self.side = side;
            self.swirl = swirl(side);
            self.field = vec![[0.0; 2]; side * side];
        }
        self.measure(level);
        for plane in &mut self.tensor {
            self.blur.apply(plane, side, NEAR * side as f32);
        }
        for (wide, near) in self.wide.iter_mut().zip(&self.tensor) {
            wide.clone_from(near);
            self.blur.apply(wide, side, WIDE * side as f32);
        }
        let along = |tensor: &[Vec<f32>; 3], i: usize| {
            let (xx, xy, yy) = (tensor[0][i], tensor[1][i], tensor[2][i]);
            let sure = 1.0 / (xx + yy + FLAT);
            [(yy - xx) * sure, -2.0 * xy * sure]
        };
        for (i, (field, swirl)) in self.field.iter_mut().zip(&self.swirl).enumerate() {
            let near = along(&self.tensor, i);
            let wide = along(&self.wide, i);
            let rest = 1.0 - near[0].hypot(near[1]);
            let flat = rest * (1.0 - wide[0].hypot(wide[1])) * SWIRL;
            *field = [0, 1].map(|k| near[k] + rest * wide[k] + flat * swirl[k]);
        }
    }

    /// The doubled-angle direction at a point of the picture, bilinear; its length says how sure
    /// it is.
    pub fn sample(&self, x: f32, y: f32) -> [f32; 2] {
        let last = (self.side - 1) as f32;
        let x = (x * self.side as f32 - 0.5).clamp(0.0, last);
        let y = (y * self.side as f32 - 0.5).clamp(0.0, last);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.side - 1), (y0 + 1).min(self.side - 1));
        let (tx, ty) = (x - x0 as f32, y - y0 as f32);
        let at = |x: usize, y: usize| self.field[y * self.side + x];
        let (a, b, c, d) = (at(x0, y0), at(x1, y0), at(x0, y1), at(x1, y1));
        [0, 1].map(|k| {
            let top = a[k] + tx * (b[k] - a[k]);
            let bottom = c[k] + tx * (d[k] - c[k]);
            top + ty * (bottom - top)
        })
    }

    /// Fills the tensor with products of central differences, in full scales per picture width.
    fn measure(&mut self, level: &Level) {
        let side = level.side;
        for plane in &mut self.tensor {
            plane.clear();
            plane.resize(side * side, 0.0);
        }
        let scale = side as f32 * 0.5;
        let [xx, xy, yy] = &mut self.tensor;
        for plane in &level.planes {
            for y in 0..side {
                let row = &plane[y * side..][..side];
                let above = &plane[y.saturating_sub(1) * side..][..side];
                let below = &plane[(y + 1).min(side - 1) * side..][..side];
                for x in 0..side {
                    let dx = (row[(x + 1).min(side - 1)] - row[x.saturating_sub(1)]) * scale;
                    let dy = (below[x] - above[x]) * scale;
                    let i = y * side + x;
                    xx[i] += dx * dx;
                    xy[i] += dx * dy;
                    yy[i] += dy * dy;
                }
            }
        }
    }
}

/// Directions of a slow swirl, as doubled-angle unit vectors: flat ground is painted along it.
pub fn swirl(side: usize) -> Vec<[f32; 2]> {
    let place = |i: usize| (i as f32 + 0.5) / side as f32;
    (0..side * side)
        .map(|i| {
            let (x, y) = (place(i % side), place(i / side));
            let angle = std::f32::consts::TAU * noise2(x * 3.0, y * 3.0, 0x5a11) + 2.0 * (x + y);
            [angle.cos(), angle.sin()]
        })
        .collect()
}

/// A Gaussian blur with the buffers it needs.
#[derive(Clone, Debug, Default)]
struct Blur {
    kernel: Vec<f32>,
    padded: Vec<f32>,
    rows: Vec<f32>,
}

impl Blur {
    /// Blurs a square plane with standard deviation `sigma` in pixels, its edges held.
    fn apply(&mut self, plane: &mut [f32], side: usize, sigma: f32) {
        gaussian(sigma, &mut self.kernel);
        let reach = self.kernel.len() / 2;

        self.rows.clear();
        self.rows.resize(side * side, 0.0);
        self.padded.clear();
        self.padded.resize(side + 2 * reach, 0.0);
        for (row, out) in plane
            .chunks_exact(side)
            .zip(self.rows.chunks_exact_mut(side))
        {
            self.padded[..reach].fill(row[0]);
            self.padded[reach..reach + side].copy_from_slice(row);
            self.padded[reach + side..].fill(row[side - 1]);
            for (offset, &weight) in self.kernel.iter().enumerate() {
                accumulate(out, &self.padded[offset..][..side], weight);
            }
        }
        plane.fill(0.0);
        for (y, out) in plane.chunks_exact_mut(side).enumerate() {
            for (offset, &weight) in self.kernel.iter().enumerate() {
                let from = (y + offset).saturating_sub(reach).min(side - 1);
                accumulate(out, &self.rows[from * side..][..side], weight);
            }
        }
    }
}

/// A Gaussian of standard deviation `sigma` in pixels, whose weights add up to one; its middle is the
/// middle of `kernel`.
pub fn gaussian(sigma: f32, kernel: &mut Vec<f32>) {
    let sigma = sigma.max(0.3);
    let reach = (2.5 * sigma).ceil() as usize;
    kernel.clear();
    kernel.extend((0..=2 * reach).map(|i| {
        let distance = (i as f32 - reach as f32) / sigma;
        (-0.5 * distance * distance).exp()
    }));
    let total: f32 = kernel.iter().sum();
    kernel.iter_mut().for_each(|weight| *weight /= total);
}

fn accumulate(out: &mut [f32], from: &[f32], weight: f32) {
    for (out, from) in out.iter_mut().zip(from) {
        *out += weight * from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(colour: impl Fn(f32, f32) -> f32) -> Flow {
        let side = 64;
        let place = |i: usize| i as f32 / side as f32;
        let plane: Vec<f32> = (0..side * side)
            .map(|i| colour(place(i % side), place(i / side)))
            .collect();
        let mut flow = Flow::default();
        flow.read(&Level {
            side,
            planes: [plane.clone(), plane.clone(), plane],
        });
        flow
    }

    #[test]
    fn strokes_run_along_stripes() {
        for angle in [0.0f32, 0.4, 1.2, 2.5] {
            let (s, c) = angle.sin_cos();
            // Stripes that run in the direction of `angle`.
            let flow = flow(|x, y| 0.5 + 0.5 * ((y * c - x * s) * 40.0).sin());
            let [cos, sin] = flow.sample(0.5, 0.5);
            let apart = (cos - (2.0 * angle).cos()).hypot(sin - (2.0 * angle).sin());
            assert!(apart < 0.1, "{angle}: {cos} {sin}");
        }
    }

    #[test]
    fn flat_ground_has_a_weak_direction_of_its_own() {
        let flow = flow(|_, _| 0.5);
        for i in 0..50 {
            let [cos, sin] = flow.sample(i as f32 / 50.0, 0.3);
            assert!(cos.hypot(sin) <= SWIRL + 1e-5);
        }
    }
}
