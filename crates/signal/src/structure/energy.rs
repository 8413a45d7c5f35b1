//! What gathers and what breaks loose: build-ups, drops and breaks.

use super::cells::Cell;

/// What is usual in a song where it is loud: upper fifths over its cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual {
    /// Level of the bass, 0 to 1.
    pub(super) bass: f32,
    /// Onset strength of kick and bass.
    pub(super) low_density: f32,
    /// Level, tens of decibels from full scale.
    pub(super) level: f32,
    /// By how much the tension changes from bar to bar.
    pub(super) restless: f32,
}

/// Level below the usual one at which a song has no energy, tens of decibels.
const QUIET: f32 = 2.4;

/// Least usual bass of a song in which bass can be missed.
pub(super) const LEAST_BASS: f32 = 0.15;

impl Usual {
    pub(super) fn of(cells: &[Cell]) -> Self {
        let fifth = |of: fn(&Cell) -> f32| {
            let mut values: Vec<f32> = cells.iter().map(of).collect();
            values.sort_by(f32::total_cmp);
            values.get(values.len() * 4 / 5).copied().unwrap_or(0.0)
        };
        let bars: Vec<f32> = cells.chunks(AROUND).map(tension).collect();
        let mut changes: Vec<f32> = bars.windows(2).map(|two| (two[1] - two[0]).abs()).collect();
        changes.sort_by(f32::total_cmp);
        Self {
            restless: changes.get(changes.len() / 2).copied().unwrap_or(0.0),
            bass: fifth(|cell| cell.bass),
            low_density: fifth(|cell| cell.low_density),
            level: fifth(|cell| cell.level),
        }
    }

    /// Energy of some cells, 0 to 1.
    pub(super) fn energy(&self, cells: &[Cell]) -> f32 {
        if cells.is_empty() || mean(cells, Cell::is_silent) > 0.5 {
            return 0.0;
        }
        let level = 1.0 - (self.level - mean(cells, |cell| cell.level)) / QUIET;
        let bass = mean(cells, |cell| cell.bass) / self.bass.max(LEAST_BASS);
        (0.6 * level.clamp(0.0, 1.0) + 0.4 * bass.min(1.0)).clamp(0.0, 1.0)
    }

    /// With how much force bass and level (tens of decibels) come back after `before`, 0 to 1.
    pub(super) fn returns(&self, before: &[Cell], bass: f32, level: f32) -> f32 {
        if self.bass < LEAST_BASS {
            return 0.0;
        }
        let returns = (bass - mean(before, |cell| cell.bass)) / BASS_RETURNS;
        let louder = (level - mean(before, |cell| cell.level)) / LEVEL_RETURNS;
        (returns.clamp(0.0, 1.0) * louder.clamp(0.0, 1.0)).sqrt()
    }

    /// Learns from the last of `past`, of which a share `pace` is new: what is loud quickly, what is
    /// not slowly.
    pub(super) fn learn(&mut self, past: &[Cell], pace: f32) {
        let Some(now) = past.last() else {
            return;
        };
        let follow = |usual: &mut f32, now: f32| {
            let pace = if now > *usual { 4.0 * pace } else { pace / 4.0 };
            *usual += pace.min(1.0) * (now - *usual);
        };
        // Nothing is as loud as full scale; it stands for nothing heard.
        if self.level == 0.0 {
            self.level = now.level;
        }
        follow(&mut self.bass, now.bass);
        follow(&mut self.low_density, now.low_density);
        follow(&mut self.level, now.level);
        if let Some(two_bars) = past.last_chunk::<{ 2 * AROUND }>() {
            let (before, after) = two_bars.split_at(AROUND);
            let change = (tension(after) - tension(before)).abs();
            self.restless += pace * (change - self.restless);
        }
    }

    /// Whether drums and bass are missing in some cells.
    pub(super) fn is_break(&self, cells: &[Cell]) -> bool {
        self.bass > LEAST_BASS
            && mean(cells, |cell| cell.bass) < 0.6 * self.bass
            && mean(cells, |cell| cell.low_density) < 0.7 * self.low_density
    }
}

/// Mean of something over cells, of which there is at least one.
pub(super) fn mean<T: Into<f32>>(cells: &[Cell], of: impl Fn(&Cell) -> T) -> f32 {
    let sum: f32 = cells.iter().map(|cell| of(cell).into()).sum();
    sum / cells.len().max(1) as f32
}

/// Cells before and after a drop that are compared: a bar or so.
pub(super) const AROUND: usize = 4;

/// Rise of the bass (of 1) and of the level (tens of decibels) of a drop that has all force.
const BASS_RETURNS: f32 = 0.4;
const LEVEL_RETURNS: f32 = 0.7;

/// Fall of brightness and noise after a build-up that has all force.
const RELEASE: f32 = 0.45;

/// Force of what begins with the last of `after`, compared with `before`, 0 to 1: bass and level that
/// come back, or what a build-up has held back.
pub(super) fn drop_strength(before: &[Cell], after: &[Cell], built: f32, usual: &Usual) -> f32 {
    let of = |of: fn(&Cell) -> f32| (mean(before, of), mean(after, of));
    let (bass, level) = (of(|cell| cell.bass), of(|cell| cell.level));
    let full = bass.1 > 0.75 * usual.bass && usual.bass > LEAST_BASS;
    // Nothing drops where nothing beats: words come and go.
    let beats = mean(after, |cell| cell.confidence) > LEAST_CONFIDENCE;
    if !full || !beats || level.1 < usual.level - 0.25 {
        return 0.0;
    }
    let returns = usual.returns(before, bass.1, level.1);
    let tension = of(|cell| cell.treble + cell.flatness);
    let holds = bass.1 > bass.0 - 0.03 && level.1 > level.0 - 0.1;
    let release = if holds {
        built.min(1.0) * (0.4 + (tension.0 - tension.1).max(0.0) / RELEASE).min(1.0)
    } else {
        0.0
    };
    returns.max(release).min(1.0)
}

