//! The last pass: looks at the canvas through the camera, and lays trails.

// Loops over lanes: indices keep the arrays in step, and `max` then `min` is one instruction each
// where `clamp` also has NaN to pass on.
#![allow(clippy::manual_clamp, clippy::needless_range_loop)]

use rayon::prelude::*;

use super::canvas::Canvas;
use super::simd::{LANES, wide};
use crate::render::frame_plan::FramePlan;
use crate::render::trails::{CELL, STRENGTH, fade, glow};
use crate::render::view::{Mesh, Ripple};

/// Rows that one thread takes at a time: those between two rows of mesh nodes, and of a row of
/// cells of light.
const ROWS: usize = Mesh::PITCH;
const _: () = assert!(ROWS == CELL);

/// Light left by past pictures, in cells of [`CELL`] pixels, RGB.
#[derive(Default)]
pub struct Light {
    cells: Vec<[u8; 3]>,
    /// What of the light is not the newest picture's own.
    past: Vec<[u8; 3]>,
}

impl Light {
    /// Forgets the past.
    pub fn clear(&mut self) {
        self.cells.fill([0; 3]);
    }
}

/// Renders `canvas` as `plan` looks at it into `rgba`, and fades `light` by `decay` (of
/// 65536; 0 for no trails) under the new picture's own.
pub fn look(canvas: &Canvas, plan: &FramePlan, decay: u32, light: &mut Light, rgba: &mut [u8]) {
    let width = plan.framing.size[0];
    let columns = width.div_ceil(CELL);
    let cells = columns * plan.framing.size[1].div_ceil(CELL);
    if light.cells.len() != cells {
        light.cells.clear();
        light.cells.resize(cells, [0; 3]);
        light.past.resize(cells, [0; 3]);
    }
    if decay == 0 {
        light.clear();
    }
    rgba.par_chunks_mut(ROWS * width * 4)
        .zip(light.cells.par_chunks_mut(columns))
        .zip(light.past.par_chunks_mut(columns))
        .enumerate()
        .for_each(|(index, ((rgba, cells), past))| {
            look_at_rows(canvas, plan, index, rgba);
            if decay > 0 {
                lay_light(rgba, width, cells, past, decay);
            }
        });
    if decay > 0 {
        rgba.par_chunks_mut(ROWS * width * 4)
            .enumerate()
            .for_each(|(index, rgba)| show_past(rgba, width, &light.past, columns, index));
    }
}

