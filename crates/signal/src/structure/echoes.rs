//! What is heard again tells where sections begin: each time gives its evidence.

use super::cells::CHROMA_GROUP;
use super::scale::Point;

/// Cells before and after a point that must come again for it to be the same place in the music.
const AROUND: usize = 12;

/// Mean square distance of the harmony, in that of one passage, from which on it is another.
const OTHER: f32 = 0.7;

/// Most pairs of cells that are compared; in longer songs, only what returns sooner is found.
const MOST_PAIRS: usize = 1 << 22;

/// `novelty` at each point, averaged with that at all points that are the same place in the music,
/// as its harmony tells.
pub(super) fn shared(points: &[Point], novelty: &[f32]) -> Vec<f32> {
    let count = points.len();
    let harmony = harmony(points);
    let (mut sum, mut weight) = (novelty.to_vec(), vec![1.0f32; count]);
    let furthest = (MOST_PAIRS / count.max(1)).min(count);
    let mut run = vec![0.0f64; count + 1];
    for lag in AROUND..furthest {
        let pairs = count - lag;
        for at in 0..pairs {
            let apart = harmony[at].iter().zip(&harmony[at + lag]);
            let apart: f32 = apart.map(|(a, b)| (a - b).powi(2)).sum();
            run[at + 1] = run[at] + f64::from(apart);
        }
        for at in 0..pairs {
            let mean = |from: usize, to: usize| {
                let sum = run[to] - run[from];
                (to - from > AROUND / 2).then(|| (sum / (to - from) as f64) as f32)
            };
            let before = mean(at.saturating_sub(AROUND), at);
            let after = mean(at, (at + AROUND).min(pairs));
            let (Some(before), Some(after)) = (before, after) else {
                continue;
            };
            // The end of one music and the beginning of another must both come again.
            let apart = before.max(after);
            let same = 1.0 - apart / OTHER;
            if same > 0.0 {
                sum[at] += same * novelty[at + lag];
                weight[at] += same;
                sum[at + lag] += same * novelty[at];
                weight[at + lag] += same;
            }
        }
    }
    sum.iter()
        .zip(weight)
        .map(|(sum, weight)| sum / weight)
        .collect()
}

/// The pitch classes of each point and the one before it, a passage's variance being 1.
fn harmony(points: &[Point]) -> Vec<[f32; CHROMA_GROUP.count]> {
    let range = CHROMA_GROUP.first..CHROMA_GROUP.first + CHROMA_GROUP.count;
    let scale = (3.0f32).sqrt();
    (0..points.len())
        .map(|at| {
            let (before, now) = (
                &points[at.saturating_sub(1)][range.clone()],
                &points[at][range.clone()],
            );
            std::array::from_fn(|i| scale * 0.5 * (before[i] + now[i]))
        })
        .collect()
}
