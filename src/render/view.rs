//! Which point of the picture each output pixel shows: kaleidoscope, liquid warp, ripple and camera.
//!
//! Lengths on the screen are in heights of the finished picture, with the origin in its middle;
//! points of the picture are in its own widths, with the origin top left. Beyond its edges the
//! picture goes on mirrored.
//!
//! The way from the screen to the picture has three parts, each sampled as finely as it bends:
//! [`View::folded`] has creases and is worked out for every pixel, [`View::bent`] is smooth and
//! lies on a coarse [`Mesh`], and a ripple depends on the distance from the middle alone, which
//! [`Ripple`] tabulates.

use crate::motion::MOST_SECTORS;
use crate::show::Scene;

/// One wave of the liquid: wave vector (radians per height), pace against the warp's phase,
/// offset, and amplitude; the amplitudes of one direction add up to 1.
#[derive(Clone, Copy)]
struct Wave {
    x: f32,
    y: f32,
    pace: f32,
    offset: f32,
    amplitude: f32,
}

const fn wave(x: f32, y: f32, pace: f32, offset: f32, amplitude: f32) -> Wave {
    Wave {
        x,
        y,
        pace,
        offset,
        amplitude,
    }
}

/// Waves that push to the side and those that push up and down. Their paces have no common
/// measure, so the liquid does not visibly repeat. `shaders/view.wgsl` has the same table.
const WAVES: [[Wave; 3]; 2] = [
    [
        wave(1.7, 5.3, 1.0, 0.0, 0.50),
        wave(-6.1, 4.7, -1.31, 1.9, 0.30),
        wave(7.9, 9.7, 1.73, 4.1, 0.20),
    ],
    [
        wave(5.9, -1.3, -0.89, 0.7, 0.50),
        wave(4.3, 6.7, 1.17, 2.6, 0.30),
        wave(-9.1, 7.3, -1.61, 5.2, 0.20),
    ],
];

/// Length of a ripple's wave, in heights.
const RIPPLE_LENGTH: f32 = 0.22;
/// Waves from its crest at which a ripple is gone: there, 1/8000 of its height is left.
const RIPPLE_REACH: f32 = 3.0;
/// Pixels that a ripple must move something by to be seen: what an onset leaves lasts much longer.
const RIPPLE_SEEN: f32 = 0.02;

/// Mirrors that fold the screen into half a sector: each halves what is left of the circle. Five
/// are enough; the shader reads them in pairs.
const MIRRORS: usize = 6;
const _: () = assert!(2 * (MOST_SECTORS as usize) <= 1 << MIRRORS);

/// How fast the picture turns under the mirrors of a kaleidoscope, against the warp's phase: once
/// in 32 bars.
const TURN_UNDER_MIRRORS: f32 = 0.125;

/// The mapping from output pixels to the picture, for one scene and one output size.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct View {
    /// Heights per pixel, then half the width and half the height in heights.
    pub pixel: f32,
    /// Half the output's size, in heights.
    pub half: [f32; 2],
    /// Largest displacement by the waves, in heights.
    pub warp: f32,
    /// Turn and scale from screen to picture: (cos, sin) times picture widths per height.
    pub turn: [f32; 2],
    /// The point of the picture in the middle of the screen.
    pub centre: [f32; 2],
    /// Phase of the waves, radians.
    pub phase: f32,
    /// Ripple: height and radius, in heights.
    pub ripple: [f32; 2],
    /// Darkening of the corners, 0 to 1.
    pub vignette: f32,
    /// Mirrors through the middle of the screen, in the order in which they are met: unit normals
    /// on the side that is kept. The ones that are not needed are zero.
    pub mirrors: [[f32; 2]; MIRRORS],
}

