//! How far apart two pictures are to an eye.

use image::{Rgb, RgbImage, imageops};

/// The largest mean distance in CIE Lab of pictures that count as the same. Rounding of another
/// processor, or another order of the same sums, stays well below; a knob moved by a hundredth does
/// not.
const MOST_MEAN: f64 = 0.25;
/// Distance in CIE Lab from which on an eye sees two colours side by side as two (Mahy and others,
/// 1994).
const VISIBLE: f64 = 2.3;
/// The largest share of pixels that may differ visibly: strokes that begin at a rounding's other side.
const MOST_VISIBLE: f64 = 0.005;

/// Pixels between pictures side by side, and how much larger they are shown.
const GAP: u32 = 4;
const LARGER: u32 = 3;
/// Brightness, of 255, of a difference of one in CIE Lab.
const LIGHT: f64 = 25.0;

/// How far apart two pictures are.
pub struct Difference {
    /// Width and height of the one and the other.
    sizes: [(u32, u32); 2],
    /// Mean distance of their pixels in CIE Lab (1976).
    mean: f64,
    /// Share of the pixels that differ visibly.
    visible: f64,
}

impl Difference {
    pub fn between(old: &RgbImage, new: &RgbImage) -> Self {
        let distances: Vec<f64> = distances(old, new).collect();
        let pixels = distances.len().max(1) as f64;
        let visible = distances.iter().filter(|distance| **distance > VISIBLE);
        Self {
            sizes: [old.dimensions(), new.dimensions()],
            mean: distances.iter().sum::<f64>() / pixels,
            visible: visible.count() as f64 / pixels,
        }
    }

    /// What is too different, in a few words; none where the two look the same.
    pub fn complaint(&self) -> Option<String> {
        let [old, new] = self.sizes;
        if old != new {
            return Some(format!("it was {old:?} pixels and is {new:?}"));
        }
        let same = self.mean <= MOST_MEAN && self.visible <= MOST_VISIBLE;
        (!same).then(|| {
            let (mean, percent, most) = (self.mean, 100.0 * self.visible, 100.0 * MOST_VISIBLE);
            format!(
                "it differs by {mean:.2} in CIE Lab (at most {MOST_MEAN}), and visibly in \
                 {percent:.1} % of its pixels (at most {most} %)"
            )
        })
    }
}

/// The old picture, the new one and how they differ, from left to right, large enough to be looked at.
pub fn side_by_side(old: &RgbImage, new: &RgbImage) -> RgbImage {
    let mut differing = RgbImage::new(new.width(), new.height());
    if old.dimensions() == new.dimensions() {
        for (pixel, distance) in differing.pixels_mut().zip(distances(old, new)) {
            *pixel = Rgb([(distance * LIGHT).min(255.0) as u8; 3]);
        }
    }
    let pictures = [old, new, &differing];
    let width: u32 = pictures.iter().map(|p| LARGER * p.width() + GAP).sum();
    let height = pictures.iter().map(|p| LARGER * p.height()).max();
    let mut sheet = RgbImage::from_pixel(width - GAP, height.unwrap_or(1), Rgb([96; 3]));
    let mut left = 0;
    for picture in pictures {
        let (width, height) = (LARGER * picture.width(), LARGER * picture.height());
        let larger = imageops::resize(picture, width, height, imageops::FilterType::Nearest);
        imageops::replace(&mut sheet, &larger, left, 0);
        left += i64::from(width + GAP);
    }
    sheet
}

/// How far apart the pixels of two pictures of one size are in CIE Lab.
fn distances<'a>(old: &'a RgbImage, new: &'a RgbImage) -> impl Iterator<Item = f64> + 'a {
    let pairs = old.pixels().zip(new.pixels());
    pairs.map(|(old, new)| {
        let (old, new) = (lab(*old), lab(*new));
        let square = |i: usize| (old[i] - new[i]).powi(2);
        (square(0) + square(1) + square(2)).sqrt()
    })
}

/// An sRGB colour in CIE Lab, under D65 (IEC 61966-2-1, CIE 15).
fn lab(Rgb(colour): Rgb<u8>) -> [f64; 3] {
    let linear = colour.map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    // Each row over the white's, so that white is 1.
    let share = |row: [f64; 3]| {
        let white: f64 = row.iter().sum();
        let light: f64 = row.iter().zip(linear).map(|(a, b)| a * b).sum();
        let share = light / white;
        if share > (6.0_f64 / 29.0).powi(3) {
            share.cbrt()
        } else {
            share / (3.0 * (6.0_f64 / 29.0).powi(2)) + 4.0 / 29.0
        }
    };
    let x = share([0.4124, 0.3576, 0.1805]);
    let y = share([0.2126, 0.7152, 0.0722]);
    let z = share([0.0193, 0.1192, 0.9505]);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[test]
fn colours_lie_in_lab_where_the_tables_have_them() {
    for (colour, expected) in [
        ([255, 255, 255], [100.0, 0.0, 0.0]),
        ([0, 0, 0], [0.0, 0.0, 0.0]),
        ([255, 0, 0], [53.24, 80.09, 67.20]),
        ([0, 0, 255], [32.30, 79.19, -107.86]),
    ] {
        let found = lab(Rgb(colour));
        let near = found
            .iter()
            .zip(expected)
            .all(|(a, b): (&f64, f64)| (a - b).abs() < 0.05);
        assert!(near, "{colour:?}: {found:?}");
    }
}

#[test]
fn what_no_eye_sees_is_forgiven_and_what_an_eye_sees_is_not() {
    let old = RgbImage::from_fn(160, 90, |x, y| Rgb([x as u8, 2 * y as u8, 90]));
    let changed = |change: &dyn Fn(u32, u32) -> u8| {
        let mut new = old.clone();
        for (x, y, pixel) in new.enumerate_pixels_mut() {
            pixel.0[1] = pixel.0[1].saturating_add(change(x, y));
        }
        Difference::between(&old, &new).complaint()
    };
    assert_eq!(changed(&|_, _| 0), None);
    let rounded = |x: u32, y: u32| u8::from((x * 7 + y * 13).is_multiple_of(5));
    assert_eq!(
        changed(&rounded),
        None,
        "one level in a fifth of the pixels"
    );
    let stroke = |x: u32, y: u32| if x < 8 && y < 8 { 40 } else { 0 };
    assert_eq!(changed(&stroke), None, "one stroke");
    let patch = |x: u32, y: u32| if x < 12 && y < 12 { 40 } else { 0 };
    assert!(changed(&patch).is_some(), "a hundredth of the picture");
    assert!(changed(&|_, _| 2).is_some(), "a little greener all over");
    let smaller = imageops::crop_imm(&old, 0, 0, 80, 90).to_image();
    assert!(Difference::between(&old, &smaller).complaint().is_some());
}
