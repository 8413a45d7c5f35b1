//! What a brush leaves on the canvas: how much paint, and how high it stands.
//!
//! A stamp is a function of `u` (0 in the middle of the stroke, 1 at either end) and `v` (-1 to 1
//! across it). Bristles run along `u`, lift off one by one towards the end, and push paint up
//! into a ridge at the sides. Marks are the same turned by 180°, because the direction of a
//! stroke has no head and no tail.

use super::noise::{hash, noise1, noise2, smoothstep};
use super::stroke::{BRUSHES, LAYERS};

/// A stamp as a table.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Steps along `u`.
    pub columns: usize,
    /// Steps along `v`.
    pub rows: usize,
    /// Paint (low 16 bits) and height (high 16 bits), 65535 for 1; a row for each `v`.
    pub texels: Vec<u32>,
}

impl Stamp {
    /// The stamp of the brush `seed` with so many bristles across.
    pub fn new(columns: usize, rows: usize, bristles: f32, seed: u32) -> Self {
        let mut texels = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let v = 2.0 * (row as f32 + 0.5) / rows as f32 - 1.0;
            for column in 0..columns {
                let u = (column as f32 + 0.5) / columns as f32;
                let (paint, height) = touch(u, v, bristles, seed);
                let word = |x: f32| (x.clamp(0.0, 1.0) * 65535.0 + 0.5) as u32;
                texels.push(word(paint) | word(height) << 16);
            }
        }
        // The border lies outside the stroke.
        for column in 0..columns {
            texels[column] = 0;
            texels[(rows - 1) * columns + column] = 0;
        }
        texels[columns - 1..]
            .iter_mut()
            .step_by(columns)
            .for_each(|texel| *texel = 0);
        Self {
            columns,
            rows,
            texels,
        }
    }
}

/// Paint and height at one point of a stamp.
fn touch(u: f32, v: f32, bristles: f32, seed: u32) -> (f32, f32) {
    let stream = |k: u32| hash(seed.wrapping_mul(16).wrapping_add(k));
    let across = (v + 1.0) * 0.5 * bristles;
    // Bristles wander a little as they are dragged.
    let across = across + 0.35 * (noise1(u * 3.0, stream(0)) - 0.5);
    let bristle =
        0.65 * noise2(u * 1.5, across, stream(1)) + 0.35 * noise2(u * 4.0, across * 2.1, stream(2));

    let wobble = 0.10 * noise1(u * 4.0 + v.signum() * 31.0, stream(3));
    let side = smoothstep(0.98 - wobble, 0.70 - wobble, v.abs());
    let lift = 0.62 + 0.34 * noise1(across, stream(4)) - 0.22 * v * v;
    let end = smoothstep(lift + 0.10, lift - 0.12, u);
    // Near its end the brush runs dry: paint stays under the bristles only.
    let dry = smoothstep(0.25, 0.95, u);
    let load = smoothstep(0.62 * dry - 0.12, 0.62 * dry + 0.16, bristle);
    let paint = side * end * load;

    let ridge = smoothstep(0.45, 0.75, v.abs()) * 0.45;
    let pile = smoothstep(lift - 0.35, lift - 0.08, u) * 0.25;
    let height = (0.15 + 0.6 * bristle + ridge + pile).min(1.0);
    (paint, height)
}

/// Every brush of the `layers` broadest stroke layers, for a canvas of `side` pixels: bristles
/// and tables as fine as its pixels can show.
pub fn stamps(side: usize, layers: usize) -> Vec<Stamp> {
    let mut stamps = Vec::with_capacity(layers * BRUSHES);
    for (index, layer) in LAYERS[..layers].iter().enumerate() {
        let pixels = side as f32 / layer.across as f32;
        let rows = (2.4 * layer.half_width * pixels).clamp(6.0, 256.0) as usize;
        let columns = (1.2 * layer.half_length * pixels).clamp(6.0, 256.0) as usize;
        // A bristle of less than two and a half pixels would be noise.
        let bristles = (2.0 * layer.half_width * pixels / 2.5).clamp(2.0, 16.0);
        for brush in 0..BRUSHES {
            let seed = (index * BRUSHES + brush) as u32;
            stamps.push(Stamp::new(columns, rows, bristles, seed));
        }
    }
    stamps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_end_inside_their_tables_and_leave_paint_in_the_middle() {
        for side in [64, 480, 1440] {
            let stamps = stamps(side, LAYERS.len());
            assert_eq!(stamps.len(), LAYERS.len() * BRUSHES);
            for stamp in stamps {
                let at = |column: usize, row: usize| stamp.texels[row * stamp.columns + column];
                let (last_column, last_row) = (stamp.columns - 1, stamp.rows - 1);
                assert_eq!(stamp.texels.len(), stamp.columns * stamp.rows);
                assert!((0..stamp.rows).all(|row| at(last_column, row) == 0));
                assert!((0..stamp.columns).all(|x| at(x, 0) == 0 && at(x, last_row) == 0));
                assert!(at(0, stamp.rows / 2) & 0xffff > 0x8000);
            }
        }
    }
}
