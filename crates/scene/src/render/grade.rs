//! The colour grade as numbers that are ready to use for every pixel.

use super::wgsl::shared;
use crate::motion::{Grade, luma};

shared! {
/// A grade's coefficients, in the order in which a pixel meets them. `shaders/relief.wgsl` does
/// the same sums.
pub struct Grading {
    /// Shadows', middles' and lights' tints less their own luma, and how far to go (`w`).
    pub tints: [[f32; 4]; 3],
    /// Saturation, gain, offset and where the shoulder begins.
    pub tone: [f32; 4],
    /// Where the toe ends (mirrored: counted from white); the inverse widths of shoulder and toe.
    pub knees: [f32; 4],
}
}

/// Share of its own colour that a pixel loses at full tint: a palette, not a stencil.
pub const OWN_COLOUR: f32 = 0.5;

/// How much a full flash multiplies...
const FLASH_GAIN: f32 = 0.55;
/// ...and adds.
const FLASH_LIFT: f32 = 0.10;

impl Grading {
    /// Makes `grade` with a flash (0 to 1) ready. What is not finite counts as neutral.
    pub fn of(grade: &Grade, flash: f32) -> Self {
        let neutral = Grade::default();
        let finite = |x: f32, other: f32| if x.is_finite() { x } else { other };
        let flash = finite(flash, 0.0).clamp(0.0, 1.0);
        let contrast = finite(grade.contrast, neutral.contrast).clamp(0.0, 4.0);
        let brightness = finite(grade.brightness, 0.0).clamp(-1.0, 1.0);
        let tint = finite(grade.tint, 0.0).clamp(0.0, 1.0);

        // contrast turns about ½, brightness is added, the flash lights what is there.
        let light = 1.0 + FLASH_GAIN * flash;
        let gain = contrast * light;
        let offset = (0.5 - 0.5 * contrast + brightness) * light + FLASH_LIFT * flash;
        // The shoulder bends at most twice full light to white; beyond that the gain gives way.
        let excess = ((gain + offset) * 0.5).max(1.0);
        let (gain, offset) = (gain / excess, offset / excess);
        let white = (gain + offset).max(1.0);
        let black = (1.0 - offset).clamp(1.0, 2.0);
        let width = |peak: f32| if peak > 1.0 { 0.25 / (peak - 1.0) } else { 0.0 };
        let mut tints = [[0.0; 4]; 3];
        for (tint_out, colour) in tints.iter_mut().zip(grade.palette) {
            let colour = colour.map(|x| finite(x, 0.5).clamp(0.0, 1.0));
            let own = luma(colour);
            *tint_out = [colour[0] - own, colour[1] - own, colour[2] - own, tint];
        }
        Self {
            tints,
            tone: [
                finite(grade.saturation, 1.0).clamp(0.0, 4.0),
                gain,
                offset,
                2.0 - white,
            ],
            knees: [2.0 - black, width(white), width(black), 0.0],
        }
    }

    /// The graded colour of one pixel, each channel 0 to 1.
    #[inline(always)]
    // One instruction each; `clamp` also has NaN to pass on.
    #[allow(clippy::manual_clamp)]
    pub fn apply(&self, colour: [f32; 3]) -> [f32; 3] {
        let y = luma(colour);
        // Three overlapping parabolas that add up to one (the Bernstein basis of degree two).
        let inverse = 1.0 - y;
        let (shadow, middle, light) = (inverse * inverse, 2.0 * y * inverse, y * y);
        let [saturation, gain, offset, knee] = self.tone;
        let [toe, shoulder_width, toe_width, _] = self.knees;
        let amount = self.tints[0][3];
        let mut out = [0.0; 3];
        for k in 0..3 {
            let tint =
                shadow * self.tints[0][k] + middle * self.tints[1][k] + light * self.tints[2][k];
            let chroma = (colour[k] - y) * saturation;
            let x = y + chroma + amount * (tint - OWN_COLOUR * chroma);
            let x = (gain * x + offset).min(2.0 - knee).max(toe - 1.0);
            // A parabola that leaves the line at the knee and reaches white level.
            let over = (x - knee).max(0.0);
            let x = x - over * over * shoulder_width;
            let below = (1.0 - x - toe).max(0.0);
            let x = x + below * below * toe_width;
            out[k] = x.max(0.0).min(1.0);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grading(grade: Grade, flash: f32) -> Grading {
        Grading::of(&grade, flash)
    }

    #[test]
    fn the_neutral_grade_changes_nothing() {
        let grading = grading(Grade::default(), 0.0);
        for colour in [[0.0; 3], [1.0; 3], [0.2, 0.9, 0.4], [1.0, 0.0, 0.5]] {
            let graded = grading.apply(colour);
            assert!(
                (0..3).all(|k| (graded[k] - colour[k]).abs() < 1e-6),
                "{graded:?}"
            );
        }
    }

    #[test]
    fn more_light_never_gives_less_and_never_burns_out_before_white() {
        for contrast in [0.5, 1.0, 1.6] {
            for brightness in [-0.3, 0.0, 0.3] {
                for flash in [0.0, 0.5, 1.0] {
                    let grade = Grade {
                        contrast,
                        brightness,
                        ..Grade::default()
                    };
                    let grading = grading(grade, flash);
                    let greys = (0..=100).map(|i| grading.apply([i as f32 / 100.0; 3])[0]);
                    let greys: Vec<f32> = greys.collect();
                    assert!(greys.windows(2).all(|pair| pair[0] <= pair[1] + 1e-6));
                    assert!(greys.iter().all(|grey| (0.0..=1.0).contains(grey)));
                    // A clip would hold white for many steps; the shoulder only touches it.
                    let white = greys.iter().filter(|&&grey| grey > 0.9995).count();
                    assert!(white <= 8, "{contrast} {brightness} {flash}: {white}");
                }
            }
        }
    }

    #[test]
    fn a_tint_keeps_lightness() {
        let palette = [[0.1, 0.0, 0.3], [0.2, 0.6, 0.5], [1.0, 0.8, 0.5]];
        let grading = grading(
            Grade {
                palette,
                tint: 1.0,
                ..Grade::default()
            },
            0.0,
        );
        let graded = grading.apply([0.5; 3]);
        assert!((luma(graded) - 0.5).abs() < 1e-3);
        assert!(graded[1] > graded[0], "{graded:?} has the middle's tint");
    }
}
