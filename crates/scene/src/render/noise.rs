//! Random numbers without state: the same place always gets the same ones.

/// What [`hash`] multiplies by.
pub const FIRST_MIX: u32 = 0x7feb_352d;
/// See [`FIRST_MIX`].
pub const SECOND_MIX: u32 = 0x846c_a68b;

/// A well-mixed 32-bit hash (Wellons' `lowbias32`).
pub fn hash(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(FIRST_MIX);
    x ^= x >> 15;
    x = x.wrapping_mul(SECOND_MIX);
    x ^ (x >> 16)
}

/// A number in `[0, 1)` from `seed` and `stream`.
pub fn unit(seed: u32, stream: u32) -> f32 {
    (hash(seed ^ hash(stream)) >> 8) as f32 / (1 << 24) as f32
}

/// Smooth noise of one dimension with a lattice of unit pitch: 0 to 1, mean ½.
pub fn noise1(x: f32, seed: u32) -> f32 {
    let cell = x.floor();
    let t = x - cell;
    let t = t * t * (3.0 - 2.0 * t);
    let at = |c: f32| unit(seed, c as i32 as u32);
    at(cell) * (1.0 - t) + at(cell + 1.0) * t
}

/// Smooth noise of two dimensions with a lattice of unit pitch: 0 to 1, mean ½.
pub fn noise2(x: f32, y: f32, seed: u32) -> f32 {
    let cell = y.floor();
    let t = y - cell;
    let t = t * t * (3.0 - 2.0 * t);
    let row = |c: f32| noise1(x, hash(seed ^ hash(c as i32 as u32)));
    row(cell) * (1.0 - t) + row(cell + 1.0) * t
}

/// 0 below `low`, 1 above `high`, a smooth cubic between.
pub fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