wide! {
    /// Renders the band `index` of [`ROWS`] rows.
    fn look_at_rows(canvas: &Canvas, plan: &FramePlan, index: usize, rgba: &mut [u8]) {
        let (view, mesh, ripple) = (&plan.framing.view, &plan.framing.mesh, &plan.framing.ripple);
        let width = plan.framing.size[0];
        let folds = view.folds();
        // Without mirrors, the band lies between two rows of nodes.
        let band = if folds { 0 } else { index };
        let upper = &mesh.nodes[band * mesh.columns..][..mesh.columns];
        let lower = &mesh.nodes[(band + 1) * mesh.columns..][..mesh.columns];
        let nodes = mesh.nodes.as_slice();
        let last_cell = [mesh.columns - 2, nodes.len() / mesh.columns - 2];
        let cells = 1.0 / mesh.pitch;
        let shares = ripple.shares.as_slice();
        let last_share = shares.len().saturating_sub(2) as f32;
        let [cos, sin] = view.turn;
        let side = canvas.side as f32;
        let [left, top, right, bottom] = canvas.window;
        let (left, top) = (left as f32 + 0.5, top as f32 + 0.5);
        let (last_x, last_y) = ((right - canvas.window[0] - 1) as f32, (bottom - canvas.window[1] - 1) as f32);
        let stride = canvas.stride as u32;
        let texels = canvas.texels.as_slice();
        let (step_right, step_down) = ((last_x >= 1.0) as u32, if last_y >= 1.0 { stride } else { 0 });
        let step_both = step_right + step_down;
        // The last column and row are reached as the right and lower neighbours of those before.
        let (limit_x, limit_y) = ((last_x - 1.0).max(0.0), (last_y - 1.0).max(0.0));
        let share = 1.0 / Mesh::PITCH as f32;
        for (row, out) in rgba.chunks_exact_mut(width * 4).enumerate() {
            let down = (row as f32 + 0.5) * share;
            let screen_y = (index * Mesh::PITCH + row) as f32 + 0.5;
            for (block, out) in out.chunks_mut(LANES * 4).enumerate() {
                let mut xs = [0.0f32; LANES];
                let mut ys = [0.0f32; LANES];
                let mut shade = [0.0f32; LANES];
                let mut across = [0.0f32; LANES];
                let mut along = [0.0f32; LANES];
                if folds || !shares.is_empty() {
                    for i in 0..LANES {
                        let screen_x = (block * LANES) as f32 + (i as f32 + 0.5);
                        across[i] = screen_x * view.pixel - view.half[0];
                        along[i] = screen_y * view.pixel - view.half[1];
                    }
                }
                if folds {
                    for i in 0..LANES {
                        [across[i], along[i]] = view.folded([across[i], along[i]]);
                    }
                    let mut node = [0u32; LANES];
                    let (mut right, mut down) = ([0.0f32; LANES], [0.0f32; LANES]);
                    for i in 0..LANES {
                        let x = ((across[i] - mesh.corner[0]) * cells).max(0.0);
                        let y = ((along[i] - mesh.corner[1]) * cells).max(0.0);
                        // SAFETY: at least 0, and at most the mesh's last cell; the screen is finite.
                        let (x0, y0) = unsafe {
                            (
                                x.min(last_cell[0] as f32).to_int_unchecked::<u32>(),
                                y.min(last_cell[1] as f32).to_int_unchecked::<u32>(),
                            )
                        };
                        node[i] = y0 * mesh.columns as u32 + x0;
                        right[i] = x - x0 as f32;
                        down[i] = y - y0 as f32;
                    }
                    for i in 0..LANES {
                        let at = node[i] as usize;
                        // SAFETY (all four): corners of a cell of the mesh.
                        let (a, b) = unsafe { (*nodes.get_unchecked(at), *nodes.get_unchecked(at + 1)) };
                        let at = at + mesh.columns;
                        let (c, d) = unsafe { (*nodes.get_unchecked(at), *nodes.get_unchecked(at + 1)) };
                        let blend = |k: usize| {
                            let upper = a[k] + right[i] * (b[k] - a[k]);
                            let lower = c[k] + right[i] * (d[k] - c[k]);
                            upper + down[i] * (lower - upper)
                        };
                        xs[i] = blend(0);
                        ys[i] = blend(1);
                    }
                } else {
                    for half in 0..2 {
                        let column = (2 * block + half).min(mesh.columns - 2);
                        let lerp = |a: [f32; 2], b: [f32; 2]| {
                            [a[0] + down * (b[0] - a[0]), a[1] + down * (b[1] - a[1])]
                        };
                        let a = lerp(upper[column], lower[column]);
                        let b = lerp(upper[column + 1], lower[column + 1]);
                        for i in 0..Mesh::PITCH {
                            let along = (i as f32 + 0.5) * share;
                            xs[half * Mesh::PITCH + i] = a[0] + along * (b[0] - a[0]);
                            ys[half * Mesh::PITCH + i] = a[1] + along * (b[1] - a[1]);
                        }
                    }
                }
                if !shares.is_empty() {
                    let mut entry = [0u32; LANES];
                    let mut part = [0.0f32; LANES];
                    for i in 0..LANES {
                        let distance = (across[i] * across[i] + along[i] * along[i]).sqrt();
                        let place = ((distance - ripple.from) * Ripple::FINENESS).max(0.0).min(last_share);
                        // SAFETY: between 0 and the last but one share.
                        entry[i] = unsafe { place.to_int_unchecked::<u32>() };
                        part[i] = place - entry[i] as f32;
                    }
                    let (mut a, mut b) = ([0.0f32; LANES], [0.0f32; LANES]);
                    for i in 0..LANES {
                        // SAFETY (both): as above.
                        a[i] = unsafe { *shares.get_unchecked(entry[i] as usize) };
                    }
                    for i in 0..LANES {
                        b[i] = unsafe { *shares.get_unchecked(entry[i] as usize + 1) };
                    }
                    for i in 0..LANES {
                        let share = a[i] + part[i] * (b[i] - a[i]);
                        xs[i] += share * (cos * across[i] - sin * along[i]);
                        ys[i] += share * (sin * across[i] + cos * along[i]);
                    }
                }
                for i in 0..LANES {
                    let screen_x = (block * LANES) as f32 + (i as f32 + 0.5);
                    shade[i] = view.vignette_at(screen_x, screen_y) * (255.0 / 1023.0);
                }
                let mut index = [0u32; LANES];
                for i in 0..LANES {
                    let x = xs[i] - 2.0 * (xs[i] * 0.5).floor();
                    let y = ys[i] - 2.0 * (ys[i] * 0.5).floor();
                    let x = (x.min(2.0 - x) * side - left).max(0.0).min(last_x);
                    let y = (y.min(2.0 - y) * side - top).max(0.0).min(last_y);
                    // SAFETY: both lie between 0 and the canvas's size; the mesh is finite.
                    let (x0, y0) = unsafe {
                        (
                            x.min(limit_x).to_int_unchecked::<u32>(),
                            y.min(limit_y).to_int_unchecked::<u32>(),
                        )
                    };
                    index[i] = y0 * stride + x0;
                    xs[i] = x - x0 as f32;
                    ys[i] = y - y0 as f32;
                }
                // SAFETY (all four): the index is at most the last but one column and row.
                let (mut a, mut b) = ([0u32; LANES], [0u32; LANES]);
                let (mut c, mut d) = ([0u32; LANES], [0u32; LANES]);
                for i in 0..LANES {
                    a[i] = unsafe { *texels.get_unchecked(index[i] as usize) };
                }
                for i in 0..LANES {
                    b[i] = unsafe { *texels.get_unchecked((index[i] + step_right) as usize) };
                }
                for i in 0..LANES {
                    c[i] = unsafe { *texels.get_unchecked((index[i] + step_down) as usize) };
                }
                for i in 0..LANES {
                    d[i] = unsafe { *texels.get_unchecked((index[i] + step_both) as usize) };
                }
                let mut packed = [0xff00_0000u32; LANES];
                for k in 0..3 {
                    for i in 0..LANES {
                        let channel = |texel: u32| (texel >> (10 * k) & 1023) as f32;
                        let (a, b) = (channel(a[i]), channel(b[i]));
                        let (c, d) = (channel(c[i]), channel(d[i]));
                        let upper = a + xs[i] * (b - a);
                        let lower = c + xs[i] * (d - c);
                        let value = (upper + ys[i] * (lower - upper)) * shade[i] + 0.5;
                        // SAFETY: at most 255.5, at least 0.5.
                        packed[i] |= unsafe { value.to_int_unchecked::<u32>() } << (8 * k);
                    }
                }
                let bytes: &[u8] = bytemuck::cast_slice(&packed);
                let count = out.len();
                out.copy_from_slice(&bytes[..count]);
            }
        }
    }
}

