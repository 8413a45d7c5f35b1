//! What is too much, in numbers.
//!
//! Both documents call a flash a pair of opposing changes of relative luminance by a tenth of the
//! maximum, where the darker picture is below 0.80 (WCAG) or 160 of 200 cd/m² (BT.1702: the change is 20
//! cd/m²), which is the same. Both allow three in any second. WCAG allows more where they fill no more than a quarter of
//! any field of ten degrees, BT.1702 where they fill no more than a quarter of the screen: WCAG's is the stricter and is
//! taken. BT.1702 also warns of sequences beyond five seconds that comply with all else: four changes a
//! second for four of five seconds, which is where measuring programs draw that line, are too much as well.

/// Relative luminance and redness are counted in so many steps.
pub const FULL: u32 = 65_535;

/// What a change of relative luminance (the first) and of saturated red is at the least: a tenth of the
/// maximum; 20 of 320 times `R - G - B`.
pub const CHANGE: [u32; 2] = [FULL / 10, FULL / 16];
/// How far light may go where it may make no more changes: cells are not all alike inside.
pub const SLACK: u32 = FULL * 6 / 100;
/// A change counts where the darker picture is below this; of red, always.
pub const DARK: [u32; 2] = [FULL / 5 * 4, u32::MAX];

/// Microseconds in which changes are counted: a second, less what rounding takes from so many pictures.
pub const SECOND: u32 = 990_000;
/// Changes that may be within it: three flashes.
pub const MOST: u32 = 6;
/// Changes that are too many where there are as many for long, and microseconds in which these are counted: somewhat more,
/// as programs that measure count pictures.
pub const MANY: u32 = 4;
pub const WIDE_SECOND: u32 = 1_060_000;
/// Microseconds of [`MANY`] after which that is long. With the second before, four.
pub const LONG: u32 = 2_900_000;

/// The field of ten degrees, in cells across and down: a third of the picture each way, which is WCAG's own measure
/// (341 of 1024 pixels by 256 of 768). Of a picture of 16:9 it is one that is 30 degrees wide: seen from 1.9 times its
/// width, 3.3 times its height.
pub const FIELD: [usize; 2] = [21, 12];
/// Cells of it that may flash more often: a quarter.
pub const QUARTER: u32 = (FIELD[0] * FIELD[1] / 4) as u32;

/// Microseconds without a change that was wanted after which a cell is let go.
pub const CALM: u32 = 700_000;
/// Microseconds in which it is.
pub const OPENING: u32 = 800_000;
/// Time constant with which a held cell follows, microseconds.
pub const SLOWNESS: u32 = 2_000_000;
/// Share of a picture that is followed at once, of so many.
pub const WHOLE: u32 = 4096;

/// Seconds after which nothing is left of what was before, where pictures are the same from then on.
pub const MEMORY: f32 = 2.0;
