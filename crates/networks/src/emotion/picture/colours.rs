//! Statistics of a picture's colours in CIE Lab.

/// How many there are.
pub const STATISTICS: usize = 12;

/// Of a square picture `[3, side, side]` in sRGB, 0 to 1: mean of L, a, b; their deviations; mean
/// and deviation of the chroma; the shares of warm and of dark pixels; how much lightness changes
/// from pixel to pixel and from eight pixels to the next eight.
pub fn statistics(picture: &[f32], side: usize) -> [f32; STATISTICS] {
    let area = side * side;
    let (red, rest) = picture.split_at(area);
    let (green, blue) = rest.split_at(area);
    let space: Vec<[f32; 3]> = (red.iter().zip(green).zip(blue))
        .map(|((r, g), b)| lab([*r, *g, *b]))
        .collect();
    let chroma: Vec<f32> = space.iter().map(|[_, a, b]| a.hypot(*b)).collect();
    let lightness: Vec<f32> = space.iter().map(|[l, ..]| *l).collect();
    let share = |of: &dyn Fn(&[f32; 3]) -> bool| {
        space.iter().filter(|colour| of(colour)).count() as f32 / area as f32
    };
    let axis = |i: usize| mean_and_deviation(space.iter().map(|colour| colour[i]));
    let [l, a, b] = [axis(0), axis(1), axis(2)];
    let c = mean_and_deviation(chroma.iter().copied());
    [
        l.0,
        a.0,
        b.0,
        l.1,
        a.1,
        b.1,
        c.0,
        c.1,
        share(&|[_, a, b]| a + b > 0.05),
        share(&|[l, ..]| *l < 0.3),
        edges(&lightness, side),
        edges(&reduced(&lightness, side), side / 8),
    ]
}

/// CIE Lab of an sRGB colour: L from 0 to 1, a and b from about -1 to 1.
pub fn lab(colour: [f32; 3]) -> [f32; 3] {
    const TO_XYZ: [[f32; 3]; 3] = [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ];
    const WHITE: [f32; 3] = [0.9505, 1.0, 1.089];
    let linear = colour.map(|x| {
        if x <= 0.04045 {
            x / 12.92
        } else {
            ((x + 0.055) / 1.055).powf(2.4)
        }
    });
    let mut f = [0.0; 3];
    for ((f, row), white) in f.iter_mut().zip(TO_XYZ).zip(WHITE) {
        let part = row.iter().zip(linear).map(|(m, x)| m * x).sum::<f32>() / white;
        *f = if part > 0.008856 {
            part.cbrt()
        } else {
            7.787 * part + 16.0 / 116.0
        };
    }
    let [fx, fy, fz] = f;
    [1.16 * fy - 0.16, 5.0 * (fx - fy), 2.0 * (fy - fz)]
}

/// Mean and deviation (of a sample).
fn mean_and_deviation(values: impl ExactSizeIterator<Item = f32> + Clone) -> (f32, f32) {
    let count = values.len() as f64;
    let mean = values.clone().map(f64::from).sum::<f64>() / count;
    let squares: f64 = values.map(|x| (f64::from(x) - mean).powi(2)).sum();
    (mean as f32, (squares / (count - 1.0)).sqrt() as f32)
}

/// Mean change from a pixel to its right neighbour, plus to the one below.
fn edges(plane: &[f32], side: usize) -> f32 {
    let (mut across, mut down) = (0.0f64, 0.0f64);
    for row in plane.chunks_exact(side) {
        across += row
            .windows(2)
            .map(|pair| f64::from((pair[1] - pair[0]).abs()))
            .sum::<f64>();
    }
    for (here, below) in plane.iter().zip(&plane[side..]) {
        down += f64::from((below - here).abs());
    }
    ((across + down) / (side * (side - 1)) as f64) as f32
}

/// Means of 8 x 8 pixels.
fn reduced(plane: &[f32], side: usize) -> Vec<f32> {
    let small = side / 8;
    let mut means = vec![0.0; small * small];
    for (y, row) in plane.chunks_exact(side).enumerate().take(small * 8) {
        for (x, value) in row.iter().enumerate().take(small * 8) {
            means[y / 8 * small + x / 8] += value / 64.0;
        }
    }
    means
}
