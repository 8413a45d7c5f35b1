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

/// Side of the squares in which a picture of many small things is compared, pixels.
const SQUARE: u32 = 96;

/// Pixels between pictures side by side, how much larger small ones are shown, and which are small.
const GAP: u32 = 4;
const LARGER: u32 = 3;
const SMALL: u32 = 400;
/// Brightness, of 255, of a difference of one in CIE Lab.
const LIGHT: f64 = 25.0;

/// How pictures are compared.
#[allow(dead_code, reason = "each of those who share it needs one")]
pub enum Judge {
    /// As one.
    Whole,
    /// A square at a time: of many small things one that is gone is a small share of the whole.
    Squares,
}

impl Judge {
    /// What is too different, in a few words; none where the two look the same.
    pub fn complaint(&self, old: &RgbImage, new: &RgbImage) -> Option<String> {
        match self {
            Self::Squares if old.dimensions() == new.dimensions() => {
                squares(new).find_map(|[x, y, width, height]| {
                    let cut = |of| imageops::crop_imm(of, x, y, width, height).to_image();
                    let complaint = Difference::between(&cut(old), &cut(new)).complaint()?;
                    Some(format!("at {x}, {y} {complaint}"))
                })
            }
            _ => Difference::between(old, new).complaint(),
        }
    }
}

/// Left, top, width and height of the squares of a picture.
fn squares(picture: &RgbImage) -> impl Iterator<Item = [u32; 4]> {
    let (width, height) = picture.dimensions();
    let step = SQUARE as usize;
    let tops = (0..height).step_by(step);
    tops.flat_map(move |y| (0..width).step_by(step).map(move |x| [x, y]))
        .map(move |[x, y]| [x, y, SQUARE.min(width - x), SQUARE.min(height - y)])
}

/// How far apart two pictures are.
struct Difference {
    /// Width and height of the one and the other.
    sizes: [(u32, u32); 2],
    /// Mean distance of their pixels in CIE Lab (1976).
    mean: f64,
    /// Share of the pixels that differ visibly.
    visible: f64,
}

impl Difference {
    fn between(old: &RgbImage, new: &RgbImage) -> Self {
        let distances: Vec<f64> = distances(old, new).collect();
        let pixels = distances.len().max(1) as f64;
        let visible = distances.iter().filter(|distance| **distance > VISIBLE);
        Self {
            sizes: [old.dimensions(), new.dimensions()],
            mean: distances.iter().sum::<f64>() / pixels,
            visible: visible.count() as f64 / pixels,
        }
    }

    fn complaint(&self) -> Option<String> {
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
    let larger = if new.width() <= SMALL { LARGER } else { 1 };
    let width: u32 = pictures.iter().map(|p| larger * p.width() + GAP).sum();
    let height = pictures.iter().map(|p| larger * p.height()).max();
    let mut sheet = RgbImage::from_pixel(width - GAP, height.unwrap_or(1), Rgb([96; 3]));
    let mut left = 0;
    for picture in pictures {
        let (width, height) = (larger * picture.width(), larger * picture.height());
        let picture = imageops::resize(picture, width, height, imageops::FilterType::Nearest);
        imageops::replace(&mut sheet, &picture, left, 0);
        left += i64::from(width + GAP);
    }
    sheet
}

/// How far apart the pixels of two pictures of one size are in CIE Lab.
fn distances<'a>(old: &'a RgbImage, new: &'a RgbImage) -> impl Iterator<Item = f64> + 'a {
    let pairs = old.pixels().zip(new.pixels());
    pairs.map(|(old, new)| {
        if old == new {
            return 0.0;
        }
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

#[test]
fn one_small_thing_of_many_that_is_gone_is_seen_in_its_square() {
    let old = RgbImage::from_pixel(1000, 700, Rgb([30; 3]));
    let mut new = old.clone();
    for (x, y) in (400..430).flat_map(|x| (300..306).map(move |y| (x, y))) {
        new.put_pixel(x, y, Rgb([160; 3]));
    }
    assert_eq!(Judge::Whole.complaint(&old, &new), None);
    assert!(Judge::Squares.complaint(&old, &new).is_some());
    assert_eq!(Judge::Squares.complaint(&old, &old), None);
}
