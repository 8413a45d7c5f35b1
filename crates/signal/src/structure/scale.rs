//! The scale on which cells are compared: how much they vary within a passage.

use super::cells::{Cell, FEATURES, GROUPS};

/// Cells of a passage: two bars or so.
pub(super) const PASSAGE: usize = 16;

/// How much each group of features varies.
pub(super) type Spreads = [f32; GROUPS.len()];

/// A cell as a point: the square of the distance between two that are drawn from one passage is
/// about two, and one of four and more tells of another passage.
pub(super) type Point = [f32; FEATURES];

/// What each group of features is multiplied by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    gains: [f32; GROUPS.len()],
}

impl Scale {
    /// The scale of these cells: the median over their passages of how much each group varies.
    pub(super) fn of(cells: &[Cell]) -> Self {
        let passages = cells
            .chunks(PASSAGE)
            .filter(|passage| passage.len() > PASSAGE / 2 || cells.len() < PASSAGE);
        let spreads: Vec<Spreads> = passages.map(spreads).collect();
        Self::by(std::array::from_fn(|group| {
            let mut of_group: Vec<f32> = spreads.iter().map(|spreads| spreads[group]).collect();
            of_group.sort_by(f32::total_cmp);
            of_group.get(of_group.len() / 2).copied().unwrap_or(0.0)
        }))
    }

    /// The scale of a song in whose passages the groups usually vary so much.
    pub(super) fn by(usual: Spreads) -> Self {
        let total: f32 = GROUPS.iter().map(|group| group.weight).sum();
        let mut gains = [0.0; GROUPS.len()];
        for ((gain, group), usual) in gains.iter_mut().zip(&GROUPS).zip(usual) {
            *gain = (group.weight / total / usual.max(group.still)).sqrt();
        }
        Self { gains }
    }

    pub(super) fn point(&self, features: &[f32; FEATURES]) -> Point {
        let mut point = *features;
        for (gain, group) in self.gains.iter().zip(&GROUPS) {
            let end = group.first + group.count;
            point[group.first..end].iter_mut().for_each(|x| *x *= gain);
        }
        point
    }
}

/// How much each group of features varies in a passage.
pub(super) fn spreads(passage: &[Cell]) -> Spreads {
    GROUPS.map(|group| spread(passage.iter().map(|cell| group.of(&cell.features))))
}

/// Mean square of the distance from the mean.
fn spread<'a>(vectors: impl Iterator<Item = &'a [f32]> + Clone) -> f32 {
    let count = vectors.clone().count().max(1) as f32;
    let (mut sum, mut squares) = ([0.0f32; FEATURES], 0.0);
    for vector in vectors {
        for (sum, &x) in sum.iter_mut().zip(vector) {
            *sum += x;
            squares += x * x;
        }
    }
    let of_mean: f32 = sum.iter().map(|s| (s / count).powi(2)).sum();
    (squares / count - of_mean).max(0.0)
}
