//! Which sections are alike.

use super::novelty::{Means, harmony_distance, square_distance};
use super::scale::Point;

/// Cells over which harmony is averaged: half a bar or so.
const STEP: usize = 2;

/// Most cells of which the harmony is compared: sixteen bars or so.
const MOST_STEPS: usize = 64;

/// Cells by which one section may lag behind the other.
const LAG: isize = 4;

/// Of more sections than this, the harmony's first bars alone are compared, without a lag.
const MANY: usize = 1000;
const FEW_STEPS: usize = 16;

/// What the course of the harmony counts, and the mean sound.
pub(super) const COURSE: f32 = 1.8;
pub(super) const SOUND: f32 = 0.6;

/// Sections nearer than this are one music that returns.
pub(super) const ALIKE: f32 = 0.5;

/// A section as it is compared.
struct Face {
    mean: Point,
    steps: Vec<Point>,
}

/// For each of the sections `begins[i]..begins[i + 1]` (the last one to `end`) a number that those of
/// its kind share.
pub(super) fn kinds(means: &Means, begins: &[usize], end: usize) -> Vec<usize> {
    let (steps, lag) = if begins.len() > MANY {
        (FEW_STEPS, 0)
    } else {
        (MOST_STEPS, LAG)
    };
    let ends = begins.iter().skip(1).copied().chain([end]);
    let faces: Vec<Face> = begins
        .iter()
        .zip(ends)
        .map(|(&begin, end)| Face {
            mean: means.mean(begin, end),
            steps: (begin..end)
                .take(steps)
                .map(|at| means.mean(at, (at + STEP).min(end)))
                .collect(),
        })
        .collect();
    clusters(&faces, lag)
}

/// How unlike two sections are: their mean sound, and the course of their harmony.
fn unlikeness(a: &Face, b: &Face, lag: isize) -> f32 {
    let course = (-lag..=lag)
        .map(|lag| course_distance(&a.steps, &b.steps, lag))
        .fold(f32::MAX, f32::min);
    SOUND * square_distance(&a.mean, &b.mean) + COURSE * course
}

/// Mean square distance of the harmony where `b` lags behind `a` by so many steps.
fn course_distance(a: &[Point], b: &[Point], lag: isize) -> f32 {
    let (a, b) = if lag < 0 {
        (a, b.get(lag.unsigned_abs()..).unwrap_or(&[]))
    } else {
        (a.get(lag.unsigned_abs()..).unwrap_or(&[]), b)
    };
    let steps = a.len().min(b.len());
    if steps == 0 {
        return f32::MAX;
    }
    let sum: f32 = a.iter().zip(b).map(|(a, b)| harmony_distance(a, b)).sum();
    sum / steps as f32
}

/// Average-linkage clustering: the two nearest kinds become one until none are near.
fn clusters(faces: &[Face], lag: isize) -> Vec<usize> {
    let count = faces.len();
    let mut kind: Vec<usize> = (0..count).collect();
    let mut size = vec![1.0f32; count];
    let mut apart = vec![f32::MAX; count * count];
    for a in 0..count {
        for b in 0..a {
            let unlike = unlikeness(&faces[a], &faces[b], lag);
            apart[a * count + b] = unlike;
            apart[b * count + a] = unlike;
        }
    }
    let nearest = |apart: &[f32], a: usize| {
        let row = &apart[a * count..(a + 1) * count];
        let nearest = row.iter().enumerate().min_by(|x, y| x.1.total_cmp(y.1));
        nearest.map_or((f32::MAX, a), |(b, &unlike)| (unlike, b))
    };
    let mut near: Vec<(f32, usize)> = (0..count).map(|a| nearest(&apart, a)).collect();
    loop {
        let pair = (0..count).min_by(|&a, &b| near[a].0.total_cmp(&near[b].0));
        let Some(a) = pair.filter(|&a| near[a].0 < ALIKE) else {
            return kind;
        };
        let (a, b) = (a.min(near[a].1), a.max(near[a].1));
        let (of_a, of_b) = (size[a], size[b]);
        for c in (0..count).filter(|&c| c != a && c != b) {
            let (with_a, with_b) = (apart[a * count + c], apart[b * count + c]);
            let mean = if with_a == f32::MAX || with_b == f32::MAX {
                f32::MAX
            } else {
                (of_a * with_a + of_b * with_b) / (of_a + of_b)
            };
            (apart[a * count + c], apart[c * count + a]) = (mean, mean);
            (apart[b * count + c], apart[c * count + b]) = (f32::MAX, f32::MAX);
        }
        (apart[a * count + b], apart[b * count + a]) = (f32::MAX, f32::MAX);
        size[a] += of_b;
        near[b] = (f32::MAX, b);
        kind.iter_mut()
            .filter(|kind| **kind == b)
            .for_each(|kind| *kind = a);
        for c in 0..count {
            if near[c].1 == a || near[c].1 == b || c == a {
                near[c] = nearest(&apart, c);
            } else if apart[c * count + a] < near[c].0 {
                near[c] = (apart[c * count + a], a);
            }
        }
    }
}
