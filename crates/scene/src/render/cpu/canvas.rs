//! The canvas: a base coat, strokes, and light raking over the paint.
//!
//! Painted in bands of rows, each by one thread in a buffer that stays in its cache. The pixel
//! grid of the canvas is fixed in the picture, whatever part of it is seen, so nothing crawls
//! when the camera moves.

// Loops over lanes: indices keep the arrays in step, and `max` then `min` is one instruction each
// where `clamp` also has NaN to pass on.
#![allow(clippy::manual_clamp, clippy::needless_range_loop)]

use parking_lot::Mutex;
use rayon::prelude::*;

use super::simd::{LANES, wide};
use crate::render::brush::Stamp;
use crate::render::frame_plan::FramePlan;
use crate::render::relief::Weave;
use crate::render::source::Level;

/// Rows of a band.
const BAND: usize = 32;
/// Taps of the Lanczos kernel.
const TAPS: usize = 6;

/// The painted part of the picture, ready to be looked at.
#[derive(Default)]
pub struct Canvas {
    /// Pixels across and down, were the whole picture painted.
    pub side: usize,
    /// What is painted: left, top (inside), right, bottom (outside), in pixels.
    pub window: [usize; 4],
    /// Colours, 10 bits each, red lowest; rows of `stride`, the window's corner first.
    pub texels: Vec<u32>,
    /// Texels from one row to the next.
    pub stride: usize,
    kernel: Kernel,
    /// The image at the canvas's width and its own height, by channel.
    columns: [Vec<f32>; 3],
    /// One for each thread.
    bands: Vec<Mutex<Band>>,
}

/// What a canvas is painted with.
pub struct Paint<'a> {
    /// What to paint.
    pub plan: &'a FramePlan,
    /// What the brushes leave, as the strokes number them.
    pub stamps: &'a [Stamp],
    /// The weave for this side.
    pub weave: &'a Weave,
}

impl Canvas {
    /// A canvas for `threads` threads.
    pub fn new(threads: usize) -> Self {
        Self {
            bands: (0..threads).map(|_| Mutex::default()).collect(),
            ..Self::default()
        }
    }

    /// Paints the plan's window.
    pub fn paint(&mut self, paint: &Paint) {
        self.side = paint.plan.framing.side;
        self.window = paint.plan.framing.window;
        let [left, top, right, bottom] = self.window;
        self.stride = right - left;
        self.texels.resize(self.stride * (bottom - top), 0);
        let ground = paint.plan.ground();
        self.kernel.prepare(ground.side, self.side);
        self.stretch(ground);

        let (kernel, columns, bands) = (&self.kernel, &self.columns, &self.bands);
        let side = self.side;
        self.texels
            .par_chunks_mut(BAND * self.stride)
            .enumerate()
            .for_each(|(index, texels)| {
                let first = top + index * BAND;
                let thread = rayon::current_thread_index().unwrap_or(0) % bands.len();
                let mut band = bands[thread].lock();
                band.lay([left, right], first, (first + BAND).min(bottom), side);
                paint_band(&mut band, kernel, columns, paint);
                finish_band(&band, paint, texels);
            });
    }

    /// Resamples the image's rows to the canvas's columns.
    fn stretch(&mut self, level: &Level) {
        let [left, _, right, _] = self.window;
        let width = padded(right - left);
        let side = level.side;
        for (plane, columns) in level.planes.iter().zip(&mut self.columns) {
            columns.resize(side * width, 0.0);
            let kernel = &self.kernel;
            columns
                .par_chunks_mut(width)
                .zip(plane.par_chunks(side))
                .with_min_len(16)
                .for_each(|(out, row)| stretch_row(row, kernel, left, right, out));
        }
    }
}

/// Width of a row of which [`LANES`] pixels may be touched from any inner one on, with one pixel
/// more on the left.
fn padded(width: usize) -> usize {
    (width + 2).next_multiple_of(LANES) + LANES
}

/// Lanczos weights from one side to another.
#[derive(Default)]
struct Kernel {
    from: usize,
    to: usize,
    /// For each pixel: its source pixels (mirrored at the edges)...
    places: Vec<[u32; TAPS]>,
    /// ...and their weights.
    weights: Vec<[f32; TAPS]>,
}

impl Kernel {
    fn prepare(&mut self, from: usize, to: usize) {
        if (self.from, self.to) == (from, to) {
            return;
        }
        (self.from, self.to) = (from, to);
        self.places.clear();
        self.weights.clear();
        for i in 0..to {
            let position = (i as f64 + 0.5) * from as f64 / to as f64 - 0.5;
            let first = position.floor() as i64 - (TAPS as i64 / 2 - 1);
            let taps: [i64; TAPS] = std::array::from_fn(|k| first + k as i64);
            let weights = taps.map(|tap| lanczos(position - tap as f64));
            let total: f64 = weights.iter().sum();
            self.weights
                .push(weights.map(|weight| (weight / total) as f32));
            let period = 2 * from as i64;
            self.places.push(taps.map(|tap| {
                let folded = tap.rem_euclid(period);
                folded.min(period - 1 - folded) as u32
            }));
        }
    }
}