/// Shortest and longest build-up, bars.
const BUILD_BARS: [usize; 3] = [4, 8, 16];

/// What rises in a build-up: brightness, noise, level and onsets, while the bass falls.
pub(super) fn tension(cells: &[Cell]) -> f32 {
    mean(cells, |cell| {
        cell.treble + 0.8 * cell.flatness + 0.5 * cell.level + 1.5 * cell.density - 0.3 * cell.bass
    })
}

/// Rise of the tension of a full build-up, and the least, also in what it changes by from bar to bar.
const FULL_RISE: f32 = 0.7;
const LEAST_RISE: f32 = 0.2;
const LEAST_CHANGES: f32 = 3.0;

/// How much has built up by the end of `cells`, 1 and more being all that a rise can be, and over how
/// many of them. A step is no
/// build-up, nor is what comes to rest: both of the last quarters must lie higher than the one before,
/// and none clearly lower.
pub(super) fn build_up(cells: &[Cell], usual: &Usual, bar: f64) -> (f32, usize) {
    let mut best = (0.0, 0);
    for bars in BUILD_BARS {
        let length = (bars as f64 * bar) as usize;
        if length < 8 || length > cells.len() {
            continue;
        }
        let quarter = length / 4;
        let rising = &cells[cells.len() - 4 * quarter..];
        let quarters: [f32; 4] =
            std::array::from_fn(|n| tension(&rising[n * quarter..(n + 1) * quarter]));
        let rise = quarters[3] - quarters[0];
        let least = LEAST_RISE.max(LEAST_CHANGES * usual.restless);
        let steps: [f32; 3] = std::array::from_fn(|n| quarters[n + 1] - quarters[n]);
        let rises = steps[0] > -0.15 * rise && steps[1] > 0.15 * rise && steps[2] > 0.2 * rise;
        if rise > least && rises {
            let strength = rise / FULL_RISE;
            if strength > best.0 {
                best = (strength, 4 * quarter);
            }
        }
    }
    best
}

/// Something found at a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) cell: usize,
    /// Cells that led to it.
    pub(super) length: usize,
    pub(super) strength: f32,
}

/// Least strength of what is told.
pub(super) const LEAST_STRENGTH: f32 = 0.4;

/// How certain the beat is after a drop, at least.
const LEAST_CONFIDENCE: f32 = 0.25;

/// The drops of a song, in their order, and the build-ups that end with something.
pub(super) fn drops(cells: &[Cell], usual: &Usual, bar: f64) -> (Vec<Found>, Vec<Found>) {
    let count = cells.len();
    let longest = (16.0 * bar) as usize;
    let (mut drops, mut builds) = (Vec::new(), Vec::new());
    // Where a song begins, nothing comes back.
    for at in 4 * AROUND..count.saturating_sub(AROUND) + 1 {
        let (built, length) = build_up(&cells[at.saturating_sub(longest)..at], usual, bar);
        if built > 0.0 {
            builds.push(Found {
                cell: at,
                length,
                strength: built,
            });
        }
        if at + AROUND > count {
            continue;
        }
        let (before, after) = (&cells[at - AROUND..at], &cells[at..at + AROUND]);
        let strength = drop_strength(before, after, built, usual);
        // One beat is enough to tell whether it has begun.
        let sudden = drop_strength(&cells[at - 1..at], &cells[at..=at], built, usual);
        if strength > LEAST_STRENGTH {
            drops.push(Found {
                cell: at,
                length: 0,
                strength: strength * (0.7 + 0.3 * sudden),
            });
        }
    }
    drops.retain(|drop| drop.strength > LEAST_STRENGTH);
    let drops = strongest(drops, (4.0 * bar) as usize);
    // What goes on rising beyond a drop has been released.
    let released = |build: &Found| {
        let begin = build.cell - build.length;
        drops
            .iter()
            .any(|drop| begin < drop.cell && drop.cell < build.cell)
    };
    builds.retain(|build| build.strength > LEAST_STRENGTH && !released(build));
    (drops, strongest_apart(builds))
}

/// The strongest of those that lie nearer than `apart` cells, in the order of time.
fn strongest(mut found: Vec<Found>, apart: usize) -> Vec<Found> {
    found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        if kept
            .iter()
            .all(|other| one.cell.abs_diff(other.cell) >= apart)
        {
            kept.push(one);
        }
    }
    kept.sort_by_key(|one| one.cell);
    kept
}

/// The strongest of those that overlap, in the order of time.
fn strongest_apart(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        let begin = one.cell - one.length;
        let apart = |other: &Found| begin >= other.cell || one.cell <= other.cell - other.length;
        if kept.iter().all(apart) {
            kept.push(one);
        }
    }
    kept.sort_by_key(|one| one.cell);
    kept
}

/// Begin and end of each passage without drums and bass, or of silence, that lasts two bars.
pub(super) fn breaks(cells: &[Cell], usual: &Usual, bar: f64) -> Vec<(usize, usize)> {
    let least = (2.0 * bar) as usize;
    let breathing: Vec<bool> = (0..cells.len())
        .map(|at| {
            let around = &cells[at.saturating_sub(1)..(at + 2).min(cells.len())];
            cells[at].is_silent() || usual.is_break(around)
        })
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    for run in breathing.chunk_by(|a, b| a == b) {
        if run[0] && run.len() >= least {
            found.push((at, at + run.len()));
        }
        at += run.len();
    }
    found
}