impl View {
    /// The view of `scene` at `width` by `height` pixels. What is not finite counts as neutral.
    pub fn of(scene: &Scene, width: usize, height: usize) -> Self {
        let finite = |x: f32, other: f32| if x.is_finite() { x } else { other };
        let (width, height) = (width as f32, height as f32);
        let zoom = finite(scene.camera.zoom, 1.0).clamp(0.05, 50.0);
        let scale = height / width.max(height) / zoom;
        let angle = finite(scene.camera.rotation, 0.0);
        let phase = finite(scene.warp.phase, 0.0);
        let ripple = finite(scene.warp.ripple, 0.0).clamp(-0.5, 0.5);
        let sectors = scene.camera.symmetry.clamp(1, MOST_SECTORS);
        let under = if sectors > 1 {
            phase * TURN_UNDER_MIRRORS
        } else {
            0.0
        };
        // The shift is seen on the screen: zoom does not change it, the crop does.
        let shift = scene.camera.shift.map(|x| finite(x, 0.0).clamp(-1e3, 1e3));
        let crop = height / width.max(height);
        Self {
            pixel: 1.0 / height,
            half: [0.5 * width / height, 0.5],
            warp: finite(scene.warp.amount, 0.0).clamp(-0.5, 0.5),
            turn: [(angle + under).cos() * scale, (angle + under).sin() * scale],
            centre: [0.5 + shift[0] * crop, 0.5 + shift[1] * crop],
            // Sines of large arguments lose their last digits; every pace has four digits.
            phase,
            ripple: [
                if ripple.abs() < RIPPLE_SEEN / height {
                    0.0
                } else {
                    ripple
                },
                finite(scene.warp.ripple_radius, 0.0).clamp(-1e3, 1e3),
            ],
            vignette: finite(scene.grade.vignette, 0.0).clamp(0.0, 1.0),
            // The mirrors turn with the camera.
            mirrors: mirrors(sectors, -angle),
        }
    }

    /// Whether the screen is folded at all.
    pub fn folds(&self) -> bool {
        self.mirrors[0] != [0.0; 2]
    }

    /// Where a point of the screen lies after the mirrors.
    #[inline(always)]
    pub fn folded(&self, mut point: [f32; 2]) -> [f32; 2] {
        for [x, y] in self.mirrors {
            let behind = (point[0] * x + point[1] * y).min(0.0);
            point = [point[0] - 2.0 * behind * x, point[1] - 2.0 * behind * y];
        }
        point
    }

    /// The point of the picture under a folded point of the screen, without ripple and not yet
    /// mirrored at the picture's edges.
    pub fn bent(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let mut moved = [x, y];
        if self.warp != 0.0 {
            for (moved, waves) in moved.iter_mut().zip(&WAVES) {
                for wave in waves {
                    let angle = wave.x * x + wave.y * y + wave.pace * self.phase + wave.offset;
                    *moved += self.warp * wave.amplitude * angle.sin();
                }
            }
        }
        let [cos, sin] = self.turn;
        [
            self.centre[0] + cos * moved[0] - sin * moved[1],
            self.centre[1] + sin * moved[0] + cos * moved[1],
        ]
    }

    /// How far the ripple pushes a point of the screen outwards, as a share of its `distance` from
    /// the middle.
    fn ripple_at(&self, distance: f32) -> f32 {
        let [height, radius] = self.ripple;
        let behind = (distance - radius) / RIPPLE_LENGTH;
        // At the very centre there is no outward, so the push fades there.
        height * (std::f32::consts::TAU * behind).sin() * (-behind * behind).exp()
            / (distance * distance + 1e-3).sqrt()
    }