/// Lanczos's windowed sinc of three lobes.
fn lanczos(x: f64) -> f64 {
    let lobes = TAPS as f64 / 2.0;
    let sinc = |x: f64| {
        if x.abs() < 1e-9 {
            1.0
        } else {
            (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x)
        }
    };
    if x.abs() < lobes {
        sinc(x) * sinc(x / lobes)
    } else {
        0.0
    }
}

fn stretch_row(row: &[f32], kernel: &Kernel, left: usize, right: usize, out: &mut [f32]) {
    let side = kernel.to as i64;
    for (i, out) in out.iter_mut().enumerate() {
        // The pixel left of the window comes first; beyond the canvas its edge goes on.
        let x = (left as i64 + i as i64 - 1).clamp(0, side - 1) as usize;
        if x > right {
            *out = 0.0;
            continue;
        }
        let (places, weights) = (&kernel.places[x], &kernel.weights[x]);
        *out = (0..TAPS)
            .map(|k| weights[k] * row[places[k] as usize])
            .sum();
    }
}

/// A band in work: colours and height of paint, with one pixel more on every side for the relief.
#[derive(Default)]
struct Band {
    /// First and last column (outside) of the window.
    columns: [usize; 2],
    /// First and last row (outside), without the border.
    rows: [usize; 2],
    side: usize,
    width: usize,
    /// Red, green, blue, height.
    planes: [Vec<f32>; 4],
}

impl Band {
    fn lay(&mut self, columns: [usize; 2], first: usize, end: usize, side: usize) {
        self.columns = columns;
        self.rows = [first, end];
        self.side = side;
        self.width = padded(columns[1] - columns[0]);
        let size = self.width * (end - first + 2);
        for plane in &mut self.planes {
            plane.resize(size, 0.0);
        }
    }
}

