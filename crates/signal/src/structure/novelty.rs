//! How new the music becomes at each cell.

use super::cells::{CHROMA_GROUP, FEATURES};
use super::scale::Point;

/// Half-lengths of the checkerboards, cells: one, two, four, and eight bars or so.
const HALVES: [usize; 4] = [4, 8, 16, 32];

/// What each counts.
const WEIGHTS: [f32; 4] = [0.15, 0.3, 0.35, 0.2];

/// What harmony counts in each: from bar to bar it changes anyhow.
const HARMONY: [f32; 4] = [0.3, 0.5, 1.0, 1.0];

/// The square of the distance between both halves' means at which novelty is half of the most.
pub(super) const CLEAR: f32 = 0.7;

/// A peak is the highest within so many cells, and what is lower counts as this power of its share.
const PEAK: usize = 3;
const SHARPNESS: i32 = 2;

/// Fewest cells of a half.
const LEAST: usize = 3;

/// Means of any run of points.
pub(super) struct Means {
    sums: Vec<[f64; FEATURES]>,
}

impl Means {
    pub(super) fn of(points: &[Point]) -> Self {
        let mut sums = Vec::with_capacity(points.len() + 1);
        let mut sum = [0.0; FEATURES];
        sums.push(sum);
        for point in points {
            for (sum, &x) in sum.iter_mut().zip(point) {
                *sum += f64::from(x);
            }
            sums.push(sum);
        }
        Self { sums }
    }

    /// The mean of the points `from..to`.
    pub(super) fn mean(&self, from: usize, to: usize) -> Point {
        let count = to.saturating_sub(from).max(1) as f64;
        std::array::from_fn(|i| ((self.sums[to][i] - self.sums[from][i]) / count) as f32)
    }
}

pub(super) fn square_distance(a: &Point, b: &Point) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

/// That part of it which is harmony's.
pub(super) fn harmony_distance(a: &Point, b: &Point) -> f32 {
    let apart = CHROMA_GROUP.of(a).iter().zip(CHROMA_GROUP.of(b));
    apart.map(|(a, b)| (a - b).powi(2)).sum()
}

/// Novelty at the beginning of each point of `from..to`, 0 to 1: what the points after it are on
/// average against those before (the checkerboard of Foote 2000 over squared distances, which is
/// that of the means), over four spans. Beside a peak it is less by how far the peak is higher.
pub(super) fn novelty(means: &Means, from: usize, to: usize) -> Vec<f32> {
    let apart: Vec<[f32; HALVES.len()]> = (from..to)
        .map(|at| {
            std::array::from_fn(|n| {
                let (before, after) = (HALVES[n].min(at - from), HALVES[n].min(to - at));
                if before < LEAST || after < LEAST {
                    return 0.0;
                }
                let (before, after) = (means.mean(at - before, at), means.mean(at, at + after));
                let apart = square_distance(&before, &after);
                apart - (1.0 - HARMONY[n]) * harmony_distance(&before, &after)
            })
        })
        .collect();
    let clear = |apart: &[f32; HALVES.len()]| -> f32 {
        let parts = apart.iter().zip(WEIGHTS);
        parts.map(|(&x, weight)| weight * x / (x + CLEAR)).sum()
    };
    let height = |apart: &[f32; HALVES.len()]| -> f32 {
        apart
            .iter()
            .zip(WEIGHTS)
            .map(|(x, weight)| x * weight)
            .sum()
    };
    let heights: Vec<f32> = apart.iter().map(height).collect();
    (0..apart.len())
        .map(|at| {
            let around = &heights[at.saturating_sub(PEAK)..(at + PEAK + 1).min(heights.len())];
            let peak = around.iter().fold(0.0f32, |a, &b| a.max(b));
            clear(&apart[at]) * (heights[at] / peak.max(1e-6)).powi(SHARPNESS)
        })
        .collect()
}