    /// How much light the vignette leaves at a pixel, 0 to 1.
    #[inline(always)]
    pub fn vignette_at(&self, x: f32, y: f32) -> f32 {
        // 1 in the corners, whatever the aspect.
        let x = (x * self.pixel - self.half[0]) / self.half[0];
        let y = (y * self.pixel - self.half[1]) / self.half[1];
        let square = 0.5 * (x * x + y * y);
        1.0 - 0.85 * self.vignette * square * square * (2.0 - square).min(1.0 + square)
    }
}

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
fn mirrors(sectors: u8, angle: f32) -> [[f32; 2]; MIRRORS] {
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

/// What [`View::bent`] makes of the screen, on a coarse mesh that is interpolated.
#[derive(Clone, Debug, Default)]
pub struct Mesh {
    /// Nodes across.
    pub columns: usize,
    /// Across and down, a row of nodes after the other.
    pub nodes: Vec<[f32; 2]>,
    /// Where the first node lies on the folded screen, in heights.
    pub corner: [f32; 2],
    /// From one node to the next, in heights.
    pub pitch: f32,
}

impl Mesh {
    /// Pixels between two nodes. The shortest wave of the warp is over 0.5 heights long, so at
    /// 1080p the straight line between nodes errs by less than a fiftieth of a pixel. The
    /// vectorised output pass relies on this pitch.
    pub const PITCH: usize = 8;

    /// Lays the mesh over `width` by `height` pixels, or over the one sector that mirrors fold them
    /// into.
    pub fn lay(&mut self, view: &View, width: usize, height: usize) {
        self.pitch = Self::PITCH as f32 * view.pixel;
        let [low, high] = if view.folds() {
            sector(view)
        } else {
            let size = [width, height].map(|pixels| pixels as f32 * view.pixel);
            let low = view.half.map(|half| -half);
            [low, [low[0] + size[0], low[1] + size[1]]]
        };
        self.corner = low;
        let nodes =
            |k: usize| ((high[k] - low[k]) / self.pitch - 1e-3).ceil().max(1.0) as usize + 1;
        self.columns = nodes(0);
        self.nodes.clear();
        for row in 0..nodes(1) {
            let y = low[1] + row as f32 * self.pitch;
            let x = |column: usize| low[0] + column as f32 * self.pitch;
            self.nodes
                .extend((0..self.columns).map(|column| view.bent([x(column), y])));
        }
    }

    /// The part of the picture that is seen under the `ripple` of `view`: left, top, right, bottom
    /// in picture widths.
    pub fn window(&self, view: &View, ripple: &Ripple) -> [f32; 4] {
        let mut low = [f32::INFINITY; 2];
        let mut high = [f32::NEG_INFINITY; 2];
        for (row, nodes) in self.nodes.chunks_exact(self.columns).enumerate() {
            let y = self.corner[1] + row as f32 * self.pitch;
            for (column, node) in nodes.iter().enumerate() {
                let x = self.corner[0] + column as f32 * self.pitch;
                let node = ripple.moved(view, [x, y], *node);
                for k in 0..2 {
                    low[k] = low[k].min(node[k]);
                    high[k] = high[k].max(node[k]);
                }
            }
        }
        let [left, right] = mirrored_range(low[0], high[0]);
        let [top, bottom] = mirrored_range(low[1], high[1]);
        [left, top, right, bottom]
    }
}

/// The smallest and the largest corner of the half sector that everything is folded into.
fn sector(view: &View) -> [[f32; 2]; 2] {
    const STEPS: usize = 16;
    let radius = view.half[0].hypot(view.half[1]);
    // The first mirror's line is the sector's one edge, turned by half a circle; the last one's is
    // the other.
    let line = |[x, y]: [f32; 2]| x.atan2(-y);
    let from = line(view.mirrors[0]) + std::f32::consts::PI;
    let last = view.mirrors.iter().rfind(|mirror| **mirror != [0.0; 2]);
    let along = (line(*last.unwrap_or(&view.mirrors[0])) - from).rem_euclid(std::f32::consts::TAU);
    // A polygon around the arc, not inside it.
    let radius = radius / (0.5 * along / STEPS as f32).cos();
    let (mut low, mut high) = ([0.0f32; 2], [0.0f32; 2]);
    for step in 0..=STEPS {
        let angle = from + along * step as f32 / STEPS as f32;
        for (k, x) in [angle.cos(), angle.sin()].into_iter().enumerate() {
            low[k] = low[k].min(radius * x);
            high[k] = high[k].max(radius * x);
        }
    }
    [low, high]
}

/// How far a ripple pushes outwards, by distance from the middle of the screen.
#[derive(Clone, Debug)]
pub struct Ripple {
    /// Shares of the distance, [`Ripple::FINENESS`] of them in a height; without a ripple, none.
    pub shares: Vec<f32>,
    /// The first one's distance.
    pub from: f32,
}

impl Ripple {
    /// Entries in a height: between them, the straight line errs by less than a hundredth of a
    /// pixel at 4K.
    pub const FINENESS: f32 = 1024.0;
    /// From one end of the ripple to the other.
    const ENTRIES: usize = (2.0 * RIPPLE_REACH * RIPPLE_LENGTH * Self::FINENESS) as usize + 2;

    /// Tabulates the ripple of `view`.
    pub fn lay(&mut self, view: &View) {
        self.shares.clear();
        let [height, radius] = view.ripple;
        self.from = radius - RIPPLE_REACH * RIPPLE_LENGTH;
        if height != 0.0 {
            let distance = |entry: usize| self.from + entry as f32 / Self::FINENESS;
            self.shares
                .extend((0..Self::ENTRIES).map(|entry| view.ripple_at(distance(entry))));
        }
    }

    /// The point of the picture that is seen at a point of the folded screen, where without ripple
    /// it would be `place`.
    pub fn moved(&self, view: &View, [x, y]: [f32; 2], place: [f32; 2]) -> [f32; 2] {
        if self.shares.is_empty() {
            return place;
        }
        let last = (Self::ENTRIES - 2) as f32;
        let entry = ((x * x + y * y).sqrt() - self.from) * Self::FINENESS;
        let entry = entry.max(0.0).min(last);
        let below = entry as usize;
        let (a, b) = (self.shares[below], self.shares[below + 1]);
        let share = a + (entry - below as f32) * (b - a);
        let [cos, sin] = view.turn;
        [
            place[0] + share * (cos * x - sin * y),
            place[1] + share * (sin * x + cos * y),
        ]
    }
}

impl Default for Ripple {
    fn default() -> Self {
        Self {
            shares: Vec::with_capacity(Self::ENTRIES),
            from: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirroring_turns_back_at_the_edges() {
        for (x, folded) in [
            (0.25, 0.25),
            (-0.25, 0.25),
            (1.25, 0.75),
            (2.25, 0.25),
            (-3.0, 1.0),
        ] {
            assert_eq!(mirror(x), folded);
        }
    }

    #[test]
    fn a_mirrored_range_holds_every_mirrored_point() {
        for i in -40..40 {
            for length in [0.0, 0.1, 0.7, 1.0, 1.3, 2.5] {
                let low = i as f32 * 0.13;
                let high = low + length;
                let [from, to] = mirrored_range(low, high);
                for step in 0..=100 {
                    let x = mirror(low + (high - low) * step as f32 / 100.0);
                    assert!(from - 1e-5 <= x && x <= to + 1e-5, "{low}..{high}: {x}");
                }
            }
        }
    }

    /// A view in which everything bends as much as the show lets it.
    fn view(symmetry: u8, size: [usize; 2]) -> View {
        use crate::gan::{LATENT_DIM, Latent};
        use crate::motion::{Camera, Grade, Warp};
        let scene = Scene {
            latent: Latent {
                z: [0.0; LATENT_DIM],
                mood: [0.0; 2],
                truncation: 1.0,
            },
            camera: Camera {
                zoom: 1.1,
                rotation: 0.4,
                shift: [0.04, 0.05],
                symmetry,
            },
            warp: Warp {
                amount: 0.022,
                phase: 5.0,
                ripple: 0.02,
                ripple_radius: 0.35,
            },
            grade: Grade::default(),
            trails: 0.0,
            brush: 0.0,
            flash: 0.0,
        };
        View::of(&scene, size[0], size[1])
    }

    /// Where the ripple puts a folded point, without mesh and table.
    fn exact(view: &View, point: [f32; 2]) -> [f32; 2] {
        let [x, y] = point;
        let share = view.ripple_at(x.hypot(y));
        let [cos, sin] = view.turn;
        let place = view.bent(point);
        [
            place[0] + share * (cos * x - sin * y),
            place[1] + share * (sin * x + cos * y),
        ]
    }

    #[test]
    fn mesh_and_table_err_by_less_than_a_tenth_of_a_pixel() {
        for size in [[640, 360], [1920, 1080], [360, 640]] {
            for symmetry in [1, 2, 3, 7, 12] {
                let view = view(symmetry, size);
                let (mut mesh, mut ripple) = (Mesh::default(), Ripple::default());
                mesh.lay(&view, size[0], size[1]);
                ripple.lay(&view);
                let rows = mesh.nodes.len() / mesh.columns;
                let pixel = view.turn[0].hypot(view.turn[1]) * view.pixel;
                let window = mesh.window(&view, &ripple);
                for i in 0..2000 {
                    let (x, y) = ((i * 37) % size[0], (i * 101) % size[1]);
                    let point = view.folded([
                        (x as f32 + 0.5) * view.pixel - view.half[0],
                        (y as f32 + 0.5) * view.pixel - view.half[1],
                    ]);
                    let [u, v] = [0, 1].map(|k| (point[k] - mesh.corner[k]) / mesh.pitch);
                    let (u0, v0) = (u.floor(), v.floor());
                    assert!(u > -1e-2 && v > -1e-2, "{symmetry}: {u} {v}");
                    let (u0, v0) = (u0.max(0.0), v0.max(0.0));
                    let (column, row) = (u0 as usize, v0 as usize);
                    assert!(column + 1 < mesh.columns && row + 1 < rows);
                    let node =
                        |c: usize, r: usize| mesh.nodes[(row + r) * mesh.columns + column + c];
                    let blend = |k: usize| {
                        let upper = node(0, 0)[k] + (u - u0) * (node(1, 0)[k] - node(0, 0)[k]);
                        let lower = node(0, 1)[k] + (u - u0) * (node(1, 1)[k] - node(0, 1)[k]);
                        upper + (v - v0) * (lower - upper)
                    };
                    let place = ripple.moved(&view, point, [blend(0), blend(1)]);
                    let wanted = exact(&view, point);
                    let apart = (place[0] - wanted[0]).hypot(place[1] - wanted[1]);
                    assert!(
                        apart < 0.1 * pixel,
                        "{size:?} {symmetry}: {}",
                        apart / pixel
                    );
                    let seen = place.map(mirror);
                    let inside =
                        |k: usize| window[k] - pixel <= seen[k] && seen[k] <= window[k + 2] + pixel;
                    assert!(
                        inside(0) && inside(1),
                        "{symmetry}: {seen:?} outside {window:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn mirrors_fold_everything_into_half_a_sector_and_keep_what_lies_there() {
        for sectors in 2..=MOST_SECTORS {
            let view = view(sectors, [640, 360]);
            let half = std::f32::consts::PI / f32::from(sectors);
            for step in 0..500 {
                let angle = step as f32 * 0.0137;
                let point = [0.7 * angle.cos(), 0.7 * angle.sin()];
                let folded = view.folded(point);
                assert!((folded[0].hypot(folded[1]) - 0.7).abs() < 1e-5);
                // The camera has turned by 0.4.
                let seen = (folded[1].atan2(folded[0]) + 0.4).rem_euclid(std::f32::consts::TAU);
                // A hair before the first edge is on it.
                let seen = if seen > std::f32::consts::TAU - 1e-3 {
                    0.0
                } else {
                    seen
                };
                assert!(seen <= half + 1e-4, "{sectors}: {angle} came to {seen}");
                let again = view.folded(folded);
                assert!((0..2).all(|k| (again[k] - folded[k]).abs() < 1e-5));
            }
        }
        assert!(!view(1, [640, 360]).folds() && !view(0, [640, 360]).folds());
    }
}
