//! Trails: light that stays for a while where something bright has been.
//!
//! Bright parts of each new picture are laid, in cells of [`CELL`] pixels, into a buffer of 8-bit
//! light that fades in whole steps:
//!
//! ```text
//! light[t] = max(glow(new[t]), floor(light[t - 1] * decay))
//! picture[t] = screen(new[t], light[t] - glow(new[t]))
//! ```
//!
//! Cells are blended where they are seen, so that what moves leaves a smear and no row of copies.
//! Only the *new* picture's glow enters, and both `max` and the fading keep order, so the light is
//! the maximum over all past pictures, each faded on its own; and as every step takes at least one
//! from a value above zero, a picture that is old enough has faded to nothing. A film may
//! therefore be rendered in parts that join bit for bit, when each part starts
//! [`memory_frames`] early.

/// Width and height of a cell of light, in output pixels.
pub const CELL: usize = 8;

/// Factor by which light fades in one picture of `dt` seconds, as a fraction of 65536; 0 (no
/// trails) when `half_life` or `dt` is not a positive number.
pub fn decay(half_life: f32, dt: f32) -> u32 {
    let lasting = half_life.is_finite() && half_life > 0.0 && dt.is_finite() && dt > 0.0;
    if !lasting {
        return 0;
    }
    // Below 65536 in any case: light never stays for ever.
    ((-dt / half_life).exp2() * 65536.0).min(65535.0) as u32
}

/// `light` after one step of fading.
#[inline(always)]
pub fn fade(light: u8, decay: u32) -> u8 {
    ((light as u32 * decay) >> 16) as u8
}

/// How many pictures the past can be seen in: a picture depends on this many before it, and on
/// none that is older. Never more than 255, because each step takes at least one of 255.
pub fn memory_frames(half_life: f32, fps: f32) -> usize {
    let decay = decay(half_life, 1.0 / fps);
    let mut light = 255;
    let mut frames = 0;
    while light > 0 {
        light = fade(light, decay);
        frames += 1;
    }
    // The step that reaches zero leaves nothing to see.
    frames - 1
}

/// Luma (of 255) at which a cell begins to leave light, and at which it leaves all of it.
pub const GLOW_FROM: f32 = 90.0;
/// See [`GLOW_FROM`].
pub const GLOW_FULL: f32 = 220.0;
/// How much of the light is seen.
pub const STRENGTH: f32 = 0.8;

/// What a cell of a new picture (0 to 255 each) leaves.
#[inline(always)]
pub fn glow(cell: [f32; 3]) -> [f32; 3] {
    let y = crate::motion::luma(cell);
    let t = ((y - GLOW_FROM) * (1.0 / (GLOW_FULL - GLOW_FROM))).clamp(0.0, 1.0);
    cell.map(|x| x * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_takes_something_and_order_is_kept() {
        for half_life in [0.001, 0.1, 1.0, 1e6] {
            let decay = decay(half_life, 1.0 / 60.0);
            for light in 1..=255 {
                assert!(fade(light, decay) < light);
                assert!(fade(light, decay) >= fade(light - 1, decay));
            }
        }
    }

    #[test]
    fn memory_ends_when_full_light_has_faded() {
        for (half_life, fps) in [(0.05, 30.0), (0.5, 30.0), (0.5, 60.0), (30.0, 60.0)] {
            let frames = memory_frames(half_life, fps);
            let decay = decay(half_life, 1.0 / fps);
            let after = |frames| (0..frames).fold(255, |light, _| fade(light, decay));
            assert!(after(frames) > 0 || frames == 0);
            assert_eq!(after(frames + 1), 0);
            assert!(frames < 255);
        }
        assert_eq!(memory_frames(0.0, 30.0), 0);
        assert_eq!(memory_frames(f32::NAN, 30.0), 0);
        assert_eq!(memory_frames(0.5, 0.0), 0);
    }

    #[test]
    fn light_halves_in_its_half_life() {
        let decay = decay(1.0, 1.0 / 10.0);
        let light = (0..10).fold(200, |light, _| fade(light, decay));
        // Whole steps lose up to one each.
        assert!((90..=100).contains(&light), "{light}");
    }

    #[test]
    fn only_bright_cells_glow() {
        assert_eq!(glow([80.0, 80.0, 80.0]), [0.0; 3]);
        assert_eq!(glow([255.0, 255.0, 255.0]), [255.0; 3]);
    }
}