wide! {
    /// Lays the base coat and paints the strokes.
    fn paint_band(band: &mut Band, kernel: &Kernel, columns: &[Vec<f32>; 3], paint: &Paint) {
        let [first, end] = band.rows;
        let width = band.width;
        let rows = end - first + 2;
        for row in 0..rows {
            let y = (first + row).saturating_sub(1).min(band.side - 1);
            let (places, weights) = (&kernel.places[y], &kernel.weights[y]);
            for (plane, columns) in band.planes.iter_mut().zip(columns) {
                let out = &mut plane[row * width..][..width];
                let taps = places.map(|place| &columns[place as usize * width..][..width]);
                for x in 0..width {
                    let sum = weights[0] * taps[0][x]
                        + weights[1] * taps[1][x]
                        + weights[2] * taps[2][x]
                        + weights[3] * taps[3][x]
                        + weights[4] * taps[4][x]
                        + weights[5] * taps[5][x];
                    out[x] = sum.max(0.0).min(1.0);
                }
            }
        }
        band.planes[3].fill(0.0);

        let size = band.side as f32;
        // Canvas coordinates of the middle of the band buffer's first pixel.
        let left = band.columns[0] as f32 - 0.5;
        let top = first as f32 - 0.5;
        let inner = band.columns[1] - band.columns[0] + 2;
        let [red, green, blue, height] = &mut band.planes;
        for stroke in &paint.plan.strokes {
            let y = stroke.centre[1] * size - top;
            let reach = stroke.reach()[1] * size;
            let from = (y - reach).ceil().max(0.0) as usize;
            let to = ((y + reach).floor() + 1.0).max(0.0) as usize;
            if from >= to.min(rows) {
                continue;
            }
            let x = stroke.centre[0] * size - left;
            let [c, s] = stroke.axis;
            let half_length = stroke.half_length * size;
            let half_width = stroke.half_width * size;
            let bend = stroke.bend / size;
            let aside = half_width + bend.abs() * half_length * half_length;
            let (per_length, per_width) = (1.0 / half_length, 1.0 / half_width);
            let stamp = &paint.stamps[stroke.brush as usize];
            let texels = stamp.texels.as_slice();
            let (mark_columns, mark_rows) = (stamp.columns as f32, stamp.rows as f32);
            let opacity = stroke.opacity * (1.0 / 65535.0);
            let thickness = stroke.thickness * (1.0 / 65535.0);
            // Where a row crosses the stroke's oriented box: how far from the middle, at most, and
            // how that moves from row to row. A box that lies along the row is cut by its ends.
            let span = |half: f32, direction: f32, slope: f32| {
                if direction.abs() > 1e-4 {
                    (half / direction.abs(), slope / direction)
                } else {
                    (f32::MAX, 0.0)
                }
            };
            let (length_span, length_shift) = span(half_length, c, -s);
            let (width_span, width_shift) = span(aside, s, c);
            for row in from..to.min(rows) {
                let dy = row as f32 - y;
                let low = (dy * length_shift - length_span).max(dy * width_shift - width_span);
                let high = (dy * length_shift + length_span).min(dy * width_shift + width_span);
                let start = (x + low).ceil().max(0.0) as usize;
                let stop = ((x + high).floor() + 1.0).clamp(0.0, inner as f32) as usize;
                let mut at = start;
                while at < stop {
                    let dx = at as f32 - x;
                    let mut along = [0.0f32; LANES];
                    let mut index = [0i32; LANES];
                    let mut between = [0.0f32; LANES];
                    for i in 0..LANES {
                        let dx = dx + i as f32;
                        let u = dx * c + dy * s;
                        let v = dy * c - dx * s - bend * u * u;
                        let u = u * per_length;
                        let v = v * per_width;
                        along[i] = u.max(-1.0).min(1.0);
                        // The stamp is stored for one half; the other is the same, turned by 180°.
                        let v = if u < 0.0 { -v } else { v };
                        let column = (u.abs() * mark_columns).min(mark_columns - 1.0);
                        // Between two rows, so that a stroke that turns slowly does not have its
                        // bristles jump from pixel to pixel.
                        let line = ((v * 0.5 + 0.5) * mark_rows - 0.5).max(0.0).min(mark_rows - 1.0);
                        // SAFETY: all are finite and within the table, as clamped above and here.
                        let upper = unsafe { line.min(mark_rows - 2.0).to_int_unchecked::<i32>() };
                        between[i] = line - upper as f32;
                        index[i] = unsafe {
                            upper * stamp.columns as i32 + column.to_int_unchecked::<i32>()
                        };
                    }
                    let mut touch = [[0u32; LANES]; 2];
                    for i in 0..LANES {
                        // SAFETY: upper + 1 < rows and column < columns.
                        unsafe {
                            let texel = texels.as_ptr().offset(index[i] as isize);
                            touch[0][i] = *texel;
                            touch[1][i] = *texel.add(stamp.columns);
                        }
                    }
                    let offset = row * width + at;
                    let mut paint_amount = [0.0f32; LANES];
                    for i in 0..LANES {
                        let [upper, lower] = [0, 1].map(|k| (touch[k][i] & 0xffff) as f32);
                        paint_amount[i] = (upper + between[i] * (lower - upper)) * opacity;
                    }
                    for (k, plane) in [&mut *red, &mut *green, &mut *blue].into_iter().enumerate() {
                        let (colour, step) = (stroke.colour[k], stroke.colour_step[k]);
                        let plane = &mut plane[offset..][..LANES];
                        for i in 0..LANES {
                            plane[i] += paint_amount[i] * (colour + step * along[i] - plane[i]);
                        }
                    }
                    let plane = &mut height[offset..][..LANES];
                    for i in 0..LANES {
                        let [upper, lower] = [0, 1].map(|k| (touch[k][i] >> 16) as f32);
                        let top = (upper + between[i] * (lower - upper)) * thickness;
                        plane[i] += paint_amount[i] * (top - plane[i]);
                    }
                    at += LANES;
                }
            }
        }
    }
}

wide! {
    /// Lights the paint, grades the colours and packs them.
    fn finish_band(band: &Band, paint: &Paint, texels: &mut [u32]) {
        let width = band.width;
        let stride = band.columns[1] - band.columns[0];
        let relief = paint.plan.framing.relief;
        let grading = paint.plan.framing.grading;
        for (row, out) in texels.chunks_exact_mut(stride).enumerate() {
            let weave = paint.weave.row(band.rows[0] + row, band.columns[0], stride);
            let offset = (row + 1) * width + 1;
            let height = &band.planes[3];
            let here = &height[offset - 1..][..stride + 2];
            let above = &height[offset - width..][..stride];
            let below = &height[offset + width..][..stride];
            let [red, green, blue] = [0, 1, 2].map(|k| &band.planes[k][offset..][..stride]);
            for x in 0..stride {
                let slope_x = here[x + 2] - here[x];
                let slope_y = below[x] - above[x];
                let colour = relief.light(
                    [red[x], green[x], blue[x]],
                    [slope_x, slope_y],
                    here[x + 1],
                    weave[x],
                );
                let [r, g, b] = grading.apply(colour).map(|channel| {
                    // SAFETY: a graded channel lies in 0 to 1.
                    unsafe { (channel * 1023.0 + 0.5).to_int_unchecked::<u32>() }
                });
                out[x] = r | g << 10 | b << 20;
            }
        }
    }
}
