//! The mirrors: of a kaleidoscope, and at the picture's edges.

use crate::motion::MOST_SECTORS;

/// Mirrors that fold the screen into half a sector: each halves what is left of the circle. Five
/// are enough; the shader reads them in pairs.
pub(super) const MIRRORS: usize = 6;
const _: () = assert!(2 * (MOST_SECTORS as usize) <= 1 << MIRRORS);

/// Folds a coordinate into `[0, 1]`, mirrored at every whole number.
pub fn mirror(x: f32) -> f32 {
    let x = x - 2.0 * (x * 0.5).floor();
    x.min(2.0 - x)
}

/// The part of `[0, 1]` that mirroring makes of `low..high`.
pub fn mirrored_range(low: f32, high: f32) -> [f32; 2] {
    let first = low.floor();
    if high - first >= 2.0 {
        return [0.0, 1.0];
    }
    let (a, b) = (mirror(low), mirror(high));
    let (mut from, mut to) = (a.min(b), a.max(b));
    if high > first + 1.0 {
        // The range crosses a fold: it reaches the edge that the fold stands for.
        if (first as i64) % 2 == 0 {
            to = 1.0
        } else {
            from = 0.0
        }
    }
    [from, to]
}

/// The mirrors of a kaleidoscope of `sectors`, one edge of its first sector at `angle`. A sector is
/// mirrored in itself, so that any number of them closes without a seam.
pub(super) fn mirrors(sectors: u8, angle: f32) -> [[f32; 2]; MIRRORS] {
    let mut mirrors = [[0.0; 2]; MIRRORS];
    // Half sectors that are not folded yet, counted from `angle`: the whole circle.
    let mut left = 2 * u32::from(sectors);
    for mirror in &mut mirrors {
        if sectors < 2 || left < 2 {
            break;
        }
        left = left.div_ceil(2);
        let line = angle + std::f32::consts::PI * left as f32 / f32::from(sectors);
        *mirror = [line.sin(), -line.cos()];
    }
    mirrors
}
