//! Where sections begin.

use super::cells::Cell;

/// What a boundary costs: novelty below this makes none. Songs differ in how much happens in them, so
/// it hangs on what a share of the song's cells stays below, and on the song's most.
const QUANTILE: f32 = 0.8;
const OF_USUAL: f32 = 0.6;
const EASE: f32 = 0.05;
const TOP: f32 = 0.97;
const OF_TOP: f32 = 0.2;

/// The least that it costs: chance alone reaches it.
const LEAST_COST: f32 = 0.08;

/// What a section's length in bars lacks beside the best, to those who write music; others lack
/// [`ODD`].
const LENGTHS: [(f64, f32); 6] = [
    (8.0, 0.0),
    (16.0, 0.0),
    (4.0, 0.05),
    (12.0, 0.05),
    (24.0, 0.06),
    (32.0, 0.06),
];
const ODD: f32 = 0.1;

/// How far a length may be from a whole number of bars to lack no more, cells.
const SLACK: f64 = 1.0;

/// What a beat that is no certain downbeat lacks.
const DOWNBEAT: f32 = 0.03;

/// Shortest section: so many seconds, and bars or half of them where they are long.
const LEAST_SECONDS: f64 = 5.0;
const LEAST_BARS: f64 = 4.0;
const LONG_BAR_SECONDS: f64 = 2.5;

/// Longest section whose length is looked at, cells.
const LONGEST: usize = 512;

/// Cells of a bar, by how downbeats lie; 4 where that is not clear.
pub(super) fn bar_length(cells: &[Cell]) -> f64 {
    let mut votes = [0.0f32; 17];
    let mut last: Option<usize> = None;
    for (n, cell) in cells.iter().enumerate() {
        if cell.downbeat > 0.0 {
            if let Some(last) = last
                && n - last < votes.len()
            {
                votes[n - last] += cell.downbeat;
            }
            last = Some(n);
        }
    }
    let total: f32 = votes.iter().sum();
    let best = (2..votes.len()).max_by(|&a, &b| votes[a].total_cmp(&votes[b]));
    let mut bar = match best {
        Some(best) if votes[best] > 0.4 * total && total > 2.0 => best as f64,
        _ => 4.0,
    };
    let length = match cells {
        [first, .., last] => (last.seconds - first.seconds) / (cells.len() - 1) as f64,
        _ => 0.5,
    };
    while bar * length > 3.6 && bar % 2.0 == 0.0 {
        bar /= 2.0;
    }
    while bar * length < 1.6 && bar < 32.0 {
        bar *= 2.0;
    }
    bar
}

/// Begins of the sections within `cells`, the first being 0, that are worth most together: by
/// `novelty`, by their lengths, and by the bars that they begin.
pub(super) fn boundaries(cells: &[Cell], novelty: &[f32], bar: f64) -> Vec<usize> {
    let count = cells.len();
    let seconds = cells[count - 1].seconds - cells[0].seconds;
    let cell_seconds = seconds / (count - 1).max(1) as f64;
    let bars = if bar * cell_seconds > LONG_BAR_SECONDS {
        LEAST_BARS / 2.0
    } else {
        LEAST_BARS
    };
    let least = (bars * bar).max(LEAST_SECONDS / cell_seconds.max(0.05)) as usize;
    let least = least.max(2);
    let lacks: Vec<f32> = (0..=LONGEST.min(count)).map(|n| lack(n, bar)).collect();

    let cost = cost(novelty);
    // The most that all up to each cell is worth, and the boundary before it.
    let mut best = vec![(f32::MIN, 0); count + 1];
    best[0] = (0.0, 0);
    // The best begin of a section that is longer than any whose length has a worth.
    let mut far = 0;
    for end in least..=count {
        let here = if end == count {
            0.0
        } else {
            novelty[end] - cost + DOWNBEAT * (cells[end].downbeat.min(1.0) - 1.0)
        };
        let near = end.saturating_sub(LONGEST);
        if best[near].0 > best[far].0 {
            far = near;
        }
        for begin in std::iter::once(far).chain(near..=end - least) {
            // What is cut off at the end of the song has no length of its own.
            let lack = if end < count {
                lacks.get(end - begin).copied().unwrap_or(ODD)
            } else {
                0.0
            };
            let sum = best[begin].0 + here - lack;
            if sum > best[end].0 {
                best[end] = (sum, begin);
            }
        }
    }
    let mut found = Vec::new();
    let mut at = count;
    while at > 0 {
        at = best[at].1;
        found.push(at);
    }
    found.reverse();
    found
}

fn cost(novelty: &[f32]) -> f32 {
    let mut sorted = novelty.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = |share: f32| sorted[(sorted.len() as f32 * share) as usize];
    let usual = OF_USUAL * at(QUANTILE) - EASE;
    usual.max(OF_TOP * at(TOP)).max(LEAST_COST)
}

/// What a length of so many cells lacks.
fn lack(cells: usize, bar: f64) -> f32 {
    let lack = LENGTHS.into_iter().map(|(bars, lack)| {
        let off = (cells as f64 - bars * bar) / SLACK;
        ODD - (ODD - lack) * (-0.5 * off * off).exp() as f32
    });
    lack.fold(ODD, f32::min)
}
