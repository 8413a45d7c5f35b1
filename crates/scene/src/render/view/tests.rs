//! The mapping itself, and how far what is sampled of it errs.

use super::mirror::{mirror, mirrored_range};
use super::*;
use crate::motion::MOST_SECTORS;

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
    use crate::motion::{Camera, Grade, Led, Warp};
    use crate::show::Controls;
    let scene = Scene {
        latent: Latent {
            z: [0.0; LATENT_DIM],
            mood: [0.0; 2],
            truncation: 1.0,
        },
        led: Led::default(),
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
        controls: Controls::default(),
        tick: 0,
        sung: None,
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
                let node = |c: usize, r: usize| mesh.nodes[(row + r) * mesh.columns + column + c];
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