wide! {
    /// Fades a row of cells, lays the glow of the new picture's rows into them, and notes what is
    /// left of the past.
    fn lay_light(
        rgba: &[u8],
        width: usize,
        cells: &mut [[u8; 3]],
        past: &mut [[u8; 3]],
        decay: u32,
    ) {
        for (column, (cell, past)) in cells.iter_mut().zip(past).enumerate() {
            let from = column * CELL * 4;
            let to = (from + CELL * 4).min(width * 4);
            let mut sums = [0u16; CELL * 4];
            for row in rgba.chunks_exact(width * 4) {
                for (sum, byte) in sums.iter_mut().zip(&row[from..to]) {
                    *sum += *byte as u16;
                }
            }
            let pixels = (rgba.len() / (width * 4) * (to - from) / 4) as u32;
            let mean = [0, 1, 2].map(|k| {
                let sum: u32 = sums[k..].iter().step_by(4).map(|&sum| sum as u32).sum();
                (sum / pixels) as f32
            });
            let own = glow(mean).map(|x| x as u8);
            for k in 0..3 {
                cell[k] = fade(cell[k], decay).max(own[k]);
                past[k] = cell[k] - own[k];
            }
        }
    }
}

wide! {
    /// Screens the past's light, blended between cells, over the rows of the cells' row `index`.
    fn show_past(rgba: &mut [u8], width: usize, past: &[[u8; 3]], columns: usize, index: usize) {
        let last = past.len() / columns - 1;
        let row_of = |index: usize| &past[index * columns..][..columns];
        let (above, here, below) =
            (row_of(index.saturating_sub(1)), row_of(index), row_of((index + 1).min(last)));
        let dark = |row: &[[u8; 3]]| row.iter().all(|cell| *cell == [0; 3]);
        if dark(above) && dark(here) && dark(below) {
            return;
        }
        // From the middle of a cell, in cells.
        let offset = |i: usize| (i as f32 + 0.5) / CELL as f32 - 0.5;
        for (row, out) in rgba.chunks_exact_mut(width * 4).enumerate() {
            let down = offset(row);
            let other = if down < 0.0 { above } else { below };
            let blended = |column: usize| {
                let (here, other) = (here[column], other[column]);
                [0, 1, 2].map(|k| {
                    let here = here[k] as f32;
                    (here + down.abs() * (other[k] as f32 - here)) * STRENGTH
                })
            };
            for (column, out) in out.chunks_mut(CELL * 4).enumerate() {
                let middle = blended(column);
                let left = blended(column.saturating_sub(1));
                let right = blended((column + 1).min(columns - 1));
                for (i, pixel) in out.chunks_exact_mut(4).enumerate() {
                    let along = offset(i);
                    let other = if along < 0.0 { left } else { right };
                    for k in 0..3 {
                        let light = middle[k] + along.abs() * (other[k] - middle[k]);
                        let fresh = pixel[k] as f32;
                        let value = fresh + light * (255.0 - fresh) * (1.0 / 255.0) + 0.5;
                        // SAFETY: a screen of two values of at most 255 is at most 255.5.
                        pixel[k] = unsafe { value.to_int_unchecked::<u32>() } as u8;
                    }
                }
            }
        }
    }
}
